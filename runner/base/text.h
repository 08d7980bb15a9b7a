/* Text that grows, and the few things conrun asks of text. Nothing depends on the locale. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	char *bytes; /* NUL-terminated once anything was added; owned */
	size_t length, capacity;
};

void text_init(struct text *text);
void text_release(struct text *text);
void text_clear(struct text *text); /* keeps the memory */
void text_add(struct text *text, const char *more);
void text_add_bytes(struct text *text, const char *bytes, size_t count);
void text_addf(struct text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The added text or "" — never NULL. */
const char *text_get(const struct text *text);

/*
 * The candidate that `word` was most likely meant to be, or NULL: Damerau-Levenshtein distance
 * (optimal string alignment, blind to case) of at most a third of the word's length, and at
 * least 1, but with something of the word left.
 */
const char *text_nearest(const char *word, const char *const *candidates, size_t count);

/* The offset of the first byte that is not well-formed UTF-8 (RFC 3629), or `length`. */
size_t text_utf8_fault(const char *bytes, size_t length);

/* 64-bit FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), continued from `hash`. */
#define TEXT_HASH_START UINT64_C(0xcbf29ce484222325)
uint64_t text_hash(uint64_t hash, const void *bytes, size_t count);

#endif
