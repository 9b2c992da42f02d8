// What lies in the folder, for the sweep, and removing it safely.
#include "folder_private.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "vekha/base/text.h"

// Takes ownership of nothing: reads through a descriptor of its own.
static DIR *
list_folder(int folder, const char *name)
{
    int copy = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = copy < 0 ? NULL : fdopendir(copy);
    if (!list && copy >= 0)
        close(copy);
    return list;
}

enum status
folder_list_uploads(const struct folder *folder, struct arena *arena, size_t max, struct listed_upload **ret_uploads,
                    size_t *ret_count)
{
    struct listed_upload *uploads = arena_take(arena, max * sizeof *uploads);
    DIR *list = uploads ? list_folder(folder->root, "tmp") : NULL;
    if (!list)
        return STATUS_BUSY;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    size_t count = 0;
    const struct dirent *entry;
    while (count < max && (entry = readdir(list))) {
        struct stat about;
        if (!text_is_uuid(entry->d_name) || fstatat(folder->uploads, entry->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        char *name = arena_copy(arena, entry->d_name);
        if (!name)
            break;
        // ctime: mtime of a kept upload is the business clock's.
        uploads[count++] = (struct listed_upload){name, folder_time_ms(&now) - folder_time_ms(&about.st_ctim)};
    }
    closedir(list);
    *ret_uploads = uploads;
    *ret_count = count;
    return STATUS_OK;
}

enum status
folder_list_blobs(const struct folder *folder, struct arena *arena, unsigned shard, int64_t before_ms, size_t max,
                  char ***ret_hashes, size_t *ret_count)
{
    char name[3];
    snprintf(name, sizeof name, "%02x", shard % FOLDER_SHARDS);
    char **hashes = arena_take(arena, max * sizeof *hashes);
    if (!hashes)
        return STATUS_BUSY;
    size_t count = 0;
    DIR *list = list_folder(folder->root, name);
    const struct dirent *entry;
    while (list && count < max && (entry = readdir(list))) {
        struct stat about;
        if (!sha256_is_hex(entry->d_name) || fstatat(dirfd(list), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) != 0 ||
            folder_time_ms(&about.st_mtim) >= before_ms)
            continue;
        if (!(hashes[count] = arena_copy(arena, entry->d_name)))
            break;
        count++;
    }
    if (list)
        closedir(list);
    *ret_hashes = hashes;
    *ret_count = count;
    return STATUS_OK;
}

void
folder_drop_blob(const struct folder *folder, const char *sha256, int64_t before_ms)
{
    int shard = folder_open_shard(folder, sha256, false);
    if (shard < 0)
        return;
    int file = openat(shard, sha256, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    struct stat about;
    // Whoever keeps the same content now holds the lock or has renewed the time.
    if (file >= 0 && flock(file, LOCK_EX | LOCK_NB) == 0 && fstat(file, &about) == 0 &&
        folder_time_ms(&about.st_mtim) < before_ms)
        (void)unlinkat(shard, sha256, 0);
    if (file >= 0)
        close(file);
    close(shard);
}
