// What a programme file has to be beyond the limits of its fields: each thing that is wrong is named by its path.
#include "check_programme.h"

#include <stdlib.h>
#include <string.h>

#include "check_section.h"
#include "rules_due.h"

static const struct message UNKNOWN_SELECTOR = {"unknown_selector",
                                                "Участники: all_authorities, all_schools, listed или attribute.",
                                                "Participants are all_authorities, all_schools, listed or attribute."};
static const struct message NO_CODES = {"required", "Для listed перечислите коды организаций.",
                                        "List the codes of the organisations for listed."};
static const struct message NO_ATTRIBUTE = {"required", "Для attribute назовите признак организаций.",
                                            "Name the attribute of the organisations for attribute."};
static const struct message UNKNOWN_KIND = {"unknown_value_kind", "Вид значения: number, yes_no или percent.",
                                            "A value is a number, yes_no or percent."};
static const struct message SECOND_MISSING = {"required", "У процентного показателя два вопроса: добавьте второй.",
                                              "A percentage has two questions: add the second one."};
static const struct message SECOND_SUPERFLUOUS = {
    "not_percent", "Второй вопрос бывает только у процентного показателя.", "Only a percentage has a second question."};
static const struct message NO_DECIMALS = {"no_decimals", "Знаки после запятой бывают только у чисел.",
                                           "Only numbers have digits after the point."};
static const struct message EVIDENCE_UNNAMED = {"required", "Назовите подтверждающий документ, который требуется.",
                                                "Name the evidence document that is required."};
static const struct message DUPLICATE = {"duplicate", "Такой код уже есть в файле: дайте другой.",
                                         "The file has this code already: give another one."};

enum status
check_participants(struct call *call, const char *parent, const Submissions__Participants *participants)
{
    if (!participants)
        return STATUS_OK;
    static const struct {
        const char *field;
        const struct message *message;
    } WORDS[] = {
        [SELECTOR_UNKNOWN] = {"selector", &UNKNOWN_SELECTOR},
        [SELECTOR_NO_CODES] = {"codes", &NO_CODES},
        [SELECTOR_NO_ATTRIBUTE] = {"attribute", &NO_ATTRIBUTE},
    };
    enum selector_problem problem =
        rules_check_selector(participants->selector, participants->n_codes, participants->attribute);
    if (problem == SELECTOR_GOOD)
        return STATUS_OK;
    const char *path = arena_format(call->arena, "%s.participants.%s", parent, WORDS[problem].field);
    return path ? fail_field(call, path, WORDS[problem].message) : STATUS_TOO_LARGE;
}

enum status
fail_at(struct call *call, const char *parent, const char *field, const struct message *message)
{
    const char *path = arena_format(call->arena, "%s.%s", parent, field);
    return path ? fail_field(call, path, message) : STATUS_TOO_LARGE;
}

static enum status
check_item(struct call *call, const char *path, const Submissions__Item *item)
{
    enum status status = check_participants(call, path, item->participants);
    enum kind kind = rules_kind_named(item->value_kind);
    if (kind == KIND_COUNT)
        status = fail_at(call, path, "valueKind", &UNKNOWN_KIND);
    else if (kind == KIND_PERCENT && !*item->second_question)
        status = fail_at(call, path, "secondQuestion", &SECOND_MISSING);
    else if (kind != KIND_PERCENT && *item->second_question)
        status = fail_at(call, path, "secondQuestion", &SECOND_SUPERFLUOUS);
    if (kind != KIND_NUMBER && kind != KIND_PERCENT && item->decimals > 0)
        status = fail_at(call, path, "decimals", &NO_DECIMALS);
    if ((item->evidence_required || kind == KIND_DOCUMENTS) && !*item->evidence)
        status = fail_at(call, path, "evidence", &EVIDENCE_UNNAMED);
    enum status columns = check_columns(call, path, item);
    enum status form = check_form(call, path, item->form);
    columns = columns == STATUS_OK ? form : columns;
    enum status due = check_due(call, path, item->due);
    return due != STATUS_OK ? due : columns != STATUS_OK ? columns : status;
}

struct named {
    const char *code;
    const char *path;
};

static int
compare_named(const void *left, const void *right)
{
    return strcmp(((const struct named *)left)->code, ((const struct named *)right)->code);
}

static enum status
check_unique(struct call *call, struct named *names, size_t count)
{
    enum status status = STATUS_OK;
    qsort(names, count, sizeof(*names), compare_named);
    for (size_t i = 1; i < count; i++)
        if (strcmp(names[i - 1].code, names[i].code) == 0)
            status = fail_at(call, names[i].path, "code", &DUPLICATE);
    return status;
}

enum status
check_programme(struct call *call, const Submissions__LoadProgrammeRequest *file)
{
    size_t item_count = 0;
    for (size_t i = 0; i < file->n_sections; i++)
        item_count += file->sections[i]->n_items;
    struct named *sections = arena_take(call->arena, (file->n_sections + 1) * sizeof(*sections));
    struct named *items = arena_take(call->arena, (item_count + 1) * sizeof(*items));
    if (!sections || !items)
        return STATUS_TOO_LARGE;
    enum status status = STATUS_OK;
    size_t number = 0;
    for (size_t i = 0; i < file->n_sections; i++) {
        const Submissions__Section *section = file->sections[i];
        sections[i] = (struct named){section->code, arena_format(call->arena, "sections[%zu]", i)};
        for (size_t j = 0; j < section->n_items; j++) {
            const char *path = arena_format(call->arena, "sections[%zu].items[%zu]", i, j);
            if (!path || !sections[i].path)
                return STATUS_TOO_LARGE;
            items[number++] = (struct named){section->items[j]->code, path};
            enum status found = check_item(call, path, section->items[j]);
            status = found == STATUS_OK ? status : found;
        }
    }
    static const struct message UNKNOWN_MOVE = {"unknown_move",
                                                "Срок в выходной: keep, next_working_day или previous_working_day.",
                                                "A due date on a day off: keep, next_working_day or "
                                                "previous_working_day."};
    if (rules_day_off_named(file->on_day_off) == DAY_OFF_RULE_COUNT)
        status = fail_field(call, "onDayOff", &UNKNOWN_MOVE);
    enum status found = check_answering(call, file->answering);
    status = found == STATUS_OK ? status : found;
    found = check_reminders(call, file->reminders);
    status = found == STATUS_OK ? status : found;
    found = check_sections(call, file);
    status = found == STATUS_OK ? status : found;
    enum status unique = check_unique(call, sections, file->n_sections);
    status = unique == STATUS_OK ? status : unique;
    unique = check_unique(call, items, item_count);
    return unique == STATUS_OK ? status : unique;
}
