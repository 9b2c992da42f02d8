// Words of the one letter a day about due dates: no I/O.
#pragma once

#include "rules.h"

// What somebody is told of one due day of a round; of an organisation, or of a municipality with several.
struct due_line {
    const char *round_id, *round_name, *due_day, *zone_words;
    const char *organisation_name;
    const char *late; // days on which this should have been said: "22.09.2026"; "": it comes on its day
    int days_left;    // below 0 after the due day
    uint64_t items, organisations;
};
struct digest_words {
    enum notice_kind kind; // the most pressing
    const char *title, *text;
    const char *letter; // with links, when there is an address for them
};
// Lines by due day and round. Level: respondent, municipality, region. False without memory.
bool rules_digest_words(struct arena *arena, const char *level, const struct due_line *lines, size_t count,
                        const char *cabinet_address, struct digest_words *ret_words);
enum notice_kind rules_kind_of_days(int days_left, bool for_coordinators);
