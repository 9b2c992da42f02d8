// The table and the letter of a mailing, as its page shows them and as they go out.
#pragma once

#include "store.h"

// Without the table and the letter; NOT_FOUND: none that the caller may see.
MUST_CHECK enum status campaign_get(struct call *call, const char *campaign_id, Deadlines__Campaign *reply);
bool campaign_is_draft(const Deadlines__Campaign *campaign);
// Adds the table; of a draft, the letter as it would go out now. ret_html may be NULL.
MUST_CHECK enum status campaign_make_letter(struct call *call, Deadlines__Campaign *campaign, const char **ret_html);
// *ret_done is false when it is no draft of that version any more.
MUST_CHECK enum status campaign_send(struct call *call, Deadlines__Campaign *draft, uint32_t version, bool *ret_done,
                                     int64_t *ret_letters);
