// The blob folder and the uploads in its tmp/: opening, appending, reading.
#include "folder_private.h"
#include "read_fully.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vekha/base/crash_point.h"

enum status
folder_open(const char *path, struct folder **ret_folder, const char **ret_problem)
{
    *ret_problem = "blob_folder cannot be opened or made: check its path, rights and free space";
    struct folder *folder = calloc(1, sizeof *folder);
    if (!folder)
        return STATUS_BUSY;
    folder->root = folder->uploads = -1;
    if ((size_t)snprintf(folder->path, sizeof folder->path, "%s", path) >= sizeof folder->path || strchr(path, '\n') ||
        path[0] != '/') {
        *ret_problem = "blob_folder must be an absolute path of at most 383 bytes on one line";
        folder_close(&folder);
        return STATUS_INVALID;
    }
    if (mkdir(path, FOLDER_MODE) == 0 || errno == EEXIST)
        folder->root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->root >= 0 && (mkdirat(folder->root, "tmp", FOLDER_MODE) == 0 || errno == EEXIST))
        folder->uploads = openat(folder->root, "tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->uploads < 0 || fsync(folder->root) != 0) {
        folder_close(&folder);
        return STATUS_INTERNAL;
    }
    *ret_folder = folder;
    return STATUS_OK;
}

void
folder_close(struct folder **folder)
{
    if (!*folder)
        return;
    if ((*folder)->uploads >= 0)
        close((*folder)->uploads);
    if ((*folder)->root >= 0)
        close((*folder)->root);
    free(*folder);
    *folder = NULL;
}

int64_t
folder_time_ms(const struct timespec *time)
{
    return (int64_t)time->tv_sec * 1000 + time->tv_nsec / 1000000;
}

int
folder_open_shard(const struct folder *folder, const char *sha256, bool make)
{
    const char name[] = {sha256[0], sha256[1], '\0'};
    int shard = openat(folder->root, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (shard >= 0 || errno != ENOENT || !make)
        return shard;
    if (mkdirat(folder->root, name, FOLDER_MODE) != 0 && errno != EEXIST)
        return -1;
    if (fsync(folder->root) != 0)
        return -1;
    return openat(folder->root, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

enum status
folder_upload_size(const struct folder *folder, const char *upload_id, uint64_t *ret_arrived)
{
    struct stat about;
    *ret_arrived = 0;
    if (fstatat(folder->uploads, upload_id, &about, AT_SYMLINK_NOFOLLOW) == 0)
        *ret_arrived = (uint64_t)about.st_size;
    else if (errno != ENOENT)
        return STATUS_INTERNAL;
    return STATUS_OK;
}

enum status
folder_failure(void)
{
    return errno == ENOSPC || errno == EDQUOT ? STATUS_BUSY : STATUS_INTERNAL;
}

enum status
folder_write(int file, uint64_t offset, const void *data, size_t size)
{
    size_t written = 0;
    while (written < size) {
        ssize_t count = pwrite(file, (const char *)data + written, size - written, (off_t)(offset + written));
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return folder_failure();
        written += (size_t)count;
    }
    return STATUS_OK;
}

static enum append
append_locked(int file, uint64_t offset, const void *data, size_t size, uint64_t announced, enum piece *ret_piece,
              uint64_t *ret_arrived)
{
    struct stat about;
    if (flock(file, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? APPEND_BUSY : APPEND_FAILED;
    if (fstat(file, &about) != 0)
        return APPEND_FAILED;
    *ret_arrived = (uint64_t)about.st_size;
    if (!(about.st_mode & S_IWUSR))
        return APPEND_SEALED;
    // Swept or cancelled between the opening and the lock.
    if (about.st_nlink == 0)
        return APPEND_BUSY;
    *ret_piece = piece_judge(offset, size, (uint64_t)about.st_size, announced);
    if (*ret_piece != PIECE_FITS)
        return APPEND_REFUSED;
    enum status status = folder_write(file, offset, data, size);
    if (fstat(file, &about) == 0)
        *ret_arrived = (uint64_t)about.st_size;
    return status == STATUS_OK ? APPEND_DONE : status == STATUS_BUSY ? APPEND_FULL : APPEND_FAILED;
}

enum append
folder_append(const struct folder *folder, const char *upload_id, uint64_t offset, const void *data, size_t size,
              uint64_t announced, enum piece *ret_piece, uint64_t *ret_arrived)
{
    *ret_piece = PIECE_FITS;
    *ret_arrived = 0;
    // The file is born with its first piece: a command that makes a row makes nothing else that could be left over.
    int file = openat(folder->uploads, upload_id, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, WRITABLE);
    if (file < 0 && errno == EACCES)
        return APPEND_SEALED;
    if (file < 0)
        return errno == ENOSPC || errno == EDQUOT ? APPEND_FULL : APPEND_FAILED;
    enum append result = append_locked(file, offset, data, size, announced, ret_piece, ret_arrived);
    crash_point("files:piece_written");
    close(file);
    return result;
}

void
folder_drop_upload(const struct folder *folder, const char *upload_id)
{
    // Not there is what was wanted; anything else the sweep tries again.
    (void)unlinkat(folder->uploads, upload_id, 0);
}

enum status
folder_read(const struct folder *folder, const char *sha256, uint64_t offset, void *out, size_t size)
{
    int shard = folder_open_shard(folder, sha256, false);
    int file = shard < 0 ? -1 : openat(shard, sha256, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (shard >= 0)
        close(shard);
    if (file < 0)
        return STATUS_INTERNAL;
    ssize_t done = read_fully(file, out, size, offset);
    close(file);
    return done == (ssize_t)size ? STATUS_OK : STATUS_INTERNAL;
}
