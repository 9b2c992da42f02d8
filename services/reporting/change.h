// Changes of cells, from the events to the public feed.
#pragma once

#include "store.h"

// Notes that the cell moves (NOTING_EVENT_HANDLER with change_cells).
MUST_CHECK enum status note_change(struct call *call, struct cell_change change);
// Moves the cells noted and tells the feed; nothing of those that are in that state already.
MUST_CHECK enum status change_cells(struct call *call, const void *const *changes, size_t count);
