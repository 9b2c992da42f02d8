// Whether an answer given before still holds, asked of the one who gave it: by its tag, without making it again.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime.h"

// "version|from|before|build": the answer is the same while the version is, in that period, from that build.
static const char *
write_tag(struct arena *arena, const struct tagged_call *tagged)
{
    return arena_format(arena, "%s|%" PRId64 "|%" PRId64 "|%s", tagged->version, tagged->from_ms, tagged->before_ms,
                        build_name());
}

static bool
still_holds(const char *tag, const char *version, int64_t now_ms)
{
    size_t size = strlen(version);
    if (strncmp(tag, version, size) != 0 || tag[size] != '|')
        return false;
    char *end;
    int64_t from_ms = strtoll(tag + size + 1, &end, 10);
    if (*end != '|')
        return false;
    int64_t before_ms = strtoll(end + 1, &end, 10);
    return *end == '|' && strcmp(end + 1, build_name()) == 0 && from_ms <= now_ms && now_ms < before_ms;
}

enum status
tag_make(struct held_call *held, struct db *db, const char **ret_tag)
{
    *ret_tag = NULL;
    if (!build_name())
        return STATUS_OK;
    struct tagged_call tagged = {.call = &held->call, .scope = dispatch_scope(held), .request = held->message};
    db_set_scope(db, dispatch_scope(held));
    enum status status = held->method->tag(&tagged, 1, true);
    if (status == STATUS_OK && tagged.version)
        *ret_tag = write_tag(held->call.arena, &tagged);
    return status;
}

static size_t
write_varint(uint64_t value, uint8_t *out)
{
    size_t size = 0;
    for (; value >= 0x80; value >>= 7)
        out[size++] = (uint8_t)(value | 0x80);
    out[size++] = (uint8_t)value;
    return size;
}

enum status
tag_append(struct held_call *held, const char *tag)
{
    enum { FRAME_BYTES = 20, DELIMITED = 2 };
    size_t tag_size = strlen(tag);
    size_t size = held->answer_size + tag_size + FRAME_BYTES;
    uint8_t *answer = size <= BUS_MAX_BODY_BYTES ? arena_take(held->call.arena, size) : NULL;
    // Without room for it the answer goes untagged.
    if (!answer)
        return STATUS_OK;
    memcpy(answer, held->answer, held->answer_size);
    size_t end = held->answer_size;
    end += write_varint((uint64_t)CONTRACT_TAG_FIELD << 3 | DELIMITED, answer + end);
    end += write_varint(tag_size, answer + end);
    memcpy(answer + end, tag, tag_size);
    held->answer = answer;
    held->answer_size = end + tag_size;
    return STATUS_OK;
}

// Who asks for what, with the same checks as if the method were called.
static bool
prepare_question(const struct runtime *runtime, struct principal_cache *principals, const Bus__TagQuestion *question,
                 struct held_call *held, struct db *db, struct arena *arena)
{
    Bus__Header *header = arena_take(arena, sizeof(*header));
    if (!header)
        return false;
    bus__header__init(header);
    header->method = question->method;
    header->principal = question->principal;
    held->request =
        (struct bus_request){.header = header, .body = question->request.data, .body_size = question->request.len};
    return dispatch_prepare(runtime, principals, held, db, arena) == STATUS_OK && held->method->tag != NULL;
}

// Those of questions[first]'s method that nobody has asked about yet, in one statement.
static enum status
check_method_of(struct held_call **asked, size_t count, size_t first, Bus__TagQuestion *const *questions, struct db *db,
                uint8_t *ret_holds)
{
    struct tagged_call calls[CONTRACT_TAGS_MAX];
    struct held_call *members[CONTRACT_TAGS_MAX];
    size_t places[CONTRACT_TAGS_MAX];
    size_t member_count = 0;
    const struct method *method = asked[first]->method;
    for (size_t i = first; i < count; i++) {
        if (!asked[i] || asked[i]->method != method)
            continue;
        calls[member_count] = (struct tagged_call){
            .call = &asked[i]->call, .scope = dispatch_scope(asked[i]), .request = asked[i]->message};
        places[member_count] = i;
        members[member_count++] = asked[i];
        asked[i] = NULL;
    }
    const char *scope = scope_of_all(members[0]->call.arena, members, member_count);
    if (!scope)
        return STATUS_BUSY;
    db_set_scope(db, scope);
    enum status status = method->tag(calls, member_count, false);
    for (size_t i = 0; status == STATUS_OK && i < member_count; i++)
        ret_holds[places[i]] =
            calls[i].version && still_holds(questions[places[i]]->tag, calls[i].version, calls[i].call->now_ms);
    return status;
}

static enum status
check_all(const struct runtime *runtime, struct principal_cache *principals, const Bus__CheckTagsRequest *request,
          struct db *db, struct arena *arena, uint8_t *ret_holds)
{
    struct held_call *asked[CONTRACT_TAGS_MAX] = {0};
    for (size_t i = 0; i < request->n_questions; i++) {
        struct held_call *held = arena_take(arena, sizeof(*held));
        if (!held)
            return STATUS_BUSY;
        if (prepare_question(runtime, principals, request->questions[i], held, db, arena))
            asked[i] = held;
    }
    enum status status = STATUS_OK;
    for (size_t i = 0; status == STATUS_OK && i < request->n_questions; i++)
        if (asked[i])
            status = check_method_of(asked, request->n_questions, i, request->questions, db, ret_holds);
    return status;
}

static enum status
check(const struct runtime *runtime, struct principal_cache *principals, struct held_call *held, struct db *db,
      struct arena *arena)
{
    const uint8_t *body = held->request.body;
    size_t size = held->request.body_size;
    if (!build_name() || !wire_is_acceptable(&bus__check_tags_request__descriptor, body, size))
        return STATUS_MALFORMED;
    ProtobufCAllocator allocator = message_allocator(arena);
    const Bus__CheckTagsRequest *request = bus__check_tags_request__unpack(&allocator, size, body);
    if (!request)
        return STATUS_BUSY;
    if (request->n_questions > CONTRACT_TAGS_MAX)
        return STATUS_MALFORMED;
    Bus__CheckTagsReply reply = BUS__CHECK_TAGS_REPLY__INIT;
    reply.holds = (ProtobufCBinaryData){request->n_questions, arena_take(arena, request->n_questions + 1)};
    uint8_t *packed = arena_take(arena, request->n_questions + sizeof(uint64_t) * 2);
    if (!reply.holds.data || !packed)
        return STATUS_BUSY;
    enum status status = check_all(runtime, principals, request, db, arena, reply.holds.data);
    if (status == STATUS_LOST) // a connection that the server has closed meanwhile
        status = check_all(runtime, principals, request, db, arena, reply.holds.data);
    if (status == STATUS_OK) {
        held->answer = packed;
        held->answer_size = bus__check_tags_reply__pack(&reply, packed);
    }
    return status;
}

void
tags_check(const struct runtime *runtime, struct principal_cache *principals, struct held_call *held, struct db *db,
           struct arena *arena)
{
    held->answer = NULL;
    held->answer_size = 0;
    held->status = check(runtime, principals, held, db, arena);
    if (held->status == STATUS_LOST)
        held->status = STATUS_BUSY;
}
