// A coordinator reminds an organisation of what it owes a round: one announcement with the list (S2.62).
#include "message_answer.h"
#include "rules_reminder.h"
#include "store_reminders.h"

static const struct message NOT_FOUND = {"not_found", "Такой организации или периода сбора в вашей территории нет.",
                                         "There is no such organisation or collection period in your territory."};
static const struct message CLOSED = {"round_closed", "Период сбора закрыт: напоминать уже не о чем.",
                                      "The collection period is closed: there is nothing to remind of."};
static const struct message NO_ACCOUNT = {"no_account",
                                          "У организации %s нет учётной записи: напомнить можно только по телефону.",
                                          "%s has no account: it can be reminded by phone only."};
static const struct message TODAY = {"reminded_today", "Организации %s сегодня уже напоминали. Напомнить ещё раз?",
                                     "%s has been reminded today. Remind it again?"};
static const struct message UNKNOWN_STATE = {"unknown_state",
                                             "Состояние: not_started, in_work, returned, not_activated или not_chosen.",
                                             "A state is not_started, in_work, returned, not_activated or not_chosen."};

static enum status
check_items(struct call *call, const Deadlines__RemindRequest *request, struct reminder_item *items)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < request->n_items; i++) {
        const Deadlines__ReminderItem *item = request->items[i];
        items[i] = (struct reminder_item){item->section_title, item->question, item->state, item->due_on};
        if (rules_is_reminder_state(item->state))
            continue;
        const char *field = arena_format(call->arena, "items[%zu].state", i);
        status = field ? fail_field(call, field, &UNKNOWN_STATE) : STATUS_TOO_LARGE;
    }
    return status;
}

static enum status
check_reminded(struct call *call, const Deadlines__RemindRequest *request, const struct db_rows *rows)
{
    if (rows->count == 0)
        return fail(call, STATUS_NOT_FOUND, &NOT_FOUND);
    const char *name = db_text_at(rows, 0, REMINDED_NAME);
    if (db_boolean_at(rows, 0, REMINDED_CLOSED))
        return fail(call, STATUS_CONFLICT, &CLOSED);
    if (!db_boolean_at(rows, 0, REMINDED_HAS_ACCOUNT))
        return fail_with(call, STATUS_CONFLICT, &NO_ACCOUNT, name);
    if (db_boolean_at(rows, 0, REMINDED_TODAY) && !request->again)
        return fail_with(call, STATUS_CONFLICT, &TODAY, name);
    return STATUS_OK;
}

static enum status
send_reminder(struct call *call, const Deadlines__RemindRequest *request, const struct db_rows *rows,
              const struct reminder_item *items, const char **ret_message_id)
{
    const char *round_name = db_text_at(rows, 0, REMINDED_ROUND_NAME);
    const struct reminder_facts facts = {
        .round_name = round_name,
        .day = db_text_at(rows, 0, REMINDED_DAY),
        .hour = db_text_at(rows, 0, REMINDED_HOUR),
        .zone_words = rules_zone_words(call->arena, db_text_at(rows, 0, REMINDED_ZONE),
                                       (int)db_integer_at(rows, 0, REMINDED_ZONE_MINUTES)),
        .items = items,
        .count = request->n_items,
    };
    const struct reminder_words words = {
        .subject = arena_format(call->arena, "Напоминание: %s", round_name),
        .text = facts.zone_words ? rules_reminder_text(call->arena, &facts) : NULL,
        .link_title = "Перейти к показателям",
        .link_address = arena_format(call->arena, "/indicators?round=%s", request->round_id),
    };
    if (!words.subject || !words.text || !words.link_address)
        return STATUS_TOO_LARGE;
    int64_t addressed = 0;
    enum status status = store_reminder(call, request, &words, ret_message_id);
    if (status == STATUS_OK)
        status = store_address_message(call, *ret_message_id, &addressed);
    return status == STATUS_OK ? tell_sent(call, *ret_message_id, addressed) : status;
}

enum status
handle_remind(struct call *call, const Deadlines__RemindRequest *request, Deadlines__Reminder *reply)
{
    struct db_rows rows;
    struct reminder_item *items = arena_take(call->arena, (request->n_items + 1) * sizeof(*items));
    if (!items)
        return STATUS_TOO_LARGE;
    enum status status = check_items(call, request, items);
    if (status == STATUS_OK)
        status = store_hold_reminders(call, request->round_id, request->organisation_id);
    if (status == STATUS_OK)
        status = store_get_reminded(call, request->round_id, request->organisation_id, &rows);
    if (status == STATUS_OK)
        status = check_reminded(call, request, &rows);
    if (status == STATUS_OK)
        status = send_reminder(call, request, &rows, items, &reply->message_id);
    reply->organisation_id = request->organisation_id;
    reply->at = call->now;
    reply->today = true;
    reply->author_name = call->principal->display_name;
    return status;
}

enum status
handle_list_reminders(struct call *call, const Deadlines__ListRemindersRequest *request,
                      Deadlines__ListRemindersReply *reply)
{
    struct db_rows rows;
    enum status status = store_list_reminders(call, request, &rows);
    if (status != STATUS_OK)
        return status;
    return fill_list(call, &rows, &deadlines__reminder__descriptor, &reply->n_reminders, &reply->reminders);
}
