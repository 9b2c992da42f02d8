// Decisions and words of reminders: which notice a timer gives, Russian plural forms, dates, zones, when to try again.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vekha/base/arena.h"

enum notice_kind {
    NOTICE_DUE_SOON,
    NOTICE_DUE_TODAY,
    NOTICE_OVERDUE,
    NOTICE_OVERDUE_BELOW,
    NOTICE_REJECTED,
    NOTICE_SENT,
    NOTICE_REMARK,
    NOTICE_MESSAGE,
    NOTICE_CONSULTATION_SOON,
    NOTICE_UNANSWERED,
    NOTICE_CAMPAIGN_READY
};
const char *rules_kind_name(enum notice_kind kind);

enum audience { AUDIENCE_NOBODY, AUDIENCE_RESPONDENTS, AUDIENCE_CURATORS };
// The other side of the talk; operators share a queue and are not told one by one.
enum audience rules_audience_of_remark(const char *author_role, const char *reviewer);
bool rules_is_for_curators(const char *reviewer);

// 2020-09-25 -> 25.09.2020; anything else comes back as it is.
const char *rules_russian_day(struct arena *arena, const char *day);
// «по екатеринбургскому времени (UTC+5)».
const char *rules_zone_words(struct arena *arena, const char *zone, int minutes_ahead);

// What a notice is about; strings may be empty, never NULL.
struct notice_facts {
    enum notice_kind kind;
    int day_offset; // from the due day
    const char *organisation_name;
    const char *round_name;
    const char *due_day; // 2020-09-25
    const char *zone_words;
    uint64_t items;          // outstanding
    const char *question;    // rejected, sent, remark
    const char *words;       // rejected: the resolution; remark: what was said; campaign_ready: when it goes out
    const char *author_role; // remark: respondent, operator, curator
    uint64_t organisations;  // overdue_below
    const char *organisation_lines;
    const char *recipient;  // unanswered: reviewer, municipality, region
    const char *reviewer;   // unanswered: operator, curator; "": both
    const char *oldest_day; // unanswered: when the longest wait began
    unsigned working_days;
};
struct notice_words {
    const char *title, *text;
};
// False without memory.
bool rules_notice_words(struct arena *arena, const struct notice_facts *facts, struct notice_words *ret_words);
// A line of the list for a coordinator; "" beyond the list's length, which the last line names.
enum { ORGANISATION_LINES_MAX = 400 };
const char *rules_organisation_line(struct arena *arena, uint64_t number, const char *name, uint64_t items);

// A line of a digest: what waits of one organisation, and for whom; "" beyond the digest's length.
struct unanswered_line {
    const char *organisation_name, *curators, *reviewer, *sent_on;
    uint64_t items;
    bool is_for_reviewer;
};
enum { UNANSWERED_LINES_MAX = 50 };
const char *rules_unanswered_line(struct arena *arena, uint64_t number, const struct unanswered_line *line);

enum { MAIL_ATTEMPTS_MAX = 10 };
// Seconds until the next try after `attempts` failed ones: 1 minute, then four times as long, at most 6 hours.
int64_t rules_retry_delay_s(unsigned attempts);
// A refusal that no repetition can change: the server spoke 5xx about this very letter.
bool rules_is_final_refusal(long smtp_code);
