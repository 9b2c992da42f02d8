// What may be done with an assignment and when; what an answer's text means; when the next round is. No I/O.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "day.h"
#include "vekha/base/arena.h"
#include "vekha/base/status.h"

// ---- states (S2.45)

enum state { STATE_EMPTY, STATE_DRAFT, STATE_READY, STATE_IN_REVIEW, STATE_ACCEPTED, STATE_REJECTED, STATE_COUNT };

enum act { ACT_SAVE, ACT_ATTACH, ACT_DETACH, ACT_SEND, ACT_ACCEPT, ACT_REJECT, ACT_WITHDRAW, ACT_COUNT };

const char *rules_state_name(enum state state);
// STATE_COUNT for a name that is none.
enum state rules_state_named(const char *name);
bool rules_may(enum act act, enum state state);
// The states in which `act` is allowed, as a PostgreSQL text[] literal: "{empty,draft}".
enum { STATES_TEXT_BYTES = 80 };
void rules_states_text(enum act act, char out[STATES_TEXT_BYTES]);

// What the evidence rule looks at (S2.30-S2.32, S2.36, F6).
struct evidence {
    bool has_value;
    bool answers_none; // «Нет», 0, or 0 as the first value of a percent
    bool is_required;  // by the rule of the round
    bool no_value;     // its kind is answered by documents alone
    unsigned documents;
};
// Why it cannot be sent: "value_missing", "evidence_missing"; "" when it can.
const char *rules_missing(const struct evidence *evidence);
// empty, draft or ready: the state of an answer that its author is working on.
enum state rules_draft_state(const struct evidence *evidence);
// The value stored means «Нет» or 0.
bool rules_answers_none(const char *value);

// ---- answers (S2.26-S2.29, F5, F14)

// Documents: answered by them alone. Table: rows of cells; its value is a JSON array of arrays.
enum kind { KIND_NUMBER, KIND_YES_NO, KIND_PERCENT, KIND_DOCUMENTS, KIND_TABLE, KIND_COUNT };
const char *rules_kind_name(enum kind kind);
// KIND_COUNT for a name that is none.
enum kind rules_kind_named(const char *name);

enum answer_problem {
    ANSWER_GOOD,
    ANSWER_EMPTY,        // no value
    ANSWER_NOT_A_NUMBER, // the first value
    ANSWER_WHOLE_NOT_A_NUMBER,
    ANSWER_NEGATIVE,
    ANSWER_WHOLE_NEGATIVE,
    ANSWER_PART_OF_NOTHING, // a part above 0 of a whole of 0
    ANSWER_PART_OVER_WHOLE, // must be confirmed
};

enum { DECIMALS_MAX = 6 };

// An answer as it is stored: decimals without needless zeros, "yes" or "no".
struct answer {
    enum kind kind;
    const char *value;
    const char *second_value; // "" but for percent
    const char *percent;      // two decimals; "" but for percent, and for «—»
    unsigned decimals;        // digits after the point that the values really use
    bool answers_none;
    bool is_undefined; // 0 of 0: «—»
};
// The kind follows from the text: "yes" or "no"; two values; else a number.
enum answer_problem rules_read_answer(struct arena *arena, const char *value, const char *second_value,
                                      bool confirm_part_over_whole, struct answer *ret_answer);

// ---- refusals: why the one statement of a save or a send changed nothing

enum refusal {
    REFUSAL_NONE, // nothing is in the way: the state changed meanwhile, try again
    REFUSAL_STALE,
    REFUSAL_IN_REVIEW,
    REFUSAL_ACCEPTED,
    REFUSAL_CLOSED,
    REFUSAL_NO_DATE, // the organisation has to set its date first (S1.12)
    REFUSAL_WRONG_KIND,
    REFUSAL_TOO_MANY_DECIMALS,
    REFUSAL_NOTHING_OF_NOTHING, // «—» where evidence is demanded
    REFUSAL_VALUE_MISSING,
    REFUSAL_EVIDENCE_MISSING,
    REFUSAL_UNCHANGED, // a rejected answer is sent again only after it was changed (S2.40)
};

// The assignment as it is.
struct situation {
    enum state state;
    unsigned version;
    bool round_open;
    bool needs_plan;
    enum kind kind;
    unsigned decimals;
    struct evidence evidence;
};
enum refusal rules_refuse_save(const struct situation *now, unsigned expected_version, const struct answer *answer);
enum refusal rules_refuse_send(const struct situation *now, unsigned expected_version);
enum refusal rules_refuse_detach(const struct situation *now);

// ---- participants and rounds

// all_authorities, all_schools, listed, attribute (S2.9).
enum selector_problem { SELECTOR_GOOD, SELECTOR_UNKNOWN, SELECTOR_NO_CODES, SELECTOR_NO_ATTRIBUTE };
enum selector_problem rules_check_selector(const char *selector, size_t code_count, const char *attribute);

enum { ROUND_NAME_BYTES = 64 };
struct round_days {
    char opens_on[DATE_BYTES]; // 2020-09-25
    char due_on[DATE_BYTES];
    char closed_until[DATE_BYTES];
};
enum days_problem { DAYS_GOOD, DAYS_NOT_DATES, DAYS_DUE_TOO_EARLY, DAYS_CLOSED_TOO_EARLY, DAYS_TOO_LONG };
// opens_on <= due_on <= closed_until, and not beyond the next year.
enum days_problem rules_check_days(const char *opens_on, const char *due_on, const char *closed_until);
// The days of the round that follows by itself (S2.3, S2.44), and its name. INVALID for dates that are none.
MUST_CHECK enum status rules_next_round(const struct round_days *days, struct round_days *ret_next,
                                        char ret_name[ROUND_NAME_BYTES]);
// "2020-09-30" -> "30.09.2020" (F14); other text is copied.
void rules_russian_date(const char *date, char out[DATE_BYTES]);
