// Questions, for the words of a rejection, and who is told of what waits too long.
#include "store_unanswered.h"

static enum status
on_programme_loaded(struct call *call, const Events__ProgrammeLoaded *event)
{
    enum status status = store_items(call, event);
    return status == STATUS_OK ? store_answering(call, event, config_number(call->config, "reminder_hour")) : status;
}

EVENT_HANDLER(on_programme_loaded, "submissions", Events__ProgrammeLoaded, events__programme_loaded__descriptor)
