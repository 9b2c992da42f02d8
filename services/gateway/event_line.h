// The questions of event streams take turns: a thousand clients that come back at once must not fill a service's queue,
// where everybody else waits too.
#pragma once

#include <stdbool.h>

struct event_hub;
struct event_stream;

// True: the stream may ask now, and event_line_answered() must follow. False: event_stream_take_turn() will be called.
bool event_line_enter(struct event_hub *hub, struct event_stream *stream);
// The answer is there. Also for a stream that has not asked.
void event_line_answered(struct event_hub *hub, struct event_stream *stream);
// Neither waits for its turn nor for an answer any more.
void event_line_leave(struct event_hub *hub, struct event_stream *stream);
// Somebody waits, and there is room.
bool event_line_can_move(const struct event_hub *hub);
void event_line_move(struct event_hub *hub);
