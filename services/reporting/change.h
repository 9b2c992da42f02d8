// One change of a cell, from the event to the public feed.
#pragma once

#include "store.h"

// Moves the cell and tells the feed; nothing if it is in that state already.
MUST_CHECK enum status change_cell(struct call *call, const struct cell_change *change);
