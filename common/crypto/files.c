// Small key files: created exclusively, synced, read whole.
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status
status_of_errno(void)
{
    switch (errno) {
    case ENOENT:
        return STATUS_NOT_FOUND;
    case EEXIST:
        return STATUS_CONFLICT;
    case EACCES:
    case EPERM:
    case EROFS:
        return STATUS_FORBIDDEN;
    default:
        return STATUS_INTERNAL;
    }
}

enum status
key_folder_make(const char *path)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST ? STATUS_OK : status_of_errno();
}

enum status
key_file_create(const char *path, mode_t mode, const char *text)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (file < 0)
        return status_of_errno();
    size_t size = strlen(text);
    bool is_written = write(file, text, size) == (ssize_t)size && fsync(file) == 0;
    is_written = close(file) == 0 && is_written;
    if (!is_written) {
        (void)unlink(path);
        return STATUS_INTERNAL;
    }
    return STATUS_OK;
}

enum status
key_file_read(const char *path, bool is_secret, char out[MAX_KEY_FILE_BYTES])
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return status_of_errno();
    struct stat facts;
    enum status status = STATUS_OK;
    ssize_t size = 0;
    if (fstat(file, &facts) != 0 || (is_secret && (facts.st_mode & (S_IRWXO | S_IWGRP)) != 0))
        status = STATUS_FORBIDDEN;
    else if ((size = read(file, out, MAX_KEY_FILE_BYTES - 1)) < 0)
        status = STATUS_INTERNAL;
    (void)close(file);
    if (status == STATUS_OK)
        out[size] = '\0';
    return status;
}
