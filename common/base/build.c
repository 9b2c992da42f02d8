// What the linker calls this program: a hash of all that went into it.
#include <elf.h>
#include <link.h>
#include <pthread.h>
#include <string.h>

#include "vekha/base/build.h"
#include "vekha/base/text.h"

enum { NAME_BYTES = 41 };
static char name[NAME_BYTES];
static pthread_once_t looked = PTHREAD_ONCE_INIT;

static bool
take_note(const char *note, size_t size)
{
    static const char OWNER[] = "GNU";
    ElfW(Nhdr) head;
    while (size >= sizeof(head)) {
        memcpy(&head, note, sizeof(head));
        size_t owner_size = (head.n_namesz + 3u) & ~3u, text_size = (head.n_descsz + 3u) & ~3u;
        if (owner_size + text_size > size - sizeof(head))
            return false;
        const char *owner = note + sizeof(head);
        if (head.n_type == NT_GNU_BUILD_ID && head.n_namesz == sizeof(OWNER) && head.n_descsz * 2 < NAME_BYTES &&
            memcmp(owner, OWNER, sizeof(OWNER)) == 0) {
            text_to_hex(owner + owner_size, head.n_descsz, name);
            return true;
        }
        note = owner + owner_size + text_size;
        size -= sizeof(head) + owner_size + text_size;
    }
    return false;
}

// The first object is the program itself.
static int
look_into(struct dl_phdr_info *object, size_t size, void *context)
{
    (void)size;
    (void)context;
    for (size_t i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        if (part->p_type == PT_NOTE &&
            take_note((const char *)(uintptr_t)(object->dlpi_addr + part->p_vaddr), part->p_memsz))
            break;
    }
    return 1;
}

static void
look(void)
{
    (void)dl_iterate_phdr(look_into, NULL);
}

const char *
build_name(void)
{
    pthread_once(&looked, look);
    return *name ? name : NULL;
}
