// Reads replies by the names of their fields.
#include "export_grid.h"

#include <stdlib.h>
#include <string.h>

enum { PATH_CHARS = 80 };

// A repeated field's messages, or a single one as a list of one.
struct messages {
    const ProtobufCMessage *const *items;
    size_t count;
    const ProtobufCMessage *only;
};

static const void *
value_of(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    return (const char *)message + field->offset;
}

static size_t
quantity_of(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    return *(const size_t *)(const void *)((const char *)message + field->quantifier_offset);
}

static struct messages
messages_of(const ProtobufCMessage *message, const char *name)
{
    struct messages found = {NULL, 0, NULL};
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);
    if (!field || field->type != PROTOBUF_C_TYPE_MESSAGE)
        return found;
    if (field->label == PROTOBUF_C_LABEL_REPEATED) {
        found.items = *(const ProtobufCMessage *const *const *)value_of(message, field);
        found.count = quantity_of(message, field);
    } else {
        found.only = *(const ProtobufCMessage *const *)value_of(message, field);
        found.count = found.only != NULL;
    }
    return found;
}

static const ProtobufCMessage *
message_at(const struct messages *messages, size_t index)
{
    return messages->only ? messages->only : messages->items[index];
}

// What stands before the mark; NULL when it is longer than any field's name.
static const char *
name_before(const char *path, const char *mark, char name[PATH_CHARS])
{
    size_t length = strcspn(path, mark);
    if (length >= PATH_CHARS)
        return NULL;
    memcpy(name, path, length);
    name[length] = '\0';
    return name;
}

static const char *
join(struct arena *arena, const char *so_far, const char *text)
{
    return *so_far ? arena_format(arena, "%s, %s", so_far, text) : text;
}

static const char *
number_as_text(struct arena *arena, uint64_t number)
{
    return arena_format(arena, "%llu", (unsigned long long)number);
}

// The field as text; several with commas between. "" for what is not there, NULL over the arena's limit.
static const char *
read_path(struct arena *arena, const ProtobufCMessage *message, const char *path)
{
    char name[PATH_CHARS];
    if (!name_before(path, ".", name))
        return "";
    size_t length = strlen(name);
    if (path[length] == '.') {
        struct messages below = messages_of(message, name);
        const char *text = "";
        for (size_t i = 0; i < below.count && text; i++) {
            const char *part = read_path(arena, message_at(&below, i), path + length + 1);
            text = part ? join(arena, text, part) : NULL;
        }
        return text;
    }
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);
    if (!field)
        return "";
    const void *value = value_of(message, field);
    if (field->type == PROTOBUF_C_TYPE_UINT32)
        return number_as_text(arena, *(const uint32_t *)value);
    if (field->type != PROTOBUF_C_TYPE_STRING)
        return "";
    if (field->label != PROTOBUF_C_LABEL_REPEATED)
        return *(const char *const *)value;
    const char *text = "";
    for (size_t i = 0; i < quantity_of(message, field) && text; i++)
        text = join(arena, text, (*(const char *const *const *)value)[i]);
    return text;
}

const char *
export_text_of(const ProtobufCMessage *message, const char *field)
{
    const ProtobufCFieldDescriptor *found = protobuf_c_message_descriptor_get_field_by_name(message->descriptor, field);
    if (!found || found->type != PROTOBUF_C_TYPE_STRING || found->label == PROTOBUF_C_LABEL_REPEATED)
        return "";
    return *(const char *const *)value_of(message, found);
}

// "item_code>question": the question of the first sheet's row with the same item_code.
static const char *
read_of_other(struct arena *arena, const ProtobufCMessage *row, const struct messages *others, const char *path)
{
    char key[PATH_CHARS];
    if (!name_before(path, ">", key))
        return "";
    const char *wanted = export_text_of(row, key);
    for (size_t i = 0; i < others->count; i++)
        if (strcmp(export_text_of(message_at(others, i), key), wanted) == 0)
            return read_path(arena, message_at(others, i), path + strlen(key) + 1);
    return wanted;
}

static void
show(struct export_cell *cell, const struct export_column *column, const char *text, bool english)
{
    static const int shown[] = {
        [EXPORT_TEXT] = CELL_TEXT,  [EXPORT_NUMBER] = CELL_NUMBER, [EXPORT_PERCENT] = CELL_PERCENT,
        [EXPORT_DAY] = CELL_DAY,    [EXPORT_MOMENT] = CELL_MOMENT, [EXPORT_WORD] = CELL_TEXT,
        [EXPORT_VALUE] = CELL_VALUE};
    *cell = (struct export_cell){CELL_NOTHING, "", 0};
    if (!*text)
        return;
    cell->shown = (unsigned)shown[column->kind];
    cell->text = column->kind == EXPORT_WORD ? export_word_of(column, text, english) : text;
    if (column->kind == EXPORT_NUMBER || column->kind == EXPORT_PERCENT || column->kind == EXPORT_VALUE)
        cell->number = strtod(text, NULL);
}

// A row's value by its number; "" beyond.
static const char *
value_at(const ProtobufCMessage *row, size_t number)
{
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field_by_name(row->descriptor, "values");
    if (!field || field->label != PROTOBUF_C_LABEL_REPEATED || number >= quantity_of(row, field))
        return "";
    return (*(const char *const *const *)value_of(row, field))[number];
}

struct row {
    const ProtobufCMessage *message, *part;
    const char *part_prefix; // "items."
    struct messages others;
};

static const char *
read_cell(struct arena *arena, const struct row *row, const struct export_shown *shown)
{
    static const char now[] = "figures.";
    const char *path = shown->column->title.code;
    if (*path == '#')
        return value_at(row->message, strtoul(path + 1, NULL, 10));
    if (strchr(path, '>'))
        return read_of_other(arena, row->message, &row->others, path);
    size_t prefix = row->part_prefix ? strlen(row->part_prefix) : 0;
    if (prefix > 0 && strncmp(path, row->part_prefix, prefix) == 0 && path[prefix] == '.')
        return row->part ? read_path(arena, row->part, path + prefix + 1) : "";
    if (!shown->is_was)
        return read_path(arena, row->message, path);
    const char *was = arena_format(arena, "was.%s", path + sizeof now - 1);
    return was ? read_path(arena, row->message, was) : NULL;
}

static enum status
fill_row(struct arena *arena, const struct row *row, const struct export_shown *shown, size_t count, bool english,
         struct export_cell *cells)
{
    for (size_t i = 0; i < count; i++) {
        const char *text = read_cell(arena, row, &shown[i]);
        if (!text)
            return STATUS_TOO_LARGE;
        show(&cells[i], shown[i].column, text, english);
    }
    return STATUS_OK;
}

static size_t
count_rows(const struct messages *rows, const char *parts)
{
    size_t count = 0;
    for (size_t i = 0; i < rows->count; i++) {
        size_t of_row = parts ? messages_of(message_at(rows, i), parts).count : 1;
        count += of_row > 0 ? of_row : 1;
    }
    return count;
}

// What outlives the reply is copied.
static bool
add_questions(struct arena *arena, const ProtobufCMessage *reply, struct export_shown *shown, size_t *count)
{
    struct messages questions = messages_of(reply, "columns");
    struct export_column *columns = arena_take(arena, (questions.count + 1) * sizeof(*columns));
    for (size_t i = 0; columns && i < questions.count; i++) {
        const ProtobufCMessage *question = message_at(&questions, i);
        const char *words = export_text_of(question, "question"), *unit = export_text_of(question, "unit");
        const char *title = arena_format(arena, *unit ? "%s, %s" : "%s%s", words, unit);
        const char *code = arena_format(arena, "#%zu", i);
        if (!title || !code)
            return false;
        columns[i] = export_value_column(code, title, export_text_of(question, "value_kind"));
        shown[(*count)++] = (struct export_shown){&columns[i], false};
    }
    return columns != NULL;
}

struct export_shown *
export_columns_shown(struct arena *arena, const struct export_sheet *sheet, bool compares,
                     const ProtobufCMessage *reply, size_t *ret_count)
{
    size_t questions = sheet->has_values ? messages_of(reply, "columns").count : 0;
    struct export_shown *shown = arena_take(arena, (2 * sheet->column_count + questions) * sizeof(*shown));
    *ret_count = 0;
    for (size_t i = 0; shown && i < sheet->column_count; i++) {
        shown[(*ret_count)++] = (struct export_shown){&sheet->columns[i], false};
        if (compares && sheet->columns[i].compares)
            shown[(*ret_count)++] = (struct export_shown){&sheet->columns[i], true};
    }
    return shown && questions > 0 && !add_questions(arena, reply, shown, ret_count) ? NULL : shown;
}

enum status
export_grid_fill(struct arena *arena, const struct export_report *report, const struct export_sheet *sheet,
                 const struct export_shown *shown, size_t shown_count, const ProtobufCMessage *reply, bool english,
                 struct export_grid *ret_grid)
{
    struct messages rows = messages_of(reply, sheet->title.code);
    struct row row = {.part_prefix = sheet->parts, .others = messages_of(reply, report->sheets[0].title.code)};
    size_t count = count_rows(&rows, sheet->parts);
    *ret_grid = (struct export_grid){.columns = shown_count};
    ret_grid->cells = arena_take(arena, (count * shown_count + 1) * sizeof(*ret_grid->cells));
    if (!ret_grid->cells)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < rows.count; i++) {
        row.message = message_at(&rows, i);
        struct messages parts = {NULL, 0, NULL};
        if (sheet->parts)
            parts = messages_of(row.message, sheet->parts);
        size_t part = 0;
        do {
            row.part = part < parts.count ? message_at(&parts, part) : NULL;
            struct export_cell *cells = ret_grid->cells + ret_grid->rows++ * shown_count;
            enum status status = fill_row(arena, &row, shown, shown_count, english, cells);
            if (status != STATUS_OK)
                return status;
        } while (++part < parts.count);
    }
    return STATUS_OK;
}

struct export_cell **
export_grid_moments(struct arena *arena, struct export_grid *grid, size_t *ret_count)
{
    size_t cells = grid->rows * grid->columns;
    *ret_count = 0;
    for (size_t i = 0; i < cells; i++)
        *ret_count += grid->cells[i].shown == CELL_MOMENT;
    struct export_cell **moments = arena_take(arena, (*ret_count + 1) * sizeof(*moments));
    size_t found = 0;
    for (size_t i = 0; moments && i < cells; i++)
        if (grid->cells[i].shown == CELL_MOMENT)
            moments[found++] = &grid->cells[i];
    return moments;
}

enum status
export_grid_totals(struct arena *arena, const struct export_sheet *sheet, const struct export_shown *shown,
                   size_t shown_count, const ProtobufCMessage *reply, bool english, struct export_grid *ret_grid)
{
    static const char figures[] = "figures.";
    *ret_grid = (struct export_grid){.columns = shown_count};
    if (!sheet->totals)
        return STATUS_OK;
    ret_grid->cells = arena_take(arena, shown_count * sizeof(*ret_grid->cells));
    if (!ret_grid->cells)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < shown_count; i++) {
        const char *path = shown[i].column->title.code;
        bool is_sum = strncmp(path, figures, sizeof figures - 1) == 0;
        const char *from = shown[i].is_was ? "totals_were" : sheet->totals;
        const char *where = arena_format(arena, "%s.%s", from, is_sum ? path + sizeof figures - 1 : "");
        const char *text = where && is_sum ? read_path(arena, reply, where) : where;
        if (!text)
            return STATUS_TOO_LARGE;
        show(&ret_grid->cells[i], shown[i].column, is_sum ? text : "", english);
    }
    ret_grid->cells[0] = (struct export_cell){CELL_TEXT, english ? "Total" : "Итого", 0};
    ret_grid->rows = 1;
    return STATUS_OK;
}
