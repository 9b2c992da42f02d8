// Rows into the replies of the cabinet.
#include "present.h"

#include <stdlib.h>
#include <string.h>

static int
column_named(const struct db_rows *rows, const char *name)
{
    for (int column = 0; column < rows->columns; column++)
        if (strcmp(db_column_name(rows, column), name) == 0)
            return column;
    return -1;
}

const char *
present_text(const struct db_rows *rows, int row, const char *column)
{
    int number = column_named(rows, column);
    return number < 0 ? "" : db_text_at(rows, row, number);
}

bool
present_flag(const struct db_rows *rows, int row, const char *column)
{
    int number = column_named(rows, column);
    return number >= 0 && db_boolean_at(rows, row, number);
}

int64_t
present_number(const struct db_rows *rows, int row, const char *column)
{
    int number = column_named(rows, column);
    return number < 0 ? 0 : db_integer_at(rows, row, number);
}

enum status
present_documents(struct call *call, const struct db_rows *rows, int row, size_t *ret_count,
                  Submissions__AttachedDocument ***ret_documents)
{
    static const char *const COLUMNS[] = {"document_ids", "document_names", "document_sizes", "document_pages"};
    enum { IDS, NAMES, SIZES, PAGES, COUNT };
    char **cells[COUNT];
    size_t counts[COUNT] = {0};
    int first = column_named(rows, COLUMNS[IDS]);
    if (first < 0 || db_is_null_at(rows, row, first))
        return STATUS_OK;
    for (int i = 0; i < COUNT; i++) {
        int column = column_named(rows, COLUMNS[i]);
        enum status status =
            column < 0 ? STATUS_INTERNAL : db_text_array_at(rows, row, column, call->arena, &cells[i], &counts[i]);
        if (status != STATUS_OK || counts[i] != counts[IDS])
            return status != STATUS_OK ? status : STATUS_INTERNAL;
    }
    Submissions__AttachedDocument **documents = arena_take(call->arena, (counts[IDS] + 1) * sizeof(*documents));
    for (size_t i = 0; documents && i < counts[IDS]; i++) {
        documents[i] = arena_take(call->arena, sizeof(*documents[i]));
        if (!documents[i])
            return STATUS_TOO_LARGE;
        submissions__attached_document__init(documents[i]);
        documents[i]->document_id = cells[IDS][i];
        documents[i]->file_name = cells[NAMES][i];
        documents[i]->size_bytes = strtoull(cells[SIZES][i], NULL, 10);
        documents[i]->pages = (uint32_t)strtoul(cells[PAGES][i], NULL, 10);
    }
    if (!documents)
        return STATUS_TOO_LARGE;
    *ret_count = counts[IDS];
    *ret_documents = documents;
    return STATUS_OK;
}

enum status
present_assignment(struct call *call, const struct db_rows *rows, int row, Submissions__Assignment *ret_assignment)
{
    fill_message(&ret_assignment->base, rows, row, call->arena);
    struct evidence evidence = {
        .has_value = *ret_assignment->value != 0,
        .answers_none = rules_answers_none(ret_assignment->value),
        .is_required = ret_assignment->evidence_required,
        .documents = (unsigned)present_number(rows, row, "document_count"),
    };
    // Only while there is something left to do: what was sent lacks nothing.
    enum state state = rules_state_named(ret_assignment->state);
    if (state == STATE_REJECTED)
        ret_assignment->not_ready_because = "unchanged";
    else if (rules_may(ACT_SAVE, state))
        ret_assignment->not_ready_because = rules_missing(&evidence);
    return present_documents(call, rows, row, &ret_assignment->n_documents, &ret_assignment->documents);
}
