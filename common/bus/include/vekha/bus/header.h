// Frame 1 of every message and the frames themselves: read within limits, without the heap.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <zmq.h>

#include "envelope.pb-c.h"
#include "vekha/base/status.h"
#include "vekha/bus/bus.h"

// Room for every header of BUS_MAX_HEADER_BYTES that names each field once or twice.
struct bus_header_memory {
    _Alignas(16) uint8_t bytes[2 * BUS_MAX_HEADER_BYTES];
};

// Points into *memory. NULL: too long, no header, or more fields than *memory holds.
const Bus__Header *bus_header_unpack(const void *bytes, size_t size, struct bus_header_memory *memory);

// Packs into a new frame. TOO_LARGE, or BUSY without memory.
MUST_CHECK enum status bus_header_pack(const Bus__Header *header, zmq_msg_t *ret_frame);

// A packed header with some fields set anew: in protobuf the last occurrence of a field counts, so only these are
// packed. Fields of `changes` that are zero keep their old value. TOO_LARGE, or BUSY without memory.
MUST_CHECK enum status bus_header_amend(const void *bytes, size_t size, const Bus__Header *changes,
                                        zmq_msg_t *ret_frame);

// One message of exactly `count` frames, without waiting; the last but one is a header and the last a body.
// NOT_FOUND: none is there. MALFORMED: another number of frames, or one over its limit; it is dropped whole.
// LOST: the socket is of no use. The frames hold something to close only when OK.
MUST_CHECK enum status bus_receive_frames(void *socket, zmq_msg_t *frames, size_t count);
// The same, waiting as long as the socket's ZMQ_RCVTIMEO says: the cheapest way to wait for one socket.
MUST_CHECK enum status bus_await_frames(void *socket, zmq_msg_t *frames, size_t count);
// Without waiting. Takes the frames in every case. BUSY: no room; NOT_FOUND: no such peer; LOST: anything else.
MUST_CHECK enum status bus_send_frames(void *socket, zmq_msg_t *frames, size_t count);

// zmq_poll() that a signal does not end early with an error: returns 0 then.
int bus_poll(zmq_pollitem_t *items, size_t count, long timeout_ms);
// A socket's descriptor for poll(2), which costs a fraction of zmq_poll(). Its one rule: read the socket until nothing
// is there, then send nothing more on it, then poll; anything else may miss what has already arrived. -1: failed.
int bus_descriptor(void *socket);
