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

// --- store_campaign_mail.c
struct campaign_letter {
    const char *titles, *indicators, *participants; // array literals
    const char *text, *html;
};
MUST_CHECK enum status store_send_campaign(struct call *call, const Deadlines__SendCampaignRequest *request,
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
