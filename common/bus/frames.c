// Frames in and out of a socket: a fixed number, bounded, never waiting.
#include <errno.h>
#include <stdbool.h>

#include "vekha/bus/header.h"

static void
close_frames(zmq_msg_t *frames, size_t count)
{
    for (size_t i = 0; i < count; i++)
        zmq_msg_close(&frames[i]);
}

// libzmq hands over a message only when all its frames are there, so this ends.
static void
drop_rest(void *socket)
{
    zmq_msg_t frame;
    int more = 1;
    while (more) {
        zmq_msg_init(&frame);
        if (zmq_msg_recv(&frame, socket, ZMQ_DONTWAIT) < 0)
            more = 0;
        else
            more = zmq_msg_more(&frame);
        zmq_msg_close(&frame);
    }
}

static bool
within_limits(const zmq_msg_t *frames, size_t count)
{
    return zmq_msg_size(&frames[count - 2]) <= BUS_MAX_HEADER_BYTES &&
           zmq_msg_size(&frames[count - 1]) <= BUS_MAX_BODY_BYTES;
}

static enum status
receive(void *socket, zmq_msg_t *frames, size_t count, int flags_of_first)
{
    for (size_t i = 0; i < count; i++) {
        zmq_msg_init(&frames[i]);
        while (zmq_msg_recv(&frames[i], socket, i == 0 ? flags_of_first : ZMQ_DONTWAIT) < 0) {
            int problem = errno;
            if (problem == EINTR && !(i == 0 && flags_of_first == 0))
                continue;
            close_frames(frames, i + 1);
            return (problem == EAGAIN || problem == EINTR) && i == 0 ? STATUS_NOT_FOUND : STATUS_LOST;
        }
        bool has_more = zmq_msg_more(&frames[i]) != 0;
        if (has_more == (i + 1 < count))
            continue;
        if (has_more)
            drop_rest(socket);
        close_frames(frames, i + 1);
        return STATUS_MALFORMED;
    }
    if (within_limits(frames, count))
        return STATUS_OK;
    close_frames(frames, count);
    return STATUS_MALFORMED;
}

enum status
bus_receive_frames(void *socket, zmq_msg_t *frames, size_t count)
{
    return receive(socket, frames, count, ZMQ_DONTWAIT);
}

enum status
bus_await_frames(void *socket, zmq_msg_t *frames, size_t count)
{
    return receive(socket, frames, count, 0);
}

enum status
bus_send_frames(void *socket, zmq_msg_t *frames, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int flags = ZMQ_DONTWAIT | (i + 1 < count ? ZMQ_SNDMORE : 0);
        while (zmq_msg_send(&frames[i], socket, flags) < 0) {
            int problem = errno;
            if (problem == EINTR)
                continue;
            close_frames(&frames[i], count - i);
            return problem == EAGAIN ? STATUS_BUSY : problem == EHOSTUNREACH ? STATUS_NOT_FOUND : STATUS_LOST;
        }
    }
    return STATUS_OK;
}

int
bus_poll(zmq_pollitem_t *items, size_t count, long timeout_ms)
{
    int ready = zmq_poll(items, (int)count, timeout_ms);
    if (ready >= 0)
        return ready;
    for (size_t i = 0; i < count; i++)
        items[i].revents = 0;
    return errno == EINTR ? 0 : -1;
}

int
bus_descriptor(void *socket)
{
    int descriptor = -1;
    size_t size = sizeof descriptor;
    return zmq_getsockopt(socket, ZMQ_FD, &descriptor, &size) == 0 ? descriptor : -1;
}
