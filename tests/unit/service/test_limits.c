// Declared field limits become violations that name the field as the JSON does.
#include <string.h>

#include "../../../common/service/runtime.h"
#include "auth.pb-c.h"
#include "review.pb-c.h"
#include "submissions.pb-c.h"

// cmocka defines a macro `fail`: it comes after our headers.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct fixture {
    struct arena arena;
    struct call call;
};

static void
open_call(struct fixture *fixture)
{
    *fixture = (struct fixture){0};
    arena_init(&fixture->arena, 1024 * 1024);
    fixture->call.arena = &fixture->arena;
}

static void
expect_violation(const struct call *call, const char *field, const char *code)
{
    assert_non_null(call->problem);
    for (size_t i = 0; i < call->problem->n_violations; i++)
        if (strcmp(call->problem->violations[i]->field, field) == 0 &&
            strcmp(call->problem->violations[i]->code, code) == 0)
            return;
    fail_msg("no violation %s of %s", code, field);
}

static void
a_profile_names_what_misses(void **state)
{
    (void)state;
    struct fixture fixture;
    open_call(&fixture);
    Auth__SaveProfileRequest request = AUTH__SAVE_PROFILE_REQUEST__INIT;
    request.family_name = " \t";
    request.given_name = "Мария";
    request.position = "Заместитель директора";
    request.phone = "не скажу";
    request.email = "мария";
    assert_false(limits_hold(&fixture.call, &request.base));
    expect_violation(&fixture.call, "familyName", "required");
    expect_violation(&fixture.call, "phone", "not_phone");
    expect_violation(&fixture.call, "email", "not_email");
    assert_int_equal(fixture.call.problem->n_violations, 3);
    arena_done(&fixture.arena);
}

static void
lists_are_checked_element_by_element(void **state)
{
    (void)state;
    struct fixture fixture;
    open_call(&fixture);
    Review__AcceptManyItem first = REVIEW__ACCEPT_MANY_ITEM__INIT;
    first.assignment_id = "01234567-89ab-cdef-0123-456789abcdef";
    Review__AcceptManyItem second = REVIEW__ACCEPT_MANY_ITEM__INIT;
    second.assignment_id = "nonsense";
    Review__AcceptManyItem *items[] = {&first, &second};
    Review__AcceptManyRequest request = REVIEW__ACCEPT_MANY_REQUEST__INIT;
    assert_false(limits_hold(&fixture.call, &request.base));
    expect_violation(&fixture.call, "items", "required");
    fixture.call.problem = NULL;
    request.items = items;
    request.n_items = 2;
    assert_false(limits_hold(&fixture.call, &request.base));
    expect_violation(&fixture.call, "items[1].assignmentId", "not_uuid");
    assert_int_equal(fixture.call.problem->n_violations, 1);
    arena_done(&fixture.arena);
}

static void
lengths_count_characters_not_bytes(void **state)
{
    (void)state;
    struct fixture fixture;
    open_call(&fixture);
    Review__RejectRequest request = REVIEW__REJECT_REQUEST__INIT;
    request.assignment_id = "01234567-89ab-cdef-0123-456789abcdef";
    char text[2 * 2001 + 1];
    for (size_t i = 0; i < 2001; i++)
        memcpy(text + 2 * i, "ж", 2);
    text[2 * 2000] = 0;
    request.resolution = text;
    assert_true(limits_hold(&fixture.call, &request.base));
    memcpy(text + 2 * 2000, "ж", 3);
    assert_false(limits_hold(&fixture.call, &request.base));
    expect_violation(&fixture.call, "resolution", "too_long");
    fixture.call.problem = NULL;
    request.resolution = "да";
    assert_false(limits_hold(&fixture.call, &request.base));
    expect_violation(&fixture.call, "resolution", "too_short");
    arena_done(&fixture.arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_profile_names_what_misses),
        cmocka_unit_test(lists_are_checked_element_by_element),
        cmocka_unit_test(lengths_count_characters_not_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
