// Reading cells of a result, and arrays and bytes in PostgreSQL's text forms.
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "internal.h"
#include "vekha/base/text.h"

static bool
has_cell(const struct db_rows *rows, int row, int column)
{
    return rows->result && row >= 0 && row < rows->count && column >= 0 && column < rows->columns;
}

const char *
db_text_at(const struct db_rows *rows, int row, int column)
{
    return has_cell(rows, row, column) ? PQgetvalue(rows->result, row, column) : "";
}

int64_t
db_integer_at(const struct db_rows *rows, int row, int column)
{
    return strtoll(db_text_at(rows, row, column), NULL, 10);
}

bool
db_boolean_at(const struct db_rows *rows, int row, int column)
{
    return *db_text_at(rows, row, column) == 't';
}

bool
db_is_null_at(const struct db_rows *rows, int row, int column)
{
    return !has_cell(rows, row, column) || PQgetisnull(rows->result, row, column);
}

const void *
db_bytes_at(const struct db_rows *rows, int row, int column, struct arena *arena, size_t *ret_size)
{
    const char *text = db_text_at(rows, row, column);
    text += strncmp(text, "\\x", 2) == 0 ? 2 : 0;
    size_t size = strlen(text) / 2;
    void *bytes = arena_take(arena, size + 1);
    if (!bytes || !text_from_hex(text, bytes, size))
        return NULL;
    *ret_size = size;
    return bytes;
}

const char *
db_column_name(const struct db_rows *rows, int column)
{
    return rows->result && column >= 0 && column < rows->columns ? PQfname(rows->result, column) : "";
}

// An upper bound of the items: one more than the commas.
static size_t
count_commas(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += *text == ',';
    return count;
}

// One item of an array's text, quoted or bare, unescaped to `out`. Returns what follows it, NULL when it is malformed.
static const char *
read_item(const char *text, char *out)
{
    bool is_quoted = *text == '"';
    char *start = out;
    if (is_quoted)
        text++;
    while (*text && (is_quoted ? *text != '"' : *text != ',' && *text != '}')) {
        if (*text == '\\')
            text++;
        else if (!is_quoted && (*text == '{' || *text == '"'))
            return NULL; // an array of arrays
        if (*text == '\0')
            return NULL;
        *out++ = *text++;
    }
    *out = '\0';
    if (is_quoted)
        return *text == '"' ? text + 1 : NULL;
    if (out == start)
        return NULL;
    if (strcasecmp(start, "NULL") == 0)
        *start = '\0';
    return text;
}

enum status
db_text_array_at(const struct db_rows *rows, int row, int column, struct arena *arena, char ***ret_items,
                 size_t *ret_count)
{
    const char *text = db_text_at(rows, row, column);
    size_t count = 0;
    char **items = arena_take(arena, (count_commas(text) + 1) * sizeof *items);
    char *characters = arena_take(arena, strlen(text) * 2 + 1);
    if (!items || !characters)
        return STATUS_TOO_LARGE;
    bool is_null = *text == '\0';
    if (!is_null && *text++ != '{')
        return STATUS_INVALID;
    while (!is_null && *text != '}') {
        items[count++] = characters;
        text = read_item(text, characters);
        if (!text || (*text != ',' && *text != '}') || (text[0] == ',' && text[1] == '}'))
            return STATUS_INVALID;
        characters += strlen(characters) + 1;
        text += *text == ',';
    }
    if (!is_null && text[1] != '\0')
        return STATUS_INVALID;
    *ret_items = items;
    *ret_count = count;
    return STATUS_OK;
}

const char *
db_text_array(struct arena *arena, char *const *items, size_t count)
{
    size_t size = sizeof "{}";
    for (size_t i = 0; i < count; i++)
        size += items[i] ? strlen(items[i]) * 2 + sizeof "\"\"," : sizeof "NULL,";
    char *literal = arena_take(arena, size), *out = literal;
    if (!literal)
        return NULL;
    *out++ = '{';
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            *out++ = ',';
        if (!items[i]) {
            memcpy(out, "NULL", 4);
            out += 4;
            continue;
        }
        *out++ = '"';
        for (const char *c = items[i]; *c; c++) {
            if (*c == '"' || *c == '\\')
                *out++ = '\\';
            *out++ = *c;
        }
        *out++ = '"';
    }
    *out++ = '}';
    return literal;
}

enum status
db_text_columns(struct arena *arena, const char *const *rows, size_t row_count, size_t columns,
                struct db_param *ret_params)
{
    char **items = arena_take(arena, (row_count + 1) * sizeof *items);
    if (!items)
        return STATUS_BUSY;
    for (size_t column = 0; column < columns; column++) {
        for (size_t row = 0; row < row_count; row++) {
            const char *text = rows[row * columns + column];
            items[row] = text && *text ? (char *)(uintptr_t)text : NULL;
        }
        const char *literal = db_text_array(arena, items, row_count);
        if (!literal)
            return STATUS_BUSY;
        ret_params[column] = db_text(literal);
    }
    return STATUS_OK;
}
