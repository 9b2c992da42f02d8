// Field limits declared in proto/ (options.proto, message Field), checked on the unpacked request: every failure
// becomes a violation that names the field as the JSON does.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "runtime.h"

static const struct message REQUIRED = {"required", "Заполните это поле.", "Fill in this field."};
static const struct message TOO_LONG = {"too_long", "Слишком длинно: сократите текст.", "Too long: shorten the text."};
static const struct message TOO_SHORT = {"too_short", "Слишком коротко: напишите подробнее.", "Too short: write more."};
static const struct message TOO_MANY = {"too_many_items", "Слишком много элементов: отправьте их частями.",
                                        "Too many items: send them in parts."};
static const struct message TOO_SMALL = {"too_small", "Число меньше допустимого.", "The number is too small."};
static const struct message TOO_BIG = {"too_big", "Число больше допустимого.", "The number is too large."};
static const struct message UNKNOWN_VALUE = {"unknown_value", "Такого значения нет в списке.",
                                             "This value is not in the list."};
static const struct message BAD_FORMAT[] = {
    [VEKHA__FORMAT__FORMAT_UUID] = {"not_uuid", "Ожидается идентификатор вида 01234567-89ab-cdef-0123-456789abcdef.",
                                    "An identifier like 01234567-89ab-cdef-0123-456789abcdef is expected."},
    [VEKHA__FORMAT__FORMAT_DATE] = {"not_date", "Ожидается дата вида 2020-09-25.",
                                    "A date like 2020-09-25 is expected."},
    [VEKHA__FORMAT__FORMAT_TIMESTAMP] = {"not_timestamp", "Ожидается момент вида 2020-09-25T18:59:59Z.",
                                         "A moment like 2020-09-25T18:59:59Z is expected."},
    [VEKHA__FORMAT__FORMAT_EMAIL] = {"not_email", "Проверьте адрес электронной почты: имя@домен.",
                                     "Check the e-mail address: name@domain."},
    [VEKHA__FORMAT__FORMAT_PHONE] = {"not_phone", "Проверьте телефон: цифры, пробелы, скобки, дефисы, знак +.",
                                     "Check the phone number: digits, spaces, brackets, hyphens, +."},
    [VEKHA__FORMAT__FORMAT_DECIMAL] = {"not_decimal", "Ожидается число, например 28,33.",
                                       "A number is expected, for example 28.33."},
    [VEKHA__FORMAT__FORMAT_CODE] = {"not_code", "Допустимы строчные латинские буквы, цифры и дефис.",
                                    "Lower-case Latin letters, digits and hyphens are allowed."},
};

enum { PATH_BYTES = 256 };

// "items[2].version" in the JSON's lowerCamelCase.
static void
path_append(char *out, const char *parent, const char *field, long index)
{
    char name[96];
    size_t length = 0;
    bool upper = false;
    for (const char *c = field; *c && length + 1 < sizeof(name); c++) {
        if (*c == '_') {
            upper = true;
            continue;
        }
        name[length++] = (char)(upper && *c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
        upper = false;
    }
    name[length] = 0;
    const char *dot = *parent ? "." : "";
    if (index < 0)
        snprintf(out, PATH_BYTES, "%.120s%s%s", parent, dot, name);
    else
        snprintf(out, PATH_BYTES, "%.120s%s%s[%ld]", parent, dot, name, index);
}

static bool
has_format(Vekha__Format format, const char *text)
{
    switch (format) {
    case VEKHA__FORMAT__FORMAT_UUID:
        return text_is_uuid(text);
    case VEKHA__FORMAT__FORMAT_DATE:
        return text_is_date(text);
    case VEKHA__FORMAT__FORMAT_TIMESTAMP:
        return text_is_timestamp(text);
    case VEKHA__FORMAT__FORMAT_EMAIL:
        return text_is_email(text);
    case VEKHA__FORMAT__FORMAT_PHONE:
        return text_is_phone(text);
    case VEKHA__FORMAT__FORMAT_CODE:
        return text_is_code(text);
    default:
        return true; // FORMAT_DECIMAL is checked where its digits are known
    }
}

static void
check_text(struct call *call, const struct contract_field *limit, const char *path, const char *text)
{
    uint32_t max_chars = limit && limit->max_chars ? limit->max_chars : 1000;
    size_t chars = text ? text_count_chars(text) : 0;
    if (chars > max_chars)
        fail_field(call, path, &TOO_LONG);
    if (!limit)
        return;
    if (limit->required && (chars == 0 || text_is_blank(text)))
        fail_field(call, path, &REQUIRED);
    else if (chars > 0 && chars < limit->min_chars)
        fail_field(call, path, &TOO_SHORT);
    else if (chars > 0 && limit->format != VEKHA__FORMAT__FORMAT_NONE && !has_format(limit->format, text))
        fail_field(call, path, &BAD_FORMAT[limit->format]);
}

static int64_t
integer_of(const ProtobufCFieldDescriptor *field, const void *value)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        return *(const int64_t *)value;
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        return *(const uint64_t *)value > INT64_MAX ? INT64_MAX : (int64_t) * (const uint64_t *)value;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        return *(const uint32_t *)value;
    default:
        return *(const int32_t *)value;
    }
}

static void check_message(struct call *call, const ProtobufCMessage *message, const char *parent);

static void
check_value(struct call *call, const ProtobufCFieldDescriptor *field, const struct contract_field *limit,
            const char *path, const void *value)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        check_text(call, limit, path, *(const char *const *)value);
        return;
    case PROTOBUF_C_TYPE_MESSAGE: {
        const ProtobufCMessage *inner = *(const ProtobufCMessage *const *)value;
        if (inner)
            check_message(call, inner, path);
        else if (limit && limit->required)
            fail_field(call, path, &REQUIRED);
        return;
    }
    case PROTOBUF_C_TYPE_ENUM:
        if (!protobuf_c_enum_descriptor_get_value(field->descriptor, *(const int *)value))
            fail_field(call, path, &UNKNOWN_VALUE);
        else if (limit && limit->required && *(const int *)value == 0)
            fail_field(call, path, &REQUIRED);
        return;
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_BOOL:
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
        return;
    default: {
        int64_t number = integer_of(field, value);
        if (limit && limit->required && number == 0)
            fail_field(call, path, &REQUIRED);
        else if (limit && number < limit->min)
            fail_field(call, path, &TOO_SMALL);
        else if (limit && limit->max && number > limit->max)
            fail_field(call, path, &TOO_BIG);
    }
    }
}

static void
check_list(struct call *call, const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field,
           const struct contract_field *limit, const char *parent)
{
    const char *base = (const char *)message;
    size_t count = *(const size_t *)(const void *)(base + field->quantifier_offset);
    const char *items = *(const char *const *)(const void *)(base + field->offset);
    char path[PATH_BYTES];
    path_append(path, parent, field->name, -1);
    if (limit && limit->required && count == 0)
        fail_field(call, path, &REQUIRED);
    if (count > (limit && limit->max_items ? limit->max_items : 1000)) {
        fail_field(call, path, &TOO_MANY);
        return;
    }
    // `required` speaks of the list; its elements only answer for lengths and formats.
    struct contract_field element = limit ? *limit : (struct contract_field){0};
    element.required = false;
    for (size_t i = 0; i < count; i++) {
        path_append(path, parent, field->name, (long)i);
        check_value(call, field, limit ? &element : NULL, path, items + i * message_element_size(field));
    }
}

static void
check_message(struct call *call, const ProtobufCMessage *message, const char *parent)
{
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        const struct contract_field *limit = contract_find_field(descriptor, field->id);
        if (field->label == PROTOBUF_C_LABEL_REPEATED) {
            check_list(call, message, field, limit, parent);
            continue;
        }
        if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
            const char *base = (const char *)message;
            if (*(const uint32_t *)(const void *)(base + field->quantifier_offset) != field->id)
                continue;
        }
        char path[PATH_BYTES];
        path_append(path, parent, field->name, -1);
        check_value(call, field, limit, path, (const char *)message + field->offset);
    }
}

bool
limits_hold(struct call *call, const ProtobufCMessage *message)
{
    check_message(call, message, "");
    return !call->is_invalid;
}
