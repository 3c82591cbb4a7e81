/* Arena and text: memory that grows, and what survives growing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/text.h"

static bool all_zero(const unsigned char *bytes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

static void memory_comes_zeroed_and_aligned_even_after_a_reset(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    for (int round = 0; round < 2; round++) {
        for (size_t bytes = 0; bytes < 200; bytes++) {
            unsigned char *memory = arena_take(arena, bytes);
            assert_int_equal((uintptr_t)memory % 16, 0);
            assert_true(all_zero(memory, bytes));
            memset(memory, 0xff, bytes);
        }
        arena_reset(arena);
        assert_int_equal(arena_bytes(arena), 0);
    }
    arena_destroy(arena);
}

static void pieces_larger_than_a_chunk_do_not_disturb_smaller_ones(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    char *small = arena_copy_text(arena, "small", 5);
    char *large = arena_take(arena, (size_t)1 << 20);
    memset(large, 'x', (size_t)1 << 20);
    char *after = arena_copy_text(arena, "after", 5);
    assert_string_equal(small, "small");
    assert_string_equal(after, "after");
    assert_true(arena_bytes(arena) >= ((size_t)1 << 20));
    arena_reset(arena);
    assert_non_null(arena_take(arena, (size_t)1 << 20));
    arena_destroy(arena);
}

static void an_array_keeps_its_items_while_it_grows(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    uint32_t *items = NULL;
    size_t capacity = 0;
    for (uint32_t i = 0; i < 10000; i++) {
        void *grown = items;
        arena_grow(arena, &grown, &capacity, i, sizeof *items);
        items = grown;
        items[i] = i;
    }
    for (uint32_t i = 0; i < 10000; i++) {
        assert_int_equal(items[i], i);
    }
    arena_destroy(arena);
}

static void a_placed_arena_goes_back_to_where_it_was(void **state)
{
    (void)state;
    _Alignas(16) static unsigned char block[4096], copy[4096];
    struct arena *arena = arena_place(block, sizeof block);
    assert_true(arena_span(arena) > 0);
    char *kept = arena_copy_text(arena, "kept", 4);
    assert_in_range((uintptr_t)kept, (uintptr_t)block, (uintptr_t)block + sizeof block);
    const size_t span = arena_span(arena), bytes = arena_bytes(arena);
    memcpy(copy, block, span);
    for (int round = 0; round < 2; round++) {
        char *later = arena_copy_text(arena, "later", 5);
        assert_string_equal(later, "later");
        assert_int_equal((uintptr_t)later % 16, 0);
        assert_true(arena_span(arena) > span);
        kept[0] = 'w';
        memcpy(block, copy, span);
        assert_string_equal(kept, "kept");
        assert_int_equal(arena_bytes(arena), bytes);
    }
    arena_destroy(arena);
}

static void a_placed_arena_that_is_outgrown_says_so(void **state)
{
    (void)state;
    _Alignas(16) static unsigned char block[ARENA_PLACE_BYTES_MIN];
    struct arena *arena = arena_place(block, sizeof block);
    while (arena_span(arena) != 0) {
        assert_true(arena_span(arena) <= sizeof block);
        unsigned char *memory = arena_take(arena, 16);
        assert_true(all_zero(memory, 16));
    }
    memset(arena_take(arena, 1000), 1, 1000);
    arena_destroy(arena);
    arena = arena_create();
    assert_int_equal(arena_span(arena), 0);
    arena_destroy(arena);
}

static void texts_are_formatted_into_an_arena(void **state)
{
    (void)state;
    struct arena *arena = arena_create();
    assert_string_equal(arena_format(arena, "%s-%d", "a", 17), "a-17");
    assert_string_equal(arena_format(arena, "%s", ""), "");
    arena_destroy(arena);
    arena_destroy(NULL);
}

static void a_text_grows_and_can_be_cleared(void **state)
{
    (void)state;
    struct text text = TEXT_EMPTY;
    assert_string_equal(text_read(&text), "");
    text_clear(&text);
    for (int i = 0; i < 1000; i++) {
        text_format(&text, "%d,", i);
    }
    assert_int_equal(text.length, strlen(text_read(&text)));
    assert_memory_equal(text_read(&text), "0,1,2,", 6);
    text_clear(&text);
    assert_string_equal(text_read(&text), "");
    text_add(&text, "a\0b", 3);
    assert_int_equal(text.length, 3);
    text_free(&text);
    assert_string_equal(text_read(&text), "");
}

static void padding_counts_in_the_last_line(void **state)
{
    (void)state;
    struct text text = TEXT_EMPTY;
    text_string(&text, "first line\nab");
    text_pad_to(&text, 4);
    text_pad_to(&text, 2);
    text_string(&text, "c");
    assert_string_equal(text_read(&text), "first line\nab  c");
    text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_comes_zeroed_and_aligned_even_after_a_reset),
        cmocka_unit_test(pieces_larger_than_a_chunk_do_not_disturb_smaller_ones),
        cmocka_unit_test(an_array_keeps_its_items_while_it_grows),
        cmocka_unit_test(a_placed_arena_goes_back_to_where_it_was),
        cmocka_unit_test(a_placed_arena_that_is_outgrown_says_so),
        cmocka_unit_test(texts_are_formatted_into_an_arena),
        cmocka_unit_test(a_text_grows_and_can_be_cleared),
        cmocka_unit_test(padding_counts_in_the_last_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
