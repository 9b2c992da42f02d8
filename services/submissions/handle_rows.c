// Answers that are tables: rows of text and numbers (S1.11, B9, B22).
#include <string.h>

#include "draft.h"
#include "present.h"
#include "refuse.h"
#include "submissions_rpc.h"
#include "vekha/base/text.h"

static const struct message WRONG_WIDTH = {"wrong_width",
                                           "В строке должно быть столько ячеек, сколько столбцов в таблице.",
                                           "A row has as many cells as the table has columns."};
static const struct message EMPTY_ROW = {"required", "Заполните строку или удалите её.",
                                         "Fill in the row or remove it."};
static const struct message NOT_A_NUMBER = {"not_decimal", "В этом столбце ожидается число, например 28,33.",
                                            "This column takes a number, for example 28.33."};

static enum status
fail_cell(struct call *call, size_t row, size_t cell, const struct message *message)
{
    const char *path = arena_format(call->arena, "rows[%zu].cells[%zu]", row, cell);
    return path ? fail_field(call, path, message) : STATUS_TOO_LARGE;
}

// Numbers are kept as numbers are (F14); a cell may stay empty, a row may not.
static enum status
read_row(struct call *call, size_t number, const Submissions__TableRow *row, char **kinds, size_t column_count,
         const char **ret_cells)
{
    const char *path = arena_format(call->arena, "rows[%zu]", number);
    if (!path)
        return STATUS_TOO_LARGE;
    if (row->n_cells != column_count)
        return fail_field(call, path, &WRONG_WIDTH);
    enum status status = STATUS_OK;
    bool is_empty = true;
    for (size_t i = 0; i < column_count; i++) {
        bool is_blank = text_is_blank(row->cells[i]);
        ret_cells[i] = is_blank ? "" : row->cells[i];
        is_empty = is_empty && is_blank;
        if (is_blank || strcmp(kinds[i], "number") != 0)
            continue;
        if (text_normalise_decimal(call->arena, row->cells[i], DECIMALS_MAX, &ret_cells[i]) != STATUS_OK)
            status = fail_cell(call, number, i, &NOT_A_NUMBER);
    }
    return is_empty ? fail_field(call, path, &EMPTY_ROW) : status;
}

static enum status
read_rows(struct call *call, const Submissions__SaveRowsRequest *request, const char **ret_json)
{
    struct db_rows columns;
    char **kinds;
    size_t column_count = 0;
    enum status status = store_find_columns(call, request->assignment_id, &columns);
    if (status == STATUS_OK)
        status = columns.count > 0 ? present_list(call, &columns, 0, "column_kinds", &kinds, &column_count)
                                   : STATUS_NOT_FOUND;
    if (status != STATUS_OK)
        return status;
    const char **lines = arena_take(call->arena, (request->n_rows + 1) * sizeof(const char *));
    const char **cells = arena_take(call->arena, (column_count + 1) * sizeof(const char *));
    if (!lines || !cells)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < request->n_rows; i++) {
        enum status found = read_row(call, i, request->rows[i], kinds, column_count, cells);
        status = found == STATUS_OK ? status : found;
        lines[i] = found == STATUS_OK ? db_text_array(call->arena, (char *const *)(uintptr_t)cells, column_count) : "";
        if (!lines[i])
            return STATUS_TOO_LARGE;
    }
    return status == STATUS_OK ? store_rows_as_json(call, lines, request->n_rows, ret_json) : status;
}

enum status
handle_save_rows(struct call *call, const Submissions__SaveRowsRequest *request, Submissions__SavedValue *reply)
{
    struct db_rows rows;
    enum status status =
        store_find_situation(call, request->assignment_id, call->principal->organisation_id, true, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return refuse_unknown(call);
    struct situation now = situation_of(&rows, 0);
    struct answer answer = {.kind = KIND_TABLE, .value = "", .second_value = "", .percent = ""};
    enum refusal refusal = rules_refuse_save(&now, request->expected_version, &answer);
    if (refusal != REFUSAL_NONE)
        return refuse_with(call, refusal, &rows);
    status = read_rows(call, request, &answer.value);
    if (status != STATUS_OK)
        return status;
    Submissions__SaveValueRequest save = SUBMISSIONS__SAVE_VALUE_REQUEST__INIT;
    save.assignment_id = request->assignment_id;
    save.expected_version = request->expected_version;
    save.comment = request->comment;
    struct value_to_save value = {&save, answer, call->principal->organisation_id, call->principal->account_id};
    status = store_save_values(call, &value, 1, &rows);
    if (status != STATUS_OK)
        return status;
    return rows.count == 0 ? refuse_with(call, REFUSAL_NONE, &rows) : present_saved(call, &value, &rows, 0, reply);
}
