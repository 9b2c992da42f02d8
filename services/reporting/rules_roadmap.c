// Decisions about road maps: no I/O.
#include "rules_roadmap.h"

#include <stdio.h>
#include <string.h>

static size_t
find(const struct road_section *sections, size_t count, const char *code)
{
    size_t i = 0;
    while (i < count && strcmp(sections[i].code, code) != 0)
        i++;
    return i;
}

// What is done holds nobody up, and what it waited for itself is over.
size_t
rules_road_risks(const struct road_section *sections, size_t count, size_t index, const char **out)
{
    bool is_before[ROAD_SECTIONS_MAX] = {false};
    size_t waiting[ROAD_SECTIONS_MAX];
    size_t waiting_count = 0;
    if (count > ROAD_SECTIONS_MAX || sections[index].is_done)
        return 0;
    waiting[waiting_count++] = index;
    is_before[index] = true;
    while (waiting_count > 0) {
        const struct road_section *section = &sections[waiting[--waiting_count]];
        for (size_t i = 0; i < section->depends_count; i++) {
            size_t before = find(sections, count, section->depends_on[i]);
            if (before == count || is_before[before] || sections[before].is_done)
                continue;
            is_before[before] = true;
            waiting[waiting_count++] = before;
        }
    }
    size_t risk_count = 0;
    for (size_t i = 0; i < count; i++)
        if (i != index && is_before[i] && sections[i].is_late)
            out[risk_count++] = sections[i].code;
    return risk_count;
}

const char *
rules_road_state(const struct road_section *section, size_t risk_count)
{
    if (section->is_done)
        return "done";
    if (section->is_late)
        return "late";
    if (section->owes_schedule)
        return "schedule_owed";
    if (risk_count > 0)
        return "at_risk";
    return section->has_begun ? "in_work" : "not_begun";
}

const char *
rules_item_state(const struct stands *stands)
{
    if (stands->asked == stands->not_started)
        return "not_started";
    if (stands->accepted == stands->asked)
        return "accepted";
    if (stands->returned > 0)
        return "returned";
    return stands->accepted + stands->waiting == stands->asked ? "waiting" : "in_work";
}

void
rules_percent(uint32_t part, uint32_t whole, char out[PERCENT_CHARS])
{
    out[0] = '\0';
    if (whole == 0)
        return;
    uint64_t hundredths = ((uint64_t)part * 20000 + whole) / ((uint64_t)whole * 2);
    snprintf(out, PERCENT_CHARS, "%u.%02u", (unsigned)(hundredths / 100), (unsigned)(hundredths % 100));
}
