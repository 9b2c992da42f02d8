// The public folder as a table sorted by key.
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "certificates.h"

static const char SUFFIX[] = ".pub";

static int
compare_keys(const void *a, const void *b)
{
    return memcmp(((const struct certificate *)a)->key, ((const struct certificate *)b)->key, CURVE_KEY_CHARS);
}

static uint16_t
number_of_name(struct certificates *certificates, const char *name)
{
    for (uint16_t i = 0; i < certificates->name_count; i++)
        if (strcmp(certificates->names[i], name) == 0)
            return i;
    if (certificates->name_count == CERTIFICATES_MAX)
        return NOBODY;
    snprintf(certificates->names[certificates->name_count], sizeof certificates->names[0], "%s", name);
    return certificates->name_count++;
}

static void
add_file(struct certificates *certificates, const char *file_name)
{
    size_t size = strlen(file_name);
    size_t suffix_size = sizeof SUFFIX - 1;
    if (size <= suffix_size || size - suffix_size > CERTIFICATE_NAME_CHARS ||
        strcmp(file_name + size - suffix_size, SUFFIX) != 0 || certificates->count == CERTIFICATES_MAX)
        return;
    char name[CERTIFICATE_NAME_CHARS + 1] = {0};
    memcpy(name, file_name, size - suffix_size);
    struct certificate *added = &certificates->table[certificates->count];
    if (keys_load_public(certificates->keys_folder, name, added->key) != STATUS_OK)
        return;
    added->number = number_of_name(certificates, name);
    if (added->number != NOBODY)
        certificates->count++;
}

static enum status
read_folder(struct certificates *certificates)
{
    struct stat about;
    DIR *folder = stat(certificates->folder, &about) == 0 ? opendir(certificates->folder) : NULL;
    if (folder == NULL)
        return STATUS_NOT_FOUND;
    certificates->changed = about.st_mtim;
    // Files that come in the same tick of the folder's clock would go unnoticed: then the next look reads it again.
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (now.tv_sec - about.st_mtim.tv_sec <= 1)
        certificates->changed.tv_nsec = -1;
    certificates->count = 0;
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder))
        add_file(certificates, entry->d_name);
    closedir(folder);
    qsort(certificates->table, certificates->count, sizeof certificates->table[0], compare_keys);
    return STATUS_OK;
}

enum status
certificates_load(struct certificates *certificates, const char *keys_folder)
{
    memset(certificates, 0, sizeof *certificates);
    certificates->keys_folder = keys_folder;
    int size = snprintf(certificates->folder, sizeof certificates->folder, "%s/public", keys_folder);
    if (size < 0 || (size_t)size >= sizeof certificates->folder)
        return STATUS_TOO_LARGE;
    return read_folder(certificates);
}

void
certificates_refresh(struct certificates *certificates, int64_t now_ms)
{
    if (now_ms < certificates->next_look_ms)
        return;
    certificates->next_look_ms = now_ms + CERTIFICATE_LOOK_MS;
    struct stat about;
    if (stat(certificates->folder, &about) != 0)
        return;
    if (about.st_mtim.tv_sec == certificates->changed.tv_sec && about.st_mtim.tv_nsec == certificates->changed.tv_nsec)
        return;
    // A folder that cannot be read now keeps nobody in: fail closed, look again in a second.
    if (read_folder(certificates) != STATUS_OK)
        certificates->count = 0;
}

uint16_t
certificates_find(const struct certificates *certificates, const char *key)
{
    struct certificate wanted = {0};
    if (key == NULL || strlen(key) != CURVE_KEY_CHARS)
        return NOBODY;
    memcpy(wanted.key, key, CURVE_KEY_CHARS);
    const struct certificate *found =
        bsearch(&wanted, certificates->table, certificates->count, sizeof certificates->table[0], compare_keys);
    return found != NULL ? found->number : NOBODY;
}

const char *
certificates_name(const struct certificates *certificates, uint16_t number)
{
    return number < certificates->name_count ? certificates->names[number] : "";
}
