// Outcomes of rules.h as answers for people, and entries as messages.
#include "answer.h"

#include <stdlib.h>

static const struct answer {
    enum status status;
    struct message message;
} answers[OUTCOME_COUNT] = {
    [OUTCOME_TAKEN] = {STATUS_CONFLICT,
                       {"taken", "Этот показатель уже проверяет ваш коллега. Обновите список и выберите другой.",
                        "A colleague is already checking this item. Refresh the list and choose another one."}},
    [OUTCOME_OPENED] = {STATUS_CONFLICT,
                        {"already_opened", "Проверка уже началась: отозвать показатель нельзя. Дождитесь решения.",
                         "The item is being checked: it can no longer be withdrawn. Wait for the verdict."}},
    [OUTCOME_ACCEPTED] = {STATUS_CONFLICT,
                          {"already_accepted", "По этой версии уже принято решение: принято. Обновите список.",
                           "This version has already been decided: accepted. Refresh the list."}},
    [OUTCOME_REJECTED] = {STATUS_CONFLICT,
                          {"already_rejected", "По этой версии уже принято решение: отклонено. Обновите список.",
                           "This version has already been decided: rejected. Refresh the list."}},
    [OUTCOME_WITHDRAWN] = {STATUS_CONFLICT,
                           {"already_withdrawn", "Исполнитель отозвал этот показатель с проверки. Обновите список.",
                            "The respondent has withdrawn this item from review. Refresh the list."}},
    [OUTCOME_STALE] = {STATUS_STALE,
                       {"stale_version",
                        "Решение относится к другой версии. Откройте показатель ещё раз и проверьте его.",
                        "This concerns another version. Open the item again and look at it once more."}},
    [OUTCOME_NOT_YET] = {STATUS_NOT_YET,
                         {"not_yet", "Отправленные данные ещё поступают на проверку. Повторите через несколько секунд.",
                          "What was sent is still on its way to review. Try again in a few seconds."}},
    [OUTCOME_NOT_FOUND] = {STATUS_NOT_FOUND,
                           {"entry_not_found",
                            "Такого показателя на проверке нет. Проверьте ссылку или откройте его из списка.",
                            "There is no such item under review. Check the link or open it from the list."}},
};

enum status
answer_outcome(struct call *call, enum outcome outcome)
{
    if (answers[outcome].status == STATUS_OK)
        return STATUS_OK;
    return fail(call, answers[outcome].status, &answers[outcome].message);
}

enum outcome
judge_acted_row(const struct db_rows *rows, int row, enum action action, int64_t expected_version)
{
    if (row >= rows->count || db_is_null_at(rows, row, ACTED_SITUATION))
        return OUTCOME_NOT_FOUND;
    if (db_boolean_at(rows, row, ACTED_CHANGED))
        return OUTCOME_DONE;
    return action_judge(action, situation_from_text(db_text_at(rows, row, ACTED_SITUATION)),
                        db_integer_at(rows, row, ACTED_VERSION), expected_version);
}

enum status
fill_documents(struct call *call, const struct db_rows *rows, int row, size_t *ret_count,
               Review__ReviewDocument ***ret_documents)
{
    static const int columns[] = {ENTRY_DOCUMENT_IDS, ENTRY_DOCUMENT_NAMES, ENTRY_DOCUMENT_SIZES, ENTRY_DOCUMENT_PAGES};
    char **values[4];
    size_t count = 0;
    for (size_t i = 0; i < 4; i++) {
        enum status status = db_text_array_at(rows, row, columns[i], call->arena, &values[i], &count);
        if (status != STATUS_OK)
            return status;
    }
    Review__ReviewDocument **documents = arena_take(call->arena, (count + 1) * sizeof(*documents));
    if (!documents)
        return STATUS_BUSY;
    for (size_t i = 0; i < count; i++) {
        Review__ReviewDocument *document = arena_take(call->arena, sizeof *document);
        if (!document)
            return STATUS_BUSY;
        review__review_document__init(document);
        document->document_id = values[0][i];
        document->file_name = values[1][i];
        document->size_bytes = strtoull(values[2][i], NULL, 10);
        document->pages = (uint32_t)strtoul(values[3][i], NULL, 10);
        documents[i] = document;
    }
    *ret_count = count;
    *ret_documents = documents;
    return STATUS_OK;
}

enum status
fill_entry(struct call *call, const struct db_rows *rows, int row, Review__QueueEntry *entry)
{
    fill_message(&entry->base, rows, row, call->arena);
    return fill_documents(call, rows, row, &entry->n_documents, &entry->documents);
}

enum status
answer_entry(struct call *call, const char *assignment_id, Review__QueueEntry *reply)
{
    struct db_rows rows;
    enum status status = store_get_entry(call, assignment_id, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return answer_outcome(call, OUTCOME_NOT_FOUND);
    return fill_entry(call, &rows, 0, reply);
}
