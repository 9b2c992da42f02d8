// Decisions of the reports: which values are meant, which group an organisation falls into, and why there is no data.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// «Выбранные значения» (S2.56, S2.58).
enum report_values { VALUES_NEW, VALUES_ACCEPTED, VALUES_AS_OF, VALUES_UNKNOWN };
// `as_of` without a word for the values means VALUES_AS_OF.
enum report_values rules_parse_values(const char *values, const char *as_of);
const char *rules_values_name(enum report_values values);

enum cell_state { CELL_EMPTY, CELL_DRAFT, CELL_IN_REVIEW, CELL_ACCEPTED, CELL_REJECTED, CELL_STATE_COUNT };
// Unknown names are CELL_EMPTY.
enum cell_state rules_parse_state(const char *state);
const char *rules_state_name(enum cell_state state);

// Why there is no data (F10), the most pressing first: this order decides for an organisation with several.
enum reason {
    REASON_REJECTED,         // a verdict waits for an answer
    REASON_DRAFT_NOT_SENT,   // a draft waits to be sent
    REASON_NEVER_LOGGED_IN,  // nobody of the organisation has been in the system
    REASON_NOT_BEGUN,        // logged in, but nothing was begun, or this item was not begun when it fell due
    REASON_NOT_DUE_YET,      // the organisation works on the round, this item is still untouched, and has time
    REASON_IN_REVIEW,        // sent: no accepted value yet
    REASON_ALREADY_ACCEPTED, // accepted: no new value
    REASON_NONE,             // there is data, or nothing was asked
    REASON_COUNT = REASON_NONE
};
const char *rules_reason_name(enum reason reason);

// The state whose items have data: new values are sent and unchecked (F9). For as_of the history decides.
enum cell_state rules_wanted_state(enum report_values values);

// What is known of an organisation in a round, at the moment that is asked about.
struct organisation_facts {
    bool has_logged_in;
    bool has_begun; // any item of the round left the empty state
    bool is_due;    // the due moment is over
};
// For an item without data.
enum reason rules_item_reason(enum cell_state state, const struct organisation_facts *facts);
// items[state]: the organisation's items without data, by state. REASON_NONE if there are none.
enum reason rules_organisation_reason(const unsigned items[CELL_STATE_COUNT], const struct organisation_facts *facts);

// schools, authorities, superior, other (S2.59).
const char *rules_organisation_group(const char *kind);
// The SQL of reports counts by the same rule: neither a school nor an authority (S2.54).
bool rules_is_other(const char *kind);
bool rules_is_start_group(const char *group);
bool rules_is_provided_group(const char *group);

enum { REPORT_DATES_MIN = 12, REPORT_DATES_MAX = 120 };
struct report_month {
    int year;
    int month; // 1..12
};
// First days of months, newest first, from today's month back to the one after the earliest data; at least
// REPORT_DATES_MIN. Days as 2020-09-25; no data: earliest is empty. Returns how many.
size_t rules_report_months(const char *today, const char *earliest, struct report_month out[REPORT_DATES_MAX]);
