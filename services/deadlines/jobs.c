// What this service does without being asked.
#include "handlers.h"

const struct job jobs[] = {
    {.name = "fire_timers", .interval_ms = 1000, .after_events = true, .run = job_fire_timers},
    {.name = "tell_unanswered", .interval_ms = 2000, .after_events = true, .run = job_tell_unanswered},
    {.name = "repeat_campaigns", .interval_ms = 1000, .after_events = true, .run = job_repeat_campaigns},
    {.name = "give_words", .interval_ms = 500, .run = job_give_words},
    {.name = "send_mail", .interval_ms = 1000, .own_transactions = true, .own_thread = true, .run = job_send_mail},
    {.name = "read_returned_mail",
     .interval_ms = 60000,
     .own_transactions = true,
     .own_thread = true,
     .run = job_read_returned_mail},
};
const size_t job_count = sizeof jobs / sizeof jobs[0];
