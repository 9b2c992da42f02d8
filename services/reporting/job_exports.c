// Makes the files that were asked for, one at a time per replica, and forgets the old ones.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "export_make.h"
#include "handlers.h"
#include "vekha/base/log.h"
#include "vekha/base/time.h"
#include "vekha/bus/message.h"
#include "vekha/crypto/token.h"

// Its title is the file's name; below it the round, and when it was made.
static bool
name_document(struct call *call, const struct db_rows *rows, struct export_task *task)
{
    const char *name = db_text_at(rows, 0, TAKEN_FILE_NAME), *made = db_text_at(rows, 0, TAKEN_MADE);
    const char *ending = strrchr(name, '.');
    char *title = arena_copy(call->arena, name);
    if (title && ending)
        title[ending - name] = '\0';
    task->title = title;
    task->subtitle = arena_format(call->arena, task->asker.english ? "%s. Made %s (%s)." : "%s. Составлен %s (%s).",
                                  db_text_at(rows, 0, TAKEN_ROUND_NAME), made, task->zone);
    return task->title && task->subtitle;
}

// Copied out of the row: rows are released after every page.
static enum status
read_task(struct call *call, const struct db_rows *rows, struct export_task *ret_task)
{
    size_t request_size, principal_size;
    const void *request = db_bytes_at(rows, 0, TAKEN_REQUEST, call->arena, &request_size);
    const void *principal = db_bytes_at(rows, 0, TAKEN_PRINCIPAL, call->arena, &principal_size);
    ProtobufCAllocator allocator = message_allocator(call->arena);
    if (!request || !principal)
        return STATUS_TOO_LARGE;
    *ret_task = (struct export_task){
        .export_id = arena_copy(call->arena, db_text_at(rows, 0, TAKEN_ID)),
        .report = arena_copy(call->arena, db_text_at(rows, 0, TAKEN_REPORT)),
        .format = arena_copy(call->arena, db_text_at(rows, 0, TAKEN_FORMAT)),
        .zone = arena_copy(call->arena, db_text_at(rows, 0, TAKEN_ZONE)),
        .attempt = db_integer_at(rows, 0, TAKEN_ATTEMPT),
        .token = arena_copy(call->arena, db_text_at(rows, 0, TAKEN_TOKEN)),
        .rows = (uint32_t)db_integer_at(rows, 0, TAKEN_ROWS),
        .is_gathered = db_boolean_at(rows, 0, TAKEN_GATHERED),
        .request = reporting__create_export_request__unpack(&allocator, request_size, request),
        .asker = {.principal = bus__principal__unpack(&allocator, principal_size, principal),
                  .english = db_boolean_at(rows, 0, TAKEN_ENGLISH),
                  .now = arena_copy(call->arena, db_text_at(rows, 0, TAKEN_CREATED_AT)),
                  .now_ms = db_integer_at(rows, 0, TAKEN_CREATED_AT_MS)},
    };
    bool is_read =
        ret_task->request && ret_task->asker.principal && ret_task->asker.now && ret_task->zone && ret_task->token;
    return is_read && name_document(call, rows, ret_task) ? STATUS_OK : STATUS_TOO_LARGE;
}

// Never more than a piece of the file in memory.
static enum status
keep_pieces(struct call *call, const struct export_task *task, FILE *file, struct export_end *end, char sha256[65])
{
    uint8_t *piece = arena_take(call->arena, EXPORT_PIECE_BYTES);
    struct sha256 *hash = piece ? sha256_new() : NULL;
    enum status status = hash ? STATUS_OK : STATUS_BUSY;
    for (int64_t position = 0; status == STATUS_OK; position++) {
        size_t size = fread(piece, 1, EXPORT_PIECE_BYTES, file);
        if (size == 0)
            break;
        sha256_add(hash, piece, size);
        end->size_bytes += size;
        status = store_insert_export_piece(call, task->export_id, position, piece, size);
        db_release_rows(call->db);
    }
    if (hash)
        sha256_finish(&hash, sha256);
    end->sha256 = sha256;
    return status == STATUS_OK && ferror(file) ? STATUS_BUSY : status;
}

static enum status
keep_file(struct call *call, const struct export_task *task, const char *path)
{
    char now[25], sha256[65] = "";
    time_format_utc(clock_now_ms(), now);
    struct export_end end = {.state = "done", .at = now};
    FILE *file = fopen(path, "re");
    if (!file)
        return STATUS_BUSY;
    enum status status = db_begin(call->db);
    if (status == STATUS_OK)
        status = keep_pieces(call, task, file, &end, sha256);
    if (status == STATUS_OK)
        status = store_end_export(call, task->export_id, task->attempt, &end);
    if (status == STATUS_OK)
        status = db_commit(call->db);
    else
        db_rollback(call->db);
    (void)fclose(file);
    return status;
}

static enum status
make_in_folder(struct call *call, const struct export_task *task, const char **ret_failure)
{
    const char *folder = getenv("TMPDIR");
    const char *pattern = arena_format(call->arena, "%s/vekha-export-XXXXXX", folder ? folder : "/tmp");
    char *path = arena_copy(call->arena, pattern);
    int descriptor = path ? mkostemp(path, O_CLOEXEC) : -1;
    if (descriptor < 0)
        return STATUS_BUSY;
    (void)close(descriptor);
    enum status status = export_make(call, task, path, ret_failure);
    if (status == STATUS_OK)
        status = keep_file(call, task, path);
    (void)unlink(path);
    return status;
}

// It stays under way, and is taken up again after a while, until it has failed too often or can never be made.
static enum status
give_up(struct call *call, const struct export_task *task, enum status failure, const char *reason)
{
    log_write(LOG_ERROR, "a report's file could not be made", "export", task->export_id, "report", task->report,
              "status", status_code(failure), "database", db_last_error(call->db), NULL);
    if (!*reason && task->attempt < EXPORT_ATTEMPTS_MAX)
        return STATUS_OK;
    char now[25];
    time_format_utc(clock_now_ms(), now);
    enum status status =
        store_end_export(call, task->export_id, task->attempt,
                         &(struct export_end){.state = "failed", .sha256 = "", .at = now, .failure = reason});
    return status == STATUS_NOT_FOUND ? STATUS_OK : status;
}

enum status
job_make_exports(struct call *call, bool *ret_again)
{
    struct db_rows rows;
    struct export_task task;
    const char *failure = "";
    *ret_again = false;
    enum status status = store_take_export(call, &rows);
    if (status != STATUS_OK || rows.count == 0)
        return status;
    *ret_again = true;
    status = read_task(call, &rows, &task);
    db_release_rows(call->db);
    if (status != STATUS_OK)
        return status;
    status = make_in_folder(call, &task, &failure);
    // Nobody wants it any more.
    if (status == STATUS_OK || status == STATUS_NOT_FOUND)
        return STATUS_OK;
    return give_up(call, &task, status, failure);
}

enum status
job_forget_exports(struct call *call, bool *ret_again)
{
    *ret_again = false;
    return store_forget_exports(call);
}
