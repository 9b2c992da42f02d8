// Events through real brokers: to all who listen, from nobody but their owner.
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "support_processes.h"
#include "vekha/base/time.h"
#include "vekha/bus/events.h"

struct stage {
    struct installation installation;
    struct bus_settings publishing, listening;
    struct bus_publisher *publisher;
    struct bus_subscriber *subscriber;
};

static void
open_stage(struct stage *stage, int broker_count, const char *publisher_name)
{
    static const char *const TOPICS[] = {"submissions"};
    installation_make(&stage->installation, broker_count);
    for (int i = 0; i < broker_count; i++)
        installation_start_broker(&stage->installation, i, "");
    installation_settings(&stage->installation, publisher_name, &stage->publishing);
    installation_settings(&stage->installation, "review", &stage->listening);
    stage->publisher = bus_publisher_new(&stage->publishing);
    stage->subscriber = bus_subscriber_new(&stage->listening, TOPICS, 1);
    assert_non_null(stage->publisher);
    assert_non_null(stage->subscriber);
}

static void
close_stage(struct stage *stage)
{
    bus_publisher_free(&stage->publisher);
    bus_subscriber_free(&stage->subscriber);
    installation_remove(&stage->installation);
}

// Publishes until something arrives; how often the last one came in 200 ms more. 0: nothing within the time.
static int
publish_until_heard(struct stage *stage, const char *topic, const char *text, int timeout_ms)
{
    int64_t until_ms = clock_monotonic_ms() + timeout_ms;
    const char *heard_topic;
    const uint8_t *data;
    while (clock_monotonic_ms() < until_ms) {
        bus_publisher_send(stage->publisher, topic, text, strlen(text));
        size_t size = bus_subscriber_receive(stage->subscriber, 50, &heard_topic, &data);
        if (size == 0)
            continue;
        assert_string_equal(heard_topic, topic);
        assert_int_equal(size, strlen(text));
        assert_memory_equal(data, text, size);
        int count = 1;
        while (bus_subscriber_receive(stage->subscriber, 200, &heard_topic, &data) > 0)
            count++;
        return count;
    }
    return 0;
}

// Until the topic comes through one broker alone, and not only because the other one is not connected yet.
static void
wait_for_single_copies(struct stage *stage)
{
    enum { IN_A_ROW = 5, TRIES = 50 };
    int row = 0;
    for (int i = 0; i < TRIES && row < IN_A_ROW; i++)
        row = publish_until_heard(stage, "submissions", "again", 5000) == 1 ? row + 1 : 0;
    assert_int_equal(row, IN_A_ROW);
}

// The one that the subscriber relies on, by its key.
static int
main_broker(const struct stage *stage)
{
    return (unsigned char)stage->listening.keys.public_key[0] % 2;
}

static void
one_of_two_brokers_tells_everything(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, 2, "submissions");
    assert_true(publish_until_heard(&stage, "submissions", "first", 5000) > 0);
    wait_for_single_copies(&stage);
    // The other one may go without being missed.
    process_end(&stage.installation.broker[1 - main_broker(&stage)], SIGKILL);
    assert_int_equal(publish_until_heard(&stage, "submissions", "second", 1000), 1);
    close_stage(&stage);
}

static void
one_broker_is_enough_and_the_other_comes_back(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, 2, "submissions");
    wait_for_single_copies(&stage);
    int lost = main_broker(&stage);
    process_end(&stage.installation.broker[lost], SIGKILL);
    assert_int_equal(publish_until_heard(&stage, "submissions", "second", 5000), 1);
    installation_start_broker(&stage.installation, lost, "");
    wait_for_single_copies(&stage);
    process_end(&stage.installation.broker[1 - lost], SIGKILL);
    assert_int_equal(publish_until_heard(&stage, "submissions", "third", 5000), 1);
    close_stage(&stage);
}

static void
a_broker_that_stands_still_is_not_relied_on(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, 2, "submissions");
    wait_for_single_copies(&stage);
    pid_t frozen = stage.installation.broker[main_broker(&stage)];
    assert_int_equal(kill(frozen, SIGSTOP), 0);
    assert_int_equal(publish_until_heard(&stage, "submissions", "second", 5000), 1);
    assert_int_equal(kill(frozen, SIGCONT), 0);
    close_stage(&stage);
}

static void
foreign_topics_are_dropped(void **state)
{
    (void)state;
    struct stage stage;
    open_stage(&stage, 1, "review");
    assert_int_equal(publish_until_heard(&stage, "submissions", "forged", 1500), 0);
    assert_int_equal(publish_until_heard(&stage, "submissions2", "forged", 300), 0);
    close_stage(&stage);
}

// Personal data travels in events: a key that is no service's hears none.
static void
an_operators_key_hears_nothing(void **state)
{
    static const char *const TOPICS[] = {"submissions"};
    (void)state;
    struct stage stage;
    struct bus_settings settings;
    const char *topic;
    const uint8_t *data;
    open_stage(&stage, 1, "submissions");
    installation_settings(&stage.installation, "operator", &settings);
    struct bus_subscriber *curious = bus_subscriber_new(&settings, TOPICS, 1);
    assert_non_null(curious);
    assert_true(publish_until_heard(&stage, "submissions", "first", 5000) > 0);
    for (int i = 0; i < 5; i++) {
        assert_true(publish_until_heard(&stage, "submissions", "more", 5000) > 0);
        assert_int_equal(bus_subscriber_receive(curious, 100, &topic, &data), 0);
    }
    bus_subscriber_free(&curious);
    close_stage(&stage);
}

int
main(int argc, char **argv)
{
    worker_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_of_two_brokers_tells_everything),
        cmocka_unit_test(one_broker_is_enough_and_the_other_comes_back),
        cmocka_unit_test(a_broker_that_stands_still_is_not_relied_on),
        cmocka_unit_test(foreign_topics_are_dropped),
        cmocka_unit_test(an_operators_key_hears_nothing),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    // A failed test leaves sockets open, for which it would wait for ever.
    if (failed == 0)
        bus_context_close();
    return failed;
}
