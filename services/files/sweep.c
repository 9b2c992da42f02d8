// Removes unfinished uploads after their time and bytes that no document has. Safe beside anything else: rows decide,
// and bytes younger than a day are never touched.
#include "sweep.h"

#include "process.h"
#include "store.h"

enum {
    UPLOADS_MAX = 2000,
    BLOBS_MAX = 65536,
    SHARD_ARENA_BYTES = 16 * 1024 * 1024,
    NAMELESS_IDLE_MS = 60 * 1000, // bytes without a row: cancelled or expired
    ORPHAN_MS = 24 * 60 * 60 * 1000,
    UPLOADS_INTERVAL_MS = 60 * 1000,
    ORPHANS_INTERVAL_MS = 60 * 60 * 1000,
};

static enum status
sweep_uploads(struct call *call, bool *ret_again)
{
    struct listed_upload *uploads;
    size_t count;
    struct db_rows rows;
    enum status status = store_forget_expired_uploads(call);
    if (status == STATUS_OK)
        status = folder_list_uploads(process_folder(), call->arena, UPLOADS_MAX, &uploads, &count);
    if (status != STATUS_OK || count == 0)
        return status;
    char **ids = arena_take(call->arena, count * sizeof *ids);
    if (!ids)
        return STATUS_BUSY;
    for (size_t i = 0; i < count; i++)
        ids[i] = uploads[i].upload_id;
    const char *list = db_text_array(call->arena, ids, count);
    if (!list)
        return STATUS_BUSY;
    if ((status = store_look_up_uploads(call, list, &rows)) != STATUS_OK)
        return status;
    size_t gone = 0;
    for (size_t i = 0; i < count && i < (size_t)rows.count; i++) {
        bool is_known = db_boolean_at(&rows, (int)i, SWEPT_IS_KNOWN);
        if (is_known ? !db_boolean_at(&rows, (int)i, SWEPT_IS_DECIDED) : uploads[i].idle_ms <= NAMELESS_IDLE_MS)
            continue;
        folder_drop_upload(process_folder(), uploads[i].upload_id);
        gone++;
    }
    *ret_again = count == UPLOADS_MAX && gone > 0;
    return STATUS_OK;
}

static enum status
sweep_shard(struct call *call, struct arena *arena, unsigned shard)
{
    char **hashes;
    size_t count;
    struct db_rows rows;
    int64_t before_ms = call->now_ms - ORPHAN_MS;
    enum status status = folder_list_blobs(process_folder(), arena, shard, before_ms, BLOBS_MAX, &hashes, &count);
    if (status != STATUS_OK || count == 0)
        return status;
    const char *list = db_text_array(arena, hashes, count);
    if (!list)
        return STATUS_BUSY;
    if ((status = store_find_orphans(call, list, &rows)) != STATUS_OK)
        return status;
    for (int i = 0; i < rows.count; i++)
        folder_drop_blob(process_folder(), db_text_at(&rows, i, 0), before_ms);
    return STATUS_OK;
}

static enum status
sweep_orphans(struct call *call, bool *ret_again)
{
    struct arena arena;
    enum status status = STATUS_OK;
    *ret_again = false;
    arena_init(&arena, SHARD_ARENA_BYTES);
    for (unsigned shard = 0; shard < FOLDER_SHARDS && status == STATUS_OK; shard++) {
        status = sweep_shard(call, &arena, shard);
        arena_reset(&arena);
    }
    arena_done(&arena);
    return status;
}

const struct job sweep_jobs[SWEEP_JOB_COUNT] = {
    {.name = "uploads", .interval_ms = UPLOADS_INTERVAL_MS, .run = sweep_uploads},
    {.name = "orphans",
     .interval_ms = ORPHANS_INTERVAL_MS,
     .own_transactions = true,
     .own_thread = true,
     .run = sweep_orphans},
};
