// A filled form: many values at once, all of them or none.
#include <string.h>

#include "draft.h"
#include "present.h"
#include "refuse.h"
#include "submissions_rpc.h"

static const struct message TWICE = {"twice", "Этот показатель уже есть в другой строке: оставьте одну из них.",
                                     "This item is in another row too: keep one of them."};

// What the refusal of one value says becomes a violation that names its row; nothing is saved then.
static enum status
refuse_row(struct call *call, size_t row, const struct call *refused)
{
    const Bus__Problem *problem = refused->problem;
    if (!problem || db_is_failed(call->db))
        return STATUS_INTERNAL;
    bool is_field = problem->n_violations > 0;
    const char *field = is_field ? problem->violations[0]->field : "";
    const char *words = is_field ? problem->violations[0]->message : problem->detail;
    const char *path = arena_format(call->arena, *field ? "values[%zu].%s" : "values[%zu]", row, field);
    const struct message said = {is_field ? problem->violations[0]->code : problem->code, words, words};
    return path ? fail_field(call, path, &said) : STATUS_TOO_LARGE;
}

static enum status
read_values(struct call *call, const Submissions__SaveValuesRequest *request, struct value_to_save *ret_values)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < request->n_values; i++) {
        const Submissions__SaveValueRequest *row = request->values[i];
        struct call alone = *call;
        alone.problem = NULL;
        ret_values[i] = (struct value_to_save){.request = row,
                                               .organisation_id = call->principal->organisation_id,
                                               .account_id = call->principal->account_id};
        enum answer_problem problem = rules_read_answer(call->arena, row->value, row->second_value,
                                                        row->confirm_part_over_whole, &ret_values[i].answer);
        if (problem == ANSWER_GOOD)
            continue;
        (void)refuse_answer(&alone, problem);
        status = refuse_row(call, i, &alone);
    }
    return status;
}

static enum status
check_twice(struct call *call, const Submissions__SaveValuesRequest *request)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < request->n_values; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(request->values[i]->assignment_id, request->values[j]->assignment_id) == 0) {
                const char *path = arena_format(call->arena, "values[%zu]", i);
                status = path ? fail_field(call, path, &TWICE) : STATUS_TOO_LARGE;
                break;
            }
    return status;
}

// As many as one statement takes, from values[first] on.
static enum status
save_some(struct call *call, const struct value_to_save *values, size_t first, size_t count,
          Submissions__SaveValuesReply *reply)
{
    bool is_saved[TOGETHER_MAX] = {false};
    struct db_rows rows;
    enum status status = store_save_values(call, &values[first], count, &rows);
    for (int row = 0; status == STATUS_OK && row < rows.count; row++) {
        size_t place = (size_t)present_number(&rows, row, "place") - 1;
        is_saved[place] = true;
        status = present_saved(call, &values[first + place], &rows, row, reply->values[first + place]);
    }
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        if (is_saved[i])
            continue;
        struct call alone = *call;
        alone.problem = NULL;
        (void)refuse_save(&alone, values[first + i].request, &values[first + i].answer);
        enum status refused = refuse_row(call, first + i, &alone);
        if (refused != STATUS_INVALID)
            status = refused;
    }
    return status;
}

static enum status
make_reply(struct call *call, size_t count, Submissions__SaveValuesReply *reply)
{
    reply->values = arena_take(call->arena, count * sizeof *reply->values);
    for (size_t i = 0; reply->values && i < count; i++) {
        if (!(reply->values[i] = arena_take(call->arena, sizeof **reply->values)))
            return STATUS_TOO_LARGE;
        submissions__saved_value__init(reply->values[i]);
    }
    reply->n_values = count;
    return reply->values ? STATUS_OK : STATUS_TOO_LARGE;
}

enum status
handle_save_values(struct call *call, const Submissions__SaveValuesRequest *request,
                   Submissions__SaveValuesReply *reply)
{
    size_t count = request->n_values;
    struct value_to_save *values = arena_take(call->arena, count * sizeof *values);
    if (!values)
        return STATUS_TOO_LARGE;
    enum status status = check_twice(call, request);
    if (status == STATUS_OK)
        status = read_values(call, request, values);
    if (status == STATUS_OK)
        status = make_reply(call, count, reply);
    for (size_t first = 0; status == STATUS_OK && first < count; first += TOGETHER_MAX)
        status = save_some(call, values, first, count - first < TOGETHER_MAX ? count - first : TOGETHER_MAX, reply);
    return status == STATUS_OK && call->is_invalid ? STATUS_INVALID : status;
}
