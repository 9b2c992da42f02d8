// Drafts of messages: written, kept, dropped, and whom they would reach.
#include "message_answer.h"
#include "rules_messages.h"

static const struct message UNKNOWN_KIND = {"unknown_kind", "Выберите: announcement, consultation, letter или order.",
                                            "Choose announcement, consultation, letter or order."};
static const struct message UNKNOWN_LEVEL = {
    "unknown_level", "Выберите уровни: region, municipality, operator, curator, authority, school.",
    "Choose levels: region, municipality, operator, curator, authority, school."};
static const struct message BAD_HOUR = {"bad_hour", "Укажите время вида 16:30.", "Give a time like 16:30."};
static const struct message FOREIGN_ADDRESS = {
    "foreign_address", "Ссылка на отчёт — адрес страницы этой системы, например /reports/roadmaps?asOf=2021-03-31.",
    "A report's link is the address of a page here, such as /reports/roadmaps?asOf=2021-03-31."};
static const struct message BAD_LINK = {"bad_link",
                                        "Ссылка на подключение начинается с https:// и не содержит пробелов.",
                                        "The link begins with https:// and has no spaces."};
static const struct message NOT_YOURS = {"not_your_territory", "Такой территории или организации у вас нет.",
                                         "There is no such unit or organisation in your territory."};

static enum status
check_lists(struct call *call, const Deadlines__MessageContent *content)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < content->n_levels; i++)
        if (!rules_is_level(content->levels[i]))
            status = fail_field(call, "content.levels", &UNKNOWN_LEVEL);
    for (size_t i = 0; i < content->n_links; i++) {
        const char *field = arena_format(call->arena, "content.links[%zu].address", i);
        if (!field)
            return STATUS_BUSY;
        if (!rules_is_own_address(content->links[i]->address))
            status = fail_field(call, field, &FOREIGN_ADDRESS);
    }
    return status;
}

static enum status
check_content(struct call *call, const Deadlines__MessageContent *content)
{
    enum status status = check_lists(call, content);
    if (!rules_is_message_kind(content->kind))
        status = fail_field(call, "content.kind", &UNKNOWN_KIND);
    if (*content->starts_time && !rules_is_hour(content->starts_time))
        status = fail_field(call, "content.startsTime", &BAD_HOUR);
    if (content->connection && *content->connection->link && !rules_is_link(content->connection->link))
        status = fail_field(call, "content.connection.link", &BAD_LINK);
    return status;
}

static const char *
literal_of(struct call *call, const char *const *items, size_t count)
{
    return db_text_array(call->arena, (char *const *)(uintptr_t)items, count);
}

static enum status
name_units(struct call *call, const Deadlines__MessageContent *content, struct message_lists *lists)
{
    struct db_rows rows;
    enum status status = store_name_units(call, lists->organisation_ids, &rows);
    if (status != STATUS_OK)
        return status;
    if ((size_t)rows.count != content->n_organisation_ids)
        return fail_field(call, "content.organisationIds", &NOT_YOURS);
    const char **names = arena_take(call->arena, (content->n_organisation_ids + 1) * sizeof(*names));
    if (!names)
        return STATUS_TOO_LARGE;
    for (int row = 0; row < rows.count; row++)
        names[row] = db_text_at(&rows, row, 1);
    lists->organisation_names = literal_of(call, names, content->n_organisation_ids);
    return lists->organisation_names ? STATUS_OK : STATUS_TOO_LARGE;
}

static enum status
make_lists(struct call *call, const Deadlines__MessageContent *content, struct message_lists *lists)
{
    const char **titles = arena_take(call->arena, (content->n_links + 1) * sizeof(*titles));
    const char **addresses = arena_take(call->arena, (content->n_links + 1) * sizeof(*addresses));
    if (!titles || !addresses)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < content->n_links; i++) {
        titles[i] = content->links[i]->title;
        addresses[i] = content->links[i]->address;
    }
    *lists = (struct message_lists){
        .levels = literal_of(call, content->levels, content->n_levels),
        .organisation_ids = literal_of(call, content->organisation_ids, content->n_organisation_ids),
        .link_titles = literal_of(call, titles, content->n_links),
        .link_addresses = literal_of(call, addresses, content->n_links),
        .document_ids = literal_of(call, content->document_ids, content->n_document_ids),
    };
    if (!lists->levels || !lists->organisation_ids || !lists->link_titles || !lists->link_addresses ||
        !lists->document_ids)
        return STATUS_TOO_LARGE;
    return name_units(call, content, lists);
}

static enum status
keep_content(struct call *call, const char *message_id, uint32_t expected_version,
             const Deadlines__MessageContent *content, bool *ret_done)
{
    struct message_lists lists;
    enum status status = make_lists(call, content, &lists);
    if (status == STATUS_OK)
        status = store_save_message(call, message_id, expected_version, content, &lists, ret_done);
    return status;
}

enum status
handle_create_message(struct call *call, const Deadlines__CreateMessageRequest *request, Deadlines__Message *reply)
{
    const Deadlines__MessageContent none = DEADLINES__MESSAGE_CONTENT__INIT;
    const Deadlines__MessageContent *content = request->content ? request->content : &none;
    const char *message_id = "";
    bool done = false;
    enum status status = check_content(call, content);
    if (status == STATUS_OK)
        status = store_create_message(call, content->kind, &message_id);
    if (status == STATUS_OK)
        status = keep_content(call, message_id, 0, content, &done);
    return status == STATUS_OK ? answer_message(call, message_id, reply) : status;
}

enum status
handle_save_message(struct call *call, const Deadlines__SaveMessageRequest *request, Deadlines__Message *reply)
{
    const Deadlines__MessageContent none = DEADLINES__MESSAGE_CONTENT__INIT;
    const Deadlines__MessageContent *content = request->content ? request->content : &none;
    bool done = false;
    struct db_rows rows;
    // Who has no such draft hears that, not what is wrong with the words.
    enum status status = store_get_message(call, request->message_id, &rows);
    if (status == STATUS_OK && rows.count == 0)
        return fail(call, STATUS_NOT_FOUND, &NO_SUCH_MESSAGE);
    if (status == STATUS_OK)
        status = check_content(call, content);
    if (status == STATUS_OK)
        status = keep_content(call, request->message_id, request->expected_version, content, &done);
    if (status != STATUS_OK)
        return status;
    return done ? answer_message(call, request->message_id, reply) : refuse_draft(call, request->message_id);
}

enum status
handle_drop_message(struct call *call, const Deadlines__DropMessageRequest *request, Deadlines__DropMessageReply *reply)
{
    (void)reply;
    bool done;
    enum status status = store_drop_message(call, request->message_id, &done);
    if (status != STATUS_OK || done)
        return status;
    return refuse_draft(call, request->message_id);
}

enum status
handle_get_audience(struct call *call, const Deadlines__GetAudienceRequest *request, Deadlines__Audience *reply)
{
    Deadlines__Message seen = DEADLINES__MESSAGE__INIT;
    struct db_rows rows;
    enum status status = answer_message(call, request->message_id, &seen);
    if (status == STATUS_OK && !seen.mine)
        return fail(call, STATUS_NOT_FOUND, &NO_SUCH_MESSAGE);
    if (status == STATUS_OK)
        status = store_list_audience(call, request->message_id, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &deadlines__audience_level__descriptor, &reply->n_levels, &reply->levels);
    if (status == STATUS_OK)
        status = store_count_without_account(call, request->message_id, &reply->organisations_without_account);
    return status;
}
