// An organisation chose a section, set its date, moved it, or dropped the section (S1.9, S1.12).
#include "store.h"

static enum status
on_section_planned(struct call *call, const Events__SectionPlanned *event)
{
    return store_section_plan(call, event);
}

EVENT_HANDLER(on_section_planned, "submissions", Events__SectionPlanned, events__section_planned__descriptor)
