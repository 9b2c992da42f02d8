// The base report from whatever keeps it: as of a day, or a slice of it, beside an earlier one (S1.26, S1.31).
#pragma once

#include "answer.h"

struct roadmaps_source {
    // Rows as store_list_roadmaps() has them.
    enum status (*list)(struct call *call, const void *asked, const struct roadmaps_page *page,
                        struct db_rows *ret_rows);
    const void *now, *was; // what to ask list() for; was NULL: nothing to compare with
    const char *after_path;
    uint32_t limit; // organisations; 0: the usual
    bool only_moved;
};
MUST_CHECK enum status answer_roadmaps(struct call *call, const struct roadmaps_source *source,
                                       Reporting__RoadmapsReport *reply);
