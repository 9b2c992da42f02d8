// Checks and readings of request headers.
#include "request_head.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "texts.h"

static bool
is_token_char(unsigned char c)
{
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return true;
    return c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL;
}

static bool
is_clean_header(const struct header *header)
{
    if (header->name_size == 0)
        return false;
    for (size_t i = 0; i < header->name_size; i++)
        if (!is_token_char((unsigned char)header->name[i]))
            return false;
    for (size_t i = 0; i < header->value_size; i++) {
        unsigned char c = (unsigned char)header->value[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

static bool
is_named(const struct header *header, const char *name)
{
    return strlen(name) == header->name_size && strncasecmp(header->name, name, header->name_size) == 0;
}

static size_t
count_headers(const struct request_head *head, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < head->header_count; i++)
        count += is_named(&head->headers[i], name);
    return count;
}

const char *
head_value(const struct request_head *head, const char *name)
{
    for (size_t i = 0; i < head->header_count; i++)
        if (is_named(&head->headers[i], name))
            return head->headers[i].value == NULL ? "" : head->headers[i].value;
    return NULL;
}

bool
number_parse(const char *text, uint64_t *ret_number)
{
    uint64_t number = 0;
    if (text[0] == '\0')
        return false;
    for (; *text != '\0'; text++)
        if (*text < '0' || *text > '9' || __builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, (uint64_t)(*text - '0'), &number))
            return false;
    *ret_number = number;
    return true;
}

int64_t
head_content_length(const struct request_head *head)
{
    const char *value = head_value(head, "Content-Length");
    uint64_t length;
    return value != NULL && number_parse(value, &length) && length <= INT64_MAX ? (int64_t)length : -1;
}

bool
head_has_body(const struct request_head *head)
{
    return head_content_length(head) > 0 || head_value(head, "Transfer-Encoding") != NULL;
}

bool
verb_takes_body(const char *verb)
{
    return strcmp(verb, "POST") == 0 || strcmp(verb, "PUT") == 0 || strcmp(verb, "PATCH") == 0;
}

static bool
is_known_verb(const char *verb)
{
    static const char *const VERBS[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"};
    for (size_t i = 0; i < sizeof VERBS / sizeof VERBS[0]; i++)
        if (strcmp(verb, VERBS[i]) == 0)
            return true;
    return false;
}

// Headers that mean something here and must not stand twice.
static bool
has_doubles(const struct request_head *head)
{
    static const char *const SINGLE[] = {
        "Content-Length", "Transfer-Encoding", "Content-Type", "Authorization", "If-Match", "Idempotency-Key", "Range",
        "If-Range",       "Last-Event-ID",     "Origin",       "Upload-Offset", "Cookie",   "Sec-Fetch-Site",  "Expect",
        "If-None-Match",  "Traceparent"};
    for (size_t i = 0; i < sizeof SINGLE / sizeof SINGLE[0]; i++)
        if (count_headers(head, SINGLE[i]) > 1)
            return true;
    return count_headers(head, "Host") != 1;
}

static bool
has_clean_host(const struct request_head *head)
{
    const char *host = head_value(head, "Host");
    if (host == NULL || host[0] == '\0')
        return false;
    for (; *host != '\0'; host++)
        if (!is_token_char((unsigned char)*host) && strchr(":[]", *host) == NULL)
            return false;
    return true;
}

static bool
has_clean_length(const struct request_head *head)
{
    const char *length = head_value(head, "Content-Length"), *coding = head_value(head, "Transfer-Encoding");
    if (length != NULL && (coding != NULL || head_content_length(head) < 0))
        return false;
    return coding == NULL || strcasecmp(coding, "chunked") == 0;
}

struct refusal
head_check(const struct request_head *head)
{
    if (strcmp(head->version, "HTTP/1.1") != 0 && strcmp(head->version, "HTTP/1.0") != 0)
        return (struct refusal){505, &TEXT_BAD_VERSION};
    if (!is_known_verb(head->verb))
        return (struct refusal){405, &TEXT_UNKNOWN_VERB};
    if (head->has_too_many)
        return (struct refusal){431, &TEXT_TOO_MANY_HEADERS};
    for (size_t i = 0; i < head->header_count; i++)
        if (!is_clean_header(&head->headers[i]))
            return (struct refusal){400, &TEXT_BAD_HEADERS};
    if (has_doubles(head) || !has_clean_host(head) || !has_clean_length(head))
        return (struct refusal){400, &TEXT_BAD_HEADERS};
    if (!verb_takes_body(head->verb) && head_has_body(head))
        return (struct refusal){400, &TEXT_BODY_NOT_ALLOWED};
    return (struct refusal){0};
}

// The weight of a language in "ru, en;q=0.8", in thousandths; -1 when it is not named.
static int
language_weight(const char *list, const char *language)
{
    int best = -1;
    while (*list != '\0') {
        list += strspn(list, " \t,");
        size_t size = strcspn(list, ",");
        if (strncasecmp(list, language, 2) == 0 && (size == 2 || strchr("-; \t", list[2]) != NULL)) {
            const char *weight = memmem(list, size, "q=", 2);
            double number = weight == NULL ? 1.0 : strtod(weight + 2, NULL);
            int thousandths = number >= 0 && number <= 1 ? (int)(number * 1000) : 0;
            best = thousandths > best ? thousandths : best;
        }
        list += size;
    }
    return best;
}

bool
head_wants_english(const struct request_head *head)
{
    const char *list = head_value(head, "Accept-Language");
    if (list == NULL)
        return false;
    int english = language_weight(list, "en");
    return english > 0 && english > language_weight(list, "ru");
}

bool
media_type_is(const char *content_type, const char *media_type)
{
    size_t size = strlen(media_type);
    if (content_type == NULL || strncasecmp(content_type, media_type, size) != 0)
        return false;
    const char *rest = content_type + size;
    rest += strspn(rest, " \t");
    if (*rest == '\0')
        return true;
    if (*rest != ';')
        return false;
    const char *charset = strcasestr(rest, "charset=");
    if (charset == NULL)
        return true;
    charset += strlen("charset=");
    charset += *charset == '"';
    return strncasecmp(charset, "utf-8", 5) == 0;
}

bool
version_tag_parse(const char *text, uint32_t *ret_version)
{
    size_t size = strlen(text);
    char digits[12];
    uint64_t number;
    if (size < 3 || size - 2 >= sizeof digits || text[0] != '"' || text[size - 1] != '"')
        return false;
    memcpy(digits, text + 1, size - 2);
    digits[size - 2] = '\0';
    if (!number_parse(digits, &number) || number > UINT32_MAX)
        return false;
    *ret_version = (uint32_t)number;
    return true;
}

bool
tag_list_has(const char *list, const char *tag)
{
    size_t tag_size = strlen(tag);
    while (*list != '\0') {
        list += strspn(list, " \t,");
        if (*list == '*')
            return true;
        if (strncmp(list, "W/", 2) == 0)
            list += 2;
        size_t size = strcspn(list, ", \t");
        if (size == tag_size && memcmp(list, tag, size) == 0)
            return true;
        list += size;
    }
    return false;
}

const char *
head_cookie(const struct request_head *head, const char *name, size_t *ret_size, bool *ret_twice)
{
    const char *at = head_value(head, "Cookie");
    const char *found = NULL;
    size_t name_size = strlen(name);
    *ret_twice = false;
    while (at != NULL && *at != '\0') {
        at += strspn(at, " \t;");
        size_t size = strcspn(at, ";");
        if (size > name_size && at[name_size] == '=' && memcmp(at, name, name_size) == 0) {
            *ret_twice = found != NULL;
            found = at + name_size + 1;
            *ret_size = size - name_size - 1;
        }
        at += size;
    }
    return found;
}
