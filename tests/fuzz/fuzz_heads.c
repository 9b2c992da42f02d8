// Request headers of strangers: lines "Name: value" go through every check and reading there is.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "byte_range.h"
#include "disposition.h"
#include "request_head.h"
#include "vekha/base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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
}

static void
use_value(const char *value)
{
    uint64_t number;
    uint32_t version;
    struct buffer out;
    (void)number_parse(value, &number);
    (void)version_tag_parse(value, &version);
    (void)tag_list_has(value, "\"a\"");
    (void)media_type_is(value, "application/json");
    for (uint64_t total = 0; total < 3; total++) {
        struct byte_range range = byte_range_parse(value, total);
        if (range.kind == RANGE_PART && (range.first > range.last || range.last >= total))
            abort();
    }
    buffer_init(&out, 64 * 1024);
    disposition_write(&out, value);
    if (out.data == NULL || strpbrk(out.data, "\r\n") != NULL)
        abort();
    buffer_done(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    if (text == NULL)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    struct request_head head = {.verb = "POST", .version = "HTTP/1.1"};
    read_headers(&head, text);
    bool twice;
    size_t cookie_size;
    struct refusal refusal = head_check(&head);
    (void)head_wants_english(&head);
    (void)head_content_length(&head);
    (void)head_cookie(&head, "a", &cookie_size, &twice);
    for (size_t i = 0; i < head.header_count; i++)
        use_value(head.headers[i].value);
    if (refusal.http_code == 0 && head_value(&head, "Host") == NULL)
        abort();
    free(text);
    return 0;
}
