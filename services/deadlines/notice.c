// One notice: its words, its rows, and word of it to others.
#include "notice.h"

enum status
give_notice(struct call *call, const struct notice_facts *facts, struct notice notice)
{
    struct notice_words words;
    if (!facts->zone_words || !notice.cause || !rules_notice_words(call->arena, facts, &words))
        return STATUS_TOO_LARGE;
    notice.kind = facts->kind;
    notice.title = words.title;
    notice.text = words.text;
    struct db_rows rows;
    enum status status = store_notice(call, &notice, &rows);
    for (int row = 0; status == STATUS_OK && row < rows.count; row++) {
        Events__NotificationCreated event = EVENTS__NOTIFICATION_CREATED__INIT;
        fill_message(&event.base, &rows, row, call->arena);
        status = emit(call, &event.base);
    }
    return status;
}
