/* Text that grows, nearest words, UTF-8 and a hash. */
#include "base/text.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void text_init(struct text *text)
{
	*text = (struct text){0};
}

void text_release(struct text *text)
{
	free(text->bytes);
	text_init(text);
}

void text_clear(struct text *text)
{
	text->length = 0;
	if (text->bytes)
		text->bytes[0] = '\0';
}

/* Room for `count` more bytes and the NUL behind them. */
static void reserve(struct text *text, size_t count)
{
	size_t needed = text->length + count + 1;
	if (needed <= text->capacity)
		return;
	text->capacity = needed < 64 ? 64 : 2 * needed;
	text->bytes = memory_resize(text->bytes, text->capacity, 1);
}

void text_add_bytes(struct text *text, const char *bytes, size_t count)
{
	reserve(text, count);
	if (count)
		memcpy(text->bytes + text->length, bytes, count);
	text->length += count;
	text->bytes[text->length] = '\0';
}

void text_add(struct text *text, const char *more)
{
	text_add_bytes(text, more, strlen(more));
}

void text_addf(struct text *text, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	reserve(text, 64);
	size_t room = text->capacity - text->length;
	int length = vsnprintf(text->bytes + text->length, room, format, args);
	va_end(args);
	if ((size_t)length >= room) {
		reserve(text, (size_t)length);
		vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
	}
	va_end(again);
	text->length += (size_t)length;
}

const char *text_get(const struct text *text)
{
	return text->bytes ? text->bytes : "";
}

/* Words that a person mistypes are short; what is longer has no nearest word. */
enum { WORD_MOST = 64 };

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * Optimal string alignment (Boytsov, "Indexing methods for approximate dictionary searching",
 * 2011, section 2.2), blind to case. `rows` roll: row i-2, i-1 and i of the usual table.
 */
static size_t distance(const char *a, size_t a_length, const char *b, size_t b_length)
{
	size_t rows[3][WORD_MOST + 1];
	for (size_t j = 0; j <= b_length; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		size_t *row = rows[i % 3], *above = rows[(i + 2) % 3], *top = rows[(i + 1) % 3];
		row[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			char x = lower(a[i - 1]), y = lower(b[j - 1]);
			row[j] = least(above[j], row[j - 1]) + 1;
			row[j] = least(row[j], above[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == lower(b[j - 2]) && y == lower(a[i - 2]))
				row[j] = least(row[j], top[j - 2] + 1);
		}
	}
	return rows[a_length % 3][b_length];
}

const char *text_nearest(const char *word, const char *const *candidates, size_t count)
{
	size_t length = strlen(word);
	size_t most = length < 6 ? 1 : length / 3;
	if (!length || length > WORD_MOST)
		return NULL;

	const char *nearest = NULL;
	for (size_t i = 0; i < count; i++) {
		size_t other = strlen(candidates[i]);
		if (other > WORD_MOST || other > length + most || length > other + most)
			continue;
		size_t found = distance(word, length, candidates[i], other);
		if (found > most || found == length || (nearest && found == most))
			continue;
		nearest = candidates[i];
		most = found;
	}
	return nearest;
}

/* The length of the well-formed sequence at `bytes`, or 0. */
static size_t utf8_sequence(const unsigned char *bytes, size_t left)
{
	/* The second byte's range excludes overlong forms, surrogates and what is past
	 * U+10FFFF. */
	static const struct {
		unsigned char first, last, second_min, second_max, length;
	} forms[] = {
		{0x00, 0x7f, 0, 0, 1},
		{0xc2, 0xdf, 0x80, 0xbf, 2},
		{0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3},
		{0xed, 0xed, 0x80, 0x9f, 3},
		{0xee, 0xef, 0x80, 0xbf, 3},
		{0xf0, 0xf0, 0x90, 0xbf, 4},
		{0xf1, 0xf3, 0x80, 0xbf, 4},
		{0xf4, 0xf4, 0x80, 0x8f, 4},
	};
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		size_t length = forms[i].length;
		if (bytes[0] < forms[i].first || bytes[0] > forms[i].last || length > left)
			continue;
		if (length > 1 &&
			(bytes[1] < forms[i].second_min || bytes[1] > forms[i].second_max))
			return 0;
		for (size_t j = 2; j < length; j++) {
			if ((bytes[j] & 0xc0) != 0x80)
				return 0;
		}
		return length;
	}
	return 0;
}

size_t text_utf8_fault(const char *bytes, size_t length)
{
	size_t at = 0;
	while (at < length) {
		size_t step = utf8_sequence((const unsigned char *)bytes + at, length - at);
		if (!step)
			break;
		at += step;
	}
	return at;
}

uint64_t text_hash(uint64_t hash, const void *bytes, size_t count)
{
	const unsigned char *byte = bytes;
	for (size_t i = 0; i < count; i++)
		hash = (hash ^ byte[i]) * UINT64_C(0x100000001b3);
	return hash;
}
