// Every action in every situation with every relation of versions (S2.39, S2.42, F7).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "rules.h"

static const char *const words[SITUATION_COUNT] = {"waiting",  "opened_by_me", "opened_by_other", "opened_long_ago",
                                                   "accepted", "rejected",     "withdrawn"};

// What the specification says, written down a second time and on purpose in another form.
static enum outcome
expected_outcome(enum action action, enum situation situation)
{
    if (situation == SITUATION_ACCEPTED)
        return OUTCOME_ACCEPTED;
    if (situation == SITUATION_REJECTED)
        return OUTCOME_REJECTED;
    if (situation == SITUATION_WITHDRAWN)
        return OUTCOME_WITHDRAWN;
    if (situation == SITUATION_WAITING)
        return OUTCOME_DONE;
    if (action == ACTION_WITHDRAW)
        return OUTCOME_OPENED;
    if (situation == SITUATION_OPENED_BY_OTHER)
        return OUTCOME_TAKEN;
    if (situation == SITUATION_OPENED_BY_ME && action == ACTION_OPEN)
        return OUTCOME_ALREADY_MINE;
    return OUTCOME_DONE;
}

static void
each_action_in_each_situation(void **state)
{
    (void)state;
    for (int action = 0; action < ACTION_COUNT; action++)
        for (int situation = 0; situation < SITUATION_COUNT; situation++)
            assert_int_equal(action_judge((enum action)action, (enum situation)situation, 7, 7),
                             expected_outcome((enum action)action, (enum situation)situation));
}

static void
another_version_is_never_judged(void **state)
{
    (void)state;
    for (int action = 0; action < ACTION_COUNT; action++)
        for (int situation = 0; situation < SITUATION_COUNT; situation++) {
            assert_int_equal(action_judge((enum action)action, (enum situation)situation, 7, 6), OUTCOME_STALE);
            assert_int_equal(action_judge((enum action)action, (enum situation)situation, 7, 0), OUTCOME_STALE);
            // Only an author can know of a version before it arrives here.
            assert_int_equal(action_judge((enum action)action, (enum situation)situation, 7, 8),
                             action == ACTION_WITHDRAW ? OUTCOME_NOT_YET : OUTCOME_STALE);
        }
}

static void
no_entry_is_not_found(void **state)
{
    (void)state;
    for (int action = 0; action < ACTION_COUNT; action++)
        assert_int_equal(action_judge((enum action)action, SITUATION_COUNT, 7, 7), OUTCOME_NOT_FOUND);
}

static void
words_and_situations_correspond(void **state)
{
    (void)state;
    for (int situation = 0; situation < SITUATION_COUNT; situation++)
        assert_int_equal(situation_from_text(words[situation]), situation);
    assert_int_equal(situation_from_text(""), SITUATION_COUNT);
    assert_int_equal(situation_from_text("opened"), SITUATION_COUNT);
}

// The statement that changes a row is given exactly the situations in which the table says DONE.
static void
statements_get_the_same_table(void **state)
{
    (void)state;
    for (int action = 0; action < ACTION_COUNT; action++) {
        char list[SITUATIONS_CHARS];
        char padded[SITUATIONS_CHARS + 2];
        action_list_situations((enum action)action, list);
        size_t length = strlen(list);
        assert_true(length >= 2 && list[0] == '{' && list[length - 1] == '}');
        list[length - 1] = '\0';
        snprintf(padded, sizeof padded, ",%s,", list + 1);
        for (int situation = 0; situation < SITUATION_COUNT; situation++) {
            char word[40];
            snprintf(word, sizeof word, ",%s,", words[situation]);
            bool is_done = action_judge((enum action)action, (enum situation)situation, 1, 1) == OUTCOME_DONE;
            assert_int_equal(strstr(padded, word) != NULL, is_done);
        }
    }
}

static void
bulk_answers_name_the_reason(void **state)
{
    (void)state;
    assert_string_equal(outcome_word(OUTCOME_DONE), "");
    assert_string_equal(outcome_word(OUTCOME_STALE), "stale");
    assert_string_equal(outcome_word(OUTCOME_TAKEN), "taken");
    assert_string_equal(outcome_word(OUTCOME_ACCEPTED), "decided");
    assert_string_equal(outcome_word(OUTCOME_REJECTED), "decided");
    assert_string_equal(outcome_word(OUTCOME_WITHDRAWN), "decided");
    assert_string_equal(outcome_word(OUTCOME_NOT_FOUND), "not_found");
    for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++)
        assert_non_null(outcome_word((enum outcome)outcome));
}

static void
state_filters(void **state)
{
    (void)state;
    assert_int_equal(queue_of_state(""), QUEUE_PENDING);
    assert_int_equal(queue_of_state("waiting"), QUEUE_PENDING);
    assert_int_equal(queue_of_state("opened"), QUEUE_PENDING);
    assert_int_equal(queue_of_state("accepted"), QUEUE_CLOSED);
    assert_int_equal(queue_of_state("rejected"), QUEUE_CLOSED);
    assert_int_equal(queue_of_state("withdrawn"), QUEUE_CLOSED);
    assert_int_equal(queue_of_state("opened_by_me"), QUEUE_UNKNOWN);
    assert_int_equal(queue_of_state("waiting "), QUEUE_UNKNOWN);
}

static void
repeated_ids_are_found(void **state)
{
    (void)state;
    const char *ids[] = {"0190aaaa", "0190bbbb", "0190AAAA"};
    assert_int_equal(find_repeated_id(ids, 3), 2);
    assert_int_equal(find_repeated_id(ids, 2), 2);
    assert_int_equal(find_repeated_id(ids, 1), 1);
    assert_int_equal(find_repeated_id(ids, 0), 0);
}

// S1.6: what a programme does not give to curators is the operators'.
static void
operators_judge_what_curators_do_not(void **state)
{
    (void)state;
    assert_string_equal(reviewer_of_event("curator"), "curator");
    assert_string_equal(reviewer_of_event("operator"), "operator");
    assert_string_equal(reviewer_of_event(""), "operator");
    assert_string_equal(reviewer_of_event("somebody"), "operator");
    assert_string_equal(role_word(VEKHA__ROLE__ROLE_CURATOR), reviewer_of_event("curator"));
    assert_string_equal(role_word(VEKHA__ROLE__ROLE_OPERATOR), reviewer_of_event("operator"));
    assert_string_equal(role_word(VEKHA__ROLE__ROLE_ADMINISTRATOR), "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_action_in_each_situation),
        cmocka_unit_test(another_version_is_never_judged),
        cmocka_unit_test(no_entry_is_not_found),
        cmocka_unit_test(words_and_situations_correspond),
        cmocka_unit_test(statements_get_the_same_table),
        cmocka_unit_test(bulk_answers_name_the_reason),
        cmocka_unit_test(state_filters),
        cmocka_unit_test(repeated_ids_are_found),
        cmocka_unit_test(operators_judge_what_curators_do_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
