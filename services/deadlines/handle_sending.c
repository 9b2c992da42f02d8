// Messages sent and recalled.
#include <string.h>

#include "message_answer.h"
#include "rules_messages.h"
#include "vekha/base/text.h"
#include "vekha/base/time.h"

static const struct message MISSING = {"required", "Заполните это поле перед отправкой.",
                                       "Fill in this field before sending."};
static const struct message NO_LEVELS = {"no_addressees", "Выберите, кому отправить.", "Choose who shall get it."};
static const struct message NOBODY = {"nobody", "По этому выбору получателей нет: измените уровни или территорию.",
                                      "Nobody fits this choice: change the levels or the territory."};
static const struct message IN_THE_PAST = {"in_the_past", "Начало консультации уже прошло. Укажите будущее время.",
                                           "The consultation's beginning has passed. Give a moment to come."};
static const struct message NUMBER_TAKEN = {"number_taken",
                                            "Документ с таким номером в этом году уже есть. Укажите другой номер.",
                                            "There is a document with this number this year. Give another one."};
static const struct message STILL_CHECKED = {"documents_not_there_yet",
                                             "Приложения ещё проверяются. Повторите через несколько секунд.",
                                             "The attachments are still being checked. Try again in a few seconds."};
static const struct message NOT_SENT = {"not_sent", "Отозвать можно только своё отправленное сообщение.",
                                        "Only a message of your own that was sent can be recalled."};

static void
need(struct call *call, const char *value, const char *field, enum status *status)
{
    if (text_is_blank(value))
        *status = fail_field(call, field, &MISSING);
}

static enum status
check_consultation(struct call *call, const Deadlines__Message *message)
{
    const Deadlines__MessageContent *content = message->content;
    enum status status = STATUS_OK;
    int64_t starts_ms;
    need(call, content->starts_on, "content.startsOn", &status);
    need(call, content->starts_time, "content.startsTime", &status);
    if (content->duration_minutes == 0)
        status = fail_field(call, "content.durationMinutes", &MISSING);
    if (!content->connection ||
        (text_is_blank(content->connection->link) && text_is_blank(content->connection->conference_id)))
        status = fail_field(call, "content.connection.link", &MISSING);
    if (status == STATUS_OK && (time_parse(message->starts_at, &starts_ms) != STATUS_OK || starts_ms <= call->now_ms))
        status = fail_field(call, "content.startsOn", &IN_THE_PAST);
    return status;
}

// A draft may lack anything; what is sent may not.
static enum status
check_complete(struct call *call, const Deadlines__Message *message)
{
    const Deadlines__MessageContent *content = message->content;
    enum status status = STATUS_OK;
    need(call, content->subject, "content.subject", &status);
    need(call, content->text, "content.text", &status);
    if (rules_is_signed(content->kind)) {
        need(call, content->signatory_name, "content.signatoryName", &status);
        need(call, content->signatory_position, "content.signatoryPosition", &status);
    }
    if (content->n_levels == 0)
        status = fail_field(call, "content.levels", &NO_LEVELS);
    if (rules_is_consultation(content->kind) && check_consultation(call, message) != STATUS_OK)
        status = STATUS_INVALID;
    return status;
}

static enum status
check_documents(struct call *call, const char *message_id)
{
    uint32_t missing;
    enum status status = store_count_missing_documents(call, message_id, &missing);
    return status == STATUS_OK && missing > 0 ? fail(call, STATUS_NOT_YET, &STILL_CHECKED) : status;
}

enum status
tell_sent(struct call *call, const char *message_id, int64_t addressees)
{
    Events__MessageSent event = EVENTS__MESSAGE_SENT__INIT;
    event.message_id = message_id;
    event.account_id = call->principal->account_id;
    event.at = call->now;
    event.addressees = (uint32_t)addressees;
    return emit(call, &event.base);
}

static enum status
send(struct call *call, const Deadlines__SendMessageRequest *request)
{
    bool done = false;
    enum status status = store_hold_numbers(call);
    if (status == STATUS_OK)
        status = store_send_message(call, request->message_id, request->expected_version, &done);
    if (status == STATUS_CONFLICT)
        return fail_field(call, "content.number", &NUMBER_TAKEN);
    if (status == STATUS_OK && !done)
        return refuse_draft(call, request->message_id);
    int64_t addressed = 0;
    if (status == STATUS_OK)
        status = store_address_message(call, request->message_id, &addressed);
    if (status == STATUS_OK && addressed == 0)
        return fail_field(call, "content.levels", &NOBODY);
    if (status == STATUS_OK)
        status = store_plan_message_reminders(call, request->message_id);
    if (status == STATUS_OK)
        status = tell_sent(call, request->message_id, addressed);
    return status == STATUS_OK ? store_supersede_message(call, request->message_id) : status;
}

enum status
handle_send_message(struct call *call, const Deadlines__SendMessageRequest *request, Deadlines__Message *reply)
{
    Deadlines__Message draft = DEADLINES__MESSAGE__INIT;
    enum status status = answer_message(call, request->message_id, &draft);
    if (status == STATUS_OK && strcmp(draft.state, "draft") != 0)
        return refuse_draft(call, request->message_id);
    if (status == STATUS_OK)
        status = check_complete(call, &draft);
    if (status == STATUS_OK)
        status = check_documents(call, request->message_id);
    if (status == STATUS_OK)
        status = send(call, request);
    return status == STATUS_OK ? answer_message(call, request->message_id, reply) : status;
}

enum status
handle_recall_message(struct call *call, const Deadlines__RecallMessageRequest *request, Deadlines__Message *reply)
{
    Deadlines__Message seen = DEADLINES__MESSAGE__INIT;
    bool done = false;
    enum status status = answer_message(call, request->message_id, &seen);
    if (status == STATUS_OK)
        status = store_recall_message(call, request, &done);
    if (status == STATUS_OK && !done)
        return fail(call, STATUS_CONFLICT, &NOT_SENT);
    return status == STATUS_OK ? answer_message(call, request->message_id, reply) : status;
}
