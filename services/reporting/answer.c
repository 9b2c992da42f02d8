// What several reports share.
#include "answer.h"

#include <string.h>

#include "vekha/base/log.h"

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

static const struct message NOT_EARLIER = {"not_earlier", "Сравнить можно с днём раньше того, на который отчёт.",
                                           "Compare with a day before the report's own."};

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

bool
page_takes_row(struct page *page, const ProtobufCMessage *row)
{
    enum { TAG_AND_LENGTH_BYTES = 6 };
    page->bytes += protobuf_c_message_get_packed_size(row) + TAG_AND_LENGTH_BYTES;
    return page->bytes <= PAGE_BYTES;
}

enum status
answer_moments(struct call *call, const char *round_id, const char *as_of, const char *compare_with,
               struct report_moments *ret_moments)
{
    enum status status = answer_round(call, round_id, as_of, &ret_moments->now);
    ret_moments->compares = *compare_with != '\0';
    if (status != STATUS_OK || !ret_moments->compares)
        return status;
    if (strcmp(compare_with, ret_moments->now.as_of) >= 0)
        return fail_field(call, "compareWith", &NOT_EARLIER);
    return answer_round(call, round_id, compare_with, &ret_moments->was);
}

static bool
differs(const ProtobufCFieldDescriptor *field, const ProtobufCMessage *now, const ProtobufCMessage *was)
{
    const char *here = now ? (const char *)now + field->offset : NULL;
    const char *there = was ? (const char *)was + field->offset : NULL;
    if (field->type == PROTOBUF_C_TYPE_UINT32) {
        uint32_t is = here ? *(const uint32_t *)(const void *)here : 0;
        return is != (there ? *(const uint32_t *)(const void *)there : 0);
    }
    if (field->type != PROTOBUF_C_TYPE_STRING)
        return false;
    const char *is = here ? *(const char *const *)(const void *)here : "";
    return strcmp(is, there ? *(const char *const *)(const void *)there : "") != 0;
}

enum status
answer_moved(struct call *call, const ProtobufCMessage *now, const ProtobufCMessage *was, size_t *ret_count,
             const char ***ret_names)
{
    *ret_count = 0;
    if (!now && !was)
        return STATUS_OK;
    const ProtobufCMessageDescriptor *descriptor = (now ? now : was)->descriptor;
    *ret_names = arena_take(call->arena, (descriptor->n_fields + 1) * sizeof(**ret_names));
    if (!*ret_names)
        return STATUS_TOO_LARGE;
    for (unsigned i = 0; i < descriptor->n_fields; i++)
        if (differs(&descriptor->fields[i], now, was))
            (*ret_names)[(*ret_count)++] = descriptor->fields[i].name;
    return STATUS_OK;
}

void
answer_viewed(struct call *call, const char *report)
{
    if (watcher_role(call->principal->role) && store_view(call, report) != STATUS_OK)
        log_write(LOG_WARNING, "a look at a report is not written down", "report", report, NULL);
}
