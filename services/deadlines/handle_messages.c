// Messages for whoever reads: lists, one message, the consultation for a calendar.
#include <string.h>

#include "message_answer.h"
#include "rules_messages.h"
#include "vekha/base/time.h"
#include "vekha/crypto/token.h"

const struct message NO_SUCH_MESSAGE = {"not_found", "Такого сообщения у вас нет. Откройте его из списка.",
                                        "You have no such message. Open it from the list."};
static const struct message UNKNOWN_BOX = {"unknown_box", "Выберите: received, sent, drafts или territory.",
                                           "Choose received, sent, drafts or territory."};
static const struct message NO_CONSULTATION = {
    "no_consultation", "Файл для календаря есть только у консультации, на которую вы приглашены.",
    "Only a consultation to which you are invited has a file for the calendar."};
static const struct message CHANGED = {"changed_meanwhile", "Черновик изменён в другом окне. Откройте его заново.",
                                       "The draft was changed in another window. Open it again."};
static const struct message NOT_A_DRAFT = {"already_sent",
                                           "Сообщение уже отправлено и больше не меняется. Его можно отозвать.",
                                           "The message was sent and changes no more. It can be recalled."};

// Leaves room for the envelope within a bus message of 1 MiB.
enum { PAGE_BYTES = 900 * 1024, CALENDAR_PIECE_BYTES = 64 * 1024 };

static enum status
answer_lists(struct call *call, const char *message_id, Deadlines__Message *reply)
{
    struct db_rows rows;
    enum status status = store_list_report_links(call, message_id, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &deadlines__report_link__descriptor, &reply->content->n_links,
                           &reply->content->links);
    if (status == STATUS_OK)
        status = store_list_attachments(call, message_id, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &deadlines__attachment__descriptor, &reply->n_attachments, &reply->attachments);
    return status;
}

enum status
answer_message(struct call *call, const char *message_id, Deadlines__Message *reply)
{
    struct db_rows rows;
    enum status status = store_get_message(call, message_id, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return fail(call, STATUS_NOT_FOUND, &NO_SUCH_MESSAGE);
    reply->content = arena_take(call->arena, sizeof(*reply->content));
    Deadlines__Connection *connection = arena_take(call->arena, sizeof(*connection));
    if (!reply->content || !connection)
        return STATUS_TOO_LARGE;
    deadlines__message_content__init(reply->content);
    deadlines__connection__init(connection);
    fill_message(&reply->base, &rows, 0, call->arena);
    fill_message(&reply->content->base, &rows, 0, call->arena);
    fill_message(&connection->base, &rows, 0, call->arena);
    if (rules_is_consultation(reply->content->kind) && !reply->connection_hidden)
        reply->content->connection = connection;
    return answer_lists(call, message_id, reply);
}

enum status
refuse_draft(struct call *call, const char *message_id)
{
    struct db_rows rows;
    Deadlines__Message seen = DEADLINES__MESSAGE__INIT;
    enum status status = store_get_message(call, message_id, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return fail(call, STATUS_NOT_FOUND, &NO_SUCH_MESSAGE);
    fill_message(&seen.base, &rows, 0, call->arena);
    return strcmp(seen.state, "draft") == 0 ? fail(call, STATUS_STALE, &CHANGED)
                                            : fail(call, STATUS_CONFLICT, &NOT_A_DRAFT);
}

static bool
find_box(const char *name, enum message_box *ret_box)
{
    static const char *const names[] = {
        [BOX_RECEIVED] = "received", [BOX_SENT] = "sent", [BOX_DRAFTS] = "drafts", [BOX_TERRITORY] = "territory"};
    *ret_box = BOX_RECEIVED;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(name, names[i]) == 0) {
            *ret_box = (enum message_box)i;
            return true;
        }
    return !*name;
}

enum status
handle_list_messages(struct call *call, const Deadlines__ListMessagesRequest *request,
                     Deadlines__ListMessagesReply *reply)
{
    enum message_box box;
    if (!find_box(request->box, &box))
        return fail_field(call, "box", &UNKNOWN_BOX);
    Vekha__Role role = call->principal->role;
    bool oversees = role == VEKHA__ROLE__ROLE_COORDINATOR || role == VEKHA__ROLE__ROLE_ADMINISTRATOR;
    if (box == BOX_TERRITORY && !oversees)
        return store_count_unread_messages(call, &reply->unread);
    struct db_rows rows;
    enum status status = store_list_messages(call, box, request, &rows);
    if (status != STATUS_OK)
        return status;
    size_t count, bytes = 0;
    status = fill_list(call, &rows, &deadlines__message_summary__descriptor, &count, &reply->messages);
    if (status != STATUS_OK)
        return status;
    for (; reply->n_messages < count; reply->n_messages++) {
        bytes += deadlines__message_summary__get_packed_size(reply->messages[reply->n_messages]) + 5;
        if (bytes > PAGE_BYTES)
            break;
    }
    return store_count_unread_messages(call, &reply->unread);
}

enum status
handle_get_message(struct call *call, const Deadlines__GetMessageRequest *request, Deadlines__Message *reply)
{
    return answer_message(call, request->message_id, reply);
}

enum status
handle_download_calendar(struct call *call, const Deadlines__DownloadCalendarRequest *request,
                         Deadlines__CalendarPiece *reply)
{
    Deadlines__Message seen = DEADLINES__MESSAGE__INIT;
    enum status status = answer_message(call, request->message_id, &seen);
    if (status != STATUS_OK || !seen.content)
        return status;
    struct calendar_facts facts = {
        .message_id = seen.message_id,
        .subject = seen.content->subject,
        .link = seen.content->connection ? seen.content->connection->link : "",
        .cabinet_address = config_text(call->config, "cabinet_address"),
        .version = seen.version,
        .duration_minutes = seen.content->duration_minutes,
        .is_cancelled = strcmp(seen.state, "recalled") == 0,
    };
    bool is_invited = rules_is_consultation(seen.content->kind) && (seen.mine || seen.received);
    if (!is_invited || time_parse(seen.starts_at, &facts.starts_ms) != STATUS_OK)
        return fail(call, STATUS_NOT_FOUND, &NO_CONSULTATION);
    // The same version is the same file: it was made when the message last changed.
    if (time_parse(seen.changed_at, &facts.now_ms) != STATUS_OK)
        return STATUS_INTERNAL;
    const char *text = rules_calendar(call->arena, &facts);
    char *digest = arena_take(call->arena, 65);
    if (!text || !digest)
        return STATUS_BUSY;
    size_t size = strlen(text);
    sha256_hex(text, size, digest);
    reply->sha256 = digest;
    reply->total_bytes = size;
    reply->content_type = "text/calendar; charset=utf-8";
    reply->file_name = "consultation.ics";
    if (request->offset < size) {
        size_t left = size - (size_t)request->offset, wanted = request->length ? request->length : left;
        size_t length = wanted < left ? wanted : left;
        reply->data = (ProtobufCBinaryData){length < CALENDAR_PIECE_BYTES ? length : CALENDAR_PIECE_BYTES,
                                            (uint8_t *)(uintptr_t)(text + request->offset)};
    }
    return STATUS_OK;
}

enum status
tell_addressees_read(struct call *call, note_reading *find_subject, const char *id)
{
    const char *subject;
    enum status status = find_subject(call, id, &subject);
    if (status != STATUS_OK || !subject)
        return status;
    Events__ContactsRead event = EVENTS__CONTACTS_READ__INIT;
    event.act = "message_addressees_read";
    event.round_name = subject;
    event.client_address = call->client_address ? call->client_address : "";
    return emit(call, &event.base);
}
