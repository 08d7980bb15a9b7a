/*
 * Memory. Out of memory is not an error that a caller could mend: these say so and exit(1).
 * None of them is called while a run's clock is running.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdarg.h>
#include <stddef.h>

void *memory_alloc(size_t bytes);                             /* zeroed; release with free() */
void *memory_aligned(size_t alignment, size_t bytes);           /* zeroed; release with free() */
/* new part not zeroed; overflow checked */
void *memory_resize(void *old, size_t count, size_t size);

/* Makes room for one more item in a growing array of `count` items; doubles `*capacity`. */
void *memory_grow(void *items, size_t count, size_t *capacity, size_t item_size);

/*
 * An arena: everything that a scenario or a plan owns is allocated from one and released with
 * it, so pointers into it may be borrowed freely for as long as its owner lives.
 */
struct arena {
	struct arena_block *newest;
};

void arena_init(struct arena *arena);
void arena_release(struct arena *arena);
void *arena_alloc(struct arena *arena, size_t bytes); /* zeroed, aligned for any type */
char *arena_copy(struct arena *arena, const char *text, size_t length); /* with a NUL behind it */
char *arena_text(struct arena *arena, const char *text);
char *arena_format(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
