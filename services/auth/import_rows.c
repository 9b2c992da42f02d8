// Reading the rows of an import: columns by name, each cell checked by itself.
#include <stdlib.h>
#include <string.h>

#include "import.h"
#include "vekha/base/text.h"

static const struct message FILE_EMPTY = {"file_empty", "Файл пуст: первая строка должна называть столбцы.",
                                          "The file is empty: the first row must name the columns."};
static const struct message NOT_UTF8 = {"not_utf8", "Сохраните файл в кодировке UTF-8 и повторите.",
                                        "Save the file in UTF-8 and try again."};
static const struct message QUOTE_NOT_CLOSED = {"quote_not_closed", "Кавычка открыта и не закрыта до конца файла.",
                                                "A quote is opened and not closed until the end of the file."};
static const struct message TEXT_AFTER_QUOTE = {
    "text_after_quote", "После закрывающей кавычки ожидается разделитель; кавычки внутри удвойте.",
    "A separator is expected after the closing quote; double the quotes inside."};
static const struct message TOO_MANY_ROWS = {"too_many_rows", "Строк слишком много: разделите файл на части.",
                                             "Too many rows: split the file."};
static const struct message TOO_MANY_COLUMNS = {"too_many_columns", "Столбцов слишком много: проверьте разделитель.",
                                                "Too many columns: check the separator."};
static const struct message NO_MEMORY = {"too_large", "Файл слишком велик: разделите его на части.",
                                         "The file is too large: split it."};
static const struct message UNKNOWN_COLUMN = {"unknown_column", "Такого столбца нет: уберите или переименуйте его.",
                                              "There is no such column: remove or rename it."};
static const struct message DOUBLE_COLUMN = {"double_column", "Столбец назван дважды: оставьте один.",
                                             "The column is named twice: keep one."};
static const struct message COLUMN_MISSING = {"column_missing", "Добавьте этот столбец: он обязателен.",
                                              "Add this column: it is mandatory."};
static const struct message EXTRA_CELLS = {"extra_cells", "В строке больше ячеек, чем столбцов: проверьте кавычки.",
                                           "The row has more cells than columns: check the quotes."};
static const struct message REQUIRED = {"required", "Заполните эту ячейку.", "Fill in this cell."};
static const struct message TOO_LONG = {"too_long", "Слишком длинно: сократите текст.", "Too long: shorten the text."};
static const struct message BAD_CHARACTER = {"bad_character", "Уберите переводы строк и управляющие знаки.",
                                             "Remove line breaks and control characters."};
static const struct message BAD_CODE = {
    "bad_code", "Код состоит из одной-трёх частей через точку, например 74.12.0345; буквы строчные латинские.",
    "A code has one to three parts joined by points, such as 74.12.0345, of digits and lower-case Latin letters."};
static const struct message NOT_BELOW_PARENT = {"not_below_parent",
                                                "Код должен начинаться с кода вышестоящей и точки: 74.12 → 74.12.0345.",
                                                "A code begins with its parent's code and a point: 74.12, 74.12.0345."};
static const struct message UNKNOWN_KIND = {
    "unknown_kind", "Ожидается federation, region, municipality, authority, school, superior или other.",
    "One of federation, region, municipality, authority, school, superior, other is expected."};
static const struct message BAD_INN = {"bad_inn", "Проверьте ИНН: 10 или 12 цифр, контрольная цифра не сходится.",
                                       "Check the INN: 10 or 12 digits with a right check digit."};
static const struct message BAD_PHONE = {"not_phone", "Проверьте телефон: цифры, пробелы, скобки, дефисы, знак +.",
                                         "Check the phone number: digits, spaces, brackets, hyphens, +."};
static const struct message BAD_EMAIL = {"not_email", "Проверьте адрес электронной почты: имя@домен.",
                                         "Check the e-mail address: name@domain."};
static const struct message BAD_ATTRIBUTE = {
    "bad_attribute", "Признаки: строчные латинские буквы, цифры и дефис, до 20 штук через |.",
    "Attributes: lower-case Latin letters, digits and hyphens, up to 20 joined by |."};
static const struct message BAD_ZONE = {"bad_zone", "Ожидается часовой пояс вида Asia/Yekaterinburg.",
                                        "A time zone like Asia/Yekaterinburg is expected."};
static const struct message BAD_DATE = {"not_date", "Ожидается дата вида 2020-09-25.",
                                        "A date like 2020-09-25 is expected."};
static const struct message ENDS_BEFORE = {"ends_before",
                                           "Окончание должно быть позже начала (пустое начало: сегодня).",
                                           "The end must be later than the beginning (empty beginning: today)."};

enum column {
    COLUMN_CODE,
    COLUMN_PARENT,
    COLUMN_KIND,
    COLUMN_NAME,
    COLUMN_INN,
    COLUMN_PHONE,
    COLUMN_EMAIL,
    COLUMN_ATTRIBUTES,
    COLUMN_ZONE,
    COLUMN_FROM,
    COLUMN_TO,
    COLUMN_COUNT,
};
static const struct {
    const char *name;
    size_t max_chars;
    bool is_mandatory;
} COLUMNS[COLUMN_COUNT] = {
    [COLUMN_CODE] = {"code", PATH_CHARS, true}, [COLUMN_PARENT] = {"parent_code", PATH_CHARS, false},
    [COLUMN_KIND] = {"kind", 20, true},         [COLUMN_NAME] = {"short_name", 200, true},
    [COLUMN_INN] = {"inn", 12, false},          [COLUMN_PHONE] = {"phone", 40, false},
    [COLUMN_EMAIL] = {"email", 254, false},     [COLUMN_ATTRIBUTES] = {"attributes", 400, false},
    [COLUMN_ZONE] = {"zone", 50, false},        [COLUMN_FROM] = {"valid_from", 10, false},
    [COLUMN_TO] = {"valid_to", 10, false},
};

void
import_complain(struct import *import, unsigned row, const char *column, const struct message *message)
{
    if (!import->errors)
        import->errors = arena_take(import->arena, IMPORT_MAX_ERRORS * sizeof(*import->errors));
    if (import->errors && import->error_count < IMPORT_MAX_ERRORS)
        import->errors[import->error_count++] = (struct import_error){row, column, message};
}

static const struct message *
message_of(enum csv_fault fault)
{
    static const struct message *const MESSAGES[] = {
        [CSV_EMPTY] = &FILE_EMPTY,
        [CSV_NOT_UTF8] = &NOT_UTF8,
        [CSV_QUOTE_NOT_CLOSED] = &QUOTE_NOT_CLOSED,
        [CSV_TEXT_AFTER_QUOTE] = &TEXT_AFTER_QUOTE,
        [CSV_TOO_MANY_ROWS] = &TOO_MANY_ROWS,
        [CSV_TOO_MANY_COLUMNS] = &TOO_MANY_COLUMNS,
        [CSV_NO_MEMORY] = &NO_MEMORY,
    };
    return MESSAGES[fault];
}

// Bytes of a space at the beginning: ASCII, no-break, narrow no-break.
static size_t
space_at(const char *text)
{
    if (*text == ' ' || *text == '\t')
        return 1;
    if (strncmp(text, "\xc2\xa0", 2) == 0)
        return 2;
    return strncmp(text, "\xe2\x80\xaf", 3) == 0 ? 3 : 0;
}

static const char *
trimmed(struct arena *arena, const char *text)
{
    while (space_at(text))
        text += space_at(text);
    size_t end = 0;
    for (size_t i = 0; text[i];) {
        size_t space = space_at(text + i);
        i += space ? space : 1;
        if (!space)
            end = i;
    }
    return text[end] ? arena_copy_bytes(arena, text, end) : text;
}

// places[c] is where column c stands in a row, or -1.
static bool
read_header(struct import *import, const struct csv_row *header, int places[COLUMN_COUNT])
{
    for (size_t column = 0; column < COLUMN_COUNT; column++)
        places[column] = -1;
    for (size_t i = 0; i < header->cell_count; i++) {
        const char *name = trimmed(import->arena, header->cells[i]);
        size_t column = 0;
        while (name && column < COLUMN_COUNT && strcmp(COLUMNS[column].name, name) != 0)
            column++;
        if (!name)
            return false;
        if (column == COLUMN_COUNT)
            import_complain(import, 1, name, &UNKNOWN_COLUMN);
        else if (places[column] >= 0)
            import_complain(import, 1, name, &DOUBLE_COLUMN);
        else
            places[column] = (int)i;
    }
    for (size_t column = 0; column < COLUMN_COUNT; column++)
        if (COLUMNS[column].is_mandatory && places[column] < 0)
            import_complain(import, 1, COLUMNS[column].name, &COLUMN_MISSING);
    return true;
}

static bool
has_control_characters(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            return true;
    return false;
}

static void
check_cells(struct import *import, unsigned row, const char *cells[COLUMN_COUNT])
{
    for (size_t column = 0; column < COLUMN_COUNT; column++) {
        const char *cell = cells[column];
        const struct message *fault = NULL;
        if (COLUMNS[column].is_mandatory && !*cell)
            fault = &REQUIRED;
        else if (text_count_chars(cell) > COLUMNS[column].max_chars)
            fault = &TOO_LONG;
        else if (has_control_characters(cell))
            fault = &BAD_CHARACTER;
        if (!fault)
            continue;
        import_complain(import, row, COLUMNS[column].name, fault);
        // Told already: not to be told again as badly formed.
        cells[column] = "";
    }
}

static int
compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

// Codes joined by | in any order, with spaces -> the same sorted, each once. NULL when one is none.
static const char *
normal_attributes(struct arena *arena, const char *text)
{
    enum { MAX_ATTRIBUTES = 20 };
    const char *items[MAX_ATTRIBUTES];
    size_t count = 0;
    char *rest = arena_copy(arena, text), *state = NULL;
    for (char *item = rest ? strtok_r(rest, "| ", &state) : NULL; item; item = strtok_r(NULL, "| ", &state)) {
        if (count == MAX_ATTRIBUTES || !text_is_code(item))
            return NULL;
        items[count++] = item;
    }
    qsort(items, count, sizeof(*items), compare_texts);
    char *joined = arena_take(arena, strlen(text) + 2), *out = joined;
    for (size_t i = 0; joined && i < count; i++) {
        if (i > 0 && strcmp(items[i], items[i - 1]) == 0)
            continue;
        if (out != joined)
            *out++ = '|';
        size_t size = strlen(items[i]);
        memcpy(out, items[i], size);
        out += size;
    }
    return joined;
}

static void
check_place(struct import *import, struct import_row *row, const char *parent_code)
{
    if (!*row->path)
        return;
    if (!path_is_valid(row->path)) {
        import_complain(import, row->row, "code", &BAD_CODE);
        return;
    }
    path_of_parent(row->path, row->parent_path);
    if (*parent_code && strcmp(parent_code, row->parent_path) != 0)
        import_complain(import, row->row, "parent_code", &NOT_BELOW_PARENT);
}

static void
check_period(struct import *import, struct import_row *row)
{
    struct organisation_version *version = &row->version;
    bool is_readable = true;
    if (*version->valid_from && !text_is_date(version->valid_from)) {
        import_complain(import, row->row, "valid_from", &BAD_DATE);
        is_readable = false;
    }
    if (*version->valid_to && !text_is_date(version->valid_to)) {
        import_complain(import, row->row, "valid_to", &BAD_DATE);
        is_readable = false;
    }
    if (!*version->valid_from)
        version->valid_from = import->today;
    if (is_readable && *version->valid_to && strcmp(version->valid_to, version->valid_from) <= 0)
        import_complain(import, row->row, "valid_to", &ENDS_BEFORE);
}

static void
check_meaning(struct import *import, struct import_row *row)
{
    const struct organisation_version *version = &row->version;
    if (*version->kind && !kind_is_known(version->kind))
        import_complain(import, row->row, "kind", &UNKNOWN_KIND);
    if (*version->inn && !inn_is_valid(version->inn))
        import_complain(import, row->row, "inn", &BAD_INN);
    if (*version->phone && !text_is_phone(version->phone))
        import_complain(import, row->row, "phone", &BAD_PHONE);
    if (*version->email && !text_is_email(version->email))
        import_complain(import, row->row, "email", &BAD_EMAIL);
    if (!version->attributes)
        import_complain(import, row->row, "attributes", &BAD_ATTRIBUTE);
    if (*version->zone && !strchr(version->zone, '/'))
        import_complain(import, row->row, "zone", &BAD_ZONE);
}

static bool
read_row(struct import *import, const struct csv_row *source, const int places[COLUMN_COUNT])
{
    const char *cells[COLUMN_COUNT];
    for (size_t column = 0; column < COLUMN_COUNT; column++) {
        bool is_there = places[column] >= 0 && (size_t)places[column] < source->cell_count;
        cells[column] = is_there ? trimmed(import->arena, source->cells[places[column]]) : "";
        if (!cells[column])
            return false;
    }
    check_cells(import, source->number, cells);
    struct import_row *row = &import->rows[import->row_count++];
    row->row = source->number;
    row->path = cells[COLUMN_CODE];
    row->version = (struct organisation_version){
        .valid_from = cells[COLUMN_FROM],
        .valid_to = cells[COLUMN_TO],
        .kind = cells[COLUMN_KIND],
        .short_name = cells[COLUMN_NAME],
        .inn = cells[COLUMN_INN],
        .phone = cells[COLUMN_PHONE],
        .email = cells[COLUMN_EMAIL],
        .attributes = normal_attributes(import->arena, cells[COLUMN_ATTRIBUTES]),
        .zone = cells[COLUMN_ZONE],
    };
    check_place(import, row, cells[COLUMN_PARENT]);
    check_period(import, row);
    check_meaning(import, row);
    return true;
}

bool
import_read(struct import *import, const char *csv, size_t size)
{
    struct csv_table table;
    unsigned fault_row;
    int places[COLUMN_COUNT];
    enum csv_fault fault = csv_parse(import->arena, csv, size, &table, &fault_row);
    if (fault != CSV_FINE) {
        import_complain(import, fault == CSV_NOT_UTF8 ? 0 : fault_row, "", message_of(fault));
        return true;
    }
    import->rows = arena_take(import->arena, (table.row_count + 1) * sizeof(*import->rows));
    if (!import->rows || !read_header(import, &table.header, places))
        return false;
    if (import->error_count > 0)
        return true;
    for (size_t i = 0; i < table.row_count; i++) {
        if (table.rows[i].cell_count > table.header.cell_count)
            import_complain(import, table.rows[i].number, "", &EXTRA_CELLS);
        else if (!read_row(import, &table.rows[i], places))
            return false;
    }
    return true;
}

const char **
import_zones(struct import *import, size_t *ret_count)
{
    const char **zones = arena_take(import->arena, (import->row_count + 1) * sizeof(*zones));
    size_t count = 0;
    for (size_t i = 0; zones && i < import->row_count; i++)
        if (*import->rows[i].version.zone)
            zones[count++] = import->rows[i].version.zone;
    if (!zones)
        return NULL;
    qsort(zones, count, sizeof(*zones), compare_texts);
    size_t distinct = 0;
    for (size_t i = 0; i < count; i++)
        if (distinct == 0 || strcmp(zones[distinct - 1], zones[i]) != 0)
            zones[distinct++] = zones[i];
    *ret_count = distinct;
    return zones;
}

void
import_check_zones(struct import *import, const char *unknown)
{
    for (size_t i = 0; i < import->row_count; i++) {
        const char *zone = import->rows[i].version.zone;
        if (!*zone || !strchr(zone, '/'))
            continue;
        const char *enclosed = arena_format(import->arena, "|%s|", zone);
        if (!enclosed || strstr(unknown, enclosed))
            import_complain(import, import->rows[i].row, "zone", &BAD_ZONE);
    }
}
