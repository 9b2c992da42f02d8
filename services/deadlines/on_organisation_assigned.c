// An organisation is asked: its reminders are set.
#include "plan.h"

static enum status
on_organisation_assigned(struct call *call, const Events__OrganisationAssigned *event)
{
    struct timer_plan plan;
    enum status status = plan_timers(call, &plan);
    return status == STATUS_OK ? store_assignments(call, event, &plan) : status;
}

EVENT_HANDLER(on_organisation_assigned, "submissions", Events__OrganisationAssigned,
              events__organisation_assigned__descriptor)
