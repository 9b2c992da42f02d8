// Lines of a document between a service and vekha-paper.
#include <string.h>

#include "vekha/paper/paper.h"

void
paper_escape(struct buffer *line, const char *field)
{
    for (; *field; field++) {
        if (*field == '\t' || *field == '\n' || *field == '\\')
            buffer_add_char(line, '\\');
        buffer_add_char(line, (char)(*field == '\t' ? 't' : *field == '\n' ? 'n' : *field));
    }
}

static void
unescape(char *field)
{
    char *out = field;
    for (; *field; field++) {
        if (*field == '\\' && field[1])
            field++, *out++ = (char)(*field == 't' ? '\t' : *field == 'n' ? '\n' : *field);
        else
            *out++ = *field;
    }
    *out = '\0';
}

size_t
paper_split(char *line, char *fields[PAPER_FIELDS_MAX])
{
    size_t count = 0;
    for (char *next = line; next; count++) {
        if (count == PAPER_FIELDS_MAX)
            return 0;
        fields[count] = next;
        next = strchr(next, '\t');
        if (next)
            *next++ = '\0';
        unescape(fields[count]);
    }
    return count;
}
