// What open streams are served from: in order, once, by territory, and never across a gap.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event_ring.h"
#include "events.pb-c.h"

// After the headers that have a function named fail.
#include <cmocka.h>

enum { OUT_BYTES = 1024 * 1024, BATCH_MAX = 300 };

static struct event_ring ring;
static struct arena arena;
static struct buffer out;

// A batch of `count` changes from number `first` on, each at `path`; every third event is of another type.
static void
add(uint64_t first, size_t count, const char *path)
{
    static Bus__Event events[BATCH_MAX];
    static Bus__Event *pointers[BATCH_MAX];
    static uint8_t packed[BATCH_MAX][256];
    for (size_t i = 0; i < count; i++) {
        Events__StatusChanged changed = EVENTS__STATUS_CHANGED__INIT;
        changed.organisation_path = path;
        changed.state = "draft";
        bus__event__init(&events[i]);
        events[i].type = (first + i) % 3 == 0 ? "Other" : "StatusChanged";
        events[i].payload = (ProtobufCBinaryData){events__status_changed__pack(&changed, packed[i]), packed[i]};
        pointers[i] = &events[i];
    }
    Bus__EventBatch batch = BUS__EVENT_BATCH__INIT;
    batch.stream = "reporting";
    batch.first_number = first;
    batch.n_events = count;
    batch.events = pointers;
    event_ring_add(&ring, contract_find_method("reporting.WatchStatus"), &batch, &arena);
    arena_reset(&arena);
}

static const char *
read_after(uint64_t after, const char *scope, uint64_t *ret_reached)
{
    buffer_reset(&out);
    *ret_reached = event_ring_write(&ring, after, scope, &out, OUT_BYTES);
    return out.size > 0 ? out.data : "";
}

static int
begin(void **state)
{
    (void)state;
    event_ring_clear(&ring);
    arena_init(&arena, OUT_BYTES);
    buffer_init(&out, OUT_BYTES);
    return 0;
}

static int
end(void **state)
{
    (void)state;
    event_ring_clear(&ring);
    arena_done(&arena);
    buffer_done(&out);
    return 0;
}

static void
an_event_is_written_whole(void **state)
{
    (void)state;
    uint64_t reached;
    add(7, 1, "74.12");
    assert_string_equal(
        read_after(6, "74", &reached),
        "id: 7\nevent: status\ndata: {\"number\":\"7\",\"assignmentId\":\"\",\"organisationId\":\"\","
        "\"organisationPath\":\"74.12\",\"roundId\":\"\",\"itemId\":\"\",\"state\":\"draft\",\"at\":\"\"}"
        "\n\n");
    assert_int_equal(reached, 7);
}

static void
each_territory_gets_its_own(void **state)
{
    (void)state;
    uint64_t reached;
    add(1, 1, "74.12.0001");
    add(2, 1, "74.13.0001");
    assert_null(strstr(read_after(0, "74.12", &reached), "74.13"));
    assert_int_equal(reached, 2); // what is not its own is passed over for good
    assert_null(strstr(read_after(0, "74.13.0001", &reached), "74.12"));
    assert_string_equal(read_after(0, "74.1", &reached), "");
    assert_string_equal(read_after(0, "", &reached), "");
    assert_non_null(strstr(read_after(0, "*", &reached), "74.13.0001"));
}

static void
a_batch_counts_once(void **state)
{
    (void)state;
    uint64_t reached;
    add(1, 2, "74");
    add(1, 2, "75");
    add(2, 3, "76"); // overlaps: 2 is known, 3 is of another type
    const char *text = read_after(0, "*", &reached);
    assert_non_null(strstr(text, "id: 2\n"));
    assert_null(strstr(text, "75"));
    assert_null(strstr(text, "id: 3\n"));
    assert_non_null(strstr(text, "id: 4\n"));
    assert_int_equal(reached, 4);
    assert_string_equal(read_after(4, "*", &reached), "");
}

static void
nothing_is_served_across_a_gap(void **state)
{
    (void)state;
    uint64_t reached;
    assert_false(event_ring_covers(&ring, 0));
    add(1, 2, "74");
    assert_true(event_ring_covers(&ring, 0));
    assert_true(event_ring_covers(&ring, 2));
    assert_false(event_ring_covers(&ring, 3)); // ahead of what came here
    add(5, 1, "74");                           // 3 and 4 are missing
    assert_false(event_ring_covers(&ring, 2));
    assert_true(event_ring_covers(&ring, 4));
    assert_null(strstr(read_after(4, "*", &reached), "id: 1\n"));
}

static void
the_oldest_make_room(void **state)
{
    (void)state;
    uint64_t reached, number = 1;
    for (; number < 2 * RING_EVENTS; number += 128)
        add(number, 128, "74");
    assert_int_equal(ring.count, RING_EVENTS);
    assert_false(event_ring_covers(&ring, 0));
    assert_true(event_ring_covers(&ring, ring.first - 1));
    assert_false(event_ring_covers(&ring, ring.first - 2));
    (void)read_after(ring.first - 1, "*", &reached);
    assert_int_equal(reached, number - 1);
}

static void
a_slow_reader_gets_what_it_can_take(void **state)
{
    (void)state;
    add(1, 8, "74");
    buffer_reset(&out);
    uint64_t reached = event_ring_write(&ring, 0, "74", &out, 1);
    assert_int_equal(reached, 1);
    buffer_reset(&out);
    reached = event_ring_write(&ring, reached, "74", &out, 1);
    assert_memory_equal(out.data, "id: 2\n", 6);
    assert_int_equal(reached, 3); // 3 is of another type: passed over
}

static void
what_cannot_be_read_is_not_skipped(void **state)
{
    (void)state;
    Bus__Event event = BUS__EVENT__INIT;
    uint8_t garbage[] = {0xff, 0xff};
    event.type = "StatusChanged";
    event.payload = (ProtobufCBinaryData){sizeof garbage, garbage};
    Bus__Event *events[] = {&event};
    Bus__EventBatch batch = BUS__EVENT_BATCH__INIT;
    batch.first_number = 2;
    batch.n_events = 1;
    batch.events = events;
    add(1, 1, "74");
    event_ring_add(&ring, contract_find_method("reporting.WatchStatus"), &batch, &arena);
    assert_false(event_ring_covers(&ring, 1));
    assert_false(event_ring_covers(&ring, 2));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_event_is_written_whole, begin, end),
        cmocka_unit_test_setup_teardown(each_territory_gets_its_own, begin, end),
        cmocka_unit_test_setup_teardown(a_batch_counts_once, begin, end),
        cmocka_unit_test_setup_teardown(nothing_is_served_across_a_gap, begin, end),
        cmocka_unit_test_setup_teardown(the_oldest_make_room, begin, end),
        cmocka_unit_test_setup_teardown(a_slow_reader_gets_what_it_can_take, begin, end),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_is_not_skipped, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
