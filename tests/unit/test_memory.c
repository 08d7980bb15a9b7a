/* Arenas and growing arrays. */
#include "base/memory.h"

#include <setjmp.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void memory_is_zeroed(void **state)
{
	(void)state;
	char *bytes = memory_alloc(100);
	for (int i = 0; i < 100; i++)
		assert_int_equal(bytes[i], 0);
	free(bytes);
	free(memory_alloc(0));
}

static void an_array_grows(void **state)
{
	(void)state;
	int *items = NULL;
	size_t capacity = 0;
	for (size_t count = 0; count < 1000; count++) {
		items = memory_grow(items, count, &capacity, sizeof(*items));
		assert_true(capacity > count);
		items[count] = (int)count;
	}
	for (int i = 0; i < 1000; i++)
		assert_int_equal(items[i], i);
	free(items);
}

static void arena_memory_is_zeroed_aligned_and_apart(void **state)
{
	(void)state;
	struct arena arena;
	unsigned char *parts[200];
	arena_init(&arena);
	for (size_t i = 0; i < 200; i++) {
		parts[i] = arena_alloc(&arena, i * 7);
		assert_int_equal((uintptr_t)parts[i] % alignof(max_align_t), 0);
		for (size_t j = 0; j < i * 7; j++)
			assert_int_equal(parts[i][j], 0);
		memset(parts[i], (int)i, i * 7);
	}
	for (size_t i = 0; i < 200; i++) {
		for (size_t j = 0; j < i * 7; j++)
			assert_int_equal(parts[i][j], i);
	}
	arena_release(&arena);
	assert_null(arena.newest);
}

static void an_arena_takes_what_is_larger_than_a_block(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena);
	char *small = arena_text(&arena, "small");
	char *large = arena_alloc(&arena, 1000000);
	large[999999] = 1;
	assert_string_equal(small, "small");
	arena_release(&arena);
}

static void arena_copies(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena);
	assert_string_equal(arena_copy(&arena, "abcdef", 3), "abc");
	assert_string_equal(arena_text(&arena, ""), "");
	assert_string_equal(arena_format(&arena, "%s=%d", "n", 12), "n=12");
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed),
		cmocka_unit_test(an_array_grows),
		cmocka_unit_test(arena_memory_is_zeroed_aligned_and_apart),
		cmocka_unit_test(an_arena_takes_what_is_larger_than_a_block),
		cmocka_unit_test(arena_copies),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
