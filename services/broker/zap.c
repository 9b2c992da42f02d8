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
#include "vekha/bus/zap.h"
#include "zap.h"

struct zap {
    void *socket;
    int stop_fd;
    pthread_t thread;
    struct metrics *metrics;
    struct certificates certificates;
};

_Noreturn static void
give_up(const char *what)
{
    log_write(LOG_ERROR, "nobody checks keys any more, so this process ends", "problem", what, "reason",
              zmq_strerror(errno), NULL);
    abort();
}

static bool
is_admitted(struct zap *zap, const struct zap_question *question)
{
    bool is_events = strcmp(question->domain, ZAP_EVENTS) == 0;
    if (!question->is_curve || !(is_events || strcmp(question->domain, ZAP_REQUESTS) == 0))
        return false;
    certificates_refresh(&zap->certificates, clock_monotonic_ms());
    const struct acl acl = {contract_methods, contract_method_count};
    uint16_t number = certificates_find(&zap->certificates, question->key);
    return number != NOBODY && (!is_events || acl_may_use_events(&acl, certificates_name(&zap->certificates, number)));
}

static void
answer_one(struct zap *zap)
{
    struct zap_question question;
    if (bus_zap_receive(zap->socket, 0, &question) != STATUS_OK)
        give_up("receive");
    bool is_in = is_admitted(zap, &question);
    if (!is_in) {
        metrics_add(&zap->metrics->handshakes_refused, 1);
        log_write(LOG_WARNING, "key refused", "key", question.key, NULL);
    }
    if (bus_zap_answer(zap->socket, &question, is_in) != STATUS_OK)
        give_up("send");
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
    if (zap->socket != NULL && zmq_bind(zap->socket, BUS_ZAP_ENDPOINT) == 0 &&
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
