// Parts of a programme file as cells of text[] parameters, and back as columns: shared by the statements on programmes.
#pragma once

#include "store.h"
#include "store_lists.h"

// For due_from(); "{}" for none, NULL over the arena's limit.
const char *store_due_cells(struct arena *arena, const Submissions__Due *due);

// For FILE_ITEMS; "{}" for none, NULL over the arena's limit.
const char *store_form_cells(struct arena *arena, const Submissions__Form *form);

// A row of item_form as the cells of a file; '{}' for none.
#define STORE_FORM_OF(form)                                                                                            \
    "CASE WHEN " form ".item_id IS NULL THEN '{}'::text[] ELSE ARRAY[" form ".title, " form ".owner, " form            \
    ".organisation_code, " form ".basis, " form ".address, coalesce(" form ".document_id::text, '')] END"

// Named as the fields of Due.
#define STORE_DUE_COLUMNS(due)                                                                                         \
    "(" due ").kind AS kind, to_char((" due ").on_day, 'YYYY-MM-DD') AS on,"                                           \
    " to_char((" due ").from_day, 'YYYY-MM-DD') AS from, (" due ").owner AS owner, (" due ").wording AS text,"         \
    " (" due ").footnote AS footnote, (" due ").month AS month, (" due ").day AS day,"                                 \
    " (" due ").year_offset AS year_offset, (" due ").quarter AS quarter, (" due ").every AS every,"                   \
    " to_char((" due ").until_day, 'YYYY-MM-DD') AS until"
