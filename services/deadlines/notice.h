// One notice: its words, its rows, and word of it to others.
#pragma once

#include "store.h"

// Fills in kind, title and text from the facts.
MUST_CHECK enum status give_notice(struct call *call, const struct notice_facts *facts, struct notice notice);
// One whose words are there already.
MUST_CHECK enum status write_notice(struct call *call, const struct notice *notice);

// What row 0 of store_get_rejected() or store_get_told() says; words and cause are the caller's to add.
struct notice_facts told_facts(struct call *call, enum notice_kind kind, const struct db_rows *rows);
struct notice told_notice(const struct db_rows *rows, const char *at);
