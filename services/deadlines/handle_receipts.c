// Read, taken note of, passed on; and who has done so (S1.35).
#include <string.h>

#include "message_answer.h"
#include "rules_messages.h"

static const struct message NOT_ADDRESSED = {"not_addressed", "Это сообщение адресовано не вам.",
                                             "This message is not addressed to you."};
static const struct message NOTHING_ASKED = {"no_acknowledgement_asked", "Автор не просит отметки об ознакомлении.",
                                             "The author asks for no acknowledgement."};
static const struct message UNKNOWN_LEVEL = {
    "unknown_level", "Выберите уровни: region, municipality, operator, curator, authority, school.",
    "Choose levels: region, municipality, operator, curator, authority, school."};
static const struct message NOT_TO_PASS_ON = {"not_to_pass_on",
                                              "Передать дальше можно только действующее сообщение, адресованное вам.",
                                              "Only a message in force that is addressed to you can be passed on."};
static const struct message ALL_HAVE_IT = {"all_have_it", "Сообщение уже есть у всех, кому вы можете его передать.",
                                           "Everybody to whom you could pass it on has the message already."};
static const struct message NO_RECEIPTS = {"not_found", "Сведений о прочтении этого сообщения у вас нет.",
                                           "You are not told who has read this message."};

enum { PAGE_BYTES = 900 * 1024 };

enum status
handle_read_message(struct call *call, const Deadlines__ReadMessageRequest *request, Deadlines__Message *reply)
{
    Deadlines__Message seen = DEADLINES__MESSAGE__INIT;
    bool done = false;
    enum status status = answer_message(call, request->message_id, &seen);
    if (status == STATUS_OK && !seen.received)
        return fail(call, STATUS_CONFLICT, &NOT_ADDRESSED);
    if (status == STATUS_OK && request->acknowledge && !seen.content->asks_acknowledgement)
        return fail(call, STATUS_CONFLICT, &NOTHING_ASKED);
    if (status == STATUS_OK)
        status = store_read_message(call, request, &done);
    return status == STATUS_OK ? answer_message(call, request->message_id, reply) : status;
}

// All levels below; the territory leaves out those that are not.
static const char *
passing_levels(struct call *call, const char *const *levels, size_t count)
{
    static const char *const all[] = {"region", "municipality", "operator", "curator", "authority", "school"};
    if (count == 0) {
        levels = all;
        count = sizeof all / sizeof all[0];
    }
    return db_text_array(call->arena, (char *const *)(uintptr_t)levels, count);
}

static enum status
check_can_pass_on(struct call *call, const char *message_id)
{
    Deadlines__Message seen = DEADLINES__MESSAGE__INIT;
    enum status status = answer_message(call, message_id, &seen);
    return status == STATUS_OK && !seen.can_pass_on ? fail(call, STATUS_CONFLICT, &NOT_TO_PASS_ON) : status;
}

enum status
handle_pass_message_on(struct call *call, const Deadlines__PassMessageOnRequest *request, Deadlines__Message *reply)
{
    int64_t addressed = 0;
    enum status status = check_can_pass_on(call, request->message_id);
    for (size_t i = 0; status == STATUS_OK && i < request->n_levels; i++)
        if (!rules_is_level(request->levels[i]))
            status = fail_field(call, "levels", &UNKNOWN_LEVEL);
    const char *levels = passing_levels(call, request->levels, request->n_levels);
    if (status == STATUS_OK)
        status = levels ? store_pass_message_on(call, request, levels, &addressed) : STATUS_BUSY;
    if (status == STATUS_OK && addressed == 0)
        return fail(call, STATUS_CONFLICT, &ALL_HAVE_IT);
    if (status == STATUS_OK)
        status = tell_sent(call, request->message_id, addressed);
    return status == STATUS_OK ? answer_message(call, request->message_id, reply) : status;
}

enum status
handle_get_passing_audience(struct call *call, const Deadlines__GetPassingAudienceRequest *request,
                            Deadlines__Audience *reply)
{
    struct db_rows rows;
    enum status status = check_can_pass_on(call, request->message_id);
    const char *levels = passing_levels(call, NULL, 0);
    if (status == STATUS_OK)
        status = levels ? store_list_passing_audience(call, request->message_id, levels, &rows) : STATUS_BUSY;
    if (status != STATUS_OK)
        return status;
    return fill_list(call, &rows, &deadlines__audience_level__descriptor, &reply->n_levels, &reply->levels);
}

static enum status
check_can_see_receipts(struct call *call, const char *message_id)
{
    Deadlines__Message seen = DEADLINES__MESSAGE__INIT;
    enum status status = answer_message(call, message_id, &seen);
    return status == STATUS_OK && !seen.can_see_receipts ? fail(call, STATUS_NOT_FOUND, &NO_RECEIPTS) : status;
}

enum status
handle_get_receipts(struct call *call, const Deadlines__GetReceiptsRequest *request, Deadlines__Receipts *reply)
{
    struct db_rows rows;
    enum status status = check_can_see_receipts(call, request->message_id);
    if (status == STATUS_OK)
        status = store_list_receipt_levels(call, request->message_id, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &deadlines__receipt_level__descriptor, &reply->n_levels, &reply->levels);
    if (status == STATUS_OK)
        status = store_list_receipt_branches(call, request->message_id, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &deadlines__receipt_branch__descriptor, &reply->n_branches, &reply->branches);
    return status;
}

enum status
handle_list_addressees(struct call *call, const Deadlines__ListAddresseesRequest *request,
                       Deadlines__ListAddresseesReply *reply)
{
    struct db_rows rows;
    size_t count = 0, bytes = 0;
    enum status status = check_can_see_receipts(call, request->message_id);
    if (status == STATUS_OK)
        status = store_list_addressees(call, request, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &deadlines__addressee__descriptor, &count, &reply->addressees);
    if (status != STATUS_OK)
        return status;
    for (; reply->n_addressees < count; reply->n_addressees++) {
        bytes += deadlines__addressee__get_packed_size(reply->addressees[reply->n_addressees]) + 5;
        if (bytes > PAGE_BYTES)
            break;
    }
    status = store_count_addressees(call, request, &reply->total);
    return status == STATUS_OK ? tell_addressees_read(call, store_note_contacts_read, request->message_id) : status;
}
