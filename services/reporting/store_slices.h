// Slices: taken, made, verified, listed, read; and the schedules by which they take themselves.
#pragma once

#include "reporting.pb-c.h"
#include "store.h"

enum {
    SLICE_FORMAT = 1,
    SLICES_WAITING_MAX = 5,
    SLICES_OF_A_PAGE = 50,
    SLICE_ENTRIES_OF_A_PAGE = 500,
    SLICE_PIECE_BYTES = 256 * 1024,
    SLICE_DIFFERENCES_MAX = 50
};

// A row that fills a Slice; none when SLICES_WAITING_MAX of the territory still wait to be made.
enum slice_column { SLICE_REVIEWER };
struct new_slice {
    const char *round_id, *moment, *day, *report;
};
MUST_CHECK enum status store_take_slice(struct call *call, const struct new_slice *slice, struct db_rows *ret_rows);
MUST_CHECK enum status store_get_slice(struct call *call, const char *slice_id, struct db_rows *ret_rows);
MUST_CHECK enum status store_list_slice_differences(struct call *call, const char *slice_id, struct db_rows *ret_rows);
// One more than a page.
MUST_CHECK enum status store_list_slices(struct call *call, const Reporting__ListSlicesRequest *request, uint32_t limit,
                                         struct db_rows *ret_rows);
// *ret_count: 0 when there is no such slice in the caller's territory.
MUST_CHECK enum status store_ask_verification(struct call *call, const char *slice_id, int64_t *ret_count);
// As store_list_roadmaps().
MUST_CHECK enum status store_list_slice_rows(struct call *call, const char *slice_id, const struct roadmaps_page *page,
                                             struct db_rows *ret_rows);
// Of the other reports: a row with the names of their columns, and rows of SliceTableRow.
MUST_CHECK enum status store_list_slice_columns(struct call *call, const char *report, struct db_rows *ret_rows);
MUST_CHECK enum status store_list_slice_entries(struct call *call, const Reporting__GetSliceTableRequest *request,
                                                uint32_t limit, struct db_rows *ret_rows);
enum slice_piece_column { SLICE_PIECE_TOTAL, SLICE_PIECE_SHA256, SLICE_PIECE_NUMBER, SLICE_PIECE_YEAR, SLICE_PIECE };
MUST_CHECK enum status store_get_slice_piece(struct call *call, const char *slice_id, uint64_t offset, uint32_t length,
                                             struct db_rows *ret_rows);

// A row without a kind when nothing is set yet; none without such a round in the caller's territory.
MUST_CHECK enum status store_get_slice_schedule(struct call *call, const char *round_id, const char *report,
                                                struct db_rows *ret_rows);
// *ret_count: 0 when it is not at the expected version.
MUST_CHECK enum status store_set_slice_schedule(struct call *call, const Reporting__SetSliceScheduleRequest *request,
                                                const char *report, int64_t *ret_count);

// --- the job's: each does one thing that waits, *ret_count tells whether there was one.
MUST_CHECK enum status store_take_scheduled_slice(struct call *call, int64_t *ret_count);
MUST_CHECK enum status store_make_slice(struct call *call, int64_t *ret_count);
MUST_CHECK enum status store_verify_slice(struct call *call, int64_t *ret_count);
