// Rounds: planned, changed and closed by the administrator.
#include <stdlib.h>
#include <string.h>

#include "check_programme.h"
#include "present.h"
#include "submissions_rpc.h"

static const struct message UNKNOWN_ROUND = {"not_found", "Такого периода сбора нет: обновите список.",
                                             "There is no such round: refresh the list."};
static const struct message DUE_TOO_EARLY = {"due_too_early", "Срок не может быть раньше открытия.",
                                             "The due date cannot be before the opening."};
static const struct message CLOSED_TOO_EARLY = {"closed_too_early", "Дата закрытия ввода не может быть раньше срока.",
                                                "The last day of input cannot be before the due date."};
static const struct message TOO_LONG = {"too_long", "Период сбора не может быть длиннее двух календарных лет.",
                                        "A round cannot reach beyond the next calendar year."};
static const struct message IS_OVER = {"round_is_over", "Эта дата уже прошла: укажите сегодняшний день или позже.",
                                       "This day has passed: give today or later."};

static enum status
refuse_days(struct call *call, enum days_problem problem)
{
    switch (problem) {
    case DAYS_DUE_TOO_EARLY:
        return fail_field(call, "dueOn", &DUE_TOO_EARLY);
    case DAYS_CLOSED_TOO_EARLY:
        return fail_field(call, "closedUntil", &CLOSED_TOO_EARLY);
    case DAYS_NOT_DATES:
    case DAYS_TOO_LONG:
        return fail_field(call, "closedUntil", &TOO_LONG);
    case DAYS_GOOD:
        break;
    }
    return STATUS_OK;
}

static enum status
check_items(struct call *call, const Submissions__CreateRoundRequest *request)
{
    static const struct message UNKNOWN_RULE = {"unknown_evidence_rule",
                                                "Правило подтверждения: пусто, required или waived.",
                                                "The rule of evidence is empty, required or waived."};
    static const struct message DUPLICATE = {"duplicate", "Показатель уже указан в этом периоде сбора.",
                                             "The round has this item already."};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < request->n_items; i++) {
        const Submissions__RoundItem *item = request->items[i];
        const char *path = arena_format(call->arena, "items[%zu]", i);
        const char *rule_path = arena_format(call->arena, "items[%zu].evidenceRule", i);
        const char *code_path = arena_format(call->arena, "items[%zu].code", i);
        if (!path || !rule_path || !code_path)
            return STATUS_TOO_LARGE;
        enum status found = check_participants(call, path, item->participants);
        if (*item->evidence_rule && strcmp(item->evidence_rule, "required") != 0 &&
            strcmp(item->evidence_rule, "waived") != 0)
            found = fail_field(call, rule_path, &UNKNOWN_RULE);
        for (size_t j = 0; j < i; j++)
            if (strcmp(request->items[j]->code, item->code) == 0)
                found = fail_field(call, code_path, &DUPLICATE);
        status = found == STATUS_OK ? status : found;
    }
    return status;
}

// Positions in `column`, counted from 1, become violations of items[n].
static enum status
refuse_positions(struct call *call, const struct db_rows *rows, const char *column, const char *field,
                 const struct message *message)
{
    char **positions;
    size_t count = 0;
    for (int i = 0; i < rows->columns; i++)
        if (strcmp(db_column_name(rows, i), column) == 0 &&
            db_text_array_at(rows, 0, i, call->arena, &positions, &count) != STATUS_OK)
            return STATUS_TOO_LARGE;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count; i++) {
        const char *path = arena_format(call->arena, "items[%ld].%s", strtol(positions[i], NULL, 10) - 1, field);
        status = path ? fail_field(call, path, message) : STATUS_TOO_LARGE;
    }
    return status;
}

static enum status
check_against_programme(struct call *call, const Submissions__CreateRoundRequest *request,
                        const char **ret_programme_id)
{
    static const struct message NO_PROGRAMME = {"unknown_programme", "Такой программы нет: сначала загрузите её.",
                                                "There is no such programme: load it first."};
    static const struct message UNKNOWN_ITEM = {"unknown_item", "Показателя с таким кодом в программе нет.",
                                                "The programme has no item with this code."};
    static const struct message NOBODY = {"no_participants",
                                          "Участники не заданы ни в программе, ни здесь: укажите их.",
                                          "Neither the programme nor the round names participants: name them."};
    struct db_rows rows;
    enum status status = store_check_round(call, request, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return fail_field(call, "programmeCode", &NO_PROGRAMME);
    if (request->n_items == 0 && !present_flag(&rows, 0, "has_items"))
        return fail_field(call, "items", &NOBODY);
    status = refuse_positions(call, &rows, "unknown", "code", &UNKNOWN_ITEM);
    enum status silent = refuse_positions(call, &rows, "silent", "participants", &NOBODY);
    if (strcmp(request->closed_until, present_text(&rows, 0, "today")) < 0)
        silent = fail_field(call, "closedUntil", &IS_OVER);
    *ret_programme_id = present_text(&rows, 0, "programme_id");
    return silent == STATUS_OK ? status : silent;
}

static enum status
present_round(struct call *call, const struct db_rows *rows, int row, Submissions__Round *reply)
{
    fill_message(&reply->base, rows, row, call->arena);
    reply->letter = arena_take(call->arena, sizeof(*reply->letter));
    if (!reply->letter)
        return STATUS_TOO_LARGE;
    submissions__letter__init(reply->letter);
    reply->letter->number = present_text(rows, row, "letter_number");
    reply->letter->date = present_text(rows, row, "letter_date");
    reply->letter->title = present_text(rows, row, "letter_title");
    return STATUS_OK;
}

enum status
handle_create_round(struct call *call, const Submissions__CreateRoundRequest *request, Submissions__Round *reply)
{
    enum status status = check_items(call, request);
    enum status days = refuse_days(call, rules_check_days(request->opens_on, request->due_on, request->closed_until));
    if (status != STATUS_OK || days != STATUS_OK)
        return status == STATUS_OK ? days : status;
    const char *programme_id = NULL;
    status = check_against_programme(call, request, &programme_id);
    if (status != STATUS_OK)
        return status;
    const char *round_id = NULL;
    status = store_insert_round(call, request, programme_id, &round_id);
    if (status != STATUS_OK)
        return status;
    struct db_rows rows;
    status = store_find_round(call, round_id, &rows);
    return status == STATUS_OK ? present_round(call, &rows, 0, reply) : status;
}

enum status
handle_get_round(struct call *call, const Submissions__GetRoundRequest *request, Submissions__Round *reply)
{
    struct db_rows rows;
    enum status status = store_find_round(call, request->round_id, &rows);
    if (status != STATUS_OK)
        return status;
    return rows.count == 0 ? fail(call, STATUS_NOT_FOUND, &UNKNOWN_ROUND) : present_round(call, &rows, 0, reply);
}

enum status
handle_list_rounds(struct call *call, const Submissions__ListRoundsRequest *request,
                   Submissions__ListRoundsReply *reply)
{
    struct db_rows rows;
    enum status status = store_list_rounds(call, request->programme_code, &rows);
    if (status != STATUS_OK)
        return status;
    status = fill_list(call, &rows, &submissions__round__descriptor, &reply->n_rounds, &reply->rounds);
    for (int row = 0; status == STATUS_OK && row < rows.count; row++)
        status = present_round(call, &rows, row, reply->rounds[row]);
    return status;
}

// Only days that the request names can be wrong.
static enum status
check_change(struct call *call, const Submissions__ChangeRoundRequest *request, const struct db_rows *rows)
{
    static const struct message NOTHING = {"nothing_to_change", "Укажите новый срок, дату закрытия ввода или закрытие.",
                                           "Name a new due date, a new last day of input, or close the round."};
    static const struct message CLOSED = {"round_closed", "Период сбора уже закрыт и больше не меняется.",
                                          "The round is closed and does not change any more."};
    static const struct message STALE = {"stale", "Период сбора уже изменён: сейчас версия %lld. Обновите его.",
                                         "The round was changed meanwhile: it is at version %lld now. Reload it."};
    if (present_number(rows, 0, "version") != request->expected_version)
        return fail_with(call, STATUS_STALE, &STALE, (long long)present_number(rows, 0, "version"));
    if (strcmp(present_text(rows, 0, "state"), "closed") == 0)
        return fail(call, STATUS_CONFLICT, &CLOSED);
    if (!request->close && !*request->due_on && !*request->closed_until)
        return fail_field(call, "dueOn", &NOTHING);
    const char *due_on = *request->due_on ? request->due_on : present_text(rows, 0, "due_on");
    const char *closed_until = *request->closed_until ? request->closed_until : present_text(rows, 0, "closed_until");
    return refuse_days(call, rules_check_days(present_text(rows, 0, "opens_on"), due_on, closed_until));
}

enum status
handle_change_round(struct call *call, const Submissions__ChangeRoundRequest *request, Submissions__Round *reply)
{
    struct db_rows rows;
    enum status status = store_find_round(call, request->round_id, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return fail(call, STATUS_NOT_FOUND, &UNKNOWN_ROUND);
    status = check_change(call, request, &rows);
    if (status == STATUS_OK)
        status = store_change_round(call, request, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return fail(call, STATUS_NOT_FOUND, &UNKNOWN_ROUND);
    // Of a round that never opened nobody has heard, and whom it asks is a forecast, made anew.
    bool was_open = strcmp(present_text(&rows, 0, "state_before"), "open") == 0;
    if (!was_open)
        status = store_find_round(call, request->round_id, &rows);
    if (status == STATUS_OK)
        status = present_round(call, &rows, 0, reply);
    if (status != STATUS_OK || !was_open)
        return status;
    Events__RoundChanged event = EVENTS__ROUND_CHANGED__INIT;
    fill_message(&event.base, &rows, 0, call->arena);
    event.closed = request->close;
    return emit(call, &event.base);
}
