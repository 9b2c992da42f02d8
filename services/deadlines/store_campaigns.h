// Monthly campaigns in the database: drafts, whom they reach, and what has become of each letter.
#pragma once

#include "store.h"

// --- store_campaigns.c
// "" when the round asks nobody in the caller's territory, or is closed.
MUST_CHECK enum status store_get_campaign_round(struct call *call, const char *round_id, struct db_rows *ret_rows);
enum campaign_round_column { CAMPAIGN_ROUND_NAME, CAMPAIGN_ROUND_DUE_ON, CAMPAIGN_ROUND_CLOSED };
MUST_CHECK enum status store_create_campaign(struct call *call, const char *round_id, const char *subject,
                                             const char *words, const char **ret_campaign_id);
// Rows of Campaign and CampaignProgress: one, or a page of all.
MUST_CHECK enum status store_get_campaign(struct call *call, const char *campaign_id, struct db_rows *ret_rows);
MUST_CHECK enum status store_list_campaigns(struct call *call, const Deadlines__ListCampaignsRequest *request,
                                            struct db_rows *ret_rows);
MUST_CHECK enum status store_save_campaign(struct call *call, const Deadlines__SaveCampaignRequest *request,
                                           const char *organisation_ids, bool *ret_done);
MUST_CHECK enum status store_drop_campaign(struct call *call, const char *campaign_id, bool *ret_done);
// The table of a draft, as the round has it now.
enum campaign_group_column {
    GROUP_TITLE,
    GROUP_INDICATORS,
    GROUP_ORGANISATIONS,
    GROUP_SCHOOLS,
    GROUP_AUTHORITIES,
    GROUP_ALL_SCHOOLS,
    GROUP_ALL_AUTHORITIES,
    GROUP_NAMES
};
MUST_CHECK enum status store_make_campaign_groups(struct call *call, const char *campaign_id, struct db_rows *ret_rows);
// Rows of CampaignGroup, as they were sent.
MUST_CHECK enum status store_list_campaign_groups(struct call *call, const char *campaign_id, struct db_rows *ret_rows);
// Rows of CampaignTerritory; row of CampaignAudience; rows of CampaignOrganisation.
MUST_CHECK enum status store_list_campaign_territories(struct call *call, const char *campaign_id,
                                                       struct db_rows *ret_rows);
MUST_CHECK enum status store_count_campaign_audience(struct call *call, const char *campaign_id,
                                                     struct db_rows *ret_rows);
MUST_CHECK enum status store_list_without_address(struct call *call, const char *campaign_id, struct db_rows *ret_rows);

// --- store_campaign_rules.c
MUST_CHECK enum status store_round_assigned(struct call *call, const Events__RoundAssigned *event);
MUST_CHECK enum status store_repeat_campaign(struct call *call, const Deadlines__RepeatCampaignRequest *request);
MUST_CHECK enum status store_repeat_no_more(struct call *call, const char *campaign_id);
// A round that a rule has not seen yet: at most one row.
enum due_campaign_column {
    DUE_CAMPAIGN_RULE_ID,
    DUE_CAMPAIGN_ROUND_ID,
    DUE_CAMPAIGN_ROUND_NAME,
    DUE_CAMPAIGN_DUE_ON,
    DUE_CAMPAIGN_SENDS_AT,
    DUE_CAMPAIGN_SENDS_WORDS, // «01.10.2020 в 10:00»
    DUE_CAMPAIGN_ZONE,
    DUE_CAMPAIGN_ZONE_MINUTES,
    DUE_CAMPAIGN_PATH,
    DUE_CAMPAIGN_ACCOUNTS,
    DUE_CAMPAIGN_ADDRESSES
};
MUST_CHECK enum status store_find_due_campaign(struct call *call, struct db_rows *ret_rows);
// *ret_campaign_id: "" when another replica was faster.
MUST_CHECK enum status store_prepare_campaign(struct call *call, const struct db_rows *due, const char *subject,
                                              const char **ret_campaign_id);
// A draft whose moment has come: at most one row of its id and whether it may go now.
enum ripe_campaign_column { RIPE_CAMPAIGN_ID, RIPE_CAMPAIGN_MAY_GO };
MUST_CHECK enum status store_find_ripe_campaign(struct call *call, struct db_rows *ret_rows);
// To the next hour of a working day before the due date; is_held: it waits for somebody to send it.
MUST_CHECK enum status store_put_off_campaign(struct call *call, const char *campaign_id, bool is_held);

// --- store_campaign_mail.c
struct campaign_letter {
    const char *titles, *indicators, *participants; // array literals
    const char *text, *html;
};
MUST_CHECK enum status store_send_campaign(struct call *call, const char *campaign_id, uint32_t version,
                                           const struct campaign_letter *letter, bool *ret_done);
MUST_CHECK enum status store_write_campaign_letters(struct call *call, const char *campaign_id, int64_t *ret_letters);
MUST_CHECK enum status store_stop_campaign(struct call *call, const char *campaign_id, bool *ret_done);
MUST_CHECK enum status store_resume_campaign(struct call *call, const char *campaign_id, bool *ret_done);
MUST_CHECK enum status store_retry_campaign(struct call *call, const Deadlines__RetryCampaignRequest *request,
                                            bool *ret_done);
// Rows of CampaignLetter.
MUST_CHECK enum status store_list_campaign_letters(struct call *call,
                                                   const Deadlines__ListCampaignLettersRequest *request,
                                                   struct db_rows *ret_rows);
MUST_CHECK enum status store_count_campaign_letters(struct call *call,
                                                    const Deadlines__ListCampaignLettersRequest *request,
                                                    uint32_t *ret_total);
// *ret_subject: of the campaign, when this session has not read its addresses in the last ten minutes; else NULL.
MUST_CHECK enum status store_note_addresses_read(struct call *call, const char *campaign_id, const char **ret_subject);
