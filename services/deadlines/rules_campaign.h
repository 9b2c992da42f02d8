// Words of a monthly campaign: who takes part, the table, the letter. No I/O.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "vekha/base/arena.h"

// Who is asked for some indicators, among all organisations of the territory.
struct campaign_asked {
    uint64_t organisations, schools, authorities;
    uint64_t all_schools, all_authorities;
    // The first of them.
    const char *const *names;
    size_t name_count;
};
// «Все общеобразовательные организации», or how many and which. NULL without memory.
const char *rules_campaign_participants(struct arena *arena, const struct campaign_asked *asked);

struct campaign_row {
    const char *title;
    uint64_t indicators;
    const char *participants;
};
// Strings may be empty, never NULL.
struct campaign_facts {
    const char *round_name;
    const char *due_on; // 2020-09-25
    const char *words;
    const char *author_name, *author_organisation;
    const char *cabinet_address;
    const struct campaign_row *rows;
    size_t row_count;
};
uint64_t rules_campaign_indicators(const struct campaign_row *rows, size_t count);
const char *rules_campaign_subject(struct arena *arena, const char *round_name, const char *due_on);
// The letter as plain text, and the same as HTML with the table of S2.5. NULL without memory.
const char *rules_campaign_text(struct arena *arena, const struct campaign_facts *facts);
const char *rules_campaign_html(struct arena *arena, const struct campaign_facts *facts);
