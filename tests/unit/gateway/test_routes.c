// From request target to method and fields: paths, actions, verbs, escapes, queries.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "auth.pb-c.h"
#include "query.h"
#include "router.h"

// After the headers that have a function named fail.
#include <cmocka.h>

enum { ARENA_BYTES = 1024 * 1024 };

struct fixture {
    struct router *router;
    struct arena arena;
};

static int
set_up(void **state)
{
    static struct fixture fixture;
    fixture.router = router_new(contract_methods, contract_method_count);
    arena_init(&fixture.arena, ARENA_BYTES);
    *state = &fixture;
    return fixture.router == NULL;
}

static int
tear_down(void **state)
{
    struct fixture *fixture = *state;
    router_free(&fixture->router);
    arena_done(&fixture->arena);
    return 0;
}

static struct route_match
match(struct fixture *fixture, const char *verb, const char *target)
{
    static struct uri uri;
    struct route_match found;
    assert_int_equal(uri_parse(target, &fixture->arena, &uri), STATUS_OK);
    router_match(fixture->router, verb, &uri, &found);
    return found;
}

static void
assert_method(struct fixture *fixture, const char *verb, const char *target, const char *name)
{
    struct route_match found = match(fixture, verb, target);
    assert_non_null(found.method);
    assert_string_equal(found.method->name, name);
}

// Every method of the contract is found by its own path and by no other's.
static void
every_path_leads_to_its_method(void **state)
{
    for (size_t i = 0; i < contract_method_count; i++) {
        const struct contract_method *method = &contract_methods[i];
        if (method->verb == NULL)
            continue;
        char target[512];
        size_t size = 0;
        for (const char *at = method->path; *at != '\0'; at++) {
            if (*at == '{') {
                at += strcspn(at, "}");
                target[size++] = 'x';
            } else {
                target[size++] = *at;
            }
        }
        target[size] = '\0';
        assert_method(*state, method->verb, target, method->name);
    }
}

static void
words_win_over_parameters(void **state)
{
    assert_method(*state, "GET", "/api/v1/reports/provided", "reporting.GetProvidedReport");
    assert_method(*state, "GET", "/api/v1/reports/provided/dates", "reporting.GetProvidedValues");
    assert_method(*state, "GET", "/api/v1/reports/dates", "reporting.ListReportDates");
    assert_method(*state, "HEAD", "/api/v1/reports/dates", "reporting.ListReportDates");
}

static void
actions_are_part_of_the_address(void **state)
{
    struct route_match found = match(*state, "POST", "/api/v1/assignments/a%3Ab:submit?x=1");
    assert_string_equal(found.method->name, "submissions.Submit");
    assert_int_equal(found.count, 1);
    assert_string_equal(found.values[0]->text, "a:b");
    assert_null(match(*state, "POST", "/api/v1/assignments/a:unknown").method);
    assert_null(match(*state, "POST", "/api/v1/assignments/a:").method);
    assert_method(*state, "POST", "/api/v1/session", "auth.Login");
    assert_method(*state, "POST", "/api/v1/session:refresh", "auth.RefreshSession");
}

static void
unknown_paths_and_verbs_differ(void **state)
{
    struct route_match found = match(*state, "PATCH", "/api/v1/session");
    assert_null(found.method);
    assert_non_null(strstr(found.allow, "GET, HEAD"));
    assert_non_null(strstr(found.allow, "POST"));
    assert_non_null(strstr(found.allow, "DELETE"));
    static const char *const UNKNOWN[] = {"/",
                                          "/api",
                                          "/api/v1",
                                          "/api/v1/session/",
                                          "/api/v1//session",
                                          "/api/v1/sessions/",
                                          "/API/v1/session",
                                          "/api/v1/assignments//value"};
    for (size_t i = 0; i < sizeof UNKNOWN / sizeof UNKNOWN[0]; i++) {
        found = match(*state, "GET", UNKNOWN[i]);
        assert_null(found.method);
        assert_string_equal(found.allow, "");
    }
}

static void
unclean_targets_are_refused(void **state)
{
    struct fixture *fixture = *state;
    static const char *const CASES[] = {"",     "*",      "http://x/api", "/a/../b",   "/a/%2e%2E/b", "/a/./b",
                                        "/%00", "/a%0Ab", "/a%2fb",       "/a%5cb",    "/a\\b",       "/a#b",
                                        "/a%",  "/a%4",   "/a%zz",        "/\xd0\xbf", "/%ff",        "/%c0%af",
                                        "/a b", "/a\tb",  "/a:%00",       "/.",        "/..",         "/%7f"};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct uri uri;
        assert_int_equal(uri_parse(CASES[i], &fixture->arena, &uri), STATUS_MALFORMED);
    }
    char deep[2 * URI_MAX_SEGMENTS + 8] = "";
    for (size_t i = 0; i <= URI_MAX_SEGMENTS; i++)
        memcpy(deep + 2 * i, "/a", 3);
    struct uri uri;
    assert_int_equal(uri_parse(deep, &fixture->arena, &uri), STATUS_MALFORMED);
    assert_int_equal(uri_parse("/%D0%BF", &fixture->arena, &uri), STATUS_OK);
    assert_string_equal(uri.segments[0].text, "п");
}

static enum status
fill(struct fixture *fixture, const char *query, Auth__ListOrganisationsRequest *request, struct violations *violations)
{
    struct route_match found = match(fixture, "GET", "/api/v1/organisations");
    auth__list_organisations_request__init(request);
    *violations = (struct violations){.arena = &fixture->arena, .english = true};
    return query_fill(query, &found, &request->base, violations);
}

static void
queries_fill_fields(void **state)
{
    Auth__ListOrganisationsRequest request;
    struct violations violations;
    const char *query =
        "asOf=2020-09-25&below_path=74.12&query=%D0%A8%D0%BA%D0%BE%D0%BB%D0%B0+%E2%84%96+5&limit=10&&kind=";
    assert_int_equal(fill(*state, query, &request, &violations), STATUS_OK);
    assert_string_equal(request.as_of, "2020-09-25");
    assert_string_equal(request.below_path, "74.12");
    assert_string_equal(request.query, "Школа № 5");
    assert_string_equal(request.kind, "");
    assert_int_equal(request.limit, 10);
    assert_int_equal(fill(*state, NULL, &request, &violations), STATUS_OK);
}

static void
wrong_queries_are_named(void **state)
{
    Auth__ListOrganisationsRequest request;
    struct violations violations;
    assert_int_equal(fill(*state, "limit=1&limit=2", &request, &violations), STATUS_INVALID);
    assert_string_equal(violations.items[0]->code, "field_twice");
    assert_int_equal(fill(*state, "limit=ten", &request, &violations), STATUS_INVALID);
    assert_string_equal(violations.items[0]->code, "not_integer");
    assert_int_equal(fill(*state, "limit", &request, &violations), STATUS_INVALID);
    assert_int_equal(fill(*state, "organisation=1", &request, &violations), STATUS_INVALID);
    assert_string_equal(violations.items[0]->field, "organisation");
    assert_string_equal(violations.items[0]->code, "unknown_field");
    assert_int_equal(fill(*state, "query=%00", &request, &violations), STATUS_MALFORMED);
    assert_int_equal(fill(*state, "query=%ff", &request, &violations), STATUS_MALFORMED);
    assert_int_equal(fill(*state, "query=%4", &request, &violations), STATUS_MALFORMED);
}

static void
a_path_field_may_not_stand_in_the_body(void **state)
{
    struct fixture *fixture = *state;
    struct route_match found = match(fixture, "PUT", "/api/v1/accounts/abc/closed");
    struct violations violations = {.arena = &fixture->arena, .english = true};
    Auth__SetAccountClosedRequest request = AUTH__SET_ACCOUNT_CLOSED_REQUEST__INIT;
    assert_int_equal(path_fill(&found, &request.base, &violations), STATUS_OK);
    assert_string_equal(request.account_id, "abc");
    request.account_id = "other";
    assert_int_equal(path_fill(&found, &request.base, &violations), STATUS_INVALID);
    assert_string_equal(violations.items[0]->field, "accountId");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_path_leads_to_its_method, set_up, tear_down),
        cmocka_unit_test_setup_teardown(words_win_over_parameters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(actions_are_part_of_the_address, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unknown_paths_and_verbs_differ, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unclean_targets_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(queries_fill_fields, set_up, tear_down),
        cmocka_unit_test_setup_teardown(wrong_queries_are_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_path_field_may_not_stand_in_the_body, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
