// Questions that libzmq asks before it lets a CURVE peer in (ZAP, RFC 27), and their answers. Whoever binds
// BUS_ZAP_ENDPOINT keeps the keys of the whole process.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vekha/base/status.h"
#include "vekha/crypto/keys.h"

#define BUS_ZAP_ENDPOINT "inproc://zeromq.zap.01"

enum {
    // ZMQ_ZAP_ENFORCE_DOMAIN: zmq.h hides it among the drafts, the library has it. Without it an absent keeper of keys
    // means that everybody may come in.
    BUS_ZAP_ENFORCE_DOMAIN = 93,
    BUS_ZAP_FRAME_BYTES = 256,
};

struct zap_question {
    bool is_curve; // a whole question about a CURVE key; anything else is to be refused
    char domain[BUS_ZAP_FRAME_BYTES + 1];
    char key[CURVE_KEY_CHARS + 1]; // Z85; "" unless is_curve
    uint8_t id[BUS_ZAP_FRAME_BYTES];
    size_t id_size;
};

// Of a REP socket; waits as the socket does. NOT_FOUND: none is there. LOST: the socket is of no use.
MUST_CHECK enum status bus_zap_receive(void *socket, int flags, struct zap_question *ret_question);
// Admitted peers' messages carry their key as User-Id. LOST as above.
MUST_CHECK enum status bus_zap_answer(void *socket, const struct zap_question *question, bool is_admitted);
