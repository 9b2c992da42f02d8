// Rows into the replies of the cabinet.
#pragma once

#include "rules.h"
#include "store.h"

// A row of the cabinet (store_columns.h) into an assignment with its documents and what it still lacks.
MUST_CHECK enum status present_assignment(struct call *call, const struct db_rows *rows, int row,
                                          Submissions__Assignment *ret_assignment);
// All rows; none when the first says that the page is empty.
MUST_CHECK enum status present_assignments(struct call *call, const struct db_rows *rows, size_t *ret_count,
                                           Submissions__Assignment ***ret_assignments);
// Columns document_ids, document_names, document_sizes, document_pages of a row.
MUST_CHECK enum status present_documents(struct call *call, const struct db_rows *rows, int row, size_t *ret_count,
                                         Submissions__AttachedDocument ***ret_documents);
// By name; "" when the row has no such column.
const char *present_text(const struct db_rows *rows, int row, const char *column);
bool present_flag(const struct db_rows *rows, int row, const char *column);
int64_t present_number(const struct db_rows *rows, int row, const char *column);
// A text[] column. INTERNAL without such a column.
MUST_CHECK enum status present_list(struct call *call, const struct db_rows *rows, int row, const char *column,
                                    char ***ret_items, size_t *ret_count);
// The columns of a due (store_file.h) into a message of this kind; NULL when the row has none.
MUST_CHECK enum status present_due_of(struct call *call, const struct db_rows *rows, int row,
                                      const ProtobufCMessageDescriptor *descriptor, void *ret_due);
#define present_due(call, rows, row, descriptor, ret_due)                                                              \
    present_due_of((call), (rows), (row), (descriptor), (void *)(ret_due))
// The column form_cells (store_columns.h) into a message of this kind, whose first fields are these texts; NULL for
// none.
MUST_CHECK enum status present_form_of(struct call *call, const struct db_rows *rows, int row,
                                       const ProtobufCMessageDescriptor *descriptor, void *ret_form);
#define present_form(call, rows, row, descriptor, ret_form)                                                            \
    present_form_of((call), (rows), (row), (descriptor), (void *)(ret_form))
// Two text[] columns that run side by side, as messages of this kind: its first field and its second.
MUST_CHECK enum status present_pairs_of(struct call *call, const struct db_rows *rows, int row,
                                        const char *const columns[2], const ProtobufCMessageDescriptor *descriptor,
                                        size_t *ret_count, void *ret_messages);
#define present_pairs(call, rows, row, first, second, descriptor, ret_count, ret_messages)                             \
    present_pairs_of((call), (rows), (row), (const char *const[2]){(first), (second)}, (descriptor), (ret_count),      \
                     (void *)(ret_messages))
