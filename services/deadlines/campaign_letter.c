// The table and the letter of a mailing, as its page shows them and as they go out.
#include "campaign_letter.h"

#include <string.h>

#include "rules_campaign.h"
#include "store_campaigns.h"

enum status
campaign_get(struct call *call, const char *campaign_id, Deadlines__Campaign *reply)
{
    struct db_rows rows;
    enum status status = store_get_campaign(call, campaign_id, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return STATUS_NOT_FOUND;
    reply->progress = arena_take(call->arena, sizeof(*reply->progress));
    if (!reply->progress)
        return STATUS_TOO_LARGE;
    deadlines__campaign_progress__init(reply->progress);
    fill_message(&reply->base, &rows, 0, call->arena);
    fill_message(&reply->progress->base, &rows, 0, call->arena);
    return STATUS_OK;
}

bool
campaign_is_draft(const Deadlines__Campaign *campaign)
{
    return strcmp(campaign->state, "draft") == 0;
}

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

enum status
campaign_make_letter(struct call *call, Deadlines__Campaign *campaign, const char **ret_html)
{
    struct db_rows rows;
    struct campaign_facts facts;
    enum status status = STATUS_OK;
    if (campaign_is_draft(campaign)) {
        status = make_groups(call, campaign);
    } else {
        status = store_list_campaign_groups(call, campaign->campaign_id, &rows);
        if (status == STATUS_OK)
            status =
                fill_list(call, &rows, &deadlines__campaign_group__descriptor, &campaign->n_groups, &campaign->groups);
    }
    if (status == STATUS_OK)
        status = letter_facts(call, campaign, &facts);
    if (status != STATUS_OK)
        return status;
    campaign->indicators = (uint32_t)rules_campaign_indicators(facts.rows, facts.row_count);
    if (campaign_is_draft(campaign))
        campaign->text = rules_campaign_text(call->arena, &facts);
    if (ret_html)
        *ret_html = rules_campaign_html(call->arena, &facts);
    return campaign->text && (!ret_html || *ret_html) ? STATUS_OK : STATUS_TOO_LARGE;
}

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
campaign_send(struct call *call, Deadlines__Campaign *draft, uint32_t version, bool *ret_done, int64_t *ret_letters)
{
    struct campaign_letter letter;
    const char *html;
    enum status status = campaign_make_letter(call, draft, &html);
    if (status == STATUS_OK)
        status = freeze_letter(call, draft, html, &letter);
    if (status == STATUS_OK)
        status = store_send_campaign(call, draft->campaign_id, version, &letter, ret_done);
    return status == STATUS_OK && *ret_done ? store_write_campaign_letters(call, draft->campaign_id, ret_letters)
                                            : status;
}
