// An arena for a file's tests: cmocka_run_group_tests(tests, open_arena, close_arena). After cmocka.h.
#pragma once

#include "vekha/base/arena.h"

static struct arena arena;

static int
open_arena(void **state)
{
    (void)state;
    arena_init(&arena, 8 * 1024 * 1024);
    return 0;
}

static int
close_arena(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}
