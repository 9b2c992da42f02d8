// A road map as its document has it: who is responsible, what is due, what is late or at risk (S3.5-S3.19).
#include <string.h>

#include "answer.h"
#include "rules_roadmap.h"

static const struct message TOO_LONG = {"too_many_rows", "В этой дорожной карте слишком много мероприятий.",
                                        "This road map has too many measures."};

static enum status
fill_responsible(struct call *call, const struct db_rows *rows, int row, Reporting__RoadmapSection *section)
{
    char **titles, **codes;
    size_t count, code_count;
    enum status status = db_text_array_at(rows, row, ROAD_RESPONSIBLE_TITLES, call->arena, &titles, &count);
    if (status == STATUS_OK)
        status = db_text_array_at(rows, row, ROAD_RESPONSIBLE_CODES, call->arena, &codes, &code_count);
    if (status != STATUS_OK)
        return status;
    section->responsible = arena_take(call->arena, (count + 1) * sizeof(*section->responsible));
    if (!section->responsible)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < count; i++) {
        Reporting__RoadmapParty *party = arena_take(call->arena, sizeof(*party));
        if (!party)
            return STATUS_TOO_LARGE;
        reporting__roadmap_party__init(party);
        party->title = titles[i];
        party->organisation_code = i < code_count ? codes[i] : "";
        party->is_outside = !*party->organisation_code;
        section->responsible[section->n_responsible++] = party;
    }
    return STATUS_OK;
}

static enum status
fill_item(struct call *call, Reporting__RoadmapItem *item)
{
    const Reporting__MeasureFigures *figures = item->figures;
    const struct stands stands = {
        .asked = figures->asked,
        .not_started = figures->not_started,
        .in_work = figures->in_work,
        .waiting = figures->waiting,
        .accepted = figures->accepted,
        .returned = figures->returned,
    };
    item->state = rules_item_state(&stands);
    char *percent = arena_take(call->arena, PERCENT_CHARS);
    if (!percent)
        return STATUS_TOO_LARGE;
    rules_percent(figures->accepted, figures->asked, percent);
    item->figures->percent = percent;
    return STATUS_OK;
}

// Gives every section its items, which come in the programme's order.
static enum status
fill_items(struct call *call, const Reporting__GetRoadmapRequest *request, const struct report_round *round,
           Reporting__Roadmap *reply)
{
    struct db_rows rows;
    Reporting__RoadmapItem **items;
    Reporting__MeasureFigures **figures;
    size_t count = 0;
    enum status status = store_list_road_items(call, request, round, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &reporting__roadmap_item__descriptor, &count, &items);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &reporting__measure_figures__descriptor, &count, &figures);
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        items[i]->figures = figures[i];
        status = fill_item(call, items[i]);
    }
    for (size_t k = 0; k < reply->n_sections && status == STATUS_OK; k++) {
        Reporting__RoadmapSection *section = reply->sections[k];
        section->items = arena_take(call->arena, (count + 1) * sizeof(*section->items));
        if (!section->items)
            return STATUS_TOO_LARGE;
        for (size_t i = 0; i < count; i++) {
            if (strcmp(db_text_at(&rows, (int)i, ROAD_ITEM_SECTION), section->code) != 0)
                continue;
            section->items[section->n_items++] = items[i];
            reply->forms_owed += items[i]->form_owed ? 1 : 0;
            section->items_total += items[i]->figures->asked;
            section->items_accepted += items[i]->figures->accepted;
        }
    }
    return status;
}

static void
count_state(Reporting__Roadmap *reply, const char *state)
{
    reply->done += strcmp(state, "done") == 0;
    reply->late += strcmp(state, "late") == 0;
    reply->schedule_owed += strcmp(state, "schedule_owed") == 0;
    reply->at_risk += strcmp(state, "at_risk") == 0;
}

static enum status
fill_states(struct call *call, const struct db_rows *rows, Reporting__Roadmap *reply)
{
    size_t count = reply->n_sections;
    struct road_section *sections = arena_take(call->arena, (count + 1) * sizeof(*sections));
    if (!sections)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < count; i++) {
        const Reporting__RoadmapSection *section = reply->sections[i];
        int row = (int)i;
        bool knows_its_day = *section->due_on && db_integer_at(rows, row, ROAD_DUE_UNKNOWN) == 0;
        sections[i] = (struct road_section){
            .code = section->code,
            .depends_on = section->depends_on,
            .depends_count = section->n_depends_on,
            .is_done = section->items_total > 0 && section->items_accepted == section->items_total,
            .is_late = db_integer_at(rows, row, ROAD_OVERDUE) > 0,
            .owes_schedule = strcmp(section->due_kind, "by_schedule") == 0 && !knows_its_day,
            .has_begun = db_integer_at(rows, row, ROAD_BEGUN) > 0,
        };
    }
    for (size_t i = 0; i < count; i++) {
        Reporting__RoadmapSection *section = reply->sections[i];
        const char **risks = arena_take(call->arena, (count + 1) * sizeof(*risks));
        if (!risks)
            return STATUS_TOO_LARGE;
        section->n_at_risk_from = rules_road_risks(sections, count, i, risks);
        section->at_risk_from = risks;
        section->state = rules_road_state(&sections[i], section->n_at_risk_from);
        count_state(reply, section->state);
    }
    return STATUS_OK;
}

static Reporting__RoadmapSeries *
find_series(struct call *call, const char *name, Reporting__Roadmap *reply)
{
    for (size_t i = 0; i < reply->n_series; i++)
        if (strcmp(reply->series[i]->name, name) == 0)
            return reply->series[i];
    Reporting__RoadmapSeries *series = arena_take(call->arena, sizeof(*series));
    const char **codes = arena_take(call->arena, (reply->n_sections + 1) * sizeof(*codes));
    if (!series || !codes)
        return NULL;
    reporting__roadmap_series__init(series);
    series->name = name;
    series->section_codes = codes;
    series->next_due_on = "";
    reply->series[reply->n_series++] = series;
    return series;
}

// Checkpoints of one series, in the order of the document (F11).
static enum status
fill_series(struct call *call, Reporting__Roadmap *reply)
{
    reply->series = arena_take(call->arena, (reply->n_sections + 1) * sizeof(*reply->series));
    if (!reply->series)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < reply->n_sections; i++) {
        const Reporting__RoadmapSection *section = reply->sections[i];
        if (!*section->series)
            continue;
        Reporting__RoadmapSeries *series = find_series(call, section->series, reply);
        if (!series)
            return STATUS_TOO_LARGE;
        series->section_codes[series->n_section_codes++] = section->code;
        if (strcmp(section->state, "done") == 0)
            series->done++;
        else if (*section->due_on && (!*series->next_due_on || strcmp(section->due_on, series->next_due_on) < 0))
            series->next_due_on = section->due_on;
    }
    return STATUS_OK;
}

enum status
handle_get_roadmap(struct call *call, const Reporting__GetRoadmapRequest *request, Reporting__Roadmap *reply)
{
    struct report_round round;
    enum status status = answer_round(call, request->round_id, request->as_of, &round);
    if (status != STATUS_OK)
        return status;
    struct db_rows rows;
    status = store_list_road_sections(call, request, &round, &rows);
    if (status == STATUS_OK && rows.count > ROAD_SECTIONS_MAX)
        return fail(call, STATUS_TOO_LARGE, &TOO_LONG);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &reporting__roadmap_section__descriptor, &reply->n_sections, &reply->sections);
    for (size_t i = 0; i < reply->n_sections && status == STATUS_OK; i++)
        status = fill_responsible(call, &rows, (int)i, reply->sections[i]);
    if (status == STATUS_OK)
        status = fill_items(call, request, &round, reply);
    if (status == STATUS_OK)
        status = fill_states(call, &rows, reply);
    if (status == STATUS_OK)
        status = fill_series(call, reply);
    if (status != STATUS_OK)
        return status;
    reply->as_of = round.as_of;
    reply->reviewer = round.reviewer;
    reply->organisations = rows.count > 0 ? (uint32_t)db_integer_at(&rows, 0, ROAD_ORGANISATIONS) : 0;
    if (*request->organisation_id && reply->organisations == 0)
        return fail(call, STATUS_NOT_FOUND, &NO_SUCH_ORGANISATION);
    answer_viewed(call, "roadmap");
    return STATUS_OK;
}
