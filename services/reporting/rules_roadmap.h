// Decisions about road maps: what state a section is in, what puts it at risk, how far an item is.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ROAD_SECTIONS_MAX = 500 };
struct road_section {
    const char *code;
    const char *const *depends_on; // codes
    size_t depends_count;
    bool is_done;       // every item is accepted (S3.18)
    bool is_late;       // something of it is overdue
    bool owes_schedule; // by a schedule whose owner has not named the day (S3.14)
    bool has_begun;
};

// The late sections that put sections[index] at risk (S3.19): those it depends on, and those that unfinished ones of
// these depend on. Codes in the order of the document; an unknown code is no risk. At most ROAD_SECTIONS_MAX sections.
size_t rules_road_risks(const struct road_section *sections, size_t count, size_t index, const char **out);
// done, late, schedule_owed, at_risk, in_work, not_begun: the first that holds.
const char *rules_road_state(const struct road_section *section, size_t risk_count);

// How many of those asked stand where.
struct stands {
    uint32_t asked, not_started, in_work, waiting, accepted, returned;
};
// accepted, not_started and waiting when all are (waiting: with those accepted); returned when any is; else in_work.
const char *rules_item_state(const struct stands *stands);

enum { PERCENT_CHARS = 16 };
// Two decimals, half up (F5); "" of nothing.
void rules_percent(uint32_t part, uint32_t whole, char out[PERCENT_CHARS]);
