// Addressees of messages get word of them, each once: in the cabinet, by letter, and for the documents that come along.
#include <string.h>

#include "handlers.h"
#include "rules_messages.h"
#include "store_messages.h"

static enum status
emit_created(struct call *call, const struct db_rows *rows)
{
    enum status status = STATUS_OK;
    for (int row = 0; status == STATUS_OK && row < rows->count; row++) {
        Events__NotificationCreated event = EVENTS__NOTIFICATION_CREATED__INIT;
        fill_message(&event.base, rows, row, call->arena);
        status = emit(call, &event.base);
    }
    return status;
}

static enum status
list_at(struct call *call, const struct db_rows *rows, enum word_column column, size_t *ret_count,
        const char ***ret_list)
{
    char **list;
    enum status status = db_text_array_at(rows, 0, (int)column, call->arena, &list, ret_count);
    *ret_list = status == STATUS_OK ? (const char **)(void *)list : NULL;
    return status;
}

// Those whom it has just reached may read what is attached to it.
static enum status
emit_addressed(struct call *call, const struct db_rows *rows)
{
    Events__MessageAddressed event = EVENTS__MESSAGE_ADDRESSED__INIT;
    event.message_id = db_text_at(rows, 0, WORD_MESSAGE_ID);
    enum status status = list_at(call, rows, WORD_DOCUMENTS, &event.n_document_ids, &event.document_ids);
    if (status != STATUS_OK || event.n_document_ids == 0)
        return status;
    status = list_at(call, rows, WORD_ACCOUNTS, &event.n_account_ids, &event.account_ids);
    if (status == STATUS_OK)
        status = list_at(call, rows, WORD_PATHS, &event.n_paths, &event.paths);
    return status == STATUS_OK ? emit(call, &event.base) : status;
}

static struct message_facts
facts_of(struct call *call, const struct db_rows *rows)
{
    return (struct message_facts){
        .about = db_text_at(rows, 0, WORD_ABOUT),
        .kind = db_text_at(rows, 0, WORD_KIND),
        .subject = db_text_at(rows, 0, WORD_SUBJECT),
        .number = db_text_at(rows, 0, WORD_NUMBER),
        .dated_on = db_text_at(rows, 0, WORD_DATED_ON),
        .author_name = db_text_at(rows, 0, WORD_AUTHOR_NAME),
        .author_organisation = db_text_at(rows, 0, WORD_AUTHOR_ORGANISATION),
        .starts_on = db_text_at(rows, 0, WORD_STARTS_ON),
        .starts_time = db_text_at(rows, 0, WORD_STARTS_TIME),
        .zone_words = rules_zone_words(call->arena, db_text_at(rows, 0, WORD_ZONE),
                                       (int)db_integer_at(rows, 0, WORD_ZONE_MINUTES)),
        .recall_reason = db_text_at(rows, 0, WORD_RECALL_REASON),
        .passed_by = db_text_at(rows, 0, WORD_PASSED_BY),
        .passed_words = db_text_at(rows, 0, WORD_PASSED_WORDS),
        .asks_acknowledgement = db_boolean_at(rows, 0, WORD_ASKS_ACKNOWLEDGEMENT),
    };
}

static enum status
give_word(struct call *call, const struct db_rows *rows)
{
    const struct message_facts facts = facts_of(call, rows);
    struct message_words words;
    if (!facts.zone_words || !rules_message_words(call->arena, &facts, &words))
        return STATUS_TOO_LARGE;
    bool is_reminder = strcmp(facts.about, "day_before") == 0 || strcmp(facts.about, "hour_before") == 0;
    const char *message_id = db_text_at(rows, 0, WORD_MESSAGE_ID);
    const char *cabinet = config_text(call->config, "cabinet_address");
    const struct message_notice notice = {
        .kind = rules_kind_name(is_reminder ? NOTICE_CONSULTATION_SOON : NOTICE_MESSAGE),
        .cause = arena_format(call->arena, "message:%s:%s", message_id,
                              strcmp(facts.about, "passed") == 0 ? "sent" : facts.about),
        .message_id = message_id,
        .title = words.title,
        .text = words.text,
        .letter = *cabinet ? arena_format(call->arena, "%s\n\n%s/messages/%s", words.text, cabinet, message_id)
                           : arena_format(call->arena, "%s\n\nОткройте сообщение в своём кабинете.", words.text),
        .accounts = db_text_at(rows, 0, WORD_ACCOUNTS),
    };
    struct db_rows created;
    if (!notice.cause || !notice.letter)
        return STATUS_TOO_LARGE;
    enum status status = store_tell_addressees(call, &notice, &created);
    return status == STATUS_OK ? emit_created(call, &created) : status;
}

enum status
job_give_words(struct call *call, bool *ret_again)
{
    struct db_rows rows;
    enum status status = store_take_message_timers(call);
    if (status == STATUS_OK)
        status = store_take_words(call, &rows);
    if (status != STATUS_OK || rows.count == 0)
        return status;
    const char *about = db_text_at(&rows, 0, WORD_ABOUT);
    status = give_word(call, &rows);
    if (status == STATUS_OK && (strcmp(about, "sent") == 0 || strcmp(about, "passed") == 0))
        status = emit_addressed(call, &rows);
    *ret_again = status == STATUS_OK;
    return status;
}
