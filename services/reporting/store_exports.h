// Reports as files: what was asked, how far it is, and the bytes.
#pragma once

#include "reporting.pb-c.h"
#include "vekha/service/service.h"

enum {
    EXPORTS_MAX = 30, // kept of one account at a time
    EXPORT_PIECE_BYTES = 128 * 1024,
    EXPORT_ATTEMPTS_MAX = 3,
};

struct new_export {
    const Reporting__CreateExportRequest *request;
    const void *packed_request, *packed_principal;
    size_t packed_request_size, packed_principal_size;
    const char *file_name;
};
// No row: the caller has EXPORTS_MAX already.
MUST_CHECK enum status store_insert_export(struct call *call, const struct new_export *export,
                                           struct db_rows *ret_rows);
// Rows that fill messages of type Export; the caller's own alone.
MUST_CHECK enum status store_list_exports(struct call *call, struct db_rows *ret_rows);
MUST_CHECK enum status store_get_export(struct call *call, const char *export_id, struct db_rows *ret_rows);
MUST_CHECK enum status store_delete_export(struct call *call, const char *export_id, int64_t *ret_count);
// The piece of a finished file, EXPORT_PIECE_BYTES each but the last.
enum export_piece_column { PIECE_TOTAL, PIECE_FILE_NAME, PIECE_SHA256, PIECE_BYTES, PIECE_FORMAT };
MUST_CHECK enum status store_get_export_piece(struct call *call, const char *export_id, uint64_t position,
                                              struct db_rows *ret_rows);

// The oldest that waits or whose maker died.
enum taken_export_column {
    TAKEN_ID,
    TAKEN_REQUEST,
    TAKEN_PRINCIPAL,
    TAKEN_ENGLISH,
    TAKEN_REPORT,
    TAKEN_FORMAT,
    TAKEN_ROUND,
    TAKEN_FILE_NAME,
    TAKEN_CREATED_AT,
    TAKEN_CREATED_AT_MS,
    TAKEN_ATTEMPT,
    TAKEN_ZONE,
    TAKEN_TOKEN,
    TAKEN_GATHERED,
    TAKEN_ROWS,
    TAKEN_ROUND_NAME,
    TAKEN_MADE
};
MUST_CHECK enum status store_take_export(struct call *call, struct db_rows *ret_rows);
// NOT_FOUND when it was deleted or somebody else makes it now.
MUST_CHECK enum status store_export_alive(struct call *call, const char *export_id, int64_t attempt, const char *at);
// A page of the report, kept until the file is whole. NOT_FOUND as above.
struct export_part {
    const char *at, *token; // where the next page begins; "": this was the last
    const void *body;
    size_t size;
    uint32_t row_count; // so far
};
MUST_CHECK enum status store_add_export_part(struct call *call, const char *export_id, int64_t attempt,
                                             const struct export_part *part);
MUST_CHECK enum status store_count_export_parts(struct call *call, const char *export_id, struct db_rows *ret_rows);
MUST_CHECK enum status store_get_export_part(struct call *call, const char *export_id, int64_t position,
                                             struct db_rows *ret_rows);
// What it was made of goes, too.
struct export_end {
    const char *state, *sha256, *at;
    const char *failure; // a word for programs; NULL: none
    uint64_t size_bytes;
};
MUST_CHECK enum status store_end_export(struct call *call, const char *export_id, int64_t attempt,
                                        const struct export_end *end);
MUST_CHECK enum status store_insert_export_piece(struct call *call, const char *export_id, int64_t position,
                                                 const void *bytes, size_t size);
MUST_CHECK enum status store_forget_exports(struct call *call);

// `moments`: a timestamptz[] parameter. One row for each: YYYY-MM-DD HH:MM in that zone.
MUST_CHECK enum status store_local_moments(struct call *call, const char *zone, const char *moments,
                                           struct db_rows *ret_rows);
