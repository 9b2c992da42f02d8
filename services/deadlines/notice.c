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
    return write_notice(call, &notice);
}

enum status
write_notice(struct call *call, const struct notice *notice)
{
    struct db_rows rows;
    enum status status = store_notice(call, notice, &rows);
    for (int row = 0; status == STATUS_OK && row < rows.count; row++) {
        Events__NotificationCreated event = EVENTS__NOTIFICATION_CREATED__INIT;
        fill_message(&event.base, &rows, row, call->arena);
        status = emit(call, &event.base);
    }
    return status;
}

struct notice_facts
told_facts(struct call *call, enum notice_kind kind, const struct db_rows *rows)
{
    return (struct notice_facts){
        .kind = kind,
        .organisation_name = db_text_at(rows, 0, TOLD_ORGANISATION_NAME),
        .round_name = db_text_at(rows, 0, TOLD_ROUND_NAME),
        .due_day = db_text_at(rows, 0, TOLD_DUE_DAY),
        .zone_words = rules_zone_words(call->arena, db_text_at(rows, 0, TOLD_ZONE),
                                       (int)db_integer_at(rows, 0, TOLD_ZONE_MINUTES)),
        .question = db_text_at(rows, 0, TOLD_QUESTION),
    };
}

struct notice
told_notice(const struct db_rows *rows, const char *at)
{
    return (struct notice){
        .round_id = db_text_at(rows, 0, TOLD_ROUND_ID),
        .organisation_id = db_text_at(rows, 0, TOLD_ORGANISATION_ID),
        .path = db_text_at(rows, 0, TOLD_PATH),
        .at = at,
        .items = 1,
        .accounts = db_text_at(rows, 0, TOLD_ACCOUNTS),
        .addresses = db_text_at(rows, 0, TOLD_ADDRESSES),
    };
}
