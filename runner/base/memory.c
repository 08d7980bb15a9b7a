#include "base/memory.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BLOCK_BYTES = 64 * 1024 };

struct arena_block {
	struct arena_block *older;
	size_t used, size;
	alignas(max_align_t) char bytes[];
};

static void *checked(void *memory)
{
	if (!memory) {
		fputs("conrun: error: out of memory\n", stderr);
		exit(1);
	}
	return memory;
}

void *memory_alloc(size_t bytes)
{
	return checked(calloc(1, bytes ? bytes : 1));
}

void *memory_aligned(size_t alignment, size_t bytes)
{
	size_t whole = (bytes / alignment + 1) * alignment;
	return memset(checked(aligned_alloc(alignment, whole)), 0, whole);
}

void *memory_resize(void *old, size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes))
		return checked(NULL);
	return checked(realloc(old, bytes ? bytes : 1));
}

void *memory_grow(void *items, size_t count, size_t *capacity, size_t item_size)
{
	if (count < *capacity)
		return items;
	*capacity = *capacity ? 2 * *capacity : 8;
	return memory_resize(items, *capacity, item_size);
}

void arena_init(struct arena *arena)
{
	arena->newest = NULL;
}

void arena_release(struct arena *arena)
{
	while (arena->newest) {
		struct arena_block *block = arena->newest;
		arena->newest = block->older;
		free(block);
	}
}

static struct arena_block *add_block(struct arena *arena, size_t bytes)
{
	size_t size = bytes > ARENA_BLOCK_BYTES ? bytes : ARENA_BLOCK_BYTES;
	struct arena_block *block = memory_alloc(sizeof(*block) + size);
	block->size = size;
	block->older = arena->newest;
	arena->newest = block;
	return block;
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
	if (bytes > SIZE_MAX / 2)
		return checked(NULL);
	bytes = (bytes + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	struct arena_block *block = arena->newest;
	if (!block || block->size - block->used < bytes)
		block = add_block(arena, bytes);
	void *memory = block->bytes + block->used;
	block->used += bytes;
	return memory;
}

char *arena_copy(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_alloc(arena, length + 1);
	memcpy(copy, text, length);
	return copy;
}

char *arena_text(struct arena *arena, const char *text)
{
	return arena_copy(arena, text, strlen(text));
}

char *arena_format(struct arena *arena, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	char *text = arena_alloc(arena, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	return text;
}
