// Reminders of a programme file: to whom, when, and each once.
#include <string.h>

#include "check_programme.h"
#include "check_section.h"

static bool
is_known(const char *word, const char *const *words)
{
    while (*words && strcmp(*words, word) != 0)
        words++;
    return *words != NULL;
}

static bool
stands_before(const Submissions__Reminders *reminders, size_t limit)
{
    const Submissions__ReminderStep *step = reminders->steps[limit];
    for (size_t i = 0; i < limit; i++) {
        const Submissions__ReminderStep *other = reminders->steps[i];
        if (strcmp(other->to, step->to) == 0 && other->days_before == step->days_before &&
            other->days_after == step->days_after && other->in_working_days == step->in_working_days)
            return true;
    }
    return false;
}

static enum status
check_step(struct call *call, const Submissions__Reminders *reminders, size_t number)
{
    static const struct message UNKNOWN_RECIPIENT = {"unknown_recipient", "Кому: respondent, municipality или region.",
                                                     "It goes to respondent, municipality or region."};
    static const struct message BOTH = {"before_or_after", "Либо до срока, либо после него.",
                                        "Either before the due date or after it."};
    static const struct message NO_DAYS = {"no_days", "Рабочие дни считаются до срока или после него: укажите сколько.",
                                           "Working days are counted before or after the due date: say how many."};
    static const struct message TWICE = {"duplicate", "Такое напоминание уже есть.", "This reminder is there already."};
    static const char *const RECIPIENTS[] = {"respondent", "municipality", "region", NULL};
    const Submissions__ReminderStep *step = reminders->steps[number];
    const char *path = arena_format(call->arena, "reminders.steps[%zu]", number);
    if (!path)
        return STATUS_TOO_LARGE;
    if (!is_known(step->to, RECIPIENTS))
        return fail_at(call, path, "to", &UNKNOWN_RECIPIENT);
    if (step->days_before && step->days_after)
        return fail_at(call, path, "daysAfter", &BOTH);
    if (step->in_working_days && !step->days_before && !step->days_after)
        return fail_at(call, path, "inWorkingDays", &NO_DAYS);
    return stands_before(reminders, number) ? fail_at(call, path, "to", &TWICE) : STATUS_OK;
}

enum status
check_reminders(struct call *call, const Submissions__Reminders *reminders)
{
    static const struct message UNKNOWN_MOVE = {"unknown_move", "В нерабочий день: keep или move.",
                                                "On a day off: keep or move."};
    static const char *const MOVES[] = {"", "keep", "move", NULL};
    enum status status = STATUS_OK;
    if (reminders && !is_known(reminders->on_day_off, MOVES))
        status = fail_field(call, "reminders.onDayOff", &UNKNOWN_MOVE);
    for (size_t i = 0; reminders && i < reminders->n_steps; i++) {
        enum status found = check_step(call, reminders, i);
        status = found == STATUS_OK ? status : found;
    }
    return status;
}
