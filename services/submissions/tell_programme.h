// Tells the others what a programme asks.
#pragma once

#include "store.h"

MUST_CHECK enum status tell_of_programme(struct call *call, const Submissions__LoadProgrammeRequest *file,
                                         const char *programme_id, uint32_t version);
