// What several reports share.
#include "answer.h"

#include <string.h>

// Leaves room for the envelope within a bus message of 1 MiB. A row beside its texts: identifier, group, reason, two
// moments, numbers, and the tags and lengths of all fields.
enum { PAGE_BYTES = 980 * 1024, ROW_BYTES = 130 };

const struct message NO_SUCH_ROUND = {"not_found",
                                      "Такого периода сбора на вашей территории нет. Выберите период из списка.",
                                      "There is no such round in your territory. Choose one from the list of rounds."};
const struct message NO_SUCH_ORGANISATION = {
    "not_found", "Такой организации на вашей территории нет. Откройте её из отчёта.",
    "There is no such organisation in your territory. Open it from the report."};
const struct message UNKNOWN_VALUES = {
    "unknown_values", "Выберите: новые значения (new), последние принятые (accepted) или до даты (as_of).",
    "Choose new, accepted or as_of."};
const struct message UNKNOWN_GROUP = {"unknown_group", "Такой группы в отчёте нет. Выберите группу из отчёта.",
                                      "The report has no such group. Choose one that the report shows."};
const struct message DAY_MISSING = {"required", "Укажите день, до которого приняты значения: ГГГГ-ММ-ДД.",
                                    "Give the day before which values were accepted: YYYY-MM-DD."};

enum status
answer_round(struct call *call, const char *round_id, const char *as_of, struct report_round *ret_round)
{
    enum status status = store_get_round(call, round_id, as_of, ret_round);
    return status == STATUS_NOT_FOUND ? fail(call, status, &NO_SUCH_ROUND) : status;
}

Reporting__Contact *
answer_contact(struct call *call, const struct db_rows *rows, int row, int column)
{
    const char *name = db_text_at(rows, row, column), *phone = db_text_at(rows, row, column + 2),
               *email = db_text_at(rows, row, column + 3);
    if (!*name && !*phone && !*email)
        return NULL;
    Reporting__Contact *contact = arena_take(call->arena, sizeof(*contact));
    if (!contact)
        return NULL;
    reporting__contact__init(contact);
    contact->name = name;
    contact->position = db_text_at(rows, row, column + 1);
    contact->phone = phone;
    contact->email = email;
    return contact;
}

enum status
answer_contacts_read(struct call *call, const struct contact_reading *reading)
{
    const char *round_name;
    enum status status = store_note_reading(call, reading, &round_name);
    if (status != STATUS_OK || !round_name)
        return status;
    Events__ContactsRead event = EVENTS__CONTACTS_READ__INIT;
    event.act = reading->act;
    event.organisation_id = reading->unit_id;
    event.round_name = round_name;
    event.client_address = call->client_address ? call->client_address : "";
    return emit(call, &event.base);
}

struct page
page_of(uint32_t asked_limit)
{
    return (struct page){0, asked_limit ? asked_limit : REPORT_ROWS_MAX};
}

bool
page_takes(struct page *page, const char *const *texts, size_t text_count, const Reporting__Contact *contact)
{
    page->bytes += ROW_BYTES;
    for (size_t i = 0; i < text_count; i++)
        page->bytes += strlen(texts[i]);
    if (contact)
        page->bytes +=
            strlen(contact->name) + strlen(contact->position) + strlen(contact->phone) + strlen(contact->email);
    return page->bytes <= PAGE_BYTES;
}
