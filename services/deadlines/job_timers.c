// Reminders whose moment has come: with their true date, however late, each once, in one letter a day.
#include <string.h>

#include "handlers.h"
#include "notice.h"
#include "rules_digest.h"
#include "store_calendar.h"
#include "store_digests.h"

struct digest {
    struct due_line *lines;
    size_t count;
    int64_t items;
    const char *at;
};

static enum status
add_line(struct call *call, const struct db_rows *rows, int row, struct digest *digest)
{
    const char *at = db_text_at(rows, row, REMINDER_AT);
    struct due_line *line = &digest->lines[digest->count++];
    *line = (struct due_line){
        .round_id = db_text_at(rows, row, REMINDER_ROUND_ID),
        .round_name = db_text_at(rows, row, REMINDER_ROUND_NAME),
        .due_day = db_text_at(rows, row, REMINDER_DUE_DAY),
        .zone_words = rules_zone_words(call->arena, db_text_at(rows, row, REMINDER_ZONE),
                                       (int)db_integer_at(rows, row, REMINDER_ZONE_MINUTES)),
        .organisation_name = db_text_at(rows, row, REMINDER_ORGANISATION_NAME),
        .late = db_text_at(rows, row, REMINDER_LATE),
        .days_left = (int)db_integer_at(rows, row, REMINDER_DAYS_LEFT),
        .items = (uint64_t)db_integer_at(rows, row, REMINDER_ITEMS),
        .organisations = (uint64_t)db_integer_at(rows, row, REMINDER_ORGANISATIONS),
    };
    digest->items += (int64_t)line->items;
    if (!digest->at || strcmp(at, digest->at) > 0)
        digest->at = at;
    return line->zone_words ? STATUS_OK : STATUS_TOO_LARGE;
}

// Of one recipient's rows those that count; a letter says only what its reader wants as letters.
static enum status
collect(struct call *call, const struct db_rows *rows, int first, int next, bool for_letter, struct digest *ret_digest)
{
    enum status status = STATUS_OK;
    *ret_digest = (struct digest){.lines = arena_take(call->arena, (size_t)(next - first) * sizeof(struct due_line))};
    if (!ret_digest->lines)
        return STATUS_TOO_LARGE;
    for (int row = first; status == STATUS_OK && row < next; row++)
        if (db_integer_at(rows, row, REMINDER_ITEMS) > 0 &&
            (!for_letter || db_boolean_at(rows, row, REMINDER_WANTS_LETTER)))
            status = add_line(call, rows, row, ret_digest);
    return status;
}

static enum status
give(struct call *call, const struct db_rows *rows, int row, const struct digest *digest, bool is_letter)
{
    const char *level = db_text_at(rows, row, REMINDER_LEVEL), *path = db_text_at(rows, row, REMINDER_PATH);
    char *address = (char *)(uintptr_t)db_text_at(rows, row, REMINDER_ADDRESS);
    char *account = (char *)(uintptr_t)db_text_at(rows, row, REMINDER_RECIPIENT_ID);
    struct digest_words words;
    if (!rules_digest_words(call->arena, level, digest->lines, digest->count,
                            config_text(call->config, "cabinet_address"), &words))
        return STATUS_TOO_LARGE;
    const struct notice notice = {
        .kind = words.kind,
        // Whoever answers for the same under one address gets one letter.
        .cause = arena_format(call->arena, "due:%s:%s", path, db_text_at(rows, row, REMINDER_TODAY)),
        .round_id = digest->lines[0].round_id,
        .organisation_id = strcmp(level, "respondent") == 0 ? db_text_at(rows, row, REMINDER_ORGANISATION_ID) : NULL,
        .path = path,
        .title = words.title,
        .text = is_letter ? words.letter : words.text,
        .at = digest->at,
        .items = digest->items,
        .accounts = is_letter ? "{}" : db_text_array(call->arena, &account, 1),
        .addresses = is_letter ? db_text_array(call->arena, &address, 1) : "{}",
    };
    if (!notice.cause || !notice.accounts || !notice.addresses)
        return STATUS_TOO_LARGE;
    return write_notice(call, &notice);
}

static enum status
remind(struct call *call, const struct db_rows *rows, int first, int next)
{
    struct digest all, wanted;
    enum status status = collect(call, rows, first, next, false, &all);
    if (status == STATUS_OK && all.count > 0 && db_boolean_at(rows, first, REMINDER_IS_ACCOUNT))
        status = give(call, rows, first, &all, false);
    if (status != STATUS_OK || !*db_text_at(rows, first, REMINDER_ADDRESS))
        return status;
    status = collect(call, rows, first, next, true, &wanted);
    return status == STATUS_OK && wanted.count > 0 ? give(call, rows, first, &wanted, true) : status;
}

static int
end_of_recipient(const struct db_rows *rows, int first)
{
    int next = first;
    while (next < rows->count &&
           strcmp(db_text_at(rows, next, REMINDER_RECIPIENT_ID), db_text_at(rows, first, REMINDER_RECIPIENT_ID)) == 0)
        next++;
    return next;
}

// A day of the calendar has become another one: what has not come yet is planned anew before anything is told.
static enum status
follow_calendar(struct call *call)
{
    struct timer_plan plan = {.hour = config_number(call->config, "reminder_hour")};
    enum status status = store_take_changes(call, &plan.since);
    if (status != STATUS_OK || !plan.since)
        return status;
    status = store_plan_again(call, NULL, &plan);
    return status == STATUS_OK ? store_plan_steps_again(call, plan.hour) : status;
}

enum status
job_fire_timers(struct call *call, bool *ret_again)
{
    int64_t taken = 0;
    enum status status = follow_calendar(call);
    if (status == STATUS_OK)
        status = store_take_timers(call, &taken);
    // A letter says all of its day: nothing is told while timers are still being taken.
    *ret_again = status == STATUS_OK && taken == TIMERS_AT_ONCE;
    if (status != STATUS_OK || *ret_again)
        return status;
    struct db_rows rows;
    status = store_take_digests(call, config_number(call->config, "reminder_hour"), &rows);
    for (int row = 0, next; status == STATUS_OK && row < rows.count; row = next) {
        next = end_of_recipient(&rows, row);
        status = remind(call, &rows, row, next);
    }
    if (status != STATUS_OK)
        return status;
    *ret_again = rows.count > 0;
    return rows.count > 0 ? STATUS_OK : store_put_off_words(call);
}
