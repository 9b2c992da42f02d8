// Codes, kinds, logins, throttling: S2.46 (two cabinets of one authority), S2.64 (INN, kind).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules.h"

static void
inn_needs_right_check_digits(void **state)
{
    (void)state;
    static const char *const RIGHT[] = {"7707083893", "7830002293", "500100732259", "7401000018", "0000000000"};
    static const char *const WRONG[] = {"",
                                        "7707083894",
                                        "770708389",
                                        "77070838931",
                                        "500100732258",
                                        "50010073225X",
                                        "7707083893 ",
                                        "5001007322599",
                                        "-707083893"};
    for (size_t i = 0; i < sizeof(RIGHT) / sizeof(RIGHT[0]); i++)
        assert_true(inn_is_valid(RIGHT[i]));
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++)
        assert_false(inn_is_valid(WRONG[i]));
}

static void
paths_have_one_to_three_parts(void **state)
{
    (void)state;
    static const char *const RIGHT[] = {"*", "74", "74.12", "74.12.0345", "a.b.c", "74.0001"};
    static const char *const WRONG[] = {"",       ".",    "74.", ".74",  "74..12", "74.12.0345.1",
                                        "74.12 ", "74.Ж", "7A",  "74.*", "**",     "1234567890123"};
    char parent[PATH_CHARS + 1];
    for (size_t i = 0; i < sizeof(RIGHT) / sizeof(RIGHT[0]); i++)
        assert_true(path_is_valid(RIGHT[i]));
    for (size_t i = 0; i < sizeof(WRONG) / sizeof(WRONG[0]); i++)
        assert_false(path_is_valid(WRONG[i]));
    path_of_parent("74.12.0345", parent);
    assert_string_equal(parent, "74.12");
    path_of_parent("74", parent);
    assert_string_equal(parent, "*");
    path_of_parent("*", parent);
    assert_string_equal(parent, "");
}

static void
kinds_have_their_place(void **state)
{
    (void)state;
    assert_true(kind_may_stand_under("federation", ""));
    assert_true(kind_may_stand_under("region", "federation"));
    assert_true(kind_may_stand_under("municipality", "region"));
    assert_true(kind_may_stand_under("school", "municipality"));
    assert_true(kind_may_stand_under("superior", "region"));
    assert_false(kind_may_stand_under("region", ""));
    assert_false(kind_may_stand_under("school", "federation"));
    assert_false(kind_may_stand_under("school", "school"));
    assert_false(kind_may_stand_under("municipality", "municipality"));
    assert_false(kind_may_stand_under("unheard", "region"));
    assert_true(kind_is_known("other"));
    assert_false(kind_is_known("School"));
    assert_true(kind_is_territorial("municipality"));
    assert_false(kind_is_territorial("authority"));
    for (size_t i = 0; i < kind_count(); i++)
        assert_true(kind_is_known(kind_name(i)));
}

static void
roles_suit_kinds(void **state)
{
    (void)state;
    assert_true(role_suits_kind(VEKHA__ROLE__ROLE_RESPONDENT, "school"));
    assert_false(role_suits_kind(VEKHA__ROLE__ROLE_RESPONDENT, "region"));
    assert_true(role_suits_kind(VEKHA__ROLE__ROLE_OPERATOR, "region"));
    assert_false(role_suits_kind(VEKHA__ROLE__ROLE_OPERATOR, "school"));
    assert_false(role_suits_kind(VEKHA__ROLE__ROLE_ADMINISTRATOR, "school"));
    assert_false(role_suits_kind(VEKHA__ROLE__ROLE_ANYONE, "school"));
    assert_false(role_suits_kind((Vekha__Role)-1, "school"));
    assert_false(role_suits_kind((Vekha__Role)77, "school"));
}

static void
an_authority_has_two_cabinets(void **state)
{
    (void)state;
    char territory[PATH_CHARS + 1];
    assert_true(role_suits_kind(VEKHA__ROLE__ROLE_RESPONDENT, "authority"));
    assert_true(role_suits_kind(VEKHA__ROLE__ROLE_COORDINATOR, "authority"));
    territory_of(VEKHA__ROLE__ROLE_RESPONDENT, "authority", "74.12.0001", territory);
    assert_string_equal(territory, "74.12.0001");
    territory_of(VEKHA__ROLE__ROLE_COORDINATOR, "authority", "74.12.0001", territory);
    assert_string_equal(territory, "74.12");
    territory_of(VEKHA__ROLE__ROLE_COORDINATOR, "region", "74", territory);
    assert_string_equal(territory, "74");
    territory_of(VEKHA__ROLE__ROLE_COORDINATOR, "federation", "*", territory);
    assert_string_equal(territory, "*");
}

// S1.6: a curator from a school or an authority answers for schools of the same municipality.
static void
a_curator_looks_beside_the_own_organisation(void **state)
{
    (void)state;
    char territory[PATH_CHARS + 1];
    static const char *const CASES[][3] = {
        {"school", "74.12.0345", "74.12"}, {"authority", "74.12.0001", "74.12"}, {"superior", "74.sup", "74"},
        {"other", "74.12.0777", "74.12"},  {"municipality", "74.12", "74.12"},   {"region", "74", "74"},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        territory_of(VEKHA__ROLE__ROLE_CURATOR, CASES[i][0], CASES[i][1], territory);
        assert_string_equal(territory, CASES[i][2]);
    }
}

static void
logins_come_from_codes(void **state)
{
    (void)state;
    char login[LOGIN_CHARS];
    login_of("74.12.0345", VEKHA__ROLE__ROLE_RESPONDENT, 1, login);
    assert_string_equal(login, "74-12-0345-r");
    login_of("74.12.0345", VEKHA__ROLE__ROLE_COORDINATOR, 2, login);
    assert_string_equal(login, "74-12-0345-k2");
    login_of("74", VEKHA__ROLE__ROLE_OPERATOR, 1, login);
    assert_string_equal(login, "74-o");
    login_of("*", VEKHA__ROLE__ROLE_ADMINISTRATOR, 1, login);
    assert_string_equal(login, "00-a");
    login_of("74.1", VEKHA__ROLE__ROLE_CURATOR, 12, login);
    assert_string_equal(login, "74-1-c12");
}

static void
addresses_are_throttled_by_network(void **state)
{
    (void)state;
    static const char *const CASES[][2] = {
        {"203.0.113.77", "203.0.113.0/24"},
        {"::ffff:203.0.113.77", "203.0.113.0/24"},
        {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
        {"::1", "::/64"},
        {"", "unknown"},
        {"not an address", "unknown"},
        {"203.0.113.77, 10.0.0.1", "unknown"},
    };
    char range[ADDRESS_RANGE_CHARS];
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
        address_range_of(CASES[i][0], range);
        assert_string_equal(range, CASES[i][1]);
    }
}

static int64_t
wait_after(unsigned count)
{
    struct login_failures failures = {.pair = {count, 1000000}};
    return throttle_wait_ms(&failures, 1000000);
}

static void
delays_double_up_to_a_quarter_of_an_hour(void **state)
{
    (void)state;
    assert_int_equal(wait_after(0), 0);
    assert_int_equal(wait_after(4), 0);
    assert_int_equal(wait_after(5), 1000);
    assert_int_equal(wait_after(6), 2000);
    assert_int_equal(wait_after(10), 32000);
    assert_int_equal(wait_after(14), 512000);
    assert_int_equal(wait_after(15), 900000);
    assert_int_equal(wait_after(40), 900000);
    assert_int_equal(wait_after(4000000000u), 900000);
    struct login_failures failures = {.pair = {6, 1000000}};
    assert_int_equal(throttle_wait_ms(&failures, 1001500), 500);
    assert_int_equal(throttle_wait_ms(&failures, 1002000), 0);
}

static void
others_failures_do_not_lock_the_owner_out(void **state)
{
    (void)state;
    struct login_failures failures = {.account = {30, 1000}, .address = {40, 1000}};
    assert_int_equal(throttle_wait_ms(&failures, 1000), 900000);
    failures.is_known_address = true;
    assert_int_equal(throttle_wait_ms(&failures, 1000), 0);
    failures.pair = (struct failures){5, 1000};
    assert_int_equal(throttle_wait_ms(&failures, 1000), 1000);
    // The first login with a random code: only the network and the pair count.
    struct login_failures first = {.account = {30, 1000}, .is_one_time = true};
    assert_int_equal(throttle_wait_ms(&first, 1000), 0);
    first.address = (struct failures){20, 1000};
    assert_int_equal(throttle_wait_ms(&first, 1000), 1000);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(inn_needs_right_check_digits),
        cmocka_unit_test(paths_have_one_to_three_parts),
        cmocka_unit_test(kinds_have_their_place),
        cmocka_unit_test(roles_suit_kinds),
        cmocka_unit_test(an_authority_has_two_cabinets),
        cmocka_unit_test(a_curator_looks_beside_the_own_organisation),
        cmocka_unit_test(logins_come_from_codes),
        cmocka_unit_test(addresses_are_throttled_by_network),
        cmocka_unit_test(delays_double_up_to_a_quarter_of_an_hour),
        cmocka_unit_test(others_failures_do_not_lock_the_owner_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
