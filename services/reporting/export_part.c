#include "export_part.h"

#include <stdlib.h>
#include <string.h>

#include "vekha/paper/paper.h"

static const char KINDS[] = {[CELL_NOTHING] = '-', [CELL_TEXT] = 't',   [CELL_NUMBER] = 'n', [CELL_PERCENT] = 'p',
                             [CELL_DAY] = 'd',     [CELL_MOMENT] = 'm', [CELL_VALUE] = 'v'};

void
export_part_add(struct buffer *body, size_t sheet, bool is_sum, const struct export_cell *cells, size_t count)
{
    buffer_add_format(body, "%zu%c", sheet, is_sum ? 's' : 'r');
    for (size_t i = 0; i < count; i++) {
        buffer_add_char(body, '\t');
        buffer_add_char(body, KINDS[cells[i].shown]);
        paper_escape(body, cells[i].text);
    }
    buffer_add_char(body, '\n');
}

static bool
take_cell(struct export_cell *cell, const char *field)
{
    const char *kind = *field ? memchr(KINDS, *field, sizeof KINDS) : NULL;
    if (!kind)
        return false;
    *cell = (struct export_cell){(unsigned)(kind - KINDS), field + 1, 0};
    if (cell->shown == CELL_NUMBER || cell->shown == CELL_PERCENT || cell->shown == CELL_VALUE)
        cell->number = strtod(cell->text, NULL);
    return true;
}

bool
export_part_next(char **at, struct export_line *line)
{
    char *fields[PAPER_FIELDS_MAX], *end = strchr(*at, '\n');
    if (!end)
        return false;
    *end = '\0';
    size_t count = paper_split(*at, fields);
    *at = end + 1;
    if (count == 0 || count > EXPORT_COLUMNS_MAX || strlen(fields[0]) != 2)
        return false;
    line->sheet = (size_t)(fields[0][0] - '0');
    line->is_sum = fields[0][1] == 's';
    line->count = count - 1;
    for (size_t i = 0; i < line->count; i++)
        if (!take_cell(&line->cells[i], fields[i + 1]))
            return false;
    return true;
}
