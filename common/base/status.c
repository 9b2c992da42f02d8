// The tables behind status.h, made from its one list.
#include "vekha/base/status.h"

#include <stddef.h>

static const struct {
    int http_code;
    const char *code;
} rows[] = {
#define VEKHA_STATUS_ROW(name, http, text) {http, text},
    VEKHA_STATUS_LIST(VEKHA_STATUS_ROW)
#undef VEKHA_STATUS_ROW
};

_Static_assert(sizeof rows / sizeof *rows == STATUS_COUNT, "one row for each status");

// Numbers come from the wire: one of a newer version is an internal error here.
static size_t
row_of(enum status status)
{
    return (unsigned)status < STATUS_COUNT ? (size_t)status : STATUS_INTERNAL;
}

int
status_http_code(enum status status)
{
    return rows[row_of(status)].http_code;
}

const char *
status_code(enum status status)
{
    return rows[row_of(status)].code;
}
