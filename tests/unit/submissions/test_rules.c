// S2.26-S2.45: every act in every state, the evidence rule in every combination, every refusal.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "rules.h"

// Rows: acts; columns: empty, draft, ready, in_review, accepted, rejected.
static const char *const EXPECTED[ACT_COUNT] = {
    [ACT_SAVE] = "yyynny",   [ACT_ATTACH] = "yyynny", [ACT_DETACH] = "nyynny",   [ACT_SEND] = "nnynnn",
    [ACT_ACCEPT] = "nnnynn", [ACT_REJECT] = "nnnynn", [ACT_WITHDRAW] = "nnnynn",
};

static void
test_every_act_in_every_state(void **context)
{
    (void)context;
    for (enum act act = ACT_SAVE; act < ACT_COUNT; act++)
        for (enum state state = STATE_EMPTY; state < STATE_COUNT; state++)
            assert_int_equal(rules_may(act, state), EXPECTED[act][state] == 'y');
    assert_false(rules_may(ACT_COUNT, STATE_DRAFT));
    assert_false(rules_may(ACT_SAVE, STATE_COUNT));
}

static void
test_states_have_names(void **context)
{
    (void)context;
    for (enum state state = STATE_EMPTY; state < STATE_COUNT; state++)
        assert_int_equal(rules_state_named(rules_state_name(state)), state);
    assert_int_equal(rules_state_named("sent"), STATE_COUNT);
    assert_string_equal(rules_state_name(STATE_COUNT), "");
}

static void
test_states_as_a_list_for_the_database(void **context)
{
    (void)context;
    char text[STATES_TEXT_BYTES];
    rules_states_text(ACT_SAVE, text);
    assert_string_equal(text, "{empty,draft,ready,rejected}");
    rules_states_text(ACT_SEND, text);
    assert_string_equal(text, "{ready}");
    rules_states_text(ACT_ACCEPT, text);
    assert_string_equal(text, "{in_review}");
    rules_states_text(ACT_COUNT, text);
    assert_string_equal(text, "{}");
}

// S2.30-S2.32, S2.36: value saved and (document there, or «Нет»/0, or none demanded).
static void
test_evidence_rule(void **context)
{
    (void)context;
    for (unsigned bits = 0; bits < 16; bits++) {
        struct evidence evidence = {.has_value = bits & 1,
                                    .answers_none = (bits & 2) != 0,
                                    .is_required = (bits & 4) != 0,
                                    .documents = (bits & 8) ? 2 : 0};
        const char *missing = rules_missing(&evidence);
        if (!evidence.has_value)
            assert_string_equal(missing, "value_missing");
        else if (evidence.is_required && !evidence.answers_none && !evidence.documents)
            assert_string_equal(missing, "evidence_missing");
        else
            assert_string_equal(missing, "");
        enum state state = rules_draft_state(&evidence);
        if (*missing == 0)
            assert_int_equal(state, STATE_READY);
        else if (!evidence.has_value && !evidence.documents)
            assert_int_equal(state, STATE_EMPTY);
        else
            assert_int_equal(state, STATE_DRAFT);
    }
}

static struct situation
good_situation(enum state state)
{
    return (struct situation){
        .state = state,
        .version = 3,
        .round_open = true,
        .kind = KIND_NUMBER,
        .evidence = {.has_value = true},
    };
}

static void
test_save_is_refused_with_the_first_reason_that_matters(void **context)
{
    (void)context;
    struct answer answer = {.kind = KIND_NUMBER, .value = "5"};
    for (enum state state = STATE_EMPTY; state < STATE_COUNT; state++) {
        struct situation now = good_situation(state);
        enum refusal expected = state == STATE_IN_REVIEW  ? REFUSAL_IN_REVIEW
                                : state == STATE_ACCEPTED ? REFUSAL_ACCEPTED
                                                          : REFUSAL_NONE;
        assert_int_equal(rules_refuse_save(&now, 3, &answer), expected);
        // What the rules let through is exactly what the state table lets through.
        assert_int_equal(rules_may(ACT_SAVE, state), expected == REFUSAL_NONE);
        assert_int_equal(rules_refuse_save(&now, 2, &answer), REFUSAL_STALE);
        now.round_open = false;
        assert_int_equal(rules_refuse_save(&now, 3, &answer), expected == REFUSAL_NONE ? REFUSAL_CLOSED : expected);
    }
}

static void
test_save_is_refused_for_its_answer(void **context)
{
    (void)context;
    for (enum kind asked = KIND_NUMBER; asked < KIND_COUNT; asked++) {
        for (enum kind given = KIND_NUMBER; given < KIND_COUNT; given++) {
            struct situation now = good_situation(STATE_DRAFT);
            now.kind = asked;
            struct answer answer = {.kind = given};
            assert_int_equal(rules_refuse_save(&now, 3, &answer), asked == given ? REFUSAL_NONE : REFUSAL_WRONG_KIND);
        }
    }
    struct situation now = good_situation(STATE_DRAFT);
    now.decimals = 2;
    struct answer answer = {.kind = KIND_NUMBER, .decimals = 2};
    assert_int_equal(rules_refuse_save(&now, 3, &answer), REFUSAL_NONE);
    answer.decimals = 3;
    assert_int_equal(rules_refuse_save(&now, 3, &answer), REFUSAL_TOO_MANY_DECIMALS);
    // F5: «—» only where no evidence is demanded.
    now.kind = KIND_PERCENT;
    answer = (struct answer){.kind = KIND_PERCENT, .is_undefined = true, .answers_none = true};
    assert_int_equal(rules_refuse_save(&now, 3, &answer), REFUSAL_NONE);
    now.evidence.is_required = true;
    assert_int_equal(rules_refuse_save(&now, 3, &answer), REFUSAL_NOTHING_OF_NOTHING);
}

static void
test_send_is_refused(void **context)
{
    (void)context;
    static const enum refusal EXPECTED_REFUSAL[STATE_COUNT] = {
        [STATE_EMPTY] = REFUSAL_VALUE_MISSING, [STATE_DRAFT] = REFUSAL_EVIDENCE_MISSING,
        [STATE_READY] = REFUSAL_NONE,          [STATE_IN_REVIEW] = REFUSAL_IN_REVIEW,
        [STATE_ACCEPTED] = REFUSAL_ACCEPTED,   [STATE_REJECTED] = REFUSAL_UNCHANGED,
    };
    for (enum state state = STATE_EMPTY; state < STATE_COUNT; state++) {
        struct situation now = good_situation(state);
        now.evidence.has_value = state != STATE_EMPTY;
        now.evidence.is_required = state == STATE_DRAFT;
        assert_int_equal(rules_refuse_send(&now, 3), EXPECTED_REFUSAL[state]);
        assert_int_equal(rules_may(ACT_SEND, state), EXPECTED_REFUSAL[state] == REFUSAL_NONE);
        assert_int_equal(rules_refuse_send(&now, 4), REFUSAL_STALE);
    }
    struct situation closed = good_situation(STATE_READY);
    closed.round_open = false;
    assert_int_equal(rules_refuse_send(&closed, 3), REFUSAL_CLOSED);
}

static void
test_detach_is_refused_when_locked(void **context)
{
    (void)context;
    for (enum state state = STATE_EMPTY; state < STATE_COUNT; state++) {
        struct situation now = good_situation(state);
        bool is_locked = state == STATE_IN_REVIEW || state == STATE_ACCEPTED;
        assert_int_equal(rules_refuse_detach(&now) != REFUSAL_NONE, is_locked);
    }
}

// S2.9
static void
test_selectors(void **context)
{
    (void)context;
    assert_int_equal(rules_check_selector("all_authorities", 0, ""), SELECTOR_GOOD);
    assert_int_equal(rules_check_selector("all_schools", 0, ""), SELECTOR_GOOD);
    assert_int_equal(rules_check_selector("listed", 12, ""), SELECTOR_GOOD);
    assert_int_equal(rules_check_selector("listed", 0, ""), SELECTOR_NO_CODES);
    assert_int_equal(rules_check_selector("attribute", 0, "kvantorium"), SELECTOR_GOOD);
    assert_int_equal(rules_check_selector("attribute", 0, ""), SELECTOR_NO_ATTRIBUTE);
    assert_int_equal(rules_check_selector("", 0, ""), SELECTOR_UNKNOWN);
    assert_int_equal(rules_check_selector("everybody", 3, "x"), SELECTOR_UNKNOWN);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_act_in_every_state),
        cmocka_unit_test(test_states_have_names),
        cmocka_unit_test(test_states_as_a_list_for_the_database),
        cmocka_unit_test(test_evidence_rule),
        cmocka_unit_test(test_save_is_refused_with_the_first_reason_that_matters),
        cmocka_unit_test(test_save_is_refused_for_its_answer),
        cmocka_unit_test(test_send_is_refused),
        cmocka_unit_test(test_detach_is_refused_when_locked),
        cmocka_unit_test(test_selectors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
