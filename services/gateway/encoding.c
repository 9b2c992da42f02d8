// Reads lists such as "gzip;q=0.5, br, *;q=0" in place.
#include "encoding.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

enum { NOT_NAMED = -1, WHOLE = 1000 };

// "1", "0.5", "0.125" in thousandths. What is no weight counts as refused: the bytes themselves are never wrong.
static int
parse_weight(const char *text, size_t size)
{
    if (size == 0 || size > 5 || (text[0] != '0' && text[0] != '1') || (size > 1 && text[1] != '.'))
        return 0;
    int weight = text[0] == '1' ? WHOLE : 0, unit = WHOLE;
    for (size_t i = 2; i < size; i++) {
        if (text[i] < '0' || text[i] > '9')
            return 0;
        unit /= 10;
        weight += (text[i] - '0') * unit;
    }
    return weight > WHOLE ? 0 : weight;
}

// Of what follows the name: nothing, or ";q=" and a weight with spaces around the semicolon.
static int
weight_of(const char *rest, size_t size)
{
    size_t spaces = strspn(rest, " \t");
    if (spaces >= size)
        return WHOLE;
    if (rest[spaces] != ';')
        return 0;
    rest += spaces + 1;
    size -= spaces + 1;
    spaces = strspn(rest, " \t");
    if (spaces + 2 > size || strncasecmp(rest + spaces, "q=", 2) != 0)
        return 0;
    rest += spaces + 2;
    size -= spaces + 2;
    while (size > 0 && (rest[size - 1] == ' ' || rest[size - 1] == '\t'))
        size--;
    return parse_weight(rest, size);
}

static int
weight_named(const char *list, const char *name)
{
    size_t name_size = strlen(name);
    while (*list != '\0') {
        list += strspn(list, " \t,");
        size_t size = strcspn(list, ","), token = strcspn(list, " \t;,");
        if (token == name_size && strncasecmp(list, name, name_size) == 0)
            return weight_of(list + token, size - token);
        list += size;
    }
    return NOT_NAMED;
}

bool
encoding_is_accepted(const char *accept, const char *encoding)
{
    if (accept == NULL)
        return false;
    int weight = weight_named(accept, encoding);
    if (weight == NOT_NAMED)
        weight = weight_named(accept, "*");
    return weight > 0 && weight >= weight_named(accept, "identity");
}
