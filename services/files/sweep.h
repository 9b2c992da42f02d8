// Jobs that remove what nobody will come back for: unfinished uploads and bytes no document has.
#pragma once

#include "vekha/service/service.h"

enum { SWEEP_JOB_COUNT = 2 };
extern const struct job sweep_jobs[SWEEP_JOB_COUNT];
