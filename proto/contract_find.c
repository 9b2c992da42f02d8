// Look-ups in the generated tables.
#include <stdlib.h>
#include <string.h>

#include "vekha/bus/contract.h"

static int
compare_method(const void *name, const void *row)
{
    return strcmp(name, ((const struct contract_method *)row)->name);
}

const struct contract_method *
contract_find_method(const char *name)
{
    return bsearch(name, contract_methods, contract_method_count, sizeof contract_methods[0], compare_method);
}

struct field_key {
    const ProtobufCMessageDescriptor *message;
    unsigned number;
};

static int
compare_field(const void *key, const void *row)
{
    const struct field_key *wanted = key;
    const struct contract_field *field = row;
    if (wanted->message != field->message) {
        int order = strcmp(wanted->message->name, field->message->name);
        if (order != 0)
            return order;
    }
    return (wanted->number > field->field_number) - (wanted->number < field->field_number);
}

const struct contract_field *
contract_find_field(const ProtobufCMessageDescriptor *message, unsigned field_number)
{
    struct field_key key = {message, field_number};
    return bsearch(&key, contract_fields, contract_field_count, sizeof contract_fields[0], compare_field);
}

static int
compare_event(const void *type, const void *row)
{
    return strcmp(type, (*(const ProtobufCMessageDescriptor *const *)row)->short_name);
}

const ProtobufCMessageDescriptor *
contract_find_event(const char *type)
{
    const ProtobufCMessageDescriptor *const *found =
        bsearch(type, contract_events, contract_event_count, sizeof contract_events[0], compare_event);
    return found == NULL ? NULL : *found;
}
