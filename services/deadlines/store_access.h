// Letters with access in the database: who has got one, and writing them.
#pragma once

#include "store.h"

// Rows of AccessLetter; row of AccessCounts.
MUST_CHECK enum status store_list_access_letters(struct call *call, const Deadlines__ListAccessLettersRequest *request,
                                                 struct db_rows *ret_rows);
MUST_CHECK enum status store_count_access_letters(struct call *call, const Deadlines__ListAccessLettersRequest *request,
                                                  uint32_t *ret_total);
MUST_CHECK enum status store_sum_access_letters(struct call *call, struct db_rows *ret_rows);
// Rows mail_id, account_id of letters that were written. account_ids: a uuid[] literal; NULL: all who have got none.
MUST_CHECK enum status store_write_access_letters(struct call *call, const char *account_ids, const char *until_on,
                                                  struct db_rows *ret_rows);
