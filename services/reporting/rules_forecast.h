// Words of a forecast: how a chance is called, and the shares and facts that it rests on.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vekha/base/arena.h"

enum { FORECAST_LATE_PERCENT = 60, FORECAST_DOUBTFUL_PERCENT = 30 };
// late, doubtful, in_time
const char *rules_forecast_outlook(uint32_t percent);

enum { FORECAST_NEVER_SEEN = -1, FORECAST_SEEN_UNKNOWN = -2, FORECAST_NO_VERDICTS = -1 };
struct forecast_facts {
    const char *stands;             // idle, not_started, in_work, returned, waiting
    uint32_t asked, sent, returned; // of what the organisation owes at the same moment
    uint32_t days;                  // before the date: of the cases
    uint32_t own_cases, own_missed, near_cases, near_missed, all_cases, all_missed;
    int32_t review_days; // half of the verdicts come within them, or FORECAST_NO_VERDICTS
    int32_t seen_days;   // since somebody of the organisation was in the system
};
struct forecast_reason {
    const char *code;
    uint32_t count, of, days;
    const char *text; // NULL without memory
};
enum { FORECAST_REASONS_MAX = 5 };
// Returns how many: where it stands, then shares, the organisation's own first, then what else is known.
size_t rules_forecast_reasons(struct arena *arena, const struct forecast_facts *facts, bool english,
                              struct forecast_reason out[FORECAST_REASONS_MAX]);
