// Words of a reminder that a coordinator sends: what an organisation owes a round.
#pragma once

#include "rules.h"

// What is owed; strings may be empty, never NULL.
struct reminder_item {
    const char *section_title, *question, *state, *due_on;
};
// not_started, in_work, returned; of a section: not_activated; of everything: not_chosen
bool rules_is_reminder_state(const char *state);

struct reminder_facts {
    const char *round_name, *day, *hour, *zone_words;
    const struct reminder_item *items;
    size_t count;
};
// NULL without memory.
const char *rules_reminder_text(struct arena *arena, const struct reminder_facts *facts);
