// common/base/arena: alignment, zeroing, the limit, and what a reset keeps.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "vekha/base/arena.h"

static void
pieces_are_zeroed_and_aligned(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (int round = 0; round < 3; round++) {
        for (size_t size = 0; size < 300; size++) {
            unsigned char *piece = arena_take(&arena, size);
            assert_non_null(piece);
            assert_int_equal((uintptr_t)piece % _Alignof(max_align_t), 0);
            for (size_t i = 0; i < size; i++)
                assert_int_equal(piece[i], 0);
            memset(piece, 0xff, size);
        }
        arena_reset(&arena);
        assert_int_equal(arena.used_bytes, 0);
    }
    arena_done(&arena);
}

static void
nothing_is_given_over_the_limit(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1000);
    assert_null(arena_take(&arena, 1001));
    assert_null(arena_take(&arena, SIZE_MAX));
    assert_null(arena_take(&arena, SIZE_MAX - 7));
    assert_non_null(arena_take(&arena, 900));
    assert_null(arena_take(&arena, 101));
    assert_null(arena_format(&arena, "%200s", "x"));
    assert_non_null(arena_take(&arena, 50));
    arena_reset(&arena);
    assert_non_null(arena_take(&arena, 900));
    arena_done(&arena);
}

static void
big_pieces_do_not_outlive_a_reset(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 64 << 20);
    for (int i = 0; i < 100; i++)
        assert_non_null(arena_take(&arena, (size_t)i * 5000));
    struct arena_block *first = arena.first;
    arena_reset(&arena);
    assert_ptr_equal(arena.first, first);
    assert_ptr_equal(arena.current, first);
    arena_done(&arena);

    arena_init(&arena, 64 << 20);
    char *big = arena_take(&arena, 32 << 20);
    assert_non_null(big);
    big[(32 << 20) - 1] = 1;
    assert_ptr_not_equal(arena.first, arena.current);
    arena_done(&arena);
    arena_done(&arena);
}

static void
copies_and_formats(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 16);
    assert_null(arena_copy(&arena, NULL));
    assert_string_equal(arena_copy(&arena, ""), "");
    assert_string_equal(arena_copy(&arena, "школа"), "школа");
    char *bytes = arena_copy_bytes(&arena, "a\0b", 3);
    assert_memory_equal(bytes, "a\0b\0", 4);
    assert_string_equal(arena_copy_bytes(&arena, NULL, 0), "");
    assert_string_equal(arena_format(&arena, "%s-%d", "x", 7), "x-7");
    assert_int_equal(strlen(arena_format(&arena, "%5000d", 1)), 5000);
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_are_zeroed_and_aligned),
        cmocka_unit_test(nothing_is_given_over_the_limit),
        cmocka_unit_test(big_pieces_do_not_outlive_a_reset),
        cmocka_unit_test(copies_and_formats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
