// Words of a forecast: no I/O.
#include "rules_forecast.h"

#include <string.h>

#include "vekha/base/text.h"

enum {
    OWN_CASES_ENOUGH = 10, // as much as the municipality weighs (forecast_prior of 0017)
    SHARE_CASES_MIN = 3,   // fewer say nothing to anybody
    REVIEW_DAYS_TOLD = 1,
    SEEN_DAYS_TOLD = 3,
};

const char *
rules_forecast_outlook(uint32_t percent)
{
    if (percent >= FORECAST_LATE_PERCENT)
        return "late";
    return percent >= FORECAST_DOUBTFUL_PERCENT ? "doubtful" : "in_time";
}

static const char *
days_words(uint32_t days)
{
    return text_plural(days, "день", "дня", "дней");
}

static const char *
plural_s(uint32_t count)
{
    return count == 1 ? "" : "s";
}

static void
add_standing(struct arena *arena, const struct forecast_facts *facts, bool english, struct forecast_reason *reason)
{
    uint32_t missing = facts->asked - facts->sent;
    *reason = (struct forecast_reason){.code = "some_missing", .count = missing, .of = facts->asked};
    if (strcmp(facts->stands, "waiting") == 0) {
        reason->code = "under_review";
        reason->count = facts->sent;
        reason->text =
            english ? "Sent and under review: it may still be returned" : "Отправлено и проверяется: ещё могут вернуть";
    } else if (strcmp(facts->stands, "returned") == 0) {
        reason->code = "returned";
        reason->count = facts->returned;
        reason->text = arena_format(arena,
                                    english ? "Returned and not sent again: %u of %u due then"
                                            : "Возвращено и не отправлено снова: %u из %u к этому сроку",
                                    facts->returned, facts->asked);
    } else if (strcmp(facts->stands, "idle") == 0) {
        reason->code = "nothing_sent";
        reason->text = arena_format(
            arena, english ? "Nothing of the %u due then is sent" : "Не отправлено ничего из %u к этому сроку",
            facts->asked);
    } else {
        reason->text =
            arena_format(arena, english ? "%u of %u due then not sent" : "Не отправлено %u из %u к этому сроку",
                         missing, facts->asked);
    }
}

struct share {
    const char *code, *russian, *english;
    uint32_t cases, missed;
};

static void
add_share(struct arena *arena, const struct forecast_facts *facts, const struct share *share, bool english,
          struct forecast_reason *reason)
{
    *reason =
        (struct forecast_reason){.code = share->code, .count = share->missed, .of = share->cases, .days = facts->days};
    if (english)
        reason->text =
            arena_format(arena, "%s missed the date in %u of %u cases that stood like this %u day%s before it",
                         share->english, share->missed, share->cases, facts->days, plural_s(facts->days));
    else
        reason->text = arena_format(arena, "%s: за %u %s до срока в таком же положении не успели в %u из %u случаев",
                                    share->russian, facts->days, days_words(facts->days), share->missed, share->cases);
}

// The organisation's own share, and while its cases are few the next wider one that it is drawn to.
static size_t
add_shares(struct arena *arena, const struct forecast_facts *facts, bool english, struct forecast_reason *out)
{
    const struct share shares[] = {
        {"own_share", "Эта организация", "This organisation", facts->own_cases, facts->own_missed},
        {"municipality_share", "Муниципалитет", "The municipality", facts->near_cases, facts->near_missed},
        {"programme_share", "Вся программа", "The whole programme", facts->all_cases, facts->all_missed},
    };
    size_t count = 0;
    bool is_enough = false;
    for (size_t i = 0; i < sizeof shares / sizeof shares[0] && !is_enough; i++) {
        if (shares[i].cases < SHARE_CASES_MIN)
            continue;
        add_share(arena, facts, &shares[i], english, &out[count++]);
        is_enough = count == 2 || shares[i].cases >= OWN_CASES_ENOUGH;
    }
    return count;
}

static bool
add_review(struct arena *arena, const struct forecast_facts *facts, bool english, struct forecast_reason *reason)
{
    bool matters = strcmp(facts->stands, "waiting") == 0 || strcmp(facts->stands, "returned") == 0;
    if (!matters || facts->review_days < REVIEW_DAYS_TOLD)
        return false;
    uint32_t days = (uint32_t)facts->review_days;
    *reason = (struct forecast_reason){.code = "review_days", .days = days};
    reason->text = english ? arena_format(arena, "A verdict usually takes %u day%s", days, plural_s(days))
                           : arena_format(arena, "Проверка обычно занимает %u %s", days, days_words(days));
    return true;
}

static bool
add_seen(struct arena *arena, const struct forecast_facts *facts, bool english, struct forecast_reason *reason)
{
    if (strcmp(facts->stands, "waiting") == 0)
        return false;
    if (facts->seen_days == FORECAST_NEVER_SEEN) {
        *reason = (struct forecast_reason){.code = "never_seen"};
        reason->text =
            english ? "Nobody of the organisation has ever logged in" : "Из организации ещё никто не входил в систему";
        return true;
    }
    if (facts->seen_days < SEEN_DAYS_TOLD)
        return false;
    uint32_t days = (uint32_t)facts->seen_days;
    *reason = (struct forecast_reason){.code = "not_seen", .days = days};
    reason->text = english ? arena_format(arena, "Nobody has logged in for %u day%s", days, plural_s(days))
                           : arena_format(arena, "В систему не входили %u %s", days, days_words(days));
    return true;
}

size_t
rules_forecast_reasons(struct arena *arena, const struct forecast_facts *facts, bool english,
                       struct forecast_reason out[FORECAST_REASONS_MAX])
{
    size_t count = 0;
    add_standing(arena, facts, english, &out[count++]);
    count += add_shares(arena, facts, english, &out[count]);
    count += add_review(arena, facts, english, &out[count]);
    count += add_seen(arena, facts, english, &out[count]);
    return count;
}
