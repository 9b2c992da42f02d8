// Parts of a programme file as cells of text[] parameters, and back as columns: shared by the statements on programmes.
#pragma once

#include "store.h"
#include "store_lists.h"

// For due_from(); "{}" for none, NULL over the arena's limit.
const char *store_due_cells(struct arena *arena, const Submissions__Due *due);

// Named as the fields of Due.
#define STORE_DUE_COLUMNS(due)                                                                                         \
    "(" due ").kind AS kind, to_char((" due ").on_day, 'YYYY-MM-DD') AS on,"                                           \
    " to_char((" due ").from_day, 'YYYY-MM-DD') AS from, (" due ").owner AS owner, (" due ").wording AS text,"         \
    " (" due ").footnote AS footnote, (" due ").month AS month, (" due ").day AS day,"                                 \
    " (" due ").year_offset AS year_offset, (" due ").quarter AS quarter, (" due ").every AS every,"                   \
    " to_char((" due ").until_day, 'YYYY-MM-DD') AS until"
