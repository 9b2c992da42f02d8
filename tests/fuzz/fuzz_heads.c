// Request headers of strangers: lines "Name: value" go through every check and reading there is.
#include "fuzz.h"

#include <strings.h>

#include "request_head.h"
#include "vekha/base/text.h"

enum { MAX_HEAD_BYTES = 8 * 1024 };

static void
read_headers(struct request_head *head, char *text)
{
    for (char *at = text; at != NULL && head->header_count < HEAD_MAX_HEADERS;) {
        char *line = at, *end = strchr(at, '\n');
        at = end == NULL ? NULL : end + 1;
        if (end != NULL)
            *end = '\0';
        char *colon = strchr(line, ':');
        if (colon == NULL)
            continue;
        *colon = '\0';
        const char *value = colon + 1 + strspn(colon + 1, " ");
        head->headers[head->header_count++] = (struct header){line, value, strlen(line), strlen(value)};
    }
    head->has_too_many = head->header_count == HEAD_MAX_HEADERS;
}

static size_t
count_named(const struct request_head *head, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < head->header_count; i++)
        count += strcasecmp(head->headers[i].name, name) == 0;
    return count;
}

// What is let through has one meaning for every reader before and after us.
static void
check_accepted(const struct request_head *head)
{
    DEMAND(count_named(head, "Host") == 1 && count_named(head, "Content-Length") <= 1);
    DEMAND(count_named(head, "Content-Length") + count_named(head, "Transfer-Encoding") <= 1);
    DEMAND(count_named(head, "Authorization") <= 1 && count_named(head, "Cookie") <= 1);
    const char *length = head_value(head, "Content-Length"), *coding = head_value(head, "Transfer-Encoding");
    if (length != NULL) {
        char digits[24];
        (void)snprintf(digits, sizeof digits, "%lld", (long long)head_content_length(head));
        DEMAND(strcmp(digits, length + strspn(length, "0")) == 0 || head_content_length(head) == 0);
    }
    DEMAND(coding == NULL || strcasecmp(coding, "chunked") == 0);
    DEMAND(verb_takes_body(head->verb) || !head_has_body(head));
    for (size_t i = 0; i < head->header_count; i++) {
        const struct header *header = &head->headers[i];
        DEMAND(header->name_size > 0 && strpbrk(header->name, " \t\r\n:") == NULL);
        DEMAND(strpbrk(header->value, "\r\n\v\f") == NULL);
    }
}

static void
use_value(const char *value)
{
    uint64_t number;
    uint32_t version;
    char text[32];
    if (number_parse(value, &number)) {
        (void)snprintf(text, sizeof text, "%llu", (unsigned long long)number);
        const char *digits = value + strspn(value, "0");
        DEMAND(strcmp(text, *digits == '\0' ? "0" : digits) == 0);
    }
    if (version_tag_parse(value, &version)) {
        (void)snprintf(text, sizeof text, "\"%u\"", version);
        DEMAND(strlen(text) <= strlen(value) && version_tag_parse(text, &version));
    }
    // A tag is in the list that consists of it, weakly too.
    char list[64] = "W/";
    size_t size = strlen(value);
    if (size > 0 && size + 3 < sizeof list && strpbrk(value, ", \t*") == NULL && strncmp(value, "W/", 2) != 0) {
        (void)snprintf(list, sizeof list, "W/%s", value);
        DEMAND(tag_list_has(list, value) && tag_list_has(list + 2, value));
    }
    (void)tag_list_has(value, "\"a\"");
    DEMAND(!media_type_is(value, "application/json") || strncasecmp(value, "application/json", 16) == 0);
}

static void
check_cookie(const struct request_head *head)
{
    size_t size = 0;
    bool twice;
    const char *line = head_value(head, "Cookie");
    const char *value = head_cookie(head, "__Host-access", &size, &twice);
    DEMAND(!twice || value != NULL);
    if (value != NULL) {
        DEMAND(line != NULL && value >= line && value + size <= line + strlen(line));
        DEMAND(memchr(value, ';', size) == NULL && strncmp(value - 14, "__Host-access=", 14) == 0);
        DEMAND(value - 14 == line || strchr("; \t", value[-15]) != NULL);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const VERBS[] = {"GET", "POST", "DELETE", "PATCH"};
    static char text[MAX_HEAD_BYTES + 1];
    if (size == 0 || size > MAX_HEAD_BYTES)
        return 0;
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    struct request_head head = {.verb = VERBS[data[0] % 4], .version = "HTTP/1.1"};
    read_headers(&head, text);
    struct refusal refusal = head_check(&head);
    DEMAND((refusal.http_code == 0) == (refusal.message == NULL));
    (void)head_wants_english(&head);
    DEMAND(head_content_length(&head) >= -1);
    check_cookie(&head);
    for (size_t i = 0; i < head.header_count; i++)
        use_value(head.headers[i].value);
    if (refusal.http_code == 0)
        check_accepted(&head);
    return 0;
}
