// Tells the others what organisations were asked.
#pragma once

#include "store.h"

// One OrganisationAssigned per row of store_assign_slice() or store_assign_organisation().
MUST_CHECK enum status assign_tell(struct call *call, const struct db_rows *rows);
