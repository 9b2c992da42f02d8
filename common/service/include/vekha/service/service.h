// What a service is made of, and the loop that runs it. A service names its methods, event handlers, jobs and
// migrations; everything else (configuration, signals, workers, transactions, idempotency, outbox, inbox, health,
// metrics, draining) happens here, once.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "envelope.pb-c.h"
#include "vekha/base/arena.h"
#include "vekha/base/config.h"
#include "vekha/base/status.h"
#include "vekha/bus/contract.h"
#include "vekha/db/db.h"

// A text for people, in both languages of the interface; `code` is for programs.
struct message {
    const char *code;
    const char *russian;
    const char *english;
};

struct outgoing_events;
struct notes;

// One request, event or job run. Everything taken from `arena` and every row read lives until it is over.
struct call {
    struct db *db;
    struct arena *arena;
    const Bus__Principal *principal; // NULL: anonymous, event or job
    const struct contract_method *method;
    const struct config *config;
    const char *client_address;
    const char *idempotency_key; // 32 hex digits; "" for queries
    bool english;
    // The moment of this call, RFC 3339 UTC and as number: the only "now" a store may use (never SQL's now()).
    const char *now;
    int64_t now_ms;
    // Event handlers: where this event stands.
    const Bus__Event *event;

    // Private to the runtime.
    Bus__Problem *problem;
    bool keeps_on_failure;
    bool is_invalid; // a field was refused, even when there was no memory to say which
    struct outgoing_events *outgoing;
    struct notes *notes; // event handlers only
};

// Returns `status`, so handlers write: return fail(call, STATUS_CONFLICT, &ALREADY_SENT);
enum status fail(struct call *call, enum status status, const struct message *message);
// With a violation that names the field; may be called several times, the last return counts.
enum status fail_field(struct call *call, const char *field, const struct message *message);
// fail() with one %s or several filled in, in both languages in the same order.
enum status fail_with(struct call *call, enum status status, const struct message *message, ...);
// fail() with the time after which another try makes sense (Retry-After).
enum status fail_later(struct call *call, enum status status, const struct message *message, uint32_t retry_after_s);
// The text in the caller's language.
const char *say(const struct call *call, const struct message *message);

// Queues an event; it is stored with the command's transaction or not at all. The method must declare it in `emits`.
MUST_CHECK enum status emit(struct call *call, const ProtobufCMessage *event);

// Principal's territory as a path; "*" for jobs and events.
const char *call_scope(const struct call *call);

// A method with its handler; rpcgen makes the table `<service>_methods[]` and typed thunks.
typedef enum status method_function(struct call *call, const ProtobufCMessage *request, ProtobufCMessage *reply);
// Of a method declared `together`: sets the status of each call. One that it fails must have changed nothing. The calls
// share a transaction, a connection and an arena; rows of the territories of all of them are visible, so every row is
// bound to its own caller in WHERE. Returns the failure of a statement, which is then the failure of all.
enum { TOGETHER_MAX = 32 };
struct together_call {
    struct call *call;
    const ProtobufCMessage *request;
    ProtobufCMessage *reply;
    enum status status;
};
typedef enum status together_function(struct together_call *calls, size_t count);
// Of a method declared `tagged`: on what its answer to this call rests, in one statement for all calls. `version` is
// another one after every change of anything that the answer shows, and never again one that it was before. What turns
// with the time alone is told by the period in which the answer stays as it is at call->now_ms; only wanted when
// `with_period`. Rows of the territories of all of them are visible, as above.
struct tagged_call {
    struct call *call;
    const char *scope; // what of that is this caller's own, as vekha_in_scope() reads it
    const ProtobufCMessage *request;
    const char *version;        // NULL: this call's answer is not to be kept
    int64_t from_ms, before_ms; // from_ms <= now_ms < before_ms
};
typedef enum status tag_function(struct tagged_call *calls, size_t count, bool with_period);
struct method {
    const char *name;
    method_function *handle; // either this or that
    together_function *handle_together;
    tag_function *tag; // NULL: not tagged
};

// Reaction to an event of another service's stream. Runs in the transaction that moves the stream's position: once.
typedef enum status event_function(struct call *call, const ProtobufCMessage *event);
// Does what handlers noted, in one statement for all: `items` in the order of their events, no key twice.
typedef enum status settle_function(struct call *call, const void *const *items, size_t count);
struct event_handler {
    const char *stream; // "review"
    const ProtobufCMessageDescriptor *type;
    event_function *handle;
    settle_function *settle; // NULL: the handler does everything itself
};
// In on_<event>.c:  EVENT_HANDLER(on_verdict_given, "review", Events__VerdictGiven, events__verdict_given__descriptor)
// defines `const struct event_handler on_verdict_given_handler`, typed.
#define EVENT_HANDLER(function, stream_name, Type, descriptor)                                                         \
    NOTING_EVENT_HANDLER(function, stream_name, Type, descriptor, NULL)
// Of a handler that only notes (note()) what its event changes. Handlers may share a settle function: it is called
// before a handler with another one (or none) runs, and before the position moves.
#define NOTING_EVENT_HANDLER(function, stream_name, Type, descriptor, settle_function)                                 \
    static enum status function##_thunk(struct call *call, const ProtobufCMessage *event)                              \
    {                                                                                                                  \
        return function(call, (const Type *)(const void *)event);                                                      \
    }                                                                                                                  \
    const struct event_handler function##_handler = {stream_name, &(descriptor), function##_thunk, settle_function};

// For the handler's settle function. key: the row that the event changes; noted already, everything noted so far is
// settled first, so that the events of one row keep their order. item lives as long as the call.
MUST_CHECK enum status note(struct call *call, const char *key, const void *item);

// Work without a caller. Runs every interval_ms on every replica: pick rows with FOR UPDATE SKIP LOCKED, or say
// one_at_a_time. With own_transactions the job uses db_begin/db_commit itself and may not emit.
struct job {
    const char *name;
    int interval_ms;
    bool own_transactions;
    // A run may take longer than others can wait; those without share a thread and a connection.
    bool own_thread;
    // Needs a thread of its own; 0: 30,000. A statement that is let run for longer is cancelled when the process is
    // told to stop, and its run begins anew at the next start: not for runs that act outside of their transaction.
    int statement_timeout_ms;
    // A run while another replica's is under way does nothing. Not with own_transactions.
    bool one_at_a_time;
    // Not before the process has applied what others told while it was away: what is outstanding may be answered
    // already.
    bool after_events;
    // *ret_again: there is more to do, run again at once.
    enum status (*run)(struct call *call, bool *ret_again);
};

// A query of this service that a job asks for somebody, with that person's rights and as of a moment of its own. The
// reply lives in `arena`. What the handler emits is dropped: whoever had the job begun has told the audit.
struct asker {
    const Bus__Principal *principal;
    bool english;
    const char *now;
    int64_t now_ms;
};
MUST_CHECK enum status call_ask(const struct call *job, struct arena *arena, const struct asker *asker,
                                const struct method *method, const ProtobufCMessage *request,
                                ProtobufCMessage **ret_reply);

// A lane besides the main one, with threads of its own for slow work ("hash").
struct lane {
    const char *name;
    unsigned threads;
    unsigned credit;
    // A single call may keep a thread so long; 0: less than two seconds. A killed worker is noticed that much later.
    unsigned longest_call_ms;
};

struct service {
    const char *name;
    const struct method *methods;
    size_t method_count;
    const struct event_handler *const *event_handlers; // NULL-ended
    // Under load, events wait so long to be applied together; the first after a pause does not wait.
    unsigned events_gather_ms;
    // No answer needs them: the service is ready however far behind it is.
    bool events_may_wait;
    const struct job *jobs;
    size_t job_count;
    const struct migration *migrations;
    size_t migration_count;
    const struct lane *lanes; // besides those of commands and of queries
    size_t lane_count;
    unsigned query_threads;               // unless configured; 0: one
    const struct config_key *config_keys; // of this service, besides the common ones
    size_t config_key_count;
    // Once, after configuration and before any thread; may be NULL.
    enum status (*open)(const struct config *config);
    void (*close)(void);
};

// argv[1] is the configuration file. Returns the process's exit code.
int service_run(const struct service *service, int argc, char **argv);

// Row -> message: each column whose name is a field's name fills that field: strings, integers, booleans, enumerators
// by number or name, text[] into repeated strings. Columns without a field are ignored. Strings are not copied.
void fill_message(ProtobufCMessage *message, const struct db_rows *rows, int row, struct arena *arena);
// All rows into a repeated message field: fill_list(call, &rows, &x__descriptor, &reply->n_items, &reply->items).
MUST_CHECK enum status fill_list_of(struct arena *arena, const struct db_rows *rows,
                                    const ProtobufCMessageDescriptor *descriptor, size_t *ret_count, void *ret_items);
#define fill_list(call, rows, descriptor, ret_count, ret_items)                                                        \
    fill_list_of((call)->arena, rows, descriptor, ret_count, (void *)(ret_items))

// What the handler wrote so far stays even if it now fails (failed logins must be counted). Only for commands that run
// alone: the method's lane must not be the main one.
void call_keep_on_failure(struct call *call);

// Events of this service's own stream after a number, in order, at most `limit` (capped at 1000), unpacked in the
// arena. *ret_head: the newest number of the stream.
MUST_CHECK enum status stream_read(struct call *call, uint64_t after, uint32_t limit, Bus__Event ***ret_events,
                                   size_t *ret_count, uint64_t *ret_head);
