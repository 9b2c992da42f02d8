// Without memory: from a request on the bus to the packed answer of a handler. Whichever piece is missing the answer is
// "busy" or the right one, never a half of it, and the next request is served.
#include "../../../common/service/runtime.h"
#include "../../support/failing_memory.h"
#include "../../support/signer.h"
#include "submissions.pb-c.h"

// cmocka defines a macro `fail`: it comes after our headers.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { TRIES_MAX = 300, REQUEST_BYTES = 16 * 1024, LIST = 600 };

static unsigned handled;

// Takes more than the arena's first block and fills its reply; looks at nothing it gets.
static enum status
save_value(struct call *call, const ProtobufCMessage *request, ProtobufCMessage *reply)
{
    const Submissions__SaveValueRequest *wanted = (const Submissions__SaveValueRequest *)(const void *)request;
    Submissions__SavedValue *saved = (Submissions__SavedValue *)(void *)reply;
    handled++;
    for (int i = 0; i < LIST; i++)
        saved->value = arena_format(call->arena, "%s and %0100d", wanted->value, i);
    if (!saved->value)
        saved->value = "";
    return STATUS_OK;
}

static const struct method METHODS[] = {{.name = "submissions.SaveValue", .handle = save_value}};
static const struct service SERVICE = {.name = "submissions", .methods = METHODS, .method_count = 1};

struct fixture {
    struct runtime runtime;
    struct principal_cache *principals;
    struct db *db;
    struct arena arena;
    uint8_t token[SIGNED_PRINCIPAL_BYTES], body[REQUEST_BYTES];
    size_t token_size, body_size;
};

static void
make_token(struct fixture *fixture)
{
    struct signer signer;
    signer_make(&signer);
    memcpy(fixture->runtime.token_key, signer.public, sizeof signer.public);
    Bus__Principal principal = BUS__PRINCIPAL__INIT;
    principal.account_id = "01234567-89ab-cdef-0123-456789abcdef";
    principal.organisation_path = "74.12";
    principal.role = VEKHA__ROLE__ROLE_RESPONDENT;
    principal.expires_at_ms = INT64_MAX;
    fixture->token_size = signer_sign(&signer, &principal, fixture->token);
}

static int
setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    static const struct db_settings NOWHERE = {.dsn = "host=/nonexistent"};
    assert_non_null(fixture);
    fixture->runtime.service = &SERVICE;
    make_token(fixture);
    fixture->principals = principal_cache_new(fixture->runtime.token_key);
    fixture->db = db_new(&NOWHERE);
    arena_init(&fixture->arena, ARENA_LIMIT_BYTES);
    assert_true(fixture->principals && fixture->db);
    *state = fixture;
    return 0;
}

static int
teardown(void **state)
{
    struct fixture *fixture = *state;
    principal_cache_free(&fixture->principals);
    db_free(&fixture->db);
    arena_done(&fixture->arena);
    free(fixture);
    return 0;
}

static void
pack_request(struct fixture *fixture, const char *assignment_id, const char *value)
{
    Submissions__SaveValueRequest request = SUBMISSIONS__SAVE_VALUE_REQUEST__INIT;
    request.assignment_id = assignment_id;
    request.value = value;
    request.expected_version = 1;
    fixture->body_size = submissions__save_value_request__pack(&request, fixture->body);
}

static void
run(struct fixture *fixture, struct held_call *held)
{
    static uint8_t key[16] = "0123456789abcde";
    static Bus__Header header;
    bus__header__init(&header);
    header.method = "submissions.SaveValue";
    header.language = "en";
    header.idempotency_key = (ProtobufCBinaryData){sizeof key, key};
    header.principal = (ProtobufCBinaryData){fixture->token_size, fixture->token};
    *held = (struct held_call){.request = {.header = &header, .body = fixture->body, .body_size = fixture->body_size}};
    if (dispatch_prepare(&fixture->runtime, fixture->principals, held, fixture->db, &fixture->arena) == STATUS_OK &&
        dispatch_run(held, fixture->db) != STATUS_OK)
        dispatch_pack_problem(held);
}

// A packed Problem, or nothing when there was no memory for it either.
static void
expect_problem(const struct held_call *held, const char *code, size_t violations)
{
    if (held->answer_size == 0)
        return;
    Bus__Problem *problem = bus__problem__unpack(NULL, held->answer_size, held->answer);
    assert_non_null(problem);
    assert_string_equal(problem->code, code);
    assert_int_equal(problem->n_violations, violations);
    bus__problem__free_unpacked(problem, NULL);
}

static void
expect_saved(const struct held_call *held)
{
    assert_int_equal(held->status, STATUS_OK);
    Submissions__SavedValue *saved = submissions__saved_value__unpack(NULL, held->answer_size, held->answer);
    assert_non_null(saved);
    assert_memory_equal(saved->value, "12,5 and 00", 11);
    submissions__saved_value__free_unpacked(saved, NULL);
}

static void
a_command_is_whole_or_busy(void **state)
{
    struct fixture *fixture = *state;
    pack_request(fixture, "01234567-89ab-cdef-0123-456789abcdef", "12,5");
    bool has_failed = true;
    size_t n = 1;
    for (; has_failed; n++) {
        assert_true(n < TRIES_MAX);
        struct held_call held;
        // Blocks and slots that earlier turns have left would hide what can fail.
        arena_done(&fixture->arena);
        arena_init(&fixture->arena, ARENA_LIMIT_BYTES);
        principal_cache_free(&fixture->principals);
        fixture->principals = principal_cache_new(fixture->runtime.token_key);
        memory_fail_at(n, n % 2);
        run(fixture, &held);
        has_failed = memory_recover();
        if (has_failed) {
            assert_int_equal(held.status, STATUS_BUSY);
            expect_problem(&held, "busy", 0);
        } else {
            expect_saved(&held);
        }
        arena_reset(&fixture->arena);
        handled = 0;
        run(fixture, &held);
        assert_int_equal(handled, 1);
        expect_saved(&held);
        arena_reset(&fixture->arena);
    }
    assert_true(n > 6);
}

// What a limit forbids is never let through, however little memory there is to say so.
static void
limits_do_not_depend_on_memory(void **state)
{
    struct fixture *fixture = *state;
    pack_request(fixture, "no uuid", "12,5");
    bool has_failed = true;
    handled = 0;
    for (size_t n = 1; has_failed; n++) {
        assert_true(n < TRIES_MAX);
        struct held_call held;
        arena_done(&fixture->arena);
        arena_init(&fixture->arena, ARENA_LIMIT_BYTES);
        memory_fail_at(n, n % 2);
        run(fixture, &held);
        has_failed = memory_recover();
        assert_int_equal(held.status, has_failed ? STATUS_BUSY : STATUS_INVALID);
        expect_problem(&held, has_failed ? "busy" : "invalid", has_failed ? 0 : 1);
    }
    // Nor on the arena's own limit: with as much as the request needs, but for the violation.
    for (size_t limit = 64; limit < 8192; limit += 16) {
        struct held_call held;
        arena_done(&fixture->arena);
        arena_init(&fixture->arena, limit);
        run(fixture, &held);
        assert_int_not_equal(held.status, STATUS_OK);
    }
    assert_int_equal(handled, 0);
}

// One that needs more than it may have is told so, and not answered with a part.
static void
beyond_the_arena_it_is_too_large(void **state)
{
    struct fixture *fixture = *state;
    struct held_call held;
    pack_request(fixture, "01234567-89ab-cdef-0123-456789abcdef", "12,5");
    arena_done(&fixture->arena);
    arena_init(&fixture->arena, 50000);
    run(fixture, &held);
    assert_int_equal(held.status, STATUS_TOO_LARGE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_command_is_whole_or_busy, setup, teardown),
        cmocka_unit_test_setup_teardown(limits_do_not_depend_on_memory, setup, teardown),
        cmocka_unit_test_setup_teardown(beyond_the_arena_it_is_too_large, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
