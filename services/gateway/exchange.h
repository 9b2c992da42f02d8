// One HTTP request from its first line to the end of its answer. Suspended while a service works on it.
#pragma once

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#include "gateway.h"
#include "request_head.h"
#include "uri.h"
#include "violations.h"

enum { EXCHANGE_ARENA_BYTES = 16 * 1024 * 1024, TRACE_BYTES = 16, IDEMPOTENCY_KEY_BYTES = 16 };

struct exchange;

// How a method's bodies move; chosen by contract_method.body.
struct carrier {
    // Path, caller and headers are known; no body yet. May answer.
    void (*begin)(struct exchange *exchange);
    // A piece of the request's body: returns how much of it was taken. Called again when a reply has come.
    size_t (*take)(struct exchange *exchange, const char *data, size_t size);
    // The request's body is over: answers, or asks a service.
    void (*finish)(struct exchange *exchange);
    // The connection is over, answered or not. May be NULL.
    void (*gone)(struct exchange *exchange);
    // The client sends no more, its request is whole. NULL: the answer has an end of its own.
    void (*hung_up)(struct exchange *exchange);
};

// State of BODY_UPLOAD.
struct upload {
    struct buffer piece;
    uint64_t offset; // of the piece in the whole
    bool has_reply;  // the last one lies in exchange->body
};

// State of BODY_DOWNLOAD: one piece being sent, the next one being fetched.
struct download {
    struct buffer current, next;
    size_t sent;       // of current
    uint64_t fetch_at; // where the next piece begins
    uint64_t end;      // first byte not wanted
    bool has_failed;
};

// State of BODY_EVENTS.
struct event_stream {
    struct event_stream *following, *previous; // in the hub's list
    struct buffer out;
    size_t sent;
    uint64_t after;
    int64_t asked_ms, spoke_ms;
    bool is_open, is_dirty, has_ended;
    struct event_stream *ahead, *behind; // in the line of those that wait for their turn to ask
    bool is_in_line, is_asking;
    bool is_waiting; // not begun, and no question under way
    int64_t begin_by_ms;
};

// Whether exchange->kept still holds is being asked; tag_checks.c.
struct tag_check {
    bool is_open;
    struct exchange *next, *previous; // of those that wait
    struct tag_batch *batch;          // NULL: not asked yet
    size_t place;                     // in the batch
    void (*on_checked)(struct exchange *exchange, enum status status);
};

struct exchange {
    struct gateway *gateway;
    struct MHD_Connection *connection;
    struct peer *peer; // NULL without memory for it
    struct arena arena;
    int64_t started_us;
    uint8_t trace[TRACE_BYTES];

    const char *raw_uri;  // a copy: the library decodes its own in place
    const char *line_end; // where the library's copy ends
    struct request_head head;
    struct uri uri;
    struct route_match match; // match.method: NULL for files and the like
    bool english;
    const char *client_address;
    struct verified_principal caller; // principal NULL: anonymous
    bool is_by_cookie;                // the caller came by cookie: other sites must be kept out

    const struct carrier *carrier;
    struct buffer body;
    size_t body_bytes; // arrived so far
    ProtobufCMessage *request;
    const uint8_t *packed; // once it was asked
    size_t packed_size;
    const char *kept_key;     // of a tagged method's answer; NULL: not to be kept
    struct kept_answer *kept; // what was found under it
    struct tag_check check;
    void (*ask_instead)(struct exchange *exchange); // when what was kept does not hold

    uint64_t bus_handle; // of the question under way
    void (*on_reply)(struct exchange *exchange, enum status status, const uint8_t *body, size_t size);

    struct MHD_Response *response; // ready to be queued
    unsigned http_code;
    bool has_begun, is_finished, is_suspended, is_cut, must_close;
    struct timer timer; // while the body arrives: its rate; afterwards the stream's
    size_t checked_bytes;

    struct upload upload;
    struct download download;
    struct event_stream stream;
    struct exchange *next, *previous; // in the list of those under way, or of the idle
};

// exchange.c: NULL without memory or while too many are under way.
struct exchange *exchange_new(struct gateway *gateway, const char *raw_uri);
// Back into the pool.
void exchange_free(struct exchange *exchange);
// Out of the pool, for good.
void exchange_dispose(struct exchange *exchange);
void exchange_suspend(struct exchange *exchange);
// Lets the connection go on if it waits.
void exchange_wake(struct exchange *exchange);
// Cuts the connection: for peers that are too slow or send without end.
void exchange_cut(struct exchange *exchange);
// Asks the method's service; on_reply is called once, perhaps at once.
struct question {
    const void *body;
    size_t size;
    const uint8_t *idempotency_key; // NULL: derived from the request
};
void exchange_ask(struct exchange *exchange, const struct question *question,
                  void (*on_reply)(struct exchange *, enum status, const uint8_t *, size_t));

// exchange_begin.c: everything before the body.
void exchange_begin(struct exchange *exchange, const char *verb, const char *version);

// caller.c: who asks, and whether the table lets them. Answers a refusal.
bool caller_identify(struct exchange *exchange);
// From Idempotency-Key and the account, or random.
bool caller_idempotency_key(struct exchange *exchange, uint8_t out[IDEMPOTENCY_KEY_BYTES]);

// request_message.c: e->request from body, query, path and headers; answers a problem and returns false otherwise.
bool request_message_make(struct exchange *exchange);
// Packs e->request into the arena and asks. Answers when it is too large.
void request_message_ask(struct exchange *exchange, const uint8_t *idempotency_key,
                         void (*on_reply)(struct exchange *, enum status, const uint8_t *, size_t));
// The reply of the method, unpacked into `arena`; NULL when it cannot be read.
ProtobufCMessage *reply_unpack(const struct exchange *exchange, struct arena *arena, const uint8_t *body, size_t size);
const void *message_field(const ProtobufCMessage *message, const char *name); // NULL: no such field

// answer.c: what goes back. answer_api: with the headers of an answer that is no page and no document.
void answer_api(struct exchange *exchange, unsigned http_code, const char *content_type, struct MHD_Response *response);
void answer_bytes(struct exchange *exchange, unsigned http_code, const char *content_type, const void *data,
                  size_t size);
void answer_empty(struct exchange *exchange, unsigned http_code);
void answer_response(struct exchange *exchange, unsigned http_code, struct MHD_Response *response);
void answer_header(struct exchange *exchange, const char *name, const char *value);
// answer_gzip.c: the method's reply as text; compressed where method and client allow it, which takes the text.
void answer_text(struct exchange *exchange, const char *content_type, struct buffer *text);
void answer_json(struct exchange *exchange, struct buffer *text);
bool answer_is_compressed(const struct exchange *exchange, size_t size);
// carry_tagged.c: gives the answer that was kept, if there is one and its owner says that it holds; otherwise ask() is
// called, perhaps later. False: nothing was kept.
bool tagged_begin(struct exchange *exchange, void (*ask)(struct exchange *));
// The answer that a service has made: kept, and given unless the client has it already.
void tagged_answer(struct exchange *exchange, const ProtobufCMessage *reply, struct buffer *text);
// answer_csv.c: the reply as a table, if it is one and the client would rather have that. False: as JSON, then.
bool answer_csv(struct exchange *exchange, const ProtobufCMessage *reply);
// problem.c
void answer_problem(struct exchange *exchange, unsigned http_code, const struct message *message);
void answer_violations(struct exchange *exchange, unsigned http_code, const struct message *message,
                       const struct violations *violations);
// A service's refusal: a packed Problem, or nothing when the bus itself gave up.
void answer_failure(struct exchange *exchange, enum status status, const uint8_t *body, size_t size);

extern const struct carrier json_carrier, upload_carrier, download_carrier, events_carrier;

// session_cookies.c: the cookies of a SESSION_START or SESSION_END method, to be added to the answer once it exists.
struct session_cookies {
    char *access, *refresh; // values of Set-Cookie; NULL: none
    bool clears_site_data;
};
// Takes the tokens out of a reply that goes to a browser: its scripts must not see them.
struct session_cookies session_cookies_make(struct exchange *exchange, ProtobufCMessage *reply);
void session_cookies_add(struct exchange *exchange, const struct session_cookies *cookies);
#define ACCESS_COOKIE "__Host-vekha_access"
#define REFRESH_COOKIE "__Host-vekha_refresh"
