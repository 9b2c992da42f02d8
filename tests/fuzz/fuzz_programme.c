// Programme files of anybody: JSON, limits, check, as the gateway and the service do it. A file that passes has every
// code once and each item whole; the service finds the same faults after the bus as before it.
#include "fuzz.h"

#include "../../common/service/runtime.h"
#include "check_programme.h"
#include "json_read.h"

enum { ARENA_BYTES = 16 * 1024 * 1024 };

static struct arena arena;

static void
demand_unique_sections(const Submissions__LoadProgrammeRequest *file)
{
    for (size_t i = 0; i < file->n_sections; i++)
        for (size_t j = 0; j < i; j++)
            DEMAND(strcmp(file->sections[i]->code, file->sections[j]->code) != 0);
}

static void
demand_unique_item(const Submissions__LoadProgrammeRequest *file, const Submissions__Item *item)
{
    size_t seen = 0;
    for (size_t i = 0; i < file->n_sections; i++)
        for (size_t j = 0; j < file->sections[i]->n_items; j++)
            seen += strcmp(file->sections[i]->items[j]->code, item->code) == 0;
    DEMAND(seen == 1);
}

static void
demand_whole_item(const Submissions__Item *item)
{
    enum kind kind = rules_kind_named(item->value_kind);
    DEMAND(kind != KIND_COUNT && (kind == KIND_PERCENT) == (item->second_question[0] != '\0'));
    DEMAND(kind != KIND_YES_NO || item->decimals == 0);
    DEMAND(!item->evidence_required || item->evidence[0] != '\0');
}

// The service's part; returns what it found.
static struct call
judge(const Submissions__LoadProgrammeRequest *file, enum status *ret_status)
{
    struct call call = {.arena = &arena};
    *ret_status = limits_hold(&call, &file->base) ? check_programme(&call, file) : STATUS_INVALID;
    DEMAND(*ret_status == STATUS_OK || *ret_status == STATUS_INVALID || *ret_status == STATUS_TOO_LARGE);
    return call;
}

static void
check_after_the_bus(const ProtobufCMessage *message, const struct call *before, enum status expected)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *packed = arena_take(&arena, size + 1);
    DEMAND(packed != NULL);
    protobuf_c_message_pack(message, packed);
    if (!wire_is_acceptable(message->descriptor, packed, size))
        return;
    ProtobufCAllocator allocator = message_allocator(&arena);
    enum status status;
    const Submissions__LoadProgrammeRequest *file =
        submissions__load_programme_request__unpack(&allocator, size, packed);
    DEMAND(file != NULL);
    struct call after = judge(file, &status);
    DEMAND(status == expected && (before->problem == NULL) == (after.problem == NULL));
    if (before->problem == NULL)
        return;
    DEMAND(before->problem->n_violations == after.problem->n_violations);
    for (size_t i = 0; i < after.problem->n_violations; i++)
        DEMAND(strcmp(before->problem->violations[i]->field, after.problem->violations[i]->field) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (arena.limit_bytes == 0)
        arena_init(&arena, ARENA_BYTES);
    arena_reset(&arena);
    struct violations violations = {.arena = &arena};
    Submissions__LoadProgrammeRequest file = SUBMISSIONS__LOAD_PROGRAMME_REQUEST__INIT;
    if (json_read((const char *)data, size, &file.base, &violations) != STATUS_OK)
        return 0;
    enum status status;
    struct call call = judge(&file, &status);
    DEMAND((status == STATUS_INVALID) == (call.problem != NULL && call.problem->n_violations > 0));
    check_after_the_bus(&file.base, &call, status);
    if (status != STATUS_OK)
        return 0;
    demand_unique_sections(&file);
    for (size_t i = 0; i < file.n_sections; i++)
        for (size_t j = 0; j < file.sections[i]->n_items; j++) {
            demand_unique_item(&file, file.sections[i]->items[j]);
            demand_whole_item(file.sections[i]->items[j]);
        }
    return 0;
}
