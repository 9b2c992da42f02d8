// Counts requests for memory and refuses the chosen one.
#include "failing_memory.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <zmq.h>

// One thread asks: the libraries' own threads do not come here.
static size_t left;
static bool fails_for_good, has_failed;

void
memory_fail_at(size_t n, bool for_good)
{
    left = n;
    fails_for_good = for_good;
    has_failed = false;
}

bool
memory_recover(void)
{
    left = 0;
    return has_failed;
}

static bool
is_refused(void)
{
    if (left == 0 || (left > 1 && left--))
        return false;
    has_failed = true;
    left = fails_for_good;
    errno = ENOMEM;
    return true;
}

// Some of these are not in every test program.
#define WRAP(Type, name, parameters, arguments, refusal)                                                               \
    Type __real_##name parameters __attribute__((weak));                                                               \
    Type __wrap_##name parameters;                                                                                     \
    Type __wrap_##name parameters                                                                                      \
    {                                                                                                                  \
        return is_refused() ? (refusal) : __real_##name arguments;                                                     \
    }

WRAP(void *, malloc, (size_t size), (size), NULL)
WRAP(void *, calloc, (size_t count, size_t size), (count, size), NULL)
WRAP(void *, realloc, (void *memory, size_t size), (memory, size), NULL)
WRAP(char *, strdup, (const char *text), (text), NULL)
WRAP(struct MHD_Response *, MHD_create_response_from_buffer,
     (size_t size, void *buffer, enum MHD_ResponseMemoryMode mode), (size, buffer, mode), NULL)
WRAP(enum MHD_Result, MHD_add_response_header, (struct MHD_Response * response, const char *header, const char *value),
     (response, header, value), MHD_NO)

// Up to 33 bytes lie in the message itself.
enum { INLINE_BYTES = 33 };
int __real_zmq_msg_init_size(zmq_msg_t *message, size_t size) __attribute__((weak));
int __wrap_zmq_msg_init_size(zmq_msg_t *message, size_t size);
int
__wrap_zmq_msg_init_size(zmq_msg_t *message, size_t size)
{
    return size > INLINE_BYTES && is_refused() ? -1 : __real_zmq_msg_init_size(message, size);
}
