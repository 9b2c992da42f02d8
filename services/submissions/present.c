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
present_list(struct call *call, const struct db_rows *rows, int row, const char *column, char ***ret_items,
             size_t *ret_count)
{
    int number = column_named(rows, column);
    return number < 0 ? STATUS_INTERNAL : db_text_array_at(rows, row, number, call->arena, ret_items, ret_count);
}

enum status
present_due_of(struct call *call, const struct db_rows *rows, int row, const ProtobufCMessageDescriptor *descriptor,
               void *ret_due)
{
    ProtobufCMessage **place = ret_due;
    *place = NULL;
    if (!*present_text(rows, row, "kind"))
        return STATUS_OK;
    ProtobufCMessage *due = arena_take(call->arena, descriptor->sizeof_message);
    if (!due)
        return STATUS_TOO_LARGE;
    protobuf_c_message_init(descriptor, due);
    fill_message(due, rows, row, call->arena);
    *place = due;
    return STATUS_OK;
}

enum status
present_form_of(struct call *call, const struct db_rows *rows, int row, const ProtobufCMessageDescriptor *descriptor,
                void *ret_form)
{
    ProtobufCMessage **place = ret_form;
    char **cells;
    size_t count;
    *place = NULL;
    if (!*present_text(rows, row, "form_cells"))
        return STATUS_OK;
    enum status status = present_list(call, rows, row, "form_cells", &cells, &count);
    if (status != STATUS_OK)
        return status;
    ProtobufCMessage *form = arena_take(call->arena, descriptor->sizeof_message);
    if (!form)
        return STATUS_TOO_LARGE;
    protobuf_c_message_init(descriptor, form);
    for (size_t field = 0; field < count && field < descriptor->n_fields; field++)
        *(const char **)(void *)((char *)form + descriptor->fields[field].offset) = cells[field];
    *place = form;
    return STATUS_OK;
}

enum status
present_pairs_of(struct call *call, const struct db_rows *rows, int row, const char *const columns[2],
                 const ProtobufCMessageDescriptor *descriptor, size_t *ret_count, void *ret_messages)
{
    char **cells[2];
    size_t counts[2] = {0};
    for (size_t i = 0; i < 2; i++) {
        enum status status = present_list(call, rows, row, columns[i], &cells[i], &counts[i]);
        if (status != STATUS_OK)
            return status;
    }
    if (counts[0] != counts[1])
        return STATUS_INTERNAL;
    ProtobufCMessage **messages = arena_take(call->arena, (counts[0] + 1) * sizeof(*messages));
    for (size_t i = 0; messages && i < counts[0]; i++) {
        messages[i] = arena_take(call->arena, descriptor->sizeof_message);
        if (!messages[i])
            return STATUS_TOO_LARGE;
        protobuf_c_message_init(descriptor, messages[i]);
        for (size_t field = 0; field < 2; field++)
            *(const char **)(void *)((char *)messages[i] + descriptor->fields[field].offset) = cells[field][i];
    }
    *ret_count = counts[0];
    *(ProtobufCMessage ***)ret_messages = messages;
    return messages ? STATUS_OK : STATUS_TOO_LARGE;
}

// Found once per result.
struct cabinet_columns {
    int document_count;
    int documents[4]; // ids, names, sizes, pages
};

static struct cabinet_columns
find_columns(const struct db_rows *rows)
{
    static const char *const NAMES[] = {"document_ids", "document_names", "document_sizes", "document_pages"};
    struct cabinet_columns columns = {.document_count = column_named(rows, "document_count")};
    for (size_t i = 0; i < sizeof(NAMES) / sizeof(NAMES[0]); i++)
        columns.documents[i] = column_named(rows, NAMES[i]);
    return columns;
}

static enum status
documents_at(struct call *call, const struct db_rows *rows, int row, const struct cabinet_columns *columns,
             size_t *ret_count, Submissions__AttachedDocument ***ret_documents)
{
    enum { IDS, NAMES, SIZES, PAGES, COUNT };
    char **cells[COUNT];
    size_t counts[COUNT] = {0};
    if (columns->documents[IDS] < 0 || db_is_null_at(rows, row, columns->documents[IDS]))
        return STATUS_OK;
    for (int i = 0; i < COUNT; i++) {
        int column = columns->documents[i];
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
present_documents(struct call *call, const struct db_rows *rows, int row, size_t *ret_count,
                  Submissions__AttachedDocument ***ret_documents)
{
    struct cabinet_columns columns = find_columns(rows);
    return documents_at(call, rows, row, &columns, ret_count, ret_documents);
}

// What no column says: what is still missing, and the documents.
static enum status
complete(struct call *call, const struct db_rows *rows, int row, const struct cabinet_columns *columns,
         Submissions__Assignment *assignment)
{
    struct evidence evidence = {
        .has_value = *assignment->value != 0,
        .answers_none = rules_answers_none(assignment->value),
        .is_required = assignment->evidence_required,
        .no_value = rules_kind_named(assignment->value_kind) == KIND_DOCUMENTS,
        .documents = columns->document_count < 0 ? 0 : (unsigned)db_integer_at(rows, row, columns->document_count),
    };
    // Only while there is something left to do: what was sent lacks nothing.
    enum state state = rules_state_named(assignment->state);
    if (state == STATE_REJECTED)
        assignment->not_ready_because = "unchanged";
    else if (rules_may(ACT_SAVE, state))
        assignment->not_ready_because = rules_missing(&evidence);
    enum status status = present_form(call, rows, row, &submissions__form__descriptor, &assignment->form);
    if (status != STATUS_OK)
        return status;
    return documents_at(call, rows, row, columns, &assignment->n_documents, &assignment->documents);
}

enum status
present_assignment(struct call *call, const struct db_rows *rows, int row, Submissions__Assignment *ret_assignment)
{
    struct cabinet_columns columns = find_columns(rows);
    fill_message(&ret_assignment->base, rows, row, call->arena);
    return complete(call, rows, row, &columns, ret_assignment);
}

enum status
present_assignments(struct call *call, const struct db_rows *rows, size_t *ret_count,
                    Submissions__Assignment ***ret_assignments)
{
    struct cabinet_columns columns = find_columns(rows);
    size_t count;
    if (!*present_text(rows, 0, "assignment_id"))
        return STATUS_OK;
    enum status status = fill_list(call, rows, &submissions__assignment__descriptor, &count, ret_assignments);
    for (size_t row = 0; status == STATUS_OK && row < count; row++)
        status = complete(call, rows, (int)row, &columns, (*ret_assignments)[row]);
    *ret_count = status == STATUS_OK ? count : 0;
    return status;
}
