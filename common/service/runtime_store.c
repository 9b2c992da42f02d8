// The runtime's own SQL: idempotency records, outbox, stream, inbox positions.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime.h"

// {a,b,c} of texts that need no quoting: UUIDs and hex digits.
static const char *
plain_array(struct arena *arena, const char *const *items, size_t count)
{
    size_t size = 3;
    for (size_t i = 0; i < count; i++)
        size += strlen(items[i]) + 1;
    char *text = arena_take(arena, size);
    if (!text)
        return NULL;
    char *end = text;
    *end++ = '{';
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(items[i]);
        if (i > 0)
            *end++ = ',';
        memcpy(end, items[i], length);
        end += length;
    }
    *end++ = '}';
    *end = 0;
    return text;
}

enum status
runtime_find_replies(struct db *db, struct arena *arena, const char *const *keys, size_t count,
                     struct stored_reply **ret_found, size_t *ret_count)
{
    // One probe per key: a plan made for the list while the table was small would read all of it for ever.
    static const char sql[] = "SELECT found.* FROM unnest($1::uuid[]) AS wanted (key), LATERAL ("
                              "SELECT i.key, i.account_id, encode(i.request_sha256, 'hex'), i.reply FROM idempotency i"
                              " WHERE i.key = wanted.key OFFSET 0) AS found";
    const char *list = plain_array(arena, keys, count);
    if (!list)
        return STATUS_BUSY;
    struct db_rows rows;
    enum status status = db_query(db, &rows, sql, DB_PARAMS(db_text(list)));
    if (status != STATUS_OK)
        return status;
    struct stored_reply *found = arena_take(arena, (size_t)(rows.count + 1) * sizeof(*found));
    if (!found)
        return STATUS_BUSY;
    for (int i = 0; i < rows.count; i++) {
        found[i].key = db_text_at(&rows, i, 0);
        found[i].account_id = db_text_at(&rows, i, 1);
        found[i].request_hex = db_text_at(&rows, i, 2);
        found[i].reply = db_bytes_at(&rows, i, 3, arena, &found[i].reply_size);
        if (!found[i].reply)
            return STATUS_BUSY;
    }
    *ret_found = found;
    *ret_count = (size_t)rows.count;
    return STATUS_OK;
}

enum status
runtime_store_replies(struct db *db, struct arena *arena, const struct stored_reply *replies, size_t count,
                      const char *now)
{
    static const char sql[] =
        "INSERT INTO idempotency (key, account_id, request_sha256, reply, created_at)"
        " SELECT key, account_id, decode(request, 'hex'), decode(substr(reply, 2), 'hex'), $5::timestamptz"
        " FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) AS record (key, account_id, request, reply)";
    const char *columns[4][BATCH_MAX];
    for (size_t i = 0; i < count; i++) {
        columns[0][i] = replies[i].key;
        columns[1][i] = replies[i].account_id;
        columns[2][i] = replies[i].request_hex;
        // An empty element would read as nothing in an array literal: the x stands for "there is a reply".
        char *reply = arena_take(arena, 2 * replies[i].reply_size + 2);
        if (!reply)
            return STATUS_BUSY;
        *reply = 'x';
        text_to_hex(replies[i].reply, replies[i].reply_size, reply + 1);
        columns[3][i] = reply;
    }
    const char *arrays[4];
    for (size_t i = 0; i < 4; i++)
        if (!(arrays[i] = plain_array(arena, columns[i], count)))
            return STATUS_BUSY;
    return db_defer(
        db, sql,
        DB_PARAMS(db_text(arrays[0]), db_text(arrays[1]), db_text(arrays[2]), db_text(arrays[3]), db_text(now)));
}

enum status
runtime_forget_replies(struct db *db, const char *before, bool *ret_again)
{
    // In slices: the outbox waits meanwhile.
    static const char sql[] = "DELETE FROM idempotency WHERE ctid = ANY (ARRAY("
                              "SELECT ctid FROM idempotency WHERE created_at < $1::timestamptz LIMIT 2000))";
    struct db_rows rows;
    enum status status = db_query(db, &rows, sql, DB_PARAMS(db_text(before)));
    *ret_again = status == STATUS_OK && rows.affected == 2000;
    db_release_rows(db);
    return status;
}

enum status
runtime_hold_job(struct db *db, const char *name, bool *ret_held)
{
    struct db_rows rows;
    enum status status =
        db_query(db, &rows, "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))", DB_PARAMS(db_text(name)));
    *ret_held = status == STATUS_OK && db_boolean_at(&rows, 0, 0);
    return status;
}

static enum status
pack_batch(struct arena *arena, const Bus__EventBatch *batch, struct stored_batch *ret_packed)
{
    size_t size = bus__event_batch__get_packed_size(batch);
    uint8_t *packed = arena_take(arena, size + 1);
    if (!packed)
        return STATUS_BUSY;
    bus__event_batch__pack(batch, packed);
    *ret_packed = (struct stored_batch){batch->n_events, packed, size};
    return STATUS_OK;
}

enum status
runtime_store_events(struct db *db, struct arena *arena, const char *stream, struct call *const *calls, size_t count,
                     struct stored_batch *ret_last)
{
    static const char sql[] = "INSERT INTO outbox (event_count, batch) VALUES ($1, $2)";
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += calls[i]->outgoing->count;
    *ret_last = (struct stored_batch){0};
    if (total == 0)
        return STATUS_OK;
    Bus__Event **events = arena_take(arena, total * sizeof(*events));
    if (!events)
        return STATUS_BUSY;
    Bus__EventBatch batch = BUS__EVENT_BATCH__INIT;
    batch.stream = stream;
    batch.events = events;
    size_t bytes = 0;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count; i++) {
        for (struct outgoing_event *event = calls[i]->outgoing->first; event; event = event->next) {
            if (bytes >= OUTBOX_ROW_BYTES) {
                status = pack_batch(arena, &batch, ret_last);
                if (status == STATUS_OK)
                    status = db_defer(db, sql,
                                      DB_PARAMS(db_integer((int64_t)ret_last->event_count),
                                                db_bytes(ret_last->bytes, ret_last->size)));
                if (status != STATUS_OK)
                    return status;
                batch.n_events = 0;
                bytes = 0;
            }
            events[batch.n_events++] = &event->event;
            bytes += event->event.payload.len + 128;
        }
    }
    return pack_batch(arena, &batch, ret_last);
}

// Two statements in one round trip: the second must not see the world as it was before the lock was ours, and numbers
// nothing when it is not.
static const char lock_sequence[] =
    "SELECT set_config('vekha.is_sequencer', pg_try_advisory_xact_lock(7401001)::text, true)";

#define IS_SEQUENCER "current_setting('vekha.is_sequencer') = 'true'"
#define HEAD                                                                                                           \
    "WITH head AS ("                                                                                                   \
    "  SELECT coalesce((SELECT first_number + event_count - 1 FROM stream ORDER BY first_number DESC LIMIT 1), 0)"     \
    "  AS number),"                                                                                                    \
    " moved AS (DELETE FROM outbox WHERE ctid = ANY (ARRAY("                                                           \
    "  SELECT ctid FROM outbox WHERE " IS_SEQUENCER " ORDER BY position LIMIT $2::integer))"                           \
    "  RETURNING position, event_count, batch)"
#define INTO_STREAM(rows)                                                                                              \
    " INSERT INTO stream (first_number, event_count, batch, numbered_at)"                                              \
    " SELECT head.number + 1 + sum(event_count) OVER (ORDER BY position) - event_count, event_count, batch,"           \
    "  $1::timestamptz FROM " rows ", head ORDER BY position RETURNING first_number, event_count, "

enum status
runtime_number_outbox(struct db *db, const char *now, struct db_rows *ret_rows)
{
    static const char sql[] = HEAD INTO_STREAM("moved") "batch";
    enum status status = db_defer(db, lock_sequence, DB_NO_PARAMS);
    if (status != STATUS_OK)
        return status;
    return db_query(db, ret_rows, sql, DB_PARAMS(db_text(now), db_integer(NUMBERED_AT_ONCE)));
}

enum status
runtime_number_and_commit(struct db *db, const char *now, const struct stored_batch *last, struct db_rows *ret_rows)
{
    // Behind what waits in the outbox, or there with the rest. The caller has its bytes already.
    static const char sql[] =
        HEAD ", mine AS (SELECT " IS_SEQUENCER " AND (SELECT count(*) FROM moved) < $2::integer AS is_last),"
             " put_aside AS (INSERT INTO outbox (event_count, batch)"
             "  SELECT $3::integer, $4::bytea FROM mine WHERE NOT is_last),"
             " ordered AS (SELECT * FROM moved UNION ALL"
             "  SELECT 9223372036854775807, $3::integer, $4::bytea FROM mine WHERE is_last)" INTO_STREAM(
                 "ordered") "nullif(batch, $4::bytea)";
    enum status status = db_defer(db, lock_sequence, DB_NO_PARAMS);
    if (status == STATUS_OK)
        return db_commit_with(db, ret_rows, sql,
                              DB_PARAMS(db_text(now), db_integer(NUMBERED_AT_ONCE),
                                        db_integer((int64_t)last->event_count), db_bytes(last->bytes, last->size)));
    db_rollback(db);
    return status;
}

enum status
runtime_stream_head(struct db *db, uint64_t *ret_head)
{
    static const char sql[] = "SELECT first_number + event_count - 1 FROM stream ORDER BY first_number DESC LIMIT 1";
    struct db_rows rows;
    enum status status = db_query(db, &rows, sql, DB_NO_PARAMS);
    if (status == STATUS_OK)
        *ret_head = rows.count ? (uint64_t)db_integer_at(&rows, 0, 0) : 0;
    return status;
}

enum status
runtime_stream_rows(struct db *db, uint64_t after, struct db_rows *ret_rows)
{
    static const char sql[] =
        "SELECT first_number, event_count, batch FROM stream WHERE first_number >= coalesce("
        " (SELECT first_number FROM stream WHERE first_number <= $1 ORDER BY first_number DESC LIMIT 1), 0)"
        " AND first_number + event_count > $1 ORDER BY first_number LIMIT 64";
    return db_query(db, ret_rows, sql, DB_PARAMS(db_integer((int64_t)(after + 1))));
}

enum status
runtime_read_position(struct db *db, const char *stream, uint64_t *ret_number)
{
    static const char sql[] = "SELECT number FROM inbox_position WHERE stream = $1";
    struct db_rows rows;
    enum status status = db_query(db, &rows, sql, DB_PARAMS(db_text(stream)));
    if (status == STATUS_OK)
        *ret_number = rows.count ? (uint64_t)db_integer_at(&rows, 0, 0) : 0;
    return status;
}

enum status
runtime_lock_position(struct db *db, const char *stream, uint64_t *ret_number)
{
    static const char lock[] = "SELECT number FROM inbox_position WHERE stream = $1 FOR UPDATE";
    static const char make[] = "INSERT INTO inbox_position (stream, number) VALUES ($1, 0)"
                               " ON CONFLICT (stream) DO UPDATE SET number = inbox_position.number RETURNING number";
    struct db_rows rows;
    enum status status = db_query(db, &rows, lock, DB_PARAMS(db_text(stream)));
    if (status == STATUS_OK && rows.count == 0)
        status = db_query(db, &rows, make, DB_PARAMS(db_text(stream)));
    if (status == STATUS_OK)
        *ret_number = (uint64_t)db_integer_at(&rows, 0, 0);
    return status;
}

enum status
runtime_move_position(struct db *db, const char *stream, uint64_t number)
{
    static const char sql[] = "UPDATE inbox_position SET number = $2 WHERE stream = $1";
    return db_defer(db, sql, DB_PARAMS(db_text(stream), db_integer((int64_t)number)));
}

const struct contract_method *
stream_contract(const char *service)
{
    char name[96];
    (void)snprintf(name, sizeof name, "%s.FetchEvents", service);
    return contract_find_method(name);
}

enum status
stream_answer_fetch(struct db *db, struct arena *arena, const char *stream, const uint8_t *body, size_t body_size,
                    const void **ret_answer, size_t *ret_size)
{
    ProtobufCAllocator allocator = message_allocator(arena);
    if (!wire_is_acceptable(&bus__fetch_events_request__descriptor, body, body_size))
        return STATUS_MALFORMED;
    const Bus__FetchEventsRequest *request = bus__fetch_events_request__unpack(&allocator, body_size, body);
    uint64_t head = 0;
    enum status status = request ? runtime_stream_head(db, &head) : STATUS_BUSY;
    struct db_rows rows = {0};
    if (status == STATUS_OK)
        status = runtime_stream_rows(db, request->after, &rows);
    if (status != STATUS_OK)
        return status;
    enum { FETCH_BYTES = 900 * 1024 };
    uint8_t *answer = arena_take(arena, FETCH_BYTES + 4096);
    if (!answer)
        return STATUS_BUSY;
    // Packed batches laid end to end read as one batch: repeated events append, the last of a number wins.
    size_t size = 0;
    for (int i = 0; i < rows.count; i++) {
        size_t piece_size;
        const void *piece = db_bytes_at(&rows, i, 2, arena, &piece_size);
        if (!piece || size + piece_size > FETCH_BYTES)
            break;
        memcpy(answer + size, piece, piece_size);
        size += piece_size;
    }
    Bus__EventBatch frame = BUS__EVENT_BATCH__INIT;
    frame.stream = stream;
    frame.first_number = rows.count ? (uint64_t)db_integer_at(&rows, 0, 0) : 0;
    frame.head = head;
    size += bus__event_batch__pack(&frame, answer + size);
    *ret_answer = answer;
    *ret_size = size;
    return STATUS_OK;
}

enum status
stream_read(struct call *call, uint64_t after, uint32_t limit, Bus__Event ***ret_events, size_t *ret_count,
            uint64_t *ret_head)
{
    struct db_rows rows;
    enum status status = runtime_stream_head(call->db, ret_head);
    if (status == STATUS_OK)
        status = runtime_stream_rows(call->db, after, &rows);
    if (status != STATUS_OK)
        return status;
    enum { LIMIT_MAX = 1000 };
    size_t most = limit == 0 || limit > LIMIT_MAX ? LIMIT_MAX : limit;
    Bus__Event **events = arena_take(call->arena, most * sizeof(*events));
    ProtobufCAllocator allocator = message_allocator(call->arena);
    size_t count = 0;
    for (int i = 0; events && i < rows.count; i++) {
        size_t size;
        const void *packed = db_bytes_at(&rows, i, 2, call->arena, &size);
        Bus__EventBatch *batch = packed ? bus__event_batch__unpack(&allocator, size, packed) : NULL;
        if (!batch)
            return STATUS_BUSY;
        uint64_t number = (uint64_t)db_integer_at(&rows, i, 0);
        for (size_t j = 0; j < batch->n_events && count < most; j++, number++) {
            if (number <= after)
                continue;
            batch->events[j]->number = number;
            events[count++] = batch->events[j];
        }
    }
    *ret_events = events;
    *ret_count = count;
    return events ? STATUS_OK : STATUS_BUSY;
}
