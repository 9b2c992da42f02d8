// The table of entry situations and actions, and what follows from it.
#include "rules.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const situation_words[SITUATION_COUNT] = {
    [SITUATION_WAITING] = "waiting",
    [SITUATION_OPENED_BY_ME] = "opened_by_me",
    [SITUATION_OPENED_BY_OTHER] = "opened_by_other",
    [SITUATION_OPENED_LONG_AGO] = "opened_long_ago",
    [SITUATION_ACCEPTED] = "accepted",
    [SITUATION_REJECTED] = "rejected",
    [SITUATION_WITHDRAWN] = "withdrawn",
};

// Accepting or rejecting what nobody has opened is allowed: fast operators decide straight from the list.
static const enum outcome outcomes[ACTION_COUNT][SITUATION_COUNT] = {
    [ACTION_OPEN] =
        {
            [SITUATION_WAITING] = OUTCOME_DONE,
            [SITUATION_OPENED_BY_ME] = OUTCOME_ALREADY_MINE,
            [SITUATION_OPENED_BY_OTHER] = OUTCOME_TAKEN,
            [SITUATION_OPENED_LONG_AGO] = OUTCOME_DONE,
            [SITUATION_ACCEPTED] = OUTCOME_ACCEPTED,
            [SITUATION_REJECTED] = OUTCOME_REJECTED,
            [SITUATION_WITHDRAWN] = OUTCOME_WITHDRAWN,
        },
    [ACTION_ACCEPT] =
        {
            [SITUATION_WAITING] = OUTCOME_DONE,
            [SITUATION_OPENED_BY_ME] = OUTCOME_DONE,
            [SITUATION_OPENED_BY_OTHER] = OUTCOME_TAKEN,
            [SITUATION_OPENED_LONG_AGO] = OUTCOME_DONE,
            [SITUATION_ACCEPTED] = OUTCOME_ACCEPTED,
            [SITUATION_REJECTED] = OUTCOME_REJECTED,
            [SITUATION_WITHDRAWN] = OUTCOME_WITHDRAWN,
        },
    [ACTION_REJECT] =
        {
            [SITUATION_WAITING] = OUTCOME_DONE,
            [SITUATION_OPENED_BY_ME] = OUTCOME_DONE,
            [SITUATION_OPENED_BY_OTHER] = OUTCOME_TAKEN,
            [SITUATION_OPENED_LONG_AGO] = OUTCOME_DONE,
            [SITUATION_ACCEPTED] = OUTCOME_ACCEPTED,
            [SITUATION_REJECTED] = OUTCOME_REJECTED,
            [SITUATION_WITHDRAWN] = OUTCOME_WITHDRAWN,
        },
    // An opening binds the author for good: F7 knows no end of it.
    [ACTION_WITHDRAW] =
        {
            [SITUATION_WAITING] = OUTCOME_DONE,
            [SITUATION_OPENED_BY_ME] = OUTCOME_OPENED,
            [SITUATION_OPENED_BY_OTHER] = OUTCOME_OPENED,
            [SITUATION_OPENED_LONG_AGO] = OUTCOME_OPENED,
            [SITUATION_ACCEPTED] = OUTCOME_ACCEPTED,
            [SITUATION_REJECTED] = OUTCOME_REJECTED,
            [SITUATION_WITHDRAWN] = OUTCOME_WITHDRAWN,
        },
};

static const char *const outcome_words[OUTCOME_COUNT] = {
    [OUTCOME_DONE] = "",
    [OUTCOME_ALREADY_MINE] = "",
    [OUTCOME_TAKEN] = "taken",
    [OUTCOME_OPENED] = "taken",
    [OUTCOME_ACCEPTED] = "decided",
    [OUTCOME_REJECTED] = "decided",
    [OUTCOME_WITHDRAWN] = "decided",
    [OUTCOME_STALE] = "stale",
    [OUTCOME_NOT_YET] = "stale",
    [OUTCOME_NOT_FOUND] = "not_found",
};

enum situation
situation_from_text(const char *text)
{
    for (size_t i = 0; i < SITUATION_COUNT; i++)
        if (strcmp(text, situation_words[i]) == 0)
            return (enum situation)i;
    return SITUATION_COUNT;
}

void
action_list_situations(enum action action, char out[SITUATIONS_CHARS])
{
    size_t used = 0;
    for (size_t i = 0; i < SITUATION_COUNT; i++) {
        if (outcomes[action][i] != OUTCOME_DONE)
            continue;
        used += (size_t)snprintf(out + used, SITUATIONS_CHARS - used, "%c%s", used ? ',' : '{', situation_words[i]);
    }
    snprintf(out + used, SITUATIONS_CHARS - used, "}");
}

enum outcome
action_judge(enum action action, enum situation situation, int64_t version, int64_t expected_version)
{
    if (situation >= SITUATION_COUNT)
        return OUTCOME_NOT_FOUND;
    // An operator learned the version from here, so another one is always an older one. An author learned it from
    // submissions, whose event may still be under way.
    if (expected_version > version && action == ACTION_WITHDRAW)
        return OUTCOME_NOT_YET;
    if (expected_version != version)
        return OUTCOME_STALE;
    return outcomes[action][situation];
}

const char *
outcome_word(enum outcome outcome)
{
    return outcome_words[outcome];
}

enum queue
queue_of_state(const char *state)
{
    static const struct {
        const char *word;
        enum queue queue;
    } filters[] = {
        {"", QUEUE_PENDING},        {"waiting", QUEUE_PENDING}, {"opened", QUEUE_PENDING},
        {"accepted", QUEUE_CLOSED}, {"rejected", QUEUE_CLOSED}, {"withdrawn", QUEUE_CLOSED},
    };
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++)
        if (strcmp(state, filters[i].word) == 0)
            return filters[i].queue;
    return QUEUE_UNKNOWN;
}

const char *
reviewer_of_event(const char *reviewer)
{
    return strcmp(reviewer, "curator") == 0 ? "curator" : "operator";
}

const char *
role_word(Vekha__Role role)
{
    switch (role) {
    case VEKHA__ROLE__ROLE_RESPONDENT:
        return "respondent";
    case VEKHA__ROLE__ROLE_OPERATOR:
        return "operator";
    case VEKHA__ROLE__ROLE_CURATOR:
        return "curator";
    case VEKHA__ROLE__ROLE_COORDINATOR:
        return "coordinator";
    default:
        return "";
    }
}

size_t
find_repeated_id(const char *const *ids, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t k = 0; k < i; k++)
            if (strcasecmp(ids[i], ids[k]) == 0)
                return i;
    return count;
}
