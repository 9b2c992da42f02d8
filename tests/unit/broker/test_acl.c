// Who may call, serve and publish what.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "acl.h"

static const char *const GATEWAY_ONLY[] = {"gateway", NULL};
static const char *const REVIEW_ONLY[] = {"review", NULL};
static const char *const NOBODY_ELSE[] = {NULL};

static const struct contract_method METHODS[] = {
    {.name = "auth.CheckTags", .service = "auth", .lane = "auth", .callers = NOBODY_ELSE},
    {.name = "auth.FetchEvents", .service = "auth", .lane = "auth", .callers = NOBODY_ELSE},
    {.name = "auth.ListRevokedSessions", .service = "auth", .lane = "auth", .callers = GATEWAY_ONLY},
    {.name = "auth.Login", .service = "auth", .lane = "auth/hash", .path = "/api/v1/session", .timeout_ms = 3000},
    {.name = "review.Accept", .service = "review", .lane = "review", .path = "/api/v1/x", .callers = NOBODY_ELSE},
    {.name = "submissions.Internal", .service = "submissions", .lane = "submissions", .callers = REVIEW_ONLY},
};
static const struct acl ACL = {METHODS, sizeof METHODS / sizeof METHODS[0]};

static void
calls_follow_the_contract(void **state)
{
    (void)state;
    static const struct {
        const char *caller, *method;
        enum status expected;
    } cases[] = {
        {"gateway", "auth.Login", STATUS_OK},
        {"gateway", "review.Accept", STATUS_OK},
        {"gateway", "auth.ListRevokedSessions", STATUS_OK},
        {"gateway", "submissions.Internal", STATUS_FORBIDDEN},
        {"review", "submissions.Internal", STATUS_OK},
        {"review", "auth.Login", STATUS_FORBIDDEN},
        {"auth", "review.Accept", STATUS_FORBIDDEN},
        {"", "review.Accept", STATUS_FORBIDDEN},
        {"gateway", "auth.CheckTags", STATUS_OK},
        {"review", "auth.CheckTags", STATUS_FORBIDDEN},
        {"review", "auth.FetchEvents", STATUS_OK},
        {"auth", "auth.FetchEvents", STATUS_OK},
        {"gateway", "auth.FetchEvents", STATUS_OK},
        {"operator", "auth.FetchEvents", STATUS_FORBIDDEN},
        {"broker", "auth.FetchEvents", STATUS_FORBIDDEN},
        {"gateway", "auth.Nothing", STATUS_UNIMPLEMENTED},
        {"gateway", "review.FetchEvents", STATUS_UNIMPLEMENTED},
        {"gateway", "", STATUS_UNIMPLEMENTED},
        {"gateway", "auth.Login ", STATUS_UNIMPLEMENTED},
        {"gateway", "AUTH.LOGIN", STATUS_UNIMPLEMENTED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct route route;
        assert_int_equal(acl_route(&ACL, cases[i].caller, cases[i].method, &route), cases[i].expected);
    }
}

static void
a_route_names_lane_and_time(void **state)
{
    (void)state;
    struct route route;
    assert_int_equal(acl_route(&ACL, "gateway", "auth.Login", &route), STATUS_OK);
    assert_string_equal(route.lane, "auth/hash");
    assert_int_equal(route.timeout_ms, 3000);
    assert_int_equal(acl_route(&ACL, "gateway", "review.Accept", &route), STATUS_OK);
    assert_int_equal(route.timeout_ms, 5000);
}

static void
a_name_serves_its_own_lanes(void **state)
{
    (void)state;
    assert_true(acl_may_serve(&ACL, "auth", "auth"));
    assert_true(acl_may_serve(&ACL, "auth", "auth/hash"));
    assert_false(acl_may_serve(&ACL, "auth", "auth/invented"));
    assert_false(acl_may_serve(&ACL, "auth", "authority"));
    assert_false(acl_may_serve(&ACL, "auth", "auth.hash"));
    assert_false(acl_may_serve(&ACL, "auth", "aut"));
    assert_false(acl_may_serve(&ACL, "auth", ""));
    assert_false(acl_may_serve(&ACL, "", ""));
    assert_false(acl_may_serve(&ACL, "", "/hash"));
    assert_false(acl_may_serve(&ACL, "review", "auth"));
}

static void
a_name_publishes_its_own_topics(void **state)
{
    (void)state;
    assert_true(acl_may_publish("reporting", "reporting", strlen("reporting")));
    assert_true(acl_may_publish("reporting", "reporting.74.12", strlen("reporting.74.12")));
    assert_false(acl_may_publish("reporting", "reporting2", strlen("reporting2")));
    assert_false(acl_may_publish("reporting", "report", strlen("report")));
    assert_false(acl_may_publish("reporting", "auth", strlen("auth")));
    assert_false(acl_may_publish("", "auth", strlen("auth")));
    assert_false(acl_may_publish("", "", 0));
    // Not ended by a NUL: only so many bytes count.
    assert_true(acl_may_publish("auth", "authority", 4));
}

static void
events_are_for_services_and_the_gateway(void **state)
{
    (void)state;
    assert_true(acl_may_use_events(&ACL, "gateway"));
    assert_true(acl_may_use_events(&ACL, "review"));
    assert_false(acl_may_use_events(&ACL, "operator"));
    assert_false(acl_may_use_events(&ACL, "broker"));
    assert_false(acl_may_use_events(&ACL, ""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_follow_the_contract),
        cmocka_unit_test(a_route_names_lane_and_time),
        cmocka_unit_test(a_name_serves_its_own_lanes),
        cmocka_unit_test(a_name_publishes_its_own_topics),
        cmocka_unit_test(events_are_for_services_and_the_gateway),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
