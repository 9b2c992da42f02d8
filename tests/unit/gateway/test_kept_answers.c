// Answers that are kept: found again, replaced, given up within bounds, and alive as long as somebody sends them.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kept_answers.h"

enum { BODY_BYTES = 1000, MAX_BYTES = 10 * 1024 };

static const struct contract_method METHOD = {.name = "submissions.ListAssignments"};

static void
put(struct kept_answers *answers, const char *key, char filling, size_t size)
{
    char *body = malloc(size + 1);
    assert_non_null(body);
    memset(body, filling, size);
    const struct kept_answer answer = {.method = &METHOD,
                                       .key = key,
                                       .tag = "1.2.3",
                                       .request = (const uint8_t *)"request",
                                       .request_size = 7,
                                       .body = body,
                                       .body_size = size,
                                       .entity_tag = "W/\"x\""};
    kept_answers_put(answers, &answer);
    free(body);
}

static bool
has(struct kept_answers *answers, const char *key)
{
    struct kept_answer *found = kept_answers_find(answers, key);
    if (found != NULL)
        kept_answer_release(found);
    return found != NULL;
}

static void
what_was_put_is_found(void **state)
{
    (void)state;
    struct kept_answers *answers = kept_answers_new(MAX_BYTES);
    put(answers, "ann /list", 'a', BODY_BYTES);
    put(answers, "bob /list", 'b', BODY_BYTES);
    struct kept_answer *found = kept_answers_find(answers, "ann /list");
    assert_non_null(found);
    assert_ptr_equal(found->method, &METHOD);
    assert_int_equal(found->body_size, BODY_BYTES);
    assert_true(found->body[0] == 'a' && found->body[BODY_BYTES - 1] == 'a');
    assert_string_equal(found->tag, "1.2.3");
    assert_memory_equal(found->request, "request", 7);
    assert_string_equal(found->entity_tag, "W/\"x\"");
    kept_answer_release(found);
    assert_false(has(answers, "ann /lis"));
    kept_answers_free(&answers);
}

static void
a_new_one_takes_the_place_of_the_old(void **state)
{
    (void)state;
    struct kept_answers *answers = kept_answers_new(MAX_BYTES);
    put(answers, "ann /list", 'a', BODY_BYTES);
    size_t bytes = kept_answers_bytes(answers);
    struct kept_answer *old = kept_answers_find(answers, "ann /list");
    put(answers, "ann /list", 'n', BODY_BYTES);
    assert_int_equal(kept_answers_bytes(answers), bytes);
    // Still being sent.
    assert_true(old->body[0] == 'a');
    kept_answers_drop(answers, old);
    kept_answer_release(old);
    struct kept_answer *now = kept_answers_find(answers, "ann /list");
    assert_true(now->body[0] == 'n');
    kept_answers_drop(answers, now);
    assert_true(now->body[0] == 'n');
    kept_answer_release(now);
    assert_false(has(answers, "ann /list"));
    assert_int_equal(kept_answers_bytes(answers), 0);
    kept_answers_free(&answers);
}

static void
the_one_not_asked_for_the_longest_gives_way(void **state)
{
    (void)state;
    struct kept_answers *answers = kept_answers_new(MAX_BYTES);
    char key[20];
    for (int i = 0; i < 1000; i++) {
        snprintf(key, sizeof key, "person %d", i);
        put(answers, key, 'x', BODY_BYTES);
        assert_true(kept_answers_bytes(answers) <= MAX_BYTES);
        assert_true(has(answers, "person 0"));
    }
    assert_true(has(answers, "person 999") && has(answers, "person 996"));
    assert_false(has(answers, "person 900"));
    kept_answers_free(&answers);
}

static void
what_is_too_large_is_not_kept(void **state)
{
    (void)state;
    struct kept_answers *answers = kept_answers_new(MAX_BYTES);
    put(answers, "ann /list", 'a', BODY_BYTES);
    put(answers, "bob /list", 'b', MAX_BYTES);
    assert_false(has(answers, "bob /list"));
    assert_true(has(answers, "ann /list"));
    // It would be what was before.
    put(answers, "ann /list", 'n', MAX_BYTES);
    assert_false(has(answers, "ann /list"));
    kept_answers_free(&answers);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_is_found),
        cmocka_unit_test(a_new_one_takes_the_place_of_the_old),
        cmocka_unit_test(the_one_not_asked_for_the_longest_gives_way),
        cmocka_unit_test(what_is_too_large_is_not_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
