// Monthly campaigns: the table and the letter of a draft, whom it reaches, sending, holding back, trying again.
#include <string.h>

#include "campaign_letter.h"
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
static const struct message UNKNOWN_MODE = {"unknown_mode", "Повтор: prepare, send или пусто.",
                                            "A repetition is prepare, send or empty."};
static const struct message NOT_TO_REPEAT = {"not_to_repeat",
                                             "Повторять можно рассылку своей территории по загруженной программе.",
                                             "Only a mailing of your own territory about a programme is repeated."};
static const struct message NOT_STOPPED = {"not_stopped", "Эта рассылка не остановлена.",
                                           "This mailing is not stopped."};

static const char first_words[] = "Просим внести сведения и отправить их на проверку в указанный срок.";

static enum status
get_campaign(struct call *call, const char *campaign_id, Deadlines__Campaign *reply)
{
    enum status status = campaign_get(call, campaign_id, reply);
    return status == STATUS_NOT_FOUND ? fail(call, STATUS_NOT_FOUND, &NO_CAMPAIGN) : status;
}

// --- the table and the letter

static enum status
answer_campaign(struct call *call, const char *campaign_id, Deadlines__Campaign *reply)
{
    enum status status = get_campaign(call, campaign_id, reply);
    return status == STATUS_OK ? campaign_make_letter(call, reply, NULL) : status;
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
    return campaign_is_draft(&seen) && not_in_state == &NOT_A_DRAFT ? fail(call, STATUS_STALE, &CHANGED)
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

enum status
handle_repeat_campaign(struct call *call, const Deadlines__RepeatCampaignRequest *request, Deadlines__Campaign *reply)
{
    Deadlines__Campaign seen = DEADLINES__CAMPAIGN__INIT;
    enum status status = get_campaign(call, request->campaign_id, &seen);
    if (status != STATUS_OK)
        return status;
    if (*request->mode && strcmp(request->mode, "prepare") != 0 && strcmp(request->mode, "send") != 0)
        return fail_field(call, "mode", &UNKNOWN_MODE);
    if (!seen.may_repeat)
        return fail(call, STATUS_CONFLICT, &NOT_TO_REPEAT);
    status = *request->mode ? store_repeat_campaign(call, request) : store_repeat_no_more(call, request->campaign_id);
    return status == STATUS_OK ? answer_campaign(call, request->campaign_id, reply) : status;
}

// --- on its way

enum status
handle_send_campaign(struct call *call, const Deadlines__SendCampaignRequest *request, Deadlines__Campaign *reply)
{
    struct db_rows rows;
    bool done = false;
    int64_t letters = 0;
    Deadlines__Campaign draft = DEADLINES__CAMPAIGN__INIT;
    enum status status = get_campaign(call, request->campaign_id, &draft);
    if (status == STATUS_OK && !campaign_is_draft(&draft))
        return fail(call, STATUS_CONFLICT, &NOT_A_DRAFT);
    if (status == STATUS_OK)
        status = store_get_campaign_round(call, draft.round_id, &rows);
    if (status == STATUS_OK && (rows.count == 0 || db_boolean_at(&rows, 0, CAMPAIGN_ROUND_CLOSED)))
        return fail(call, STATUS_CONFLICT, &ROUND_CLOSED);
    if (status == STATUS_OK)
        status = campaign_send(call, &draft, request->expected_version, &done, &letters);
    if (status == STATUS_OK && !done)
        return refuse(call, request->campaign_id, &NOT_A_DRAFT);
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
