// What auth does without being asked.
#pragma once

#include "vekha/service/service.h"

// On an empty database: the federation and a first administrator, whose one-time password goes into `bootstrap_file`.
enum status job_bootstrap(struct call *call, bool *ret_again);
// Tells of sessions ended by a stolen refresh token.
enum status job_announce_revoked(struct call *call, bool *ret_again);
// Forgets old attempts, addresses and sessions.
enum status job_sweep(struct call *call, bool *ret_again);
// Takes audit records that wait into the chain.
enum status job_seal_audit(struct call *call, bool *ret_again);
