// State table, evidence rule, refusals: the only place that knows what may follow what.
#include "rules.h"

#include <stdio.h>
#include <string.h>

static const char *const STATE_NAMES[] = {
    [STATE_EMPTY] = "empty",         [STATE_DRAFT] = "draft",       [STATE_READY] = "ready",
    [STATE_IN_REVIEW] = "in_review", [STATE_ACCEPTED] = "accepted", [STATE_REJECTED] = "rejected",
};
_Static_assert(sizeof(STATE_NAMES) / sizeof(STATE_NAMES[0]) == STATE_COUNT, "a name per state");

// Locked while under review (F7) and once accepted (S2.44); a rejected answer opens again with its values (S2.40).
static const bool MAY[ACT_COUNT][STATE_COUNT] = {
    [ACT_SAVE] = {[STATE_EMPTY] = true, [STATE_DRAFT] = true, [STATE_READY] = true, [STATE_REJECTED] = true},
    [ACT_ATTACH] = {[STATE_EMPTY] = true, [STATE_DRAFT] = true, [STATE_READY] = true, [STATE_REJECTED] = true},
    [ACT_DETACH] = {[STATE_DRAFT] = true, [STATE_READY] = true, [STATE_REJECTED] = true},
    [ACT_SEND] = {[STATE_READY] = true},
    [ACT_ACCEPT] = {[STATE_IN_REVIEW] = true},
    [ACT_REJECT] = {[STATE_IN_REVIEW] = true},
    [ACT_WITHDRAW] = {[STATE_IN_REVIEW] = true},
};

const char *
rules_state_name(enum state state)
{
    return state < STATE_COUNT ? STATE_NAMES[state] : "";
}

enum state
rules_state_named(const char *name)
{
    enum state state = STATE_EMPTY;
    while (state < STATE_COUNT && strcmp(STATE_NAMES[state], name) != 0)
        state++;
    return state;
}

bool
rules_may(enum act act, enum state state)
{
    return act < ACT_COUNT && state < STATE_COUNT && MAY[act][state];
}

void
rules_states_text(enum act act, char out[STATES_TEXT_BYTES])
{
    size_t length = 0;
    out[length++] = '{';
    for (enum state state = STATE_EMPTY; state < STATE_COUNT; state++) {
        if (!rules_may(act, state))
            continue;
        int added =
            snprintf(out + length, STATES_TEXT_BYTES - length, "%s%s", length > 1 ? "," : "", STATE_NAMES[state]);
        length += (size_t)added;
    }
    snprintf(out + length, STATES_TEXT_BYTES - length, "}");
}

const char *
rules_missing(const struct evidence *evidence)
{
    if (evidence->no_value)
        return evidence->documents == 0 ? "evidence_missing" : "";
    if (!evidence->has_value)
        return "value_missing";
    if (evidence->is_required && !evidence->answers_none && evidence->documents == 0)
        return "evidence_missing";
    return "";
}

enum state
rules_draft_state(const struct evidence *evidence)
{
    if (!evidence->has_value && evidence->documents == 0)
        return STATE_EMPTY;
    return *rules_missing(evidence) ? STATE_DRAFT : STATE_READY;
}

bool
rules_answers_none(const char *value)
{
    return strcmp(value, "no") == 0 || strcmp(value, "0") == 0;
}

// What keeps any work of the author off: shared by all refusals.
static enum refusal
refuse_work(const struct situation *now)
{
    if (now->state == STATE_IN_REVIEW)
        return REFUSAL_IN_REVIEW;
    if (now->state == STATE_ACCEPTED)
        return REFUSAL_ACCEPTED;
    // After the due date work goes on until the round closes: overdue is a mark, not a lock. Late data is worth
    // more to the region than none, and lateness is counted apart from it.
    if (!now->round_open)
        return REFUSAL_CLOSED;
    if (now->needs_plan)
        return REFUSAL_NO_DATE;
    return REFUSAL_NONE;
}

enum refusal
rules_refuse_save(const struct situation *now, unsigned expected_version, const struct answer *answer)
{
    if (now->version != expected_version)
        return REFUSAL_STALE;
    enum refusal refusal = refuse_work(now);
    if (refusal != REFUSAL_NONE)
        return refusal;
    if (now->kind != answer->kind)
        return REFUSAL_WRONG_KIND;
    if (answer->decimals > now->decimals)
        return REFUSAL_TOO_MANY_DECIMALS;
    if (answer->is_undefined && now->evidence.is_required)
        return REFUSAL_NOTHING_OF_NOTHING;
    return REFUSAL_NONE;
}

enum refusal
rules_refuse_send(const struct situation *now, unsigned expected_version)
{
    if (now->version != expected_version)
        return REFUSAL_STALE;
    enum refusal refusal = refuse_work(now);
    if (refusal != REFUSAL_NONE)
        return refusal;
    const char *missing = rules_missing(&now->evidence);
    if (strcmp(missing, "value_missing") == 0)
        return REFUSAL_VALUE_MISSING;
    if (strcmp(missing, "evidence_missing") == 0)
        return REFUSAL_EVIDENCE_MISSING;
    if (now->state == STATE_REJECTED)
        return REFUSAL_UNCHANGED;
    return REFUSAL_NONE;
}

enum refusal
rules_refuse_detach(const struct situation *now)
{
    return refuse_work(now);
}

enum selector_problem
rules_check_selector(const char *selector, size_t code_count, const char *attribute)
{
    if (strcmp(selector, "all_authorities") == 0 || strcmp(selector, "all_schools") == 0)
        return SELECTOR_GOOD;
    if (strcmp(selector, "listed") == 0)
        return code_count > 0 ? SELECTOR_GOOD : SELECTOR_NO_CODES;
    if (strcmp(selector, "attribute") == 0)
        return *attribute ? SELECTOR_GOOD : SELECTOR_NO_ATTRIBUTE;
    return SELECTOR_UNKNOWN;
}
