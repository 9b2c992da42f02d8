// Events of an open stream, written straight to its socket while the library has suspended the connection: waking it
// costs as much again as the sending, for every reader of every event.
#pragma once

#include <stdbool.h>

struct exchange;

// Whether the answer is one that this may write to: chunked. Asked when it begins.
bool event_send_may(const struct exchange *exchange);
// Everything in the stream's buffer as one chunk. False: nothing was sent, the library must do it.
bool event_send(struct exchange *exchange);
