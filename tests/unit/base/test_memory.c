// Without memory: arenas, buffers and settings say so, lose nothing, and work again afterwards.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../support/failing_memory.h"
#include "vekha/base/arena.h"
#include "vekha/base/config.h"
#include "vekha/base/text.h"

enum { TRIES_MAX = 100, LIMIT = 1024 * 1024 };

// Takes pieces of growing size; true when all were given.
static bool
use_arena(struct arena *arena)
{
    bool has_all = true;
    for (size_t size = 1; size < 100000; size *= 3) {
        char *piece = arena_take(arena, size);
        if (piece)
            memset(piece, 'x', size);
        char *text = arena_format(arena, "%zu %s", size, "bytes"), *copy = arena_copy(arena, text);
        has_all = has_all && piece && text && copy;
        assert_true(!copy || strcmp(copy, text) == 0);
    }
    return has_all;
}

static void
an_arena_says_what_it_could_not_give(void **state)
{
    (void)state;
    struct arena arena;
    bool has_failed = true;
    size_t n = 1;
    for (; has_failed; n++) {
        assert_true(n < TRIES_MAX);
        arena_init(&arena, LIMIT);
        memory_fail_at(n, n % 2);
        bool has_all = use_arena(&arena);
        has_failed = memory_recover();
        assert_int_equal(has_all, !has_failed);
        assert_int_equal(arena.is_starved, has_failed);
        assert_int_equal(arena.refusals > 0, has_failed);
        arena_reset(&arena);
        assert_false(arena.is_starved);
        assert_true(use_arena(&arena));
        assert_int_equal(arena.refusals, 0);
        arena_done(&arena);
    }
    assert_true(n > 3);
}

static void
a_limit_is_not_starvation(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1000);
    assert_null(arena_take(&arena, 1001));
    assert_int_equal(arena.refusals, 1);
    assert_false(arena.is_starved);
    arena_done(&arena);
}

static void
a_buffer_keeps_what_it_has(void **state)
{
    (void)state;
    bool has_failed = true;
    for (size_t n = 1; has_failed; n++) {
        assert_true(n < TRIES_MAX);
        struct buffer buffer;
        buffer_init(&buffer, LIMIT);
        memory_fail_at(n, false);
        for (int i = 0; i < 200; i++)
            buffer_add_format(&buffer, "%08d", i);
        buffer_add_text(&buffer, "end");
        has_failed = memory_recover();
        assert_int_equal(buffer.overflowed, has_failed);
        assert_int_equal(buffer.is_starved, has_failed);
        assert_int_equal(buffer.size, has_failed ? buffer.size / 8 * 8 : 1603);
        assert_true(!buffer.data || strlen(buffer.data) == buffer.size);
        buffer_reset(&buffer);
        buffer_add_text(&buffer, "again");
        assert_string_equal(buffer.data, "again");
        buffer_done(&buffer);
    }
}

static void
settings_are_refused_with_a_reason(void **state)
{
    (void)state;
    static const struct config_key KEYS[] = {{"name", NULL, "name"}, {"count", "5", "how many"}};
    char path[] = "/tmp/vekha-unit-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0 && write(file, "name = a\n", 9) == 9 && close(file) == 0);
    bool has_failed = true;
    for (size_t n = 1; has_failed; n++) {
        assert_true(n < TRIES_MAX);
        struct config *config = NULL;
        const char *problem = NULL;
        memory_fail_at(n, false);
        enum status status = config_load(path, KEYS, 2, &config, &problem);
        has_failed = memory_recover();
        assert_int_equal(status, has_failed ? STATUS_INVALID : STATUS_OK);
        assert_int_equal(has_failed, problem != NULL);
        assert_true(has_failed || strcmp(config_text(config, "name"), "a") == 0);
        config_free(&config);
    }
    unlink(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_arena_says_what_it_could_not_give),
        cmocka_unit_test(a_limit_is_not_starvation),
        cmocka_unit_test(a_buffer_keeps_what_it_has),
        cmocka_unit_test(settings_are_refused_with_a_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
