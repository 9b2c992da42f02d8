// The events this service reacts to.
#pragma once

#include "vekha/service/service.h"

extern const struct event_handler on_organisation_changed_handler;
extern const struct event_handler on_document_stored_handler;
extern const struct event_handler on_verdict_given_handler;
extern const struct event_handler on_review_withdrawn_handler;
extern const struct event_handler on_calendar_day_changed_handler;
