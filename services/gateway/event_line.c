// First come, first served.
#include "event_line.h"

#include "event_stream.h"
#include "exchange.h"

// A service's worker takes about as many at once; a broker's queue holds several times this.
enum { QUESTIONS_MAX = 32 };

static void
take_out(struct event_hub *hub, struct event_stream *stream)
{
    struct event_line *line = &hub->line;
    if (!stream->is_in_line)
        return;
    if (stream->ahead != NULL)
        stream->ahead->behind = stream->behind;
    else
        line->first = stream->behind;
    if (stream->behind != NULL)
        stream->behind->ahead = stream->ahead;
    else
        line->last = stream->ahead;
    stream->is_in_line = false;
}

bool
event_line_enter(struct event_hub *hub, struct event_stream *stream)
{
    struct event_line *line = &hub->line;
    if (stream->is_in_line)
        return false;
    if (line->first == NULL && line->asking < QUESTIONS_MAX) {
        line->asking++;
        stream->is_asking = true;
        return true;
    }
    stream->ahead = line->last;
    stream->behind = NULL;
    if (line->last != NULL)
        line->last->behind = stream;
    else
        line->first = stream;
    line->last = stream;
    stream->is_in_line = true;
    return false;
}

void
event_line_answered(struct event_hub *hub, struct event_stream *stream)
{
    hub->line.asking -= stream->is_asking;
    stream->is_asking = false;
}

void
event_line_leave(struct event_hub *hub, struct event_stream *stream)
{
    take_out(hub, stream);
    event_line_answered(hub, stream);
}

bool
event_line_can_move(const struct event_hub *hub)
{
    return hub->line.first != NULL && hub->line.asking < QUESTIONS_MAX;
}

void
event_line_move(struct event_hub *hub)
{
    while (event_line_can_move(hub)) {
        struct event_stream *stream = hub->line.first;
        take_out(hub, stream);
        hub->line.asking++;
        stream->is_asking = true;
        event_stream_take_turn(stream);
    }
}
