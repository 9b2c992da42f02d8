// What the feed's door keeps in memory: the last events of the stream, and who waits for the next one (I1).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "events.pb-c.h"
#include "feed.pb-c.h"
#include "feed_asks.h"
#include "feed_ring.h"

// Defines fail() as a macro, so it comes last.
#include <cmocka.h>

static struct feed_ring *
new_ring(uint64_t last)
{
    struct feed_ring *ring = calloc(1, sizeof *ring);
    assert_non_null(ring);
    feed_ring_reset(ring, last);
    return ring;
}

static void
free_ring(struct feed_ring *ring)
{
    feed_ring_reset(ring, 0);
    free(ring);
}

static void
add(struct feed_ring *ring, const char *path)
{
    uint8_t payload[256];
    struct arena arena;
    arena_init(&arena, 64 * 1024);
    Events__StatusChanged changed = EVENTS__STATUS_CHANGED__INIT;
    changed.organisation_path = path;
    changed.state = "draft";
    Bus__Event event = BUS__EVENT__INIT;
    event.type = path[0] != '\0' ? "StatusChanged" : "Other";
    event.payload = (ProtobufCBinaryData){events__status_changed__pack(&changed, payload), payload};
    assert_true(feed_ring_add(ring, &event, &arena));
    arena_done(&arena);
}

// The numbers of what is written, as text: "3 5 ", and up to where it came.
static uint64_t
written(const struct feed_ring *ring, uint64_t after, const char *territory, size_t limit, char *ret_numbers)
{
    struct buffer out;
    buffer_init(&out, 512 * 1024);
    uint64_t end = feed_ring_write(ring, after, territory, limit, &out);
    Vekha__Feed__Batch *batch = vekha__feed__batch__unpack(NULL, out.size, (const uint8_t *)out.data);
    assert_non_null(batch);
    ret_numbers[0] = '\0';
    for (size_t i = 0; i < batch->n_events; i++)
        ret_numbers += sprintf(ret_numbers, "%llu ", (unsigned long long)batch->events[i]->number);
    vekha__feed__batch__free_unpacked(batch, NULL);
    buffer_done(&out);
    return end;
}

static void
a_territory_gets_its_own_in_order(void **state)
{
    (void)state;
    char numbers[64];
    struct feed_ring *ring = new_ring(10);
    add(ring, "74.01.0001"); // 11
    add(ring, "74.011.0001");
    add(ring, ""); // 13: of no interest
    add(ring, "74.01");
    add(ring, "74.02.0001"); // 15
    assert_true(feed_ring_covers(ring, 10));
    assert_false(feed_ring_covers(ring, 9));
    assert_true(feed_ring_covers(ring, UINT64_MAX));
    assert_int_equal(written(ring, 10, "74.01", 500, numbers), 15);
    assert_string_equal(numbers, "11 14 ");
    assert_int_equal(written(ring, 10, "*", 500, numbers), 15);
    assert_string_equal(numbers, "11 12 14 15 ");
    assert_int_equal(written(ring, 12, "*", 1, numbers), 14); // nothing between it and the next is passed over
    assert_string_equal(numbers, "14 ");
    assert_int_equal(written(ring, 99, "*", 500, numbers), 99);
    assert_string_equal(numbers, "");
    free_ring(ring);
}

static void
the_oldest_go_and_are_not_claimed(void **state)
{
    (void)state;
    char numbers[64];
    struct feed_ring *ring = new_ring(0);
    for (int i = 0; i < FEED_RING_EVENTS + 2; i++)
        add(ring, "74");
    assert_false(feed_ring_covers(ring, 1));
    assert_true(feed_ring_covers(ring, 2));
    assert_int_equal(written(ring, 2, "74", 2, numbers), 4);
    assert_string_equal(numbers, "3 4 ");
    free_ring(ring);
}

static void
a_peer_has_one_question(void **state)
{
    (void)state;
    struct feed_asks asks;
    bool is_new;
    assert_true(feed_asks_open(&asks));
    struct feed_ask *first = feed_asks_put(&asks, "a", 1, &is_new);
    assert_true(first != NULL && is_new);
    assert_ptr_equal(feed_asks_put(&asks, "a", 1, &is_new), first);
    assert_false(is_new);
    assert_int_equal(asks.count, 1);
    char too_long[FEED_PEER_ID_BYTES + 1] = {0};
    assert_null(feed_asks_put(&asks, too_long, sizeof too_long, &is_new));
    feed_asks_remove(&asks, first);
    assert_int_equal(asks.count, 0);
    feed_asks_close(&asks);
}

static void
their_number_is_bounded_and_places_are_used_again(void **state)
{
    (void)state;
    struct feed_asks asks;
    bool is_new;
    assert_true(feed_asks_open(&asks));
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t peer = 0; peer < FEED_ASKS_MAX; peer++)
            assert_non_null(feed_asks_put(&asks, &peer, sizeof peer, &is_new));
        uint32_t more = FEED_ASKS_MAX;
        assert_null(feed_asks_put(&asks, &more, sizeof more, &is_new));
        for (uint32_t peer = 0; peer < FEED_ASKS_MAX; peer++) {
            const struct feed_ask *ask = feed_asks_put(&asks, &peer, sizeof peer, &is_new);
            assert_true(ask != NULL && !is_new);
            feed_asks_remove(&asks, ask);
        }
        assert_int_equal(asks.count, 0);
    }
    feed_asks_close(&asks);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_territory_gets_its_own_in_order),
        cmocka_unit_test(the_oldest_go_and_are_not_claimed),
        cmocka_unit_test(a_peer_has_one_question),
        cmocka_unit_test(their_number_is_bounded_and_places_are_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
