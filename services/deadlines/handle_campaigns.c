// Monthly campaigns: the table and the letter of a draft, whom it reaches, sending, holding back, trying again.
#include <string.h>

#include "deadlines_rpc.h"
#include "message_answer.h"
#include "rules_campaign.h"
#include "store_campaigns.h"
#include "store_messages.h"

static const struct message NO_CAMPAIGN = {"not_found", "Такой рассылки у вас нет. Откройте её из списка.",
                                           "You have no such mailing. Open it from the list."};
static const struct message NO_ROUND = {"not_found", "Такого периода сбора в вашей территории нет.",
                                        "There is no such collection period in your territory."};
static const struct message ROUND_CLOSED = {"round_closed", "Период сбора закрыт: сообщать о сроках уже не о чем.",
                                            "The collection period is closed: there are no dates to tell of."};
static const struct message NOT_YOURS = {"not_your_territory", "Такой территории или организации у вас нет.",
                                         "There is no such unit or organisation in your territory."};
static const struct message CHANGED = {"changed_meanwhile", "Рассылка изменена в другом окне. Откройте её заново.",
                                       "The mailing was changed in another window. Open it again."};
static const struct message NOT_A_DRAFT = {"already_sent", "Рассылка уже отправлена и больше не меняется.",
                                           "The mailing was sent and changes no more."};
static const struct message NOBODY = {"nobody", "Отправлять некому: ни у одной организации нет адреса.",
                                      "There is nobody to send to: no organisation has an address."};
static const struct message NOT_SENDING = {"not_sending", "Эта рассылка сейчас не отправляется.",
                                           "This mailing is not being sent now."};
static const struct message NOT_STOPPED = {"not_stopped", "Эта рассылка не остановлена.",
                                           "This mailing is not stopped."};

static const char first_words[] = "Просим внести сведения и отправить их на проверку в указанный срок.";

static enum status
get_campaign(struct call *call, const char *campaign_id, Deadlines__Campaign *reply)
{
    struct db_rows rows;
    enum status status = store_get_campaign(call, campaign_id, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return fail(call, STATUS_NOT_FOUND, &NO_CAMPAIGN);
    reply->progress = arena_take(call->arena, sizeof(*reply->progress));
    if (!reply->progress)
        return STATUS_TOO_LARGE;
    deadlines__campaign_progress__init(reply->progress);
    fill_message(&reply->base, &rows, 0, call->arena);
    fill_message(&reply->progress->base, &rows, 0, call->arena);
    return STATUS_OK;
}

static bool
is_draft(const Deadlines__Campaign *campaign)
{
    return strcmp(campaign->state, "draft") == 0;
}

// --- the table and the letter

static enum status
add_group(struct call *call, const struct db_rows *rows, int row, Deadlines__CampaignGroup *group)
{
    char **names;
    size_t name_count;
    enum status status = db_text_array_at(rows, row, GROUP_NAMES, call->arena, &names, &name_count);
    if (status != STATUS_OK)
        return status;
    const struct campaign_asked asked = {
        .organisations = (uint64_t)db_integer_at(rows, row, GROUP_ORGANISATIONS),
        .schools = (uint64_t)db_integer_at(rows, row, GROUP_SCHOOLS),
        .authorities = (uint64_t)db_integer_at(rows, row, GROUP_AUTHORITIES),
        .all_schools = (uint64_t)db_integer_at(rows, row, GROUP_ALL_SCHOOLS),
        .all_authorities = (uint64_t)db_integer_at(rows, row, GROUP_ALL_AUTHORITIES),
        .names = (const char *const *)names,
        .name_count = name_count,
    };
    deadlines__campaign_group__init(group);
    group->title = db_text_at(rows, row, GROUP_TITLE);
    group->indicators = (uint32_t)db_integer_at(rows, row, GROUP_INDICATORS);
    group->participants = rules_campaign_participants(call->arena, &asked);
    return group->participants ? STATUS_OK : STATUS_TOO_LARGE;
}

static enum status
make_groups(struct call *call, Deadlines__Campaign *reply)
{
    struct db_rows rows;
    enum status status = store_make_campaign_groups(call, reply->campaign_id, &rows);
    if (status != STATUS_OK)
        return status;
    Deadlines__CampaignGroup *groups = arena_take(call->arena, ((size_t)rows.count + 1) * sizeof(*groups));
    reply->groups = arena_take(call->arena, ((size_t)rows.count + 1) * sizeof(*reply->groups));
    if (!groups || !reply->groups)
        return STATUS_TOO_LARGE;
    for (int row = 0; status == STATUS_OK && row < rows.count; row++) {
        status = add_group(call, &rows, row, &groups[row]);
        reply->groups[reply->n_groups++] = &groups[row];
    }
    return status;
}

static enum status
letter_facts(struct call *call, const Deadlines__Campaign *campaign, struct campaign_facts *ret_facts)
{
    struct campaign_row *rows = arena_take(call->arena, (campaign->n_groups + 1) * sizeof(*rows));
    if (!rows)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < campaign->n_groups; i++)
        rows[i] = (struct campaign_row){campaign->groups[i]->title, campaign->groups[i]->indicators,
                                        campaign->groups[i]->participants};
    *ret_facts = (struct campaign_facts){
        .round_name = campaign->round_name,
        .due_on = campaign->due_on,
        .words = campaign->words,
        .author_name = campaign->author_name,
        .author_organisation = campaign->author_organisation_name,
        .cabinet_address = config_text(call->config, "cabinet_address"),
        .rows = rows,
        .row_count = campaign->n_groups,
    };
    return STATUS_OK;
}

// With the table; of a draft, the letter as it would go out now, also as HTML.
static enum status
answer_whole(struct call *call, const char *campaign_id, Deadlines__Campaign *reply, const char **ret_html)
{
    struct db_rows rows;
    struct campaign_facts facts;
    enum status status = get_campaign(call, campaign_id, reply);
    if (status == STATUS_OK && is_draft(reply)) {
        status = make_groups(call, reply);
    } else if (status == STATUS_OK) {
        status = store_list_campaign_groups(call, campaign_id, &rows);
        if (status == STATUS_OK)
            status = fill_list(call, &rows, &deadlines__campaign_group__descriptor, &reply->n_groups, &reply->groups);
    }
    if (status == STATUS_OK)
        status = letter_facts(call, reply, &facts);
    if (status != STATUS_OK)
        return status;
    reply->indicators = (uint32_t)rules_campaign_indicators(facts.rows, facts.row_count);
    if (is_draft(reply))
        reply->text = rules_campaign_text(call->arena, &facts);
    if (ret_html)
        *ret_html = rules_campaign_html(call->arena, &facts);
    return reply->text && (!ret_html || *ret_html) ? STATUS_OK : STATUS_TOO_LARGE;
}

static enum status
answer_campaign(struct call *call, const char *campaign_id, Deadlines__Campaign *reply)
{
    return answer_whole(call, campaign_id, reply, NULL);
}

// --- reading

enum status
handle_list_campaigns(struct call *call, const Deadlines__ListCampaignsRequest *request,
                      Deadlines__ListCampaignsReply *reply)
{
    struct db_rows rows;
    enum status status = store_list_campaigns(call, request, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &deadlines__campaign__descriptor, &reply->n_campaigns, &reply->campaigns);
    for (size_t i = 0; status == STATUS_OK && i < reply->n_campaigns; i++) {
        Deadlines__CampaignProgress *progress = arena_take(call->arena, sizeof(*progress));
        if (!progress)
            return STATUS_TOO_LARGE;
        deadlines__campaign_progress__init(progress);
        fill_message(&progress->base, &rows, (int)i, call->arena);
        reply->campaigns[i]->progress = progress;
        reply->campaigns[i]->text = "";
    }
    return status;
}

enum status
handle_get_campaign(struct call *call, const Deadlines__GetCampaignRequest *request, Deadlines__Campaign *reply)
{
    return answer_campaign(call, request->campaign_id, reply);
}

enum status
handle_get_campaign_audience(struct call *call, const Deadlines__GetCampaignAudienceRequest *request,
                             Deadlines__CampaignAudience *reply)
{
    struct db_rows rows;
    Deadlines__Campaign seen = DEADLINES__CAMPAIGN__INIT;
    enum status status = get_campaign(call, request->campaign_id, &seen);
    if (status == STATUS_OK)
        status = store_count_campaign_audience(call, request->campaign_id, &rows);
    if (status != STATUS_OK)
        return status;
    fill_message(&reply->base, &rows, 0, call->arena);
    status = store_list_campaign_territories(call, request->campaign_id, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &deadlines__campaign_territory__descriptor, &reply->n_territories,
                           &reply->territories);
    if (status == STATUS_OK)
        status = store_list_without_address(call, request->campaign_id, &rows);
    return status == STATUS_OK ? fill_list(call, &rows, &deadlines__campaign_organisation__descriptor,
                                           &reply->n_without_address, &reply->without_address)
                               : status;
}

enum status
handle_list_campaign_letters(struct call *call, const Deadlines__ListCampaignLettersRequest *request,
                             Deadlines__ListCampaignLettersReply *reply)
{
    struct db_rows rows;
    Deadlines__Campaign seen = DEADLINES__CAMPAIGN__INIT;
    enum status status = get_campaign(call, request->campaign_id, &seen);
    if (status == STATUS_OK)
        status = store_list_campaign_letters(call, request, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &deadlines__campaign_letter__descriptor, &reply->n_letters, &reply->letters);
    if (status == STATUS_OK)
        status = store_count_campaign_letters(call, request, &reply->total);
    return status == STATUS_OK && reply->n_letters > 0
               ? tell_addressees_read(call, store_note_addresses_read, request->campaign_id)
               : status;
}

// --- drafts

enum status
handle_create_campaign(struct call *call, const Deadlines__CreateCampaignRequest *request, Deadlines__Campaign *reply)
{
    struct db_rows rows;
    const char *campaign_id = "";
    enum status status = store_get_campaign_round(call, request->round_id, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return fail(call, STATUS_NOT_FOUND, &NO_ROUND);
    if (db_boolean_at(&rows, 0, CAMPAIGN_ROUND_CLOSED))
        return fail(call, STATUS_CONFLICT, &ROUND_CLOSED);
    const char *subject = rules_campaign_subject(call->arena, db_text_at(&rows, 0, CAMPAIGN_ROUND_NAME),
                                                 db_text_at(&rows, 0, CAMPAIGN_ROUND_DUE_ON));
    if (!subject)
        return STATUS_TOO_LARGE;
    status = store_create_campaign(call, request->round_id, subject, first_words, &campaign_id);
    return status == STATUS_OK ? answer_campaign(call, campaign_id, reply) : status;
}

// After a command that was not carried out: gone, not in that state, or changed meanwhile.
static enum status
refuse(struct call *call, const char *campaign_id, const struct message *not_in_state)
{
    Deadlines__Campaign seen = DEADLINES__CAMPAIGN__INIT;
    enum status status = get_campaign(call, campaign_id, &seen);
    if (status != STATUS_OK)
        return status;
    return is_draft(&seen) && not_in_state == &NOT_A_DRAFT ? fail(call, STATUS_STALE, &CHANGED)
                                                           : fail(call, STATUS_CONFLICT, not_in_state);
}

static enum status
check_units(struct call *call, const Deadlines__SaveCampaignRequest *request, const char *organisation_ids)
{
    struct db_rows rows;
    enum status status = store_name_units(call, organisation_ids, &rows);
    if (status == STATUS_OK && (size_t)rows.count != request->n_organisation_ids)
        return fail_field(call, "organisationIds", &NOT_YOURS);
    return status;
}

enum status
handle_save_campaign(struct call *call, const Deadlines__SaveCampaignRequest *request, Deadlines__Campaign *reply)
{
    bool done = false;
    Deadlines__Campaign seen = DEADLINES__CAMPAIGN__INIT;
    const char *organisation_ids =
        db_text_array(call->arena, (char *const *)(uintptr_t)request->organisation_ids, request->n_organisation_ids);
    if (!organisation_ids)
        return STATUS_TOO_LARGE;
    // Who has no such draft hears that, not what is wrong with the words.
    enum status status = get_campaign(call, request->campaign_id, &seen);
    if (status == STATUS_OK)
        status = check_units(call, request, organisation_ids);
    if (status == STATUS_OK)
        status = store_save_campaign(call, request, organisation_ids, &done);
    if (status != STATUS_OK)
        return status;
    return done ? answer_campaign(call, request->campaign_id, reply) : refuse(call, request->campaign_id, &NOT_A_DRAFT);
}

enum status
handle_drop_campaign(struct call *call, const Deadlines__DropCampaignRequest *request,
                     Deadlines__DropCampaignReply *reply)
{
    (void)reply;
    bool done;
    enum status status = store_drop_campaign(call, request->campaign_id, &done);
    return status != STATUS_OK || done ? status : refuse(call, request->campaign_id, &NOT_A_DRAFT);
}

// --- on its way

static enum status
freeze_letter(struct call *call, const Deadlines__Campaign *campaign, const char *html, struct campaign_letter *letter)
{
    size_t count = campaign->n_groups;
    const char **texts = arena_take(call->arena, 3 * (count + 1) * sizeof(*texts));
    if (!texts)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < count; i++) {
        texts[i] = campaign->groups[i]->title;
        texts[count + i] = arena_format(call->arena, "%u", campaign->groups[i]->indicators);
        texts[2 * count + i] = campaign->groups[i]->participants;
        if (!texts[count + i])
            return STATUS_TOO_LARGE;
    }
    char *const *lists = (char *const *)(uintptr_t)texts;
    *letter = (struct campaign_letter){
        .titles = db_text_array(call->arena, lists, count),
        .indicators = db_text_array(call->arena, lists + count, count),
        .participants = db_text_array(call->arena, lists + 2 * count, count),
        .text = campaign->text,
        .html = html,
    };
    return letter->titles && letter->indicators && letter->participants ? STATUS_OK : STATUS_TOO_LARGE;
}

enum status
handle_send_campaign(struct call *call, const Deadlines__SendCampaignRequest *request, Deadlines__Campaign *reply)
{
    struct db_rows rows;
    struct campaign_letter letter;
    const char *html;
    bool done = false;
    int64_t letters = 0;
    Deadlines__Campaign draft = DEADLINES__CAMPAIGN__INIT;
    enum status status = answer_whole(call, request->campaign_id, &draft, &html);
    if (status == STATUS_OK && !is_draft(&draft))
        return fail(call, STATUS_CONFLICT, &NOT_A_DRAFT);
    if (status == STATUS_OK)
        status = store_get_campaign_round(call, draft.round_id, &rows);
    if (status == STATUS_OK && (rows.count == 0 || db_boolean_at(&rows, 0, CAMPAIGN_ROUND_CLOSED)))
        return fail(call, STATUS_CONFLICT, &ROUND_CLOSED);
    if (status == STATUS_OK)
        status = freeze_letter(call, &draft, html, &letter);
    if (status == STATUS_OK)
        status = store_send_campaign(call, request, &letter, &done);
    if (status == STATUS_OK && !done)
        return refuse(call, request->campaign_id, &NOT_A_DRAFT);
    if (status == STATUS_OK)
        status = store_write_campaign_letters(call, request->campaign_id, &letters);
    if (status == STATUS_OK && letters == 0)
        return fail(call, STATUS_CONFLICT, &NOBODY);
    return status == STATUS_OK ? answer_campaign(call, request->campaign_id, reply) : status;
}

enum status
handle_stop_campaign(struct call *call, const Deadlines__StopCampaignRequest *request, Deadlines__Campaign *reply)
{
    bool done;
    enum status status = store_stop_campaign(call, request->campaign_id, &done);
    if (status == STATUS_OK && !done)
        return refuse(call, request->campaign_id, &NOT_SENDING);
    return status == STATUS_OK ? answer_campaign(call, request->campaign_id, reply) : status;
}

enum status
handle_resume_campaign(struct call *call, const Deadlines__ResumeCampaignRequest *request, Deadlines__Campaign *reply)
{
    bool done;
    enum status status = store_resume_campaign(call, request->campaign_id, &done);
    if (status == STATUS_OK && !done)
        return refuse(call, request->campaign_id, &NOT_STOPPED);
    return status == STATUS_OK ? answer_campaign(call, request->campaign_id, reply) : status;
}

enum status
handle_retry_campaign(struct call *call, const Deadlines__RetryCampaignRequest *request, Deadlines__Campaign *reply)
{
    bool done;
    enum status status = store_retry_campaign(call, request, &done);
    if (status == STATUS_OK && !done)
        return refuse(call, request->campaign_id, &NOT_SENDING);
    return status == STATUS_OK ? answer_campaign(call, request->campaign_id, reply) : status;
}
