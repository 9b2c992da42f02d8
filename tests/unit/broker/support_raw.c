// Raw messages; whatever fails here ends the test.
#include "support_raw.h"

#include <setjmp.h>
#include <stdarg.h>

#include "vekha/base/time.h"

// cmocka defines a macro `fail`: it comes after our headers.
#include <cmocka.h>

void *
raw_open(const struct installation *installation, const char *name)
{
    static struct bus_settings settings;
    installation_settings(installation, name, &settings);
    void *dealer = bus_connect(&settings, ZMQ_DEALER, settings.brokers[0].requests);
    assert_non_null(dealer);
    return dealer;
}

void
raw_send_bytes(void *socket, const void *header, size_t header_size, const void *body, size_t body_size)
{
    assert_int_equal(zmq_send(socket, header, header_size, ZMQ_SNDMORE), header_size);
    assert_int_equal(zmq_send(socket, body, body_size, 0), body_size);
}

Bus__Header
raw_header(Bus__Act act)
{
    Bus__Header header = BUS__HEADER__INIT;
    header.protocol = BUS_PROTOCOL;
    header.act = act;
    return header;
}

void
raw_send(void *socket, const Bus__Header *header)
{
    uint8_t packed[BUS_MAX_HEADER_BYTES];
    size_t size = bus__header__pack(header, packed);
    raw_send_bytes(socket, packed, size, "", 0);
}

bool
raw_receive(void *socket, int timeout_ms, struct bus_header_memory *memory, Bus__Header *ret_header)
{
    int64_t until_ms = clock_monotonic_ms() + timeout_ms;
    for (int64_t left_ms = timeout_ms; left_ms >= 0; left_ms = until_ms - clock_monotonic_ms()) {
        zmq_pollitem_t item = {.socket = socket, .events = ZMQ_POLLIN};
        bus_poll(&item, 1, left_ms);
        zmq_msg_t frames[2];
        if (bus_receive_frames(socket, frames, 2) != STATUS_OK)
            continue;
        const Bus__Header *header = bus_header_unpack(zmq_msg_data(&frames[0]), zmq_msg_size(&frames[0]), memory);
        zmq_msg_close(&frames[0]);
        zmq_msg_close(&frames[1]);
        assert_non_null(header);
        *ret_header = *header;
        if (header->act != BUS__ACT__ACT_HEARTBEAT || header->status != STATUS_OK)
            return true;
    }
    return false;
}

int
raw_ask(void *socket, const char *method, int timeout_ms)
{
    struct bus_header_memory memory;
    Bus__Header answer, header = raw_header(BUS__ACT__ACT_REQUEST);
    header.method = method;
    header.message_id = 42;
    header.budget_ms = 300;
    raw_send(socket, &header);
    if (!raw_receive(socket, timeout_ms, &memory, &answer))
        return -1;
    assert_int_equal(answer.message_id, 42);
    return (int)answer.status;
}
