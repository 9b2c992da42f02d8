// Why nothing was changed, in words that say what to do next.
#include "refuse.h"

#include "present.h"

static const struct message UNKNOWN = {"not_found", "Такого показателя в вашем кабинете нет: обновите список.",
                                       "There is no such assignment in your cabinet: refresh the list."};
static const struct message STALE = {
    "stale", "Показатель уже изменён в другом окне: сейчас версия %lld. Обновите его и повторите.",
    "The assignment was changed elsewhere: it is at version %lld now. Reload it and try again."};
static const struct message IN_REVIEW = {
    "in_review", "Показатель на проверке и закрыт для изменений. Отзовите его, пока оператор его не открыл.",
    "The assignment is under review and locked. Withdraw it as long as no operator has opened it."};
static const struct message ACCEPTED = {"accepted", "Значение принято, ввод закрыт. Новые данные ожидаются после %s.",
                                        "The value is accepted, input is closed. New data is expected after %s."};
static const struct message CLOSED = {"round_closed",
                                      "Период сбора закрыт (%s). Дождитесь следующего или обратитесь к администратору.",
                                      "The round is closed (%s). Wait for the next one or ask the administrator."};
static const struct message WRONG_KIND[] = {
    [KIND_NUMBER] = {"wrong_kind", "Этот показатель числовой: введите одно число.",
                     "This item is a number: give one number."},
    [KIND_YES_NO] = {"wrong_kind", "Этот показатель логический: выберите «Да» или «Нет».",
                     "This item is a yes or no: give \"yes\" or \"no\"."},
    [KIND_PERCENT] = {"wrong_kind", "Этот показатель процентный: введите два числа.",
                      "This item is a percentage: give two numbers."},
    [KIND_DOCUMENTS] = {"wrong_kind", "Здесь не вводится значение: приложите документ.",
                        "No value is entered here: attach a document."},
    [KIND_TABLE] = {"wrong_kind", "Здесь заполняется таблица: сохраните её строки.",
                    "This item is a table: save its rows."},
};
static const struct message NO_DATE = {"no_date", "Сначала укажите дату, когда планируете завершить эту работу.",
                                       "Set the day when you mean to finish this work first."};
static const struct message TOO_MANY_DECIMALS = {
    "too_many_decimals", "Слишком много знаков после запятой для этого показателя: округлите значение.",
    "Too many digits after the point for this item: round the value."};
static const struct message NOT_WHOLE = {"too_many_decimals", "Ожидается целое число.", "A whole number is expected."};
static const struct message NOTHING_OF_NOTHING = {
    "zero_whole", "Показатель требует подтверждения, поэтому второе значение должно быть больше нуля.",
    "This item asks for evidence, so the second value has to be above zero."};
static const struct message VALUE_MISSING = {"value_missing", "Сначала введите и сохраните значение.",
                                             "Enter and save a value first."};
static const struct message EVIDENCE_MISSING = {"evidence_missing",
                                                "Загрузите подтверждающий документ и отправьте показатель ещё раз.",
                                                "Upload the evidence document and send the assignment again."};
static const struct message UNCHANGED = {"unchanged",
                                         "Показатель отклонён: исправьте значение или документ и сохраните его.",
                                         "The assignment was rejected: correct the value or the document and save it."};
static const struct message TRY_AGAIN = {"not_yet",
                                         "Показатель только что изменился: повторите через несколько секунд.",
                                         "The assignment has just changed: try again in a few seconds."};

static const struct message EMPTY = {"required", "Введите значение.", "Enter a value."};
static const struct message NOT_A_NUMBER = {
    "not_decimal", "Ожидается число: до 15 цифр, после запятой до 6, например 28,33.",
    "A number is expected: up to 15 digits, up to 6 after the point, for example 28.33."};
static const struct message NEGATIVE = {"negative", "Значение не может быть меньше нуля.",
                                        "The value cannot be below zero."};
static const struct message PART_OF_NOTHING = {"part_of_nothing",
                                               "Второе значение равно нулю, а первое нет: проверьте оба числа.",
                                               "The second value is zero and the first is not: check both numbers."};
static const struct message PART_OVER_WHOLE = {
    "part_over_whole", "Первое значение больше второго. Проверьте числа и, если всё верно, подтвердите это.",
    "The first value exceeds the second. Check the numbers and, if they are right, confirm them."};

enum status
refuse_unknown(struct call *call)
{
    return fail(call, STATUS_NOT_FOUND, &UNKNOWN);
}

enum status
refuse_answer(struct call *call, enum answer_problem problem)
{
    switch (problem) {
    case ANSWER_EMPTY:
        return fail_field(call, "value", &EMPTY);
    case ANSWER_NEGATIVE:
        return fail_field(call, "value", &NEGATIVE);
    case ANSWER_WHOLE_NEGATIVE:
        return fail_field(call, "secondValue", &NEGATIVE);
    case ANSWER_WHOLE_NOT_A_NUMBER:
        return fail_field(call, "secondValue", &NOT_A_NUMBER);
    case ANSWER_PART_OF_NOTHING:
        return fail_field(call, "secondValue", &PART_OF_NOTHING);
    case ANSWER_PART_OVER_WHOLE:
        return fail_field(call, "confirmPartOverWhole", &PART_OVER_WHOLE);
    case ANSWER_NOT_A_NUMBER:
    case ANSWER_GOOD:
        break;
    }
    return fail_field(call, "value", &NOT_A_NUMBER);
}

struct situation
situation_of(const struct db_rows *rows, int row)
{
    const char *value = present_text(rows, row, "value");
    return (struct situation){
        .state = rules_state_named(present_text(rows, row, "state")),
        .version = (unsigned)present_number(rows, row, "version"),
        .round_open = present_flag(rows, row, "round_open"),
        .needs_plan = present_flag(rows, row, "needs_plan"),
        .kind = rules_kind_named(present_text(rows, row, "value_kind")),
        .decimals = (unsigned)present_number(rows, row, "decimals"),
        .evidence = {.has_value = *value != 0,
                     .answers_none = rules_answers_none(value),
                     .is_required = present_flag(rows, row, "evidence_required"),
                     .no_value = rules_kind_named(present_text(rows, row, "value_kind")) == KIND_DOCUMENTS,
                     .documents = (unsigned)present_number(rows, row, "document_count")},
    };
}

enum status
refuse_with(struct call *call, enum refusal refusal, const struct db_rows *rows)
{
    struct situation now = situation_of(rows, 0);
    char closed_until[DATE_BYTES];
    rules_russian_date(present_text(rows, 0, "closed_until"), closed_until);
    switch (refusal) {
    case REFUSAL_STALE:
        return fail_with(call, STATUS_STALE, &STALE, (long long)now.version);
    case REFUSAL_IN_REVIEW:
        return fail(call, STATUS_CONFLICT, &IN_REVIEW);
    case REFUSAL_ACCEPTED:
        return fail_with(call, STATUS_CONFLICT, &ACCEPTED, closed_until);
    case REFUSAL_CLOSED:
        return fail_with(call, STATUS_CONFLICT, &CLOSED, closed_until);
    case REFUSAL_NO_DATE:
        return fail(call, STATUS_CONFLICT, &NO_DATE);
    case REFUSAL_WRONG_KIND:
        return fail_field(call, "value", &WRONG_KIND[now.kind < KIND_COUNT ? now.kind : KIND_NUMBER]);
    case REFUSAL_TOO_MANY_DECIMALS:
        return fail_field(call, "value", now.decimals > 0 ? &TOO_MANY_DECIMALS : &NOT_WHOLE);
    case REFUSAL_NOTHING_OF_NOTHING:
        return fail_field(call, "secondValue", &NOTHING_OF_NOTHING);
    case REFUSAL_VALUE_MISSING:
        return fail(call, STATUS_CONFLICT, &VALUE_MISSING);
    case REFUSAL_EVIDENCE_MISSING:
        // The document may have been uploaded a moment ago: its event is then on the way.
        return fail(call, STATUS_NOT_YET, &EVIDENCE_MISSING);
    case REFUSAL_UNCHANGED:
        return fail(call, STATUS_CONFLICT, &UNCHANGED);
    case REFUSAL_NONE:
        break;
    }
    return fail(call, STATUS_NOT_YET, &TRY_AGAIN);
}

enum status
refuse_save(struct call *call, const Submissions__SaveValueRequest *request, const struct answer *answer)
{
    struct db_rows rows;
    enum status status =
        store_find_situation(call, request->assignment_id, call->principal->organisation_id, false, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return refuse_unknown(call);
    struct situation now = situation_of(&rows, 0);
    return refuse_with(call, rules_refuse_save(&now, request->expected_version, answer), &rows);
}

enum status
refuse_send(struct call *call, const Submissions__SubmitRequest *request)
{
    struct db_rows rows;
    enum status status =
        store_find_situation(call, request->assignment_id, call->principal->organisation_id, false, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return refuse_unknown(call);
    struct situation now = situation_of(&rows, 0);
    return refuse_with(call, rules_refuse_send(&now, request->expected_version), &rows);
}
