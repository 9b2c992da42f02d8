// Waiting commands of one method, carried out by one call of its handler.
#include <string.h>

#include "runtime.h"

// As vekha_in_scope() reads a list: ",74.12.0345,74.13,".
const char *
scope_of_all(struct arena *arena, struct held_call *const *members, size_t count)
{
    const char *first = dispatch_scope(members[0]);
    const char *list = ",";
    bool is_one = true;
    for (size_t i = 0; i < count; i++) {
        const char *scope = dispatch_scope(members[i]);
        if (strcmp(scope, "*") == 0)
            return scope;
        is_one = is_one && strcmp(scope, first) == 0;
        if (*scope && list)
            list = arena_format(arena, "%s%s,", list, scope);
    }
    return is_one ? first : list;
}

enum status
together_run(struct held_call **calls, size_t count, struct db *db)
{
    struct held_call *members[BATCH_MAX] = {calls[0]};
    struct together_call handed[BATCH_MAX];
    size_t member_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct held_call *held = calls[i];
        if (held->is_stored || held->is_handled || held->method != calls[0]->method)
            continue;
        handed[member_count] = (struct together_call){&held->call, held->message, held->reply, STATUS_INTERNAL};
        members[member_count++] = held;
        held->is_handled = true;
        held->refusals_before = held->call.arena->refusals;
    }
    db_set_scope(db, scope_of_all(calls[0]->call.arena, members, member_count));
    enum status status = calls[0]->method->handle_together(handed, member_count);
    for (size_t i = 0; i < member_count; i++) {
        enum status handled = status == STATUS_OK ? handed[i].status : status;
        // Carried out, but too large to answer: that must not stay.
        if (dispatch_finish(members[i], handled) != handled)
            status = members[i]->status;
    }
    return status;
}
