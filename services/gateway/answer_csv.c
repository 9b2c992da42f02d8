// Tables for clients that accept CSV: rows in the body, what is told beside them in headers.
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "csv_write.h"
#include "exchange.h"
#include "texts.h"

enum { NAME_BYTES = 64, VALUE_BYTES = 256 };

// It comes first in Accept.
static bool
wants_csv(const struct request_head *head)
{
    static const char type[] = "text/csv";
    const char *accept = head_value(head, "Accept");
    return accept != NULL && strncasecmp(accept, type, sizeof type - 1) == 0 &&
           strchr(";, \t", accept[sizeof type - 1]) != NULL;
}

// up_to -> X-Up-To
static void
make_name(const char *field, char out[NAME_BYTES])
{
    snprintf(out, NAME_BYTES, "X-%s", field);
    for (char *c = out; *c; c++) {
        if (*c == '_')
            *c = '-';
        if (c > out && c[-1] == '-')
            *c = (char)toupper((unsigned char)*c);
    }
}

// Values that are no line of a header are left out.
static bool
is_printable(const struct buffer *text)
{
    for (size_t i = 0; i < text->size; i++)
        if (!isprint((unsigned char)text->data[i]))
            return false;
    return text->size > 0 && text->size < VALUE_BYTES;
}

static void
add_headers(struct exchange *exchange, const ProtobufCMessage *reply, const ProtobufCFieldDescriptor *rows)
{
    struct buffer *scratch = &exchange->gateway->scratch;
    for (unsigned i = 0; i < reply->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &reply->descriptor->fields[i];
        char name[NAME_BYTES], value[VALUE_BYTES];
        if (field == rows)
            continue;
        buffer_reset(scratch);
        csv_write_value(scratch, reply, field);
        if (!is_printable(scratch))
            continue;
        memcpy(value, scratch->data, scratch->size);
        value[scratch->size] = '\0';
        make_name(field->name, name);
        answer_header(exchange, name, value);
    }
}

bool
answer_csv(struct exchange *exchange, const ProtobufCMessage *reply)
{
    const ProtobufCFieldDescriptor *rows =
        exchange->match.method->csv && wants_csv(&exchange->head) ? csv_rows_of(reply->descriptor) : NULL;
    if (rows == NULL)
        return false;
    struct buffer *out = &exchange->gateway->scratch;
    buffer_reset(out);
    csv_write(out, reply, rows);
    if (out->overflowed) {
        answer_problem(exchange, 500, &TEXT_INTERNAL);
        return true;
    }
    answer_text(exchange, "text/csv; charset=utf-8; header=present", out);
    add_headers(exchange, reply, rows);
    return true;
}
