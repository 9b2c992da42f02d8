// The CSV reader: one pass over the text, cells unquoted into one block of the arena.
#include "csv.h"

#include <stdbool.h>
#include <string.h>

#include "vekha/base/text.h"

struct reader {
    const char *at, *end;
    char *out; // where the next cell's text goes
    char delimiter;
    const char **cells;
    unsigned number;
};

static char
find_delimiter(const char *text, const char *end)
{
    static const char CANDIDATES[] = {',', ';', '\t'};
    size_t counts[sizeof(CANDIDATES)] = {0};
    bool quoted = false;
    for (const char *at = text; at < end && (quoted || (*at != '\n' && *at != '\r')); at++) {
        if (*at == '"')
            quoted = !quoted;
        for (size_t i = 0; i < sizeof(CANDIDATES) && !quoted; i++)
            counts[i] += *at == CANDIDATES[i];
    }
    size_t best = 0;
    for (size_t i = 1; i < sizeof(CANDIDATES); i++)
        if (counts[i] > counts[best])
            best = i;
    return CANDIDATES[best];
}

static bool
is_cell_end(const struct reader *reader)
{
    return reader->at == reader->end || *reader->at == reader->delimiter || *reader->at == '\r' || *reader->at == '\n';
}

static enum csv_fault
read_quoted(struct reader *reader)
{
    reader->at++;
    for (;;) {
        const char *quote = memchr(reader->at, '"', (size_t)(reader->end - reader->at));
        if (!quote)
            return CSV_QUOTE_NOT_CLOSED;
        size_t size = (size_t)(quote - reader->at);
        memcpy(reader->out, reader->at, size);
        reader->out += size;
        reader->at = quote + 1;
        if (reader->at == reader->end || *reader->at != '"')
            return is_cell_end(reader) ? CSV_FINE : CSV_TEXT_AFTER_QUOTE;
        *reader->out++ = '"';
        reader->at++;
    }
}

static enum csv_fault
read_cell(struct reader *reader, const char **ret_cell)
{
    char *cell = reader->out;
    if (reader->at < reader->end && *reader->at == '"') {
        enum csv_fault fault = read_quoted(reader);
        if (fault != CSV_FINE)
            return fault;
    } else {
        while (!is_cell_end(reader))
            *reader->out++ = *reader->at++;
    }
    *reader->out++ = '\0';
    *ret_cell = cell;
    return CSV_FINE;
}

static void
skip_line_end(struct reader *reader)
{
    if (reader->at < reader->end && *reader->at == '\r')
        reader->at++;
    if (reader->at < reader->end && *reader->at == '\n')
        reader->at++;
}

static enum csv_fault
read_row(struct reader *reader, struct csv_row *ret_row)
{
    *ret_row = (struct csv_row){.number = ++reader->number, .cells = reader->cells};
    for (;;) {
        if (ret_row->cell_count == CSV_MAX_COLUMNS)
            return CSV_TOO_MANY_COLUMNS;
        enum csv_fault fault = read_cell(reader, &ret_row->cells[ret_row->cell_count]);
        if (fault != CSV_FINE)
            return fault;
        ret_row->cell_count++;
        if (reader->at == reader->end || *reader->at != reader->delimiter)
            break;
        reader->at++;
    }
    reader->cells += ret_row->cell_count;
    skip_line_end(reader);
    return CSV_FINE;
}

static bool
is_blank_row(const struct csv_row *row)
{
    for (size_t i = 0; i < row->cell_count; i++)
        if (!text_is_blank(row->cells[i]))
            return false;
    return true;
}

// Upper bounds, so that one allocation each is enough: every row and cell ends with one of these characters.
static void
count_ends(const struct reader *reader, size_t *ret_rows, size_t *ret_cells)
{
    size_t rows = 1, cells = 1;
    for (const char *at = reader->at; at < reader->end; at++) {
        bool ends_row = *at == '\n' || *at == '\r';
        rows += ends_row;
        cells += ends_row || *at == reader->delimiter;
    }
    *ret_rows = rows;
    *ret_cells = cells;
}

static enum csv_fault
open_reader(struct reader *reader, struct arena *arena, struct csv_table *table)
{
    size_t rows, cells;
    count_ends(reader, &rows, &cells);
    size_t size = (size_t)(reader->end - reader->at);
    reader->out = arena_take(arena, size + cells + 1);
    reader->cells = arena_take(arena, (cells + CSV_MAX_COLUMNS) * sizeof(*reader->cells));
    table->rows = arena_take(arena, rows * sizeof(*table->rows));
    return reader->out && reader->cells && table->rows ? CSV_FINE : CSV_NO_MEMORY;
}

enum csv_fault
csv_parse(struct arena *arena, const char *text, size_t size, struct csv_table *ret_table, unsigned *ret_row)
{
    static const char BYTE_ORDER_MARK[] = "\xef\xbb\xbf";
    struct reader reader = {.at = text, .end = text + size};
    struct csv_table table = {0};
    *ret_row = 1;
    if (!text_is_utf8(text, size))
        return CSV_NOT_UTF8;
    if (size >= 3 && memcmp(text, BYTE_ORDER_MARK, 3) == 0)
        reader.at += 3;
    table.delimiter = reader.delimiter = find_delimiter(reader.at, reader.end);
    enum csv_fault fault = open_reader(&reader, arena, &table);
    if (fault == CSV_FINE)
        fault = read_row(&reader, &table.header);
    if (fault == CSV_FINE && is_blank_row(&table.header))
        fault = CSV_EMPTY;
    while (fault == CSV_FINE && reader.at < reader.end) {
        *ret_row = reader.number + 1;
        if (table.row_count == CSV_MAX_ROWS)
            return CSV_TOO_MANY_ROWS;
        struct csv_row *row = &table.rows[table.row_count];
        fault = read_row(&reader, row);
        if (fault == CSV_FINE && !is_blank_row(row))
            table.row_count++;
    }
    if (fault == CSV_FINE)
        *ret_table = table;
    return fault;
}
