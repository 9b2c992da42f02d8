// «Просмотр значений»: one organisation, section by section, each «Нет данных» with its reason (S2.60, S2.61, F10).
#include <string.h>

#include "answer.h"

static void
explain_value(const struct db_rows *rows, int row, const struct organisation_facts *facts,
              Reporting__ProvidedValue *value)
{
    static const int moments[REASON_COUNT] = {
        [REASON_REJECTED] = VALUE_REJECTED_AT,
        [REASON_DRAFT_NOT_SENT] = VALUE_DRAFT_AT,
        [REASON_IN_REVIEW] = VALUE_SENT_AT,
        [REASON_ALREADY_ACCEPTED] = VALUE_ACCEPTED_AT,
    };
    enum reason reason = rules_item_reason(rules_parse_state(db_text_at(rows, row, VALUE_STATE)), facts);
    value->reason = rules_reason_name(reason);
    if (moments[reason])
        value->reason_at = db_text_at(rows, row, moments[reason]);
}

static bool
has_begun(const struct db_rows *rows)
{
    for (int row = 0; row < rows->count; row++)
        if (rules_parse_state(db_text_at(rows, row, VALUE_STATE)) != CELL_EMPTY)
            return true;
    return false;
}

// Items come in the programme's order: a section ends where the next one's code begins.
static enum status
group_by_section(struct call *call, const struct db_rows *rows, Reporting__ProvidedValue **values, size_t count,
                 Reporting__ProvidedValues *reply)
{
    reply->sections = arena_take(call->arena, (count + 1) * sizeof(*reply->sections));
    if (!reply->sections)
        return STATUS_TOO_LARGE;
    Reporting__ProvidedSection *section = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *code = db_text_at(rows, (int)i, VALUE_SECTION_CODE);
        if (!section || strcmp(section->code, code) != 0) {
            section = arena_take(call->arena, sizeof(*section));
            if (!section)
                return STATUS_TOO_LARGE;
            reporting__provided_section__init(section);
            section->code = code;
            section->title = db_text_at(rows, (int)i, VALUE_SECTION_TITLE);
            section->values = &values[i];
            reply->sections[reply->n_sections++] = section;
        }
        section->n_values++;
        section->total++;
        section->filled += values[i]->has_data ? 1 : 0;
    }
    return STATUS_OK;
}

static enum status
fill_sections(struct call *call, const struct db_rows *rows, struct organisation_facts *facts,
              Reporting__ProvidedValues *reply)
{
    Reporting__ProvidedValue **values;
    size_t count;
    enum status status = fill_list(call, rows, &reporting__provided_value__descriptor, &count, &values);
    if (status != STATUS_OK)
        return status;
    facts->has_begun = has_begun(rows);
    for (size_t i = 0; i < count; i++)
        if (!values[i]->has_data)
            explain_value(rows, (int)i, facts, values[i]);
    return group_by_section(call, rows, values, count, reply);
}

enum status
handle_get_provided_values(struct call *call, const Reporting__GetProvidedValuesRequest *request,
                           Reporting__ProvidedValues *reply)
{
    enum report_values values = rules_parse_values(request->values, request->as_of);
    if (values == VALUES_UNKNOWN)
        return fail_field(call, "values", &UNKNOWN_VALUES);
    if (values == VALUES_AS_OF && !*request->as_of)
        return fail_field(call, "asOf", &DAY_MISSING);
    struct report_round round;
    enum status status = answer_round(call, request->round_id, values == VALUES_AS_OF ? request->as_of : "", &round);
    if (status != STATUS_OK)
        return status;
    struct db_rows organisation, rows;
    status = store_get_organisation(call, request->organisation_id, &round, &organisation);
    if (status == STATUS_NOT_FOUND)
        return fail(call, status, &NO_SUCH_ORGANISATION);
    if (status != STATUS_OK)
        return status;
    status = store_list_values(call, request, values, &round, &rows);
    if (status != STATUS_OK)
        return status;
    reply->organisation_id = request->organisation_id;
    reply->short_name = db_text_at(&organisation, 0, ORGANISATION_NAME);
    reply->contact = answer_contact(call, &organisation, 0, ORGANISATION_CONTACT);
    struct organisation_facts facts = {
        .has_logged_in = db_boolean_at(&organisation, 0, ORGANISATION_HAS_LOGGED_IN),
        .is_due = values == VALUES_AS_OF ? round.was_due : round.is_due,
    };
    status = fill_sections(call, &rows, &facts, reply);
    if (status != STATUS_OK)
        return status;
    answer_viewed(call, "values");
    return answer_contacts_read(
        call, &(struct contact_reading){"provided_values_read", request->round_id, request->organisation_id});
}
