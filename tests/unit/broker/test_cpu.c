// Which core the broker's threads keep to, and when they leave it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "cpu.h"

enum { MILLISECOND_NS = 1000000 };

static void
only_real_cores_can_be_chosen(void **state)
{
    static const char *const WRONG[] = {"", "-1", "1x", "two", "100000", "1023"};
    (void)state;
    struct cpu_choice choice;
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++)
        assert_int_equal(cpu_choose(WRONG[i], 8075, &choice), STATUS_INVALID);
    assert_int_equal(cpu_choose("none", 8075, &choice), STATUS_OK);
    assert_false(choice.is_kept);
}

static void
neighbouring_brokers_choose_different_cores(void **state)
{
    (void)state;
    cpu_set_t before;
    struct cpu_choice first, second;
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    assert_int_equal(cpu_choose("auto", 8075, &first), STATUS_OK);
    assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
    assert_int_equal(cpu_choose("auto", 8078, &second), STATUS_OK);
    assert_int_equal(sched_setaffinity(0, sizeof before, &before), 0);
    assert_int_equal(CPU_COUNT(&first.chosen), 1);
    if (CPU_COUNT(&before) > 1)
        assert_false(CPU_EQUAL(&first.chosen, &second.chosen));
}

static void
crowded_means_waiting_more_than_working(void **state)
{
    (void)state;
    assert_false(cpu_is_crowded(0, 0));
    assert_false(cpu_is_crowded(1 * MILLISECOND_NS, 20 * MILLISECOND_NS));
    assert_false(cpu_is_crowded(900 * (uint64_t)MILLISECOND_NS, 300 * (uint64_t)MILLISECOND_NS));
    assert_true(cpu_is_crowded(100 * MILLISECOND_NS, 200 * MILLISECOND_NS));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_real_cores_can_be_chosen),
        cmocka_unit_test(neighbouring_brokers_choose_different_cores),
        cmocka_unit_test(crowded_means_waiting_more_than_working),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
