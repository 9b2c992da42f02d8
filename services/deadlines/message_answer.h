// What handlers of messages share: the answer that shows one, and refusals.
#pragma once

#include "deadlines_rpc.h"
#include "store_messages.h"

extern const struct message NO_SUCH_MESSAGE;
// The message as the caller may see it; NOT_FOUND otherwise.
MUST_CHECK enum status answer_message(struct call *call, const char *message_id, Deadlines__Message *reply);
// Tells that the caller has written to so many.
MUST_CHECK enum status tell_sent(struct call *call, const char *message_id, int64_t addressees);
// Tells the audit who reads where a message or a mailing went; its subject is NULL when that was told lately.
typedef enum status note_reading(struct call *call, const char *id, const char **ret_subject);
MUST_CHECK enum status tell_addressees_read(struct call *call, note_reading *find_subject, const char *id);
// After a command on a draft that was not carried out: gone, sent meanwhile, or changed meanwhile.
MUST_CHECK enum status refuse_draft(struct call *call, const char *message_id);
