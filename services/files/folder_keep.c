// From an upload to a durable document: seal, read once, flush, name by content.
#include "folder_private.h"
#include "read_fully.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vekha/base/crash_point.h"
#include "vekha/base/text.h"
#include "vekha/crypto/token.h"

enum { READ_BYTES = 64 * 1024, LINK_TRIES = 3 };

// Under the lock that writers take: whoever comes later finds the file sealed.
static enum status
seal_locked(int file, uint64_t announced, uint64_t *ret_arrived)
{
    struct stat about;
    if (flock(file, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? STATUS_BUSY : STATUS_INTERNAL;
    if (fstat(file, &about) != 0)
        return STATUS_INTERNAL;
    *ret_arrived = (uint64_t)about.st_size;
    if (about.st_nlink == 0 || *ret_arrived != announced)
        return STATUS_CONFLICT;
    if (fchmod(file, SEALED) != 0 || flock(file, LOCK_UN) != 0)
        return STATUS_INTERNAL;
    return STATUS_OK;
}

static void
name_upload(const struct folder *folder, struct sealed_upload *sealed)
{
    snprintf(sealed->path, sizeof sealed->path, "%s/tmp/%s", folder->path, sealed->upload_id);
}

enum status
folder_seal(const struct folder *folder, const char *upload_id, uint64_t announced, struct sealed_upload *ret_sealed,
            uint64_t *ret_arrived)
{
    *ret_arrived = 0;
    struct sealed_upload sealed = {.size_bytes = announced};
    snprintf(sealed.upload_id, sizeof sealed.upload_id, "%s", upload_id);
    name_upload(folder, &sealed);
    sealed.file = openat(folder->uploads, upload_id, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (sealed.file < 0)
        return errno == ENOENT ? STATUS_CONFLICT : STATUS_INTERNAL;
    enum status status = seal_locked(sealed.file, announced, ret_arrived);
    if (status != STATUS_OK) {
        close(sealed.file);
        return status;
    }
    *ret_sealed = sealed;
    return STATUS_OK;
}

static void
digest_bytes(const void *data, size_t size, struct sealed_upload *sealed)
{
    size_t tail = size < PDF_TAIL_BYTES ? size : PDF_TAIL_BYTES;
    sha256_hex(data, size, sealed->sha256);
    sealed->has_header = pdf_has_header(data, size);
    sealed->has_end = pdf_has_end((const char *)data + size - tail, tail);
}

enum status
folder_put(const struct folder *folder, const void *data, size_t size, struct sealed_upload *ret_sealed)
{
    struct sealed_upload sealed = {.size_bytes = size};
    text_make_uuid(sealed.upload_id);
    name_upload(folder, &sealed);
    sealed.file = openat(folder->uploads, sealed.upload_id, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, SEALED);
    if (sealed.file < 0)
        return folder_failure();
    enum status status = folder_write(sealed.file, 0, data, size);
    if (status != STATUS_OK) {
        close(sealed.file);
        folder_drop_upload(folder, sealed.upload_id);
        return status;
    }
    digest_bytes(data, size, &sealed);
    *ret_sealed = sealed;
    return STATUS_OK;
}

void
folder_release(struct sealed_upload *sealed)
{
    close(sealed->file);
    sealed->file = -1;
}

enum status
folder_digest(struct sealed_upload *sealed)
{
    char buffer[READ_BYTES];
    struct sha256 *hash = sha256_new();
    if (!hash)
        return STATUS_BUSY;
    uint64_t offset = 0;
    ssize_t count;
    while ((count = read_fully(sealed->file, buffer, sizeof buffer, offset)) > 0) {
        if (offset == 0)
            sealed->has_header = pdf_has_header(buffer, (size_t)count);
        sha256_add(hash, buffer, (size_t)count);
        offset += (uint64_t)count;
    }
    sha256_finish(&hash, sealed->sha256);
    if (count < 0 || offset != sealed->size_bytes)
        return STATUS_INTERNAL;
    uint64_t tail_at = offset > PDF_TAIL_BYTES ? offset - PDF_TAIL_BYTES : 0;
    count = read_fully(sealed->file, buffer, PDF_TAIL_BYTES, tail_at);
    if (count < 0)
        return STATUS_INTERNAL;
    sealed->has_end = pdf_has_end(buffer, (size_t)count);
    return STATUS_OK;
}

// The same content is there already: marks it as kept now, under the lock the sweep takes before it removes anything.
// CONFLICT: it was removed just before.
static enum status
renew_blob(int shard, const char *sha256, uint64_t size_bytes, const struct timespec times[2])
{
    int file = openat(shard, sha256, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0)
        return errno == ENOENT ? STATUS_CONFLICT : STATUS_INTERNAL;
    struct stat about;
    enum status status = STATUS_INTERNAL;
    if (flock(file, LOCK_SH) == 0 && fstat(file, &about) == 0) {
        if (about.st_nlink == 0)
            status = STATUS_CONFLICT;
        else if ((uint64_t)about.st_size == size_bytes && futimens(file, times) == 0)
            status = STATUS_OK;
    }
    close(file);
    return status;
}

static enum status
name_by_content(const struct folder *folder, const struct sealed_upload *sealed, int shard,
                const struct timespec times[2], bool *ret_is_new)
{
    *ret_is_new = false;
    for (int i = 0; i < LINK_TRIES; i++) {
        if (linkat(folder->uploads, sealed->upload_id, shard, sealed->sha256, 0) == 0) {
            *ret_is_new = true;
            return STATUS_OK;
        }
        if (errno != EEXIST)
            return folder_failure();
        enum status status = renew_blob(shard, sealed->sha256, sealed->size_bytes, times);
        if (status != STATUS_CONFLICT)
            return status;
    }
    return STATUS_BUSY;
}

enum status
folder_keep(const struct folder *folder, struct sealed_upload *sealed, int64_t now_ms)
{
    // The sweep's clock is the business clock, which tests move: so the file's time is set from it.
    struct timespec now = {now_ms / 1000, now_ms % 1000 * 1000000};
    const struct timespec times[2] = {now, now};
    crash_point("files:before_flush");
    // A flush that failed once may succeed the next time without the bytes: it is never tried again.
    if (futimens(sealed->file, times) != 0 || fsync(sealed->file) != 0) {
        folder_drop_upload(folder, sealed->upload_id);
        return STATUS_INTERNAL;
    }
    crash_point("files:before_rename");
    int shard = folder_open_shard(folder, sealed->sha256, true);
    if (shard < 0)
        return STATUS_INTERNAL;
    bool is_new;
    enum status status = name_by_content(folder, sealed, shard, times, &is_new);
    if (status == STATUS_OK && fsync(shard) != 0) {
        status = STATUS_INTERNAL;
        if (is_new)
            (void)unlinkat(shard, sealed->sha256, 0);
        folder_drop_upload(folder, sealed->upload_id);
    }
    close(shard);
    return status;
}
