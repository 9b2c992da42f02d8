// A client's table of questions without an answer.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "../../../common/bus/outstanding.h"

static void
a_question_is_found_until_it_is_given_back(void **state)
{
    (void)state;
    struct outstanding outstanding;
    assert_true(outstanding_init(&outstanding, 2));
    struct question *first = outstanding_take(&outstanding), *second = outstanding_take(&outstanding);
    assert_non_null(first);
    assert_non_null(second);
    assert_null(outstanding_take(&outstanding));
    uint64_t id = first->id;
    assert_true(id != second->id);
    assert_ptr_equal(outstanding_find(&outstanding, id), first);
    outstanding_give_back(&outstanding, first);
    assert_null(outstanding_find(&outstanding, id));
    // Its place is used again, its id never.
    struct question *third = outstanding_take(&outstanding);
    assert_ptr_equal(third, first);
    assert_true(third->id != id);
    assert_null(outstanding_find(&outstanding, id));
    assert_null(outstanding_find(&outstanding, 0));
    assert_null(outstanding_find(&outstanding, UINT64_MAX));
    outstanding_done(&outstanding);
}

static void
load_per_broker_follows_every_step(void **state)
{
    (void)state;
    struct outstanding outstanding;
    assert_true(outstanding_init(&outstanding, 8));
    struct question *question = outstanding_take(&outstanding);
    question_sent(&outstanding, question, 0);
    assert_int_equal(outstanding.sent_to[0], 1);
    question_wait(&outstanding, question, 100, STATUS_UNKNOWN_OUTCOME);
    assert_int_equal(outstanding.sent_to[0], 0);
    question_sent(&outstanding, question, 1);
    question_sent(&outstanding, question, 0);
    assert_int_equal(outstanding.sent_to[1], 0);
    assert_int_equal(outstanding.sent_to[0], 1);
    outstanding_give_back(&outstanding, question);
    assert_int_equal(outstanding.sent_to[0], 0);
    assert_int_equal(outstanding.count, 0);
    outstanding_done(&outstanding);
}

static void
pauses_grow_to_a_limit(void **state)
{
    (void)state;
    static const int64_t EXPECTED[] = {20, 20, 40, 80, 160, 200, 200};
    for (uint32_t attempt = 0; attempt < sizeof EXPECTED / sizeof EXPECTED[0]; attempt++) {
        struct question question = {.attempt = attempt};
        assert_int_equal(question_pause_ms(&question), EXPECTED[attempt]);
    }
    struct question old = {.attempt = UINT32_MAX};
    assert_int_equal(question_pause_ms(&old), 200);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_is_found_until_it_is_given_back),
        cmocka_unit_test(load_per_broker_follows_every_step),
        cmocka_unit_test(pauses_grow_to_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
