// Asks the owners whether kept answers still hold: what waits goes in one question, and while questions are under way
// the next ones gather.
#pragma once

#include "gateway.h"

// on_checked is called once, never from here, unless the exchange is forgotten before. OK: exchange->kept still holds;
// STALE: it does not; otherwise nobody could tell.
void tag_checks_add(struct exchange *exchange, void (*on_checked)(struct exchange *, enum status));
void tag_checks_forget(struct exchange *exchange);
// Sends what waits.
void tag_checks_send(struct gateway *gateway);
// Until what waits is sent, whatever is under way; -1: nothing waits.
long tag_checks_wait_ms(const struct gateway *gateway);
void tag_checks_close(struct gateway *gateway);
