// One open stream of server-sent events.
#pragma once

struct event_stream;

// There is something new on this service's stream.
void event_stream_notify(struct event_stream *stream, const char *service);
// It may ask what it stood in line for.
void event_stream_take_turn(struct event_stream *stream);
// Ends it when it belongs to this session; session_id NULL: in any case.
void event_stream_end(struct event_stream *stream, const char *session_id);
