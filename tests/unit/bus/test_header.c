// Headers within limits, and frames that are not what they should be.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vekha/bus/header.h"

static Bus__Header
example(void)
{
    Bus__Header header = BUS__HEADER__INIT;
    header.protocol = BUS_PROTOCOL;
    header.act = BUS__ACT__ACT_REQUEST;
    header.message_id = 0x1234567890abcdef;
    header.method = "submissions.SaveValue";
    header.budget_ms = 5000;
    header.caller = "gateway";
    return header;
}

static void
a_header_comes_back(void **state)
{
    (void)state;
    Bus__Header header = example();
    zmq_msg_t frame;
    struct bus_header_memory memory;
    assert_int_equal(bus_header_pack(&header, &frame), STATUS_OK);
    const Bus__Header *read = bus_header_unpack(zmq_msg_data(&frame), zmq_msg_size(&frame), &memory);
    assert_non_null(read);
    assert_int_equal(read->message_id, header.message_id);
    assert_string_equal(read->method, header.method);
    zmq_msg_close(&frame);
}

static void
an_amendment_wins_over_what_was_there(void **state)
{
    (void)state;
    Bus__Header header = example(), changes = BUS__HEADER__INIT;
    zmq_msg_t frame, amended;
    struct bus_header_memory memory;
    header.caller = "administrator";
    changes.caller = "review";
    changes.budget_ms = 7;
    changes.ticket = 99;
    assert_int_equal(bus_header_pack(&header, &frame), STATUS_OK);
    assert_int_equal(bus_header_amend(zmq_msg_data(&frame), zmq_msg_size(&frame), &changes, &amended), STATUS_OK);
    const Bus__Header *read = bus_header_unpack(zmq_msg_data(&amended), zmq_msg_size(&amended), &memory);
    assert_non_null(read);
    assert_string_equal(read->caller, "review");
    assert_int_equal(read->budget_ms, 7);
    assert_int_equal(read->ticket, 99);
    assert_int_equal(read->message_id, header.message_id);
    assert_string_equal(read->method, header.method);
    zmq_msg_close(&frame);
    zmq_msg_close(&amended);
}

static void
a_large_header_is_refused(void **state)
{
    (void)state;
    static uint8_t principal[BUS_MAX_HEADER_BYTES];
    Bus__Header header = example(), changes = BUS__HEADER__INIT;
    zmq_msg_t frame, amended;
    struct bus_header_memory memory;
    header.principal = (ProtobufCBinaryData){sizeof principal, principal};
    assert_int_equal(bus_header_pack(&header, &frame), STATUS_TOO_LARGE);
    header.principal.len = sizeof principal - 100;
    assert_int_equal(bus_header_pack(&header, &frame), STATUS_OK);
    assert_non_null(bus_header_unpack(zmq_msg_data(&frame), zmq_msg_size(&frame), &memory));
    changes.method = "a name too long for the rest of the room in this header, whatever it may be";
    assert_int_equal(bus_header_amend(zmq_msg_data(&frame), zmq_msg_size(&frame), &changes, &amended),
                     STATUS_TOO_LARGE);
    zmq_msg_close(&frame);
}

static void
garbage_is_no_header(void **state)
{
    (void)state;
    static uint8_t bytes[BUS_MAX_HEADER_BYTES + 1];
    struct bus_header_memory memory;
    assert_null(bus_header_unpack(bytes, 0, &memory));
    assert_null(bus_header_unpack(bytes, sizeof bytes, &memory));
    // A field of 2 KiB announced, one byte there.
    static const uint8_t cut[] = {0x22, 0x80, 0x10, 'x'};
    assert_null(bus_header_unpack(cut, sizeof cut, &memory));
    srand(1);
    for (int round = 0; round < 20000; round++) {
        size_t size = (size_t)rand() % sizeof bytes;
        for (size_t i = 0; i < size && i < 200; i++)
            bytes[i] = (uint8_t)rand();
        bus_header_unpack(bytes, size, &memory);
    }
}

// Thousands of unknown fields in 4 KiB would take memory without end.
static void
many_unknown_fields_do_not_fit(void **state)
{
    (void)state;
    static uint8_t bytes[BUS_MAX_HEADER_BYTES];
    struct bus_header_memory memory;
    for (size_t i = 0; i + 3 <= sizeof bytes; i += 3) {
        bytes[i] = 0xa0;
        bytes[i + 1] = 0x06;
        bytes[i + 2] = 1;
    }
    assert_null(bus_header_unpack(bytes, sizeof bytes / 3 * 3, &memory));
}

static void
open_pair(void **ret_a, void **ret_b)
{
    *ret_a = zmq_socket(bus_context(), ZMQ_PAIR);
    *ret_b = zmq_socket(bus_context(), ZMQ_PAIR);
    assert_int_equal(zmq_bind(*ret_a, "inproc://frames"), 0);
    assert_int_equal(zmq_connect(*ret_b, "inproc://frames"), 0);
}

static void
only_whole_messages_are_received(void **state)
{
    (void)state;
    static char large[BUS_MAX_HEADER_BYTES + 1];
    void *a, *b;
    zmq_msg_t frames[2];
    open_pair(&a, &b);
    assert_int_equal(bus_receive_frames(b, frames, 2), STATUS_NOT_FOUND);
    zmq_send(a, "alone", 5, 0);
    for (int i = 0; i < 5; i++)
        zmq_send(a, "many", 4, i < 4 ? ZMQ_SNDMORE : 0);
    zmq_send(a, large, sizeof large, ZMQ_SNDMORE);
    zmq_send(a, "body", 4, 0);
    zmq_send(a, "header", 6, ZMQ_SNDMORE);
    zmq_send(a, "", 0, 0);
    for (int i = 0; i < 3; i++)
        assert_int_equal(bus_receive_frames(b, frames, 2), STATUS_MALFORMED);
    assert_int_equal(bus_receive_frames(b, frames, 2), STATUS_OK);
    assert_int_equal(zmq_msg_size(&frames[0]), 6);
    assert_int_equal(zmq_msg_size(&frames[1]), 0);
    assert_int_equal(bus_send_frames(b, frames, 2), STATUS_OK);
    assert_int_equal(bus_receive_frames(a, frames, 2), STATUS_OK);
    zmq_msg_close(&frames[0]);
    zmq_msg_close(&frames[1]);
    zmq_close(a);
    zmq_close(b);
}

static int
close_context(void **state)
{
    (void)state;
    bus_context_close();
    return 0;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_header_comes_back),
        cmocka_unit_test(an_amendment_wins_over_what_was_there),
        cmocka_unit_test(a_large_header_is_refused),
        cmocka_unit_test(garbage_is_no_header),
        cmocka_unit_test(many_unknown_fields_do_not_fit),
        cmocka_unit_test(only_whole_messages_are_received),
    };
    return cmocka_run_group_tests(tests, NULL, close_context);
}
