// One chunk, whole or not at all.
#include "event_send.h"

#include <linux/sockios.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "exchange.h"
#include "peer.h"

// An empty socket buffer takes as much at once: it starts with room for ten full segments.
enum { CHUNK_BYTES = 8 * 1024 };

bool
event_send_may(const struct exchange *exchange)
{
    // Otherwise the library ends the answer by closing the connection, and sends it without chunks.
    const char *connection = head_value(&exchange->head, "Connection");
    return exchange->peer != NULL && !exchange->must_close && strcmp(exchange->head.version, "HTTP/1.1") == 0 &&
           (connection == NULL || strcasecmp(connection, "keep-alive") == 0);
}

bool
event_send(struct exchange *exchange)
{
    struct event_stream *stream = &exchange->stream;
    int unsent;
    // The library is done with what it had, and so is the client: nothing can be written amid anything else.
    if (!stream->sends_itself || !exchange->is_suspended || stream->has_ended || stream->sent > 0 ||
        stream->out.size == 0 || stream->out.size > CHUNK_BYTES ||
        ioctl(exchange->peer->socket, SIOCOUTQ, &unsent) != 0 || unsent > 0)
        return false;
    char head[20];
    static char end[] = "\r\n";
    struct iovec parts[] = {
        {head, (size_t)snprintf(head, sizeof head, "%zx\r\n", stream->out.size)},
        {stream->out.data, stream->out.size},
        {end, 2},
    };
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = sizeof parts / sizeof parts[0]};
    ssize_t count = sendmsg(exchange->peer->socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count <= 0)
        return false;
    // Half a chunk cannot be taken back; the client comes again and goes on after the last event it has.
    if ((size_t)count < parts[0].iov_len + parts[1].iov_len + parts[2].iov_len) {
        stream->has_ended = true;
        exchange_cut(exchange);
    }
    buffer_reset(&stream->out);
    return true;
}
