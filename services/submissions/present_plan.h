// Plans as the cabinet shows them.
#pragma once

#include "store_plan.h"

// The caller's plan of one section, as it is now. NOT_FOUND with words when the round has no such section for it.
MUST_CHECK enum status present_planned_section(struct call *call, const char *round_id, const char *section_code,
                                               Submissions__PlannedSection *ret_section);
// All sections of rows of store_list_plan(), with their items and changes.
MUST_CHECK enum status present_planned_sections(struct call *call, const char *round_id, const struct db_rows *rows,
                                                Submissions__PlannedSection **sections);
enum status refuse_unknown_section(struct call *call);
