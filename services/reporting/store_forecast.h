// What store_forecast.c writes and store_forecast_report.c reads.
#pragma once

#include "store.h"

// Rounds and dues that have come meanwhile.
MUST_CHECK enum status store_look_for_moments(struct call *call);
// A row for each round whose next moment is the earliest of those that are over.
enum next_moment_column { NEXT_MOMENT, NEXT_ROUND_ID };
MUST_CHECK enum status store_list_next_moments(struct call *call, struct db_rows *ret_rows);
// What came of the round's cases whose due moment this is.
MUST_CHECK enum status store_count_outcomes(struct call *call, const char *moment, const char *round_id);
// The round's unfinished assignments with so many days left at this moment.
MUST_CHECK enum status store_make_forecasts(struct call *call, const char *moment, const char *round_id);
// How soon the round's programme gave verdicts up to this moment.
MUST_CHECK enum status store_count_verdicts(struct call *call, const char *moment, const char *round_id);
MUST_CHECK enum status store_finish_moment(struct call *call, const char *moment, const char *round_id);

// --- store_forecast_report.c
// What reasons are made of; further columns fill messages by name.
enum forecast_column {
    FORECAST_STANDS,
    FORECAST_ASKED,
    FORECAST_SENT,
    FORECAST_RETURNED,
    FORECAST_DAYS,
    FORECAST_OWN_CASES,
    FORECAST_OWN_MISSED,
    FORECAST_NEAR_CASES,
    FORECAST_NEAR_MISSED,
    FORECAST_ALL_CASES,
    FORECAST_ALL_MISSED,
    FORECAST_REVIEW_DAYS,
    FORECAST_SEEN_DAYS,
    FORECAST_PLACE,   // in the order of the answer: continue behind it
    FORECAST_CONTACT, // of organisations only: name, position, phone, email
};
// At least one row, with the totals; without an organisation when none is shown.
MUST_CHECK enum status store_list_forecast(struct call *call, const Reporting__GetForecastRequest *request,
                                           const struct report_round *round, uint32_t limit, struct db_rows *ret_rows);
MUST_CHECK enum status store_list_forecast_items(struct call *call, const Reporting__ListForecastItemsRequest *request,
                                                 const struct report_round *round, uint32_t limit,
                                                 struct db_rows *ret_rows);
// Rows of ForecastQualityRow, the one of all days first; rows of ForecastTenth.
MUST_CHECK enum status store_list_forecast_quality(struct call *call, const char *round_id, struct db_rows *ret_rows);
MUST_CHECK enum status store_list_forecast_tenths(struct call *call, const char *round_id, struct db_rows *ret_rows);
