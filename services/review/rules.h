// What an operator or an author may do with an entry, decided from one table and without I/O.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options.pb-c.h"

// Where an entry stands as the caller sees it.
enum situation {
    SITUATION_WAITING,
    SITUATION_OPENED_BY_ME,
    SITUATION_OPENED_BY_OTHER,
    SITUATION_OPENED_LONG_AGO, // by another operator, who has not decided within the time given
    SITUATION_ACCEPTED,
    SITUATION_REJECTED,
    SITUATION_WITHDRAWN,
    SITUATION_COUNT
};

enum action { ACTION_OPEN, ACTION_ACCEPT, ACTION_REJECT, ACTION_WITHDRAW, ACTION_COUNT };

enum outcome {
    OUTCOME_DONE,
    OUTCOME_ALREADY_MINE, // nothing to change: I have it open
    OUTCOME_TAKEN,        // another operator works on it
    OUTCOME_OPENED,       // an operator has opened it: the author comes too late
    OUTCOME_ACCEPTED,     // decided before
    OUTCOME_REJECTED,     // decided before
    OUTCOME_WITHDRAWN,    // the author took it back
    OUTCOME_STALE,        // a newer version has come
    OUTCOME_NOT_YET,      // the version named is on its way here
    OUTCOME_NOT_FOUND,
    OUTCOME_COUNT
};

enum { SITUATIONS_CHARS = 160 };

// "opened_by_other" as the store's statements spell it; SITUATION_COUNT for any other word.
enum situation situation_from_text(const char *text);
// The situations in which the action succeeds, as a text[] literal for the store: the statement that changes the row
// asks this table and no copy of it.
void action_list_situations(enum action action, char out[SITUATIONS_CHARS]);
// What becomes of an action that names expected_version on an entry that stands at `version`.
enum outcome action_judge(enum action action, enum situation situation, int64_t version, int64_t expected_version);
// "stale", "taken", "decided", "not_found": how a bulk answer names a refusal; "" for DONE.
const char *outcome_word(enum outcome outcome);

// What a queue's state filter asks for; empty means what still waits for a verdict.
enum queue { QUEUE_PENDING, QUEUE_CLOSED, QUEUE_UNKNOWN };
enum queue queue_of_state(const char *state);

// "operator" or "curator": who judges; what no service has said yet is the operators'.
const char *reviewer_of_event(const char *reviewer);
// "respondent", "operator", "curator", "coordinator": how the store's conditions call who asks; "" for anybody else.
const char *role_word(Vekha__Role role);

// Index of the first assignment that was named before, count when all are different.
size_t find_repeated_id(const char *const *ids, size_t count);
