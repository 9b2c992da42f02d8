// Answers ZAP requests from the public folder; User-Id of every message becomes the sender's Z85 key.
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#include "acl.h"
#include "certificates.h"
#include "vekha/base/log.h"
#include "vekha/base/time.h"
#include "vekha/bus/header.h"
#include "zap.h"

enum { ZAP_FRAMES = 7, MAX_FRAME_BYTES = 256, KEY_BYTES = 32 };
enum { FRAME_VERSION, FRAME_REQUEST_ID, FRAME_DOMAIN, FRAME_ADDRESS, FRAME_IDENTITY, FRAME_MECHANISM, FRAME_KEY };

struct zap {
    void *socket;
    int stop_fd;
    pthread_t thread;
    struct metrics *metrics;
    struct certificates certificates;
};

struct zap_request {
    uint8_t frames[ZAP_FRAMES][MAX_FRAME_BYTES];
    int sizes[ZAP_FRAMES];
};

_Noreturn static void
give_up(const char *what)
{
    log_write(LOG_ERROR, "nobody checks keys any more, so this process ends", "problem", what, "reason",
              zmq_strerror(errno), NULL);
    abort();
}

static bool
has_more(void *socket)
{
    int more = 0;
    size_t size = sizeof more;
    return zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size) == 0 && more != 0;
}

// False: not a request as RFC 27 has it, though read to its end.
static bool
read_request(void *socket, struct zap_request *request)
{
    size_t count = 0;
    bool is_fit = true;
    do {
        uint8_t surplus[MAX_FRAME_BYTES];
        uint8_t *frame = count < ZAP_FRAMES ? request->frames[count] : surplus;
        int size = zmq_recv(socket, frame, MAX_FRAME_BYTES, 0);
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0)
            give_up("receive");
        is_fit = is_fit && size <= MAX_FRAME_BYTES && count < ZAP_FRAMES;
        if (count < ZAP_FRAMES)
            request->sizes[count] = size;
        count++;
    } while (has_more(socket));
    return is_fit && count == ZAP_FRAMES;
}

static bool
frame_is(const struct zap_request *request, size_t frame, const char *text)
{
    size_t size = strlen(text);
    return (size_t)request->sizes[frame] == size && memcmp(request->frames[frame], text, size) == 0;
}

static bool
is_admitted(struct zap *zap, const struct zap_request *request, char ret_key[CURVE_KEY_CHARS + 1])
{
    bool is_events = frame_is(request, FRAME_DOMAIN, ZAP_EVENTS);
    if (!frame_is(request, FRAME_VERSION, "1.0") || !frame_is(request, FRAME_MECHANISM, "CURVE") ||
        !(is_events || frame_is(request, FRAME_DOMAIN, ZAP_REQUESTS)) || request->sizes[FRAME_KEY] != KEY_BYTES)
        return false;
    if (zmq_z85_encode(ret_key, request->frames[FRAME_KEY], KEY_BYTES) == NULL)
        return false;
    certificates_refresh(&zap->certificates, clock_monotonic_ms());
    const struct acl acl = {contract_methods, contract_method_count};
    uint16_t number = certificates_find(&zap->certificates, ret_key);
    return number != NOBODY && (!is_events || acl_may_use_events(&acl, certificates_name(&zap->certificates, number)));
}

static void
send_frame(void *socket, const void *bytes, size_t size, int flags)
{
    while (zmq_send(socket, bytes, size, flags) < 0)
        if (errno != EINTR)
            give_up("send");
}

static void
answer_one(struct zap *zap)
{
    static const char REFUSED[] = "400";
    static const char ADMITTED[] = "200";
    struct zap_request request = {0};
    char key[CURVE_KEY_CHARS + 1] = "";
    bool is_whole = read_request(zap->socket, &request);
    bool is_in = is_whole && is_admitted(zap, &request, key);
    if (!is_in) {
        metrics_add(&zap->metrics->handshakes_refused, 1);
        log_write(LOG_WARNING, "key refused", "key", key, NULL);
    }
    size_t id_size = is_whole ? (size_t)request.sizes[FRAME_REQUEST_ID] : 0;
    send_frame(zap->socket, "1.0", 3, ZMQ_SNDMORE);
    send_frame(zap->socket, request.frames[FRAME_REQUEST_ID], id_size, ZMQ_SNDMORE);
    send_frame(zap->socket, is_in ? ADMITTED : REFUSED, 3, ZMQ_SNDMORE);
    send_frame(zap->socket, "", 0, ZMQ_SNDMORE);
    send_frame(zap->socket, key, is_in ? CURVE_KEY_CHARS : 0, ZMQ_SNDMORE);
    send_frame(zap->socket, "", 0, 0);
}

static void *
run(void *argument)
{
    struct zap *zap = argument;
    for (;;) {
        zmq_pollitem_t items[] = {{.socket = zap->socket, .events = ZMQ_POLLIN},
                                  {.fd = zap->stop_fd, .events = ZMQ_POLLIN}};
        if (bus_poll(items, 2, -1) < 0)
            give_up("poll");
        if (items[1].revents != 0)
            return NULL;
        if (items[0].revents != 0)
            answer_one(zap);
    }
}

enum status
zap_start(const char *keys_folder, int stop_fd, struct metrics *metrics, struct zap **ret_zap)
{
    struct zap *zap = calloc(1, sizeof *zap);
    if (zap == NULL)
        return STATUS_BUSY;
    zap->stop_fd = stop_fd;
    zap->metrics = metrics;
    enum status status = certificates_load(&zap->certificates, keys_folder);
    zap->socket = status == STATUS_OK ? zmq_socket(bus_context(), ZMQ_REP) : NULL;
    if (zap->socket != NULL && zmq_bind(zap->socket, "inproc://zeromq.zap.01") == 0 &&
        pthread_create(&zap->thread, NULL, run, zap) == 0) {
        *ret_zap = zap;
        return STATUS_OK;
    }
    if (zap->socket != NULL)
        zmq_close(zap->socket);
    free(zap);
    return status != STATUS_OK ? status : STATUS_BUSY;
}

void
zap_join(struct zap **zap_in_out)
{
    struct zap *zap = *zap_in_out;
    if (zap == NULL)
        return;
    pthread_join(zap->thread, NULL);
    zmq_close(zap->socket);
    free(zap);
    *zap_in_out = NULL;
}
