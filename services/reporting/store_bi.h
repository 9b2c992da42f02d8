// Flat tables for BI tools, page by page: in the order of changes, or, where that would be long, of the whole table.
#pragma once

#include "bi_cursor.h"
#include "reporting.pb-c.h"
#include "vekha/service/service.h"

// What a table is made of. Statements give the change by which the row was found, whether it is shown, the keys of the
// cursor, then fields by their names.
struct bi_table {
    const ProtobufCMessageDescriptor *row;
    // Up to which everything is known; rows read later hold at least that.
    const char *known;
    // $1 the territory, $2 and $3 the change and the key behind which to begin, $4 how many, $5 the page's last
    // change, $6 the reading's.
    const char *changed;
    // NULL: everything is read in the order of changes. $2, $3, $4 the keys, $5 how many.
    const char *whole;
    // Of a table that grows for ever a page looks through so many changes, whatever it finds among them. 0: a short
    // one, read to its present end.
    int64_t stride;
    bool has_number_keys; // rows of one change are told apart by numbers, not by UUIDs
};
extern const struct bi_table bi_organisations, bi_programmes, bi_items, bi_rounds, bi_assignments, bi_plans, bi_changes;

enum bi_column { BI_FOUND_BY, BI_IS_SHOWN, BI_KEYS };

// One page: from where, up to which change, and up to which the whole reading goes.
struct bi_page {
    const struct bi_table *table;
    struct bi_cursor cursor;
    int64_t known;
    int64_t last_change, end;
    uint32_t limit;
};
MUST_CHECK enum status store_get_bi_known(struct call *call, const struct bi_table *table, int64_t *ret_number);
MUST_CHECK enum status store_list_bi_rows(struct call *call, const struct bi_page *page, struct db_rows *ret_rows);
