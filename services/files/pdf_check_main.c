// vekha-pdf-check: reads paths of PDFs from standard input, one a line, and answers one line each: "ok PAGES",
// "damaged", "encrypted", "empty" or "javascript". It limits its own memory and time and gives up the network, so a
// hostile document can at worst end this process, which the service takes for "damaged".
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <qpdf/qpdf-c.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    MEMORY_BYTES = 512 * 1024 * 1024,
    CPU_SECONDS = 10, // per document
    FILES_MAX = 32,
    PATH_BYTES = 1024,
    OBJECTS_MAX = 1000000,
    DEPTH_MAX = 60, // of objects written inside each other
    PAGES_DECODED_MAX = 500,
    KEYS_MAX = 4096,
};

// ---- limits

// Sanitizers reserve terabytes of addresses, so their builds are limited by the memory really used.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif
#ifdef HAS_SANITIZER
// The sanitizer's own name for it. NOLINTBEGIN(bugprone-reserved-identifier)
const char *__asan_default_options(void);
const char *
__asan_default_options(void)
{
    return "hard_rss_limit_mb=512:detect_leaks=0";
}
// NOLINTEND(bugprone-reserved-identifier)
#endif

static bool
limit(__rlimit_resource_t resource, rlim_t value)
{
    struct rlimit limits = {value, value};
    return setrlimit(resource, &limits) == 0;
}

// The counter of processor seconds runs over all documents: each gets its share on top of what is spent.
static void
allow_time(void)
{
    struct rusage usage;
    struct rlimit limits;
    if (getrusage(RUSAGE_SELF, &usage) != 0 || getrlimit(RLIMIT_CPU, &limits) != 0)
        return;
    limits.rlim_cur = (rlim_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec + 1 + CPU_SECONDS);
    setrlimit(RLIMIT_CPU, &limits);
}

#if defined(__x86_64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define THIS_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "name the audit architecture of this processor"
#endif

#define REFUSE(number)                                                                                                 \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)

// No network, no other program, no look into other processes.
static bool
give_up_rights(void)
{
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCHITECTURE, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        REFUSE(SYS_socket),
        REFUSE(SYS_socketpair),
        REFUSE(SYS_connect),
        REFUSE(SYS_bind),
        REFUSE(SYS_execve),
        REFUSE(SYS_execveat),
        REFUSE(SYS_ptrace),
        REFUSE(SYS_process_vm_readv),
        REFUSE(SYS_process_vm_writev),
        REFUSE(SYS_kill),
        REFUSE(SYS_pidfd_open),
        REFUSE(SYS_io_uring_setup),
        REFUSE(SYS_unlinkat),
        REFUSE(SYS_renameat),
        REFUSE(SYS_renameat2),
        REFUSE(SYS_mkdirat),
        REFUSE(SYS_linkat),
        REFUSE(SYS_symlinkat),
        REFUSE(SYS_fchmodat),
#if defined(__x86_64__)
        REFUSE(SYS_fork),
        REFUSE(SYS_vfork),
        REFUSE(SYS_unlink),
        REFUSE(SYS_rename),
        REFUSE(SYS_mkdir),
        REFUSE(SYS_link),
        REFUSE(SYS_symlink),
        REFUSE(SYS_chmod),
#endif
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {(unsigned short)(sizeof rules / sizeof rules[0]), rules};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static bool
enter_cage(void)
{
    // A refused write is an error to report, not a reason to die.
    signal(SIGXFSZ, SIG_IGN);
    // What the service had open is none of this process's business.
    if (syscall(SYS_close_range, 3, ~0U, 0) != 0 && errno != ENOSYS)
        return false;
    bool limited = limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0) && limit(RLIMIT_NOFILE, FILES_MAX);
#ifndef HAS_SANITIZER
    limited = limited && limit(RLIMIT_AS, MEMORY_BYTES);
#endif
    return limited && give_up_rights();
}

// ---- looking into a document

enum found { FOUND_NOTHING, FOUND_ACTIVE, FOUND_DAMAGE };

static enum found look_into(qpdf_data pdf, qpdf_oh object, int depth);

static bool
is_name(qpdf_data pdf, qpdf_oh object, const char *name)
{
    return qpdf_oh_is_name(pdf, object) && strcmp(qpdf_oh_get_name(pdf, object), name) == 0;
}

static bool
is_active_entry(qpdf_data pdf, const char *key, qpdf_oh value)
{
    if (strcmp(key, "/JS") == 0 || strcmp(key, "/JavaScript") == 0)
        return true;
    return strcmp(key, "/S") == 0 && (is_name(pdf, value, "/JavaScript") || is_name(pdf, value, "/Launch"));
}

// The library has one iterator per document, so keys are taken out before their values are looked into.
static size_t
take_keys(qpdf_data pdf, qpdf_oh dictionary, char **keys)
{
    size_t count = 0;
    qpdf_oh_begin_dict_key_iter(pdf, dictionary);
    while (count < KEYS_MAX && qpdf_oh_dict_more_keys(pdf)) {
        keys[count] = strdup(qpdf_oh_dict_next_key(pdf));
        if (!keys[count])
            abort();
        count++;
    }
    return count;
}

static enum found
look_into_dictionary(qpdf_data pdf, qpdf_oh dictionary, int depth)
{
    char **keys = calloc(KEYS_MAX, sizeof *keys);
    if (!keys)
        abort();
    enum found found = FOUND_NOTHING;
    size_t count = take_keys(pdf, dictionary, keys);
    for (size_t i = 0; i < count; i++) {
        if (found == FOUND_NOTHING) {
            qpdf_oh value = qpdf_oh_get_key(pdf, dictionary, keys[i]);
            found = is_active_entry(pdf, keys[i], value) ? FOUND_ACTIVE : look_into(pdf, value, depth + 1);
            qpdf_oh_release(pdf, value);
        }
        free(keys[i]);
    }
    free(keys);
    return found;
}

// Objects that are referred to are visited by their own number; here only what is written inside this one.
static enum found
look_into(qpdf_data pdf, qpdf_oh object, int depth)
{
    if (depth > 0 && qpdf_oh_is_indirect(pdf, object))
        return FOUND_NOTHING;
    if (depth > DEPTH_MAX)
        return FOUND_DAMAGE;
    if (qpdf_oh_is_dictionary(pdf, object))
        return look_into_dictionary(pdf, object, depth);
    if (qpdf_oh_is_stream(pdf, object)) {
        qpdf_oh dictionary = qpdf_oh_get_dict(pdf, object);
        enum found found = look_into_dictionary(pdf, dictionary, depth);
        qpdf_oh_release(pdf, dictionary);
        return found;
    }
    enum found found = FOUND_NOTHING;
    int count = qpdf_oh_is_array(pdf, object) ? qpdf_oh_get_array_n_items(pdf, object) : 0;
    for (int i = 0; i < count && found == FOUND_NOTHING; i++) {
        qpdf_oh item = qpdf_oh_get_array_item(pdf, object, i);
        found = look_into(pdf, item, depth + 1);
        qpdf_oh_release(pdf, item);
    }
    return found;
}

static enum found
look_into_objects(qpdf_data pdf)
{
    qpdf_oh trailer = qpdf_get_trailer(pdf);
    qpdf_oh size = qpdf_oh_get_key(pdf, trailer, "/Size");
    long long count = qpdf_oh_is_integer(pdf, size) ? qpdf_oh_get_int_value(pdf, size) : 0;
    enum found found = look_into(pdf, trailer, 0);
    if (count <= 0 || count > OBJECTS_MAX)
        return FOUND_DAMAGE;
    for (int i = 1; i < count && found == FOUND_NOTHING; i++) {
        qpdf_oh object = qpdf_get_object_by_id(pdf, i, 0);
        found = look_into(pdf, object, 0);
        qpdf_oh_release(pdf, object);
        if (qpdf_has_error(pdf))
            return FOUND_DAMAGE;
    }
    return found;
}

// Pages must be pages and what is drawn on them must decode.
static bool
pages_are_sound(qpdf_data pdf, int pages)
{
    for (int i = 0; i < pages && i < PAGES_DECODED_MAX; i++) {
        unsigned char *content = NULL;
        size_t size = 0;
        qpdf_oh page = qpdf_get_page_n(pdf, (size_t)i);
        bool is_sound = qpdf_oh_is_dictionary(pdf, page) &&
                        !(qpdf_oh_get_page_content_data(pdf, page, &content, &size) & QPDF_ERRORS) &&
                        !qpdf_has_error(pdf);
        free(content);
        qpdf_oh_release(pdf, page);
        if (!is_sound)
            return false;
    }
    return true;
}

static void
check_document(qpdf_data pdf, const char *path)
{
    qpdf_silence_errors(pdf);
    qpdf_set_suppress_warnings(pdf, QPDF_TRUE);
    QPDF_ERROR_CODE result = qpdf_read(pdf, path, NULL);
    if (result & QPDF_ERRORS) {
        bool needs_password = qpdf_get_error_code(pdf, qpdf_get_error(pdf)) == qpdf_e_password;
        puts(needs_password ? "encrypted" : "damaged");
        return;
    }
    if (qpdf_is_encrypted(pdf)) {
        puts("encrypted");
        return;
    }
    int pages = qpdf_get_num_pages(pdf);
    if (pages <= 0) {
        puts(pages == 0 && !qpdf_has_error(pdf) ? "empty" : "damaged");
        return;
    }
    enum found found = look_into_objects(pdf);
    if (found == FOUND_ACTIVE)
        puts("javascript");
    else if (found == FOUND_DAMAGE || !pages_are_sound(pdf, pages))
        puts("damaged");
    else
        printf("ok %d\n", pages);
}

int
main(void)
{
    char path[PATH_BYTES];
    if (!enter_cage())
        return EXIT_FAILURE;
    while (fgets(path, sizeof path, stdin)) {
        path[strcspn(path, "\n")] = '\0';
        allow_time();
        qpdf_data pdf = qpdf_init();
        check_document(pdf, path);
        // An error that nobody fetched would be printed by the cleanup.
        if (qpdf_has_error(pdf))
            (void)qpdf_get_error(pdf);
        qpdf_cleanup(&pdf);
        if (fflush(stdout) != 0)
            return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
