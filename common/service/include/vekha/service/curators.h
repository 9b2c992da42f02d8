// Which curator answers for which school (S1.6), as auth tells of it: for services whose migrations have the table
// curator_school (account_id, organisation_id, organisation_path).
#pragma once

#include "vekha/service/service.h"

extern const struct event_handler curator_bound_handler;
