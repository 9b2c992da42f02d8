// One question to a server outside over HTTP: bounded in time and size, never redirected, never without TLS except on
// this machine.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "vekha/base/arena.h"

enum { FETCH_MAX_BYTES = 128 * 1024, FETCH_ADDRESS_MAX = 1000 };

struct fetch_question {
    const char *address;
    const char *form;            // NULL: GET
    const char *user, *password; // NULL: none
    const char *ca_file;         // "": the system's
    bool may_be_loopback;
    int timeout_ms;
};

struct fetch_answer {
    long code;
    const char *body; // NUL-terminated
    size_t size;
};

// https://, or with may_be_loopback also http:// to this machine itself; no user in it, no blanks.
bool fetch_address_is_safe(const char *address, bool may_be_loopback);
// False: there is no answer, *ret_problem says why.
bool fetch(struct arena *arena, const struct fetch_question *question, struct fetch_answer *ret_answer,
           const char **ret_problem);
