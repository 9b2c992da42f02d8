// The blob folder: unfinished uploads in tmp/, whole documents under ab/<SHA-256>, in one filesystem. Several replicas
// may share it.
//
// A piece is acknowledged when it is in the page cache: killing any process loses nothing of it. Durability is promised
// once, when the document is kept: file flushed, then its name, then the folder, and only then the row is committed.
// An upload is sealed (its write permission removed, under a lock that writers take) before it is looked at, so
// nobody can change the bytes between the check and the moment they are kept.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules.h"
#include "vekha/base/arena.h"
#include "vekha/base/status.h"

struct folder;

// Makes the folder if need be. On failure *ret_problem names the remedy.
MUST_CHECK enum status folder_open(const char *path, struct folder **ret_folder, const char **ret_problem);
void folder_close(struct folder **folder);

// --- uploads

enum append {
    APPEND_DONE,
    APPEND_REFUSED, // *ret_piece says why
    APPEND_SEALED,  // it is complete, or being completed
    APPEND_BUSY,    // another piece is being written
    APPEND_FULL,    // no room on the disk
    APPEND_FAILED,
};
// Bytes that have arrived; 0 when there is no file yet.
MUST_CHECK enum status folder_upload_size(const struct folder *folder, const char *upload_id, uint64_t *ret_arrived);
// *ret_arrived: after this piece, or where to go on from.
enum append folder_append(const struct folder *folder, const char *upload_id, uint64_t offset, const void *data,
                          size_t size, uint64_t announced, enum piece *ret_piece, uint64_t *ret_arrived);
void folder_drop_upload(const struct folder *folder, const char *upload_id);

// --- completing

// An upload nobody can write to any more.
struct sealed_upload {
    int file;
    char upload_id[37];
    char path[512]; // for helper processes
    uint64_t size_bytes;
    char sha256[SHA256_CHARS + 1];
    bool has_header, has_end;
};
// An upload of one piece, written and sealed; its digest is known. BUSY: no room on the disk. On OK the caller gives it
// back with folder_release().
MUST_CHECK enum status folder_put(const struct folder *folder, const void *data, size_t size,
                                  struct sealed_upload *ret_sealed);
// CONFLICT when not all bytes are there, *ret_arrived says how many; BUSY while a piece is being written. On OK the
// caller gives it back with folder_release().
MUST_CHECK enum status folder_seal(const struct folder *folder, const char *upload_id, uint64_t announced,
                                   struct sealed_upload *ret_sealed, uint64_t *ret_arrived);
void folder_release(struct sealed_upload *sealed);
// Reads it once, in pieces: hash, head and tail.
MUST_CHECK enum status folder_digest(struct sealed_upload *sealed);
// Makes it a durable document under its hash. The upload's own name stays until the sweep, so that a process killed
// before its commit can complete again. INTERNAL after a failed flush: the bytes count as lost and are gone.
MUST_CHECK enum status folder_keep(const struct folder *folder, struct sealed_upload *sealed, int64_t now_ms);

// --- documents

// Exactly `size` bytes or INTERNAL: a row without its bytes is an alarm, not an end of file.
MUST_CHECK enum status folder_read(const struct folder *folder, const char *sha256, uint64_t offset, void *out,
                                   size_t size);

// --- sweeping

enum { FOLDER_SHARDS = 256 };
struct listed_upload {
    char *upload_id; // its name in tmp/, in the arena
    int64_t idle_ms; // since anything was done with it
};
MUST_CHECK enum status folder_list_uploads(const struct folder *folder, struct arena *arena, size_t max,
                                           struct listed_upload **ret_uploads, size_t *ret_count);
// Hashes in shard 0..255 that nobody has kept since `before_ms`.
MUST_CHECK enum status folder_list_blobs(const struct folder *folder, struct arena *arena, unsigned shard,
                                         int64_t before_ms, size_t max, char ***ret_hashes, size_t *ret_count);
// Removes it unless somebody kept it again meanwhile.
void folder_drop_blob(const struct folder *folder, const char *sha256, int64_t before_ms);
