// One step of one round per run: open it, assign a slice, or end it and plan the next.
#pragma once

#include "vekha/service/service.h"

enum status job_rounds(struct call *call, bool *ret_again);
