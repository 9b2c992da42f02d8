// The head of a request and what is refused about it before anything else looks (reliability C.1: this version of
// libmicrohttpd lets smuggling shapes through).
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vekha/service/service.h"

enum { HEAD_MAX_HEADERS = 64 };

struct header {
    const char *name, *value;
    size_t name_size, value_size;
};

struct request_head {
    const char *verb, *version;
    struct header headers[HEAD_MAX_HEADERS];
    size_t header_count;
    bool has_too_many;
};

// http_code 0: nothing to refuse.
struct refusal {
    unsigned http_code;
    const struct message *message;
};

struct refusal head_check(const struct request_head *head);

// NULL when it is not there. Names are compared without regard to case.
const char *head_value(const struct request_head *head, const char *name);
// -1 without a Content-Length.
int64_t head_content_length(const struct request_head *head);
bool head_has_body(const struct request_head *head);
bool verb_takes_body(const char *verb);
// English before Russian in Accept-Language.
bool head_wants_english(const struct request_head *head);
// "application/json; charset=utf-8" is application/json.
bool media_type_is(const char *content_type, const char *media_type);
// Digits only; false on anything else or overflow.
bool number_parse(const char *text, uint64_t *ret_number);
// If-Match: one strong tag that is a version: "7" in quotes.
bool version_tag_parse(const char *text, uint32_t *ret_version);
// Whether a list of tags (If-None-Match) holds this one, weakly compared; `tag` with its quotes.
bool tag_list_has(const char *list, const char *tag);
// A cookie of the Cookie header; NULL when it is not there. *ret_twice: it stands there twice, which nobody means.
const char *head_cookie(const struct request_head *head, const char *name, size_t *ret_size, bool *ret_twice);
