// When timers are planned, as the configuration has it.
#pragma once

#include "store.h"

// For the event in hand: moments before it are left out, however late it arrives.
MUST_CHECK enum status plan_timers(struct call *call, struct timer_plan *ret_plan);
