// Collects violations in the request's arena.
#include "violations.h"

#include <stdarg.h>

void
violations_add(struct violations *violations, const char *field, const struct message *message)
{
    if (violations->count == MAX_VIOLATIONS)
        return;
    Bus__Violation *violation = arena_take(violations->arena, sizeof *violation);
    char *name = arena_copy(violations->arena, field);
    if (violation == NULL || name == NULL)
        return;
    bus__violation__init(violation);
    violation->field = name;
    violation->code = message->code;
    violation->message = violations->english ? message->english : message->russian;
    violations->items[violations->count++] = violation;
}

void
violations_set_detail(struct violations *violations, const struct message *message, ...)
{
    va_list arguments;
    va_start(arguments, message);
    violations->code = message->code;
    violations->detail =
        arena_format_list(violations->arena, violations->english ? message->english : message->russian, arguments);
    va_end(arguments);
}
