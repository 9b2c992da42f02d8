// When the items of a round are due, worked out as it opens.
#pragma once

#include "store.h"

MUST_CHECK enum status round_dues(struct call *call, const char *round_id);
