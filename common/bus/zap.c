// ZAP 1.0, frame by frame.
#include <errno.h>
#include <string.h>
#include <zmq.h>

#include "vekha/bus/zap.h"

enum { FRAMES = 7, KEY_BYTES = 32 };
enum { FRAME_VERSION, FRAME_REQUEST_ID, FRAME_DOMAIN, FRAME_ADDRESS, FRAME_IDENTITY, FRAME_MECHANISM, FRAME_KEY };

struct frames {
    uint8_t bytes[FRAMES][BUS_ZAP_FRAME_BYTES];
    int sizes[FRAMES];
};

static bool
has_more(void *socket)
{
    int more = 0;
    size_t size = sizeof more;
    return zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size) == 0 && more != 0;
}

// *ret_fit false: not a question as RFC 27 has it, though read to its end.
static enum status
read_frames(void *socket, int flags, struct frames *frames, bool *ret_fit)
{
    size_t count = 0;
    bool is_fit = true;
    do {
        uint8_t surplus[BUS_ZAP_FRAME_BYTES];
        uint8_t *frame = count < FRAMES ? frames->bytes[count] : surplus;
        int size = zmq_recv(socket, frame, BUS_ZAP_FRAME_BYTES, count == 0 ? flags : 0);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0)
            return errno == EAGAIN && count == 0 ? STATUS_NOT_FOUND : STATUS_LOST;
        is_fit = is_fit && size <= BUS_ZAP_FRAME_BYTES && count < FRAMES;
        if (count < FRAMES)
            frames->sizes[count] = size <= BUS_ZAP_FRAME_BYTES ? size : BUS_ZAP_FRAME_BYTES;
        count++;
    } while (has_more(socket));
    *ret_fit = is_fit && count == FRAMES;
    return STATUS_OK;
}

static bool
frame_is(const struct frames *frames, size_t frame, const char *text)
{
    size_t size = strlen(text);
    return (size_t)frames->sizes[frame] == size && memcmp(frames->bytes[frame], text, size) == 0;
}

enum status
bus_zap_receive(void *socket, int flags, struct zap_question *ret_question)
{
    struct frames frames = {0};
    bool is_fit = false;
    enum status status = read_frames(socket, flags, &frames, &is_fit);
    if (status != STATUS_OK)
        return status;
    memset(ret_question, 0, sizeof *ret_question);
    if (!is_fit)
        return STATUS_OK;
    ret_question->id_size = (size_t)frames.sizes[FRAME_REQUEST_ID];
    memcpy(ret_question->id, frames.bytes[FRAME_REQUEST_ID], ret_question->id_size);
    memcpy(ret_question->domain, frames.bytes[FRAME_DOMAIN], (size_t)frames.sizes[FRAME_DOMAIN]);
    ret_question->is_curve = frame_is(&frames, FRAME_VERSION, "1.0") && frame_is(&frames, FRAME_MECHANISM, "CURVE") &&
                             frames.sizes[FRAME_KEY] == KEY_BYTES &&
                             zmq_z85_encode(ret_question->key, frames.bytes[FRAME_KEY], KEY_BYTES) != NULL;
    return STATUS_OK;
}

static bool
send_frame(void *socket, const void *bytes, size_t size, int flags)
{
    while (zmq_send(socket, bytes, size, flags) < 0)
        if (errno != EINTR)
            return false;
    return true;
}

enum status
bus_zap_answer(void *socket, const struct zap_question *question, bool is_admitted)
{
    bool is_sent =
        send_frame(socket, "1.0", 3, ZMQ_SNDMORE) && send_frame(socket, question->id, question->id_size, ZMQ_SNDMORE) &&
        send_frame(socket, is_admitted ? "200" : "400", 3, ZMQ_SNDMORE) && send_frame(socket, "", 0, ZMQ_SNDMORE) &&
        send_frame(socket, question->key, is_admitted ? CURVE_KEY_CHARS : 0, ZMQ_SNDMORE) &&
        send_frame(socket, "", 0, 0);
    return is_sent ? STATUS_OK : STATUS_LOST;
}
