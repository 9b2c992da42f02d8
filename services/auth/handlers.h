// Reactions to events of other services, for main.c to name.
#pragma once

#include "vekha/service/service.h"

extern const struct event_handler on_contacts_read_handler;
extern const struct event_handler on_message_contacts_read_handler;
extern const struct event_handler on_feed_key_changed_handler;
extern const struct event_handler on_calendar_day_changed_handler;
extern const struct event_handler on_access_mailed_handler;
