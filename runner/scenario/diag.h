/*
 * What is wrong with a scenario: problems are collected with their place, then written all at
 * once, sorted by place, 20 at most, as compilers write them:
 *
 *   file:7:1: error: unknown key 'worker' in the scenario; did you mean 'workers'?
 *       7 | worker: [1, 2]
 *         | ^
 *         = allowed: name, description, workloads, …
 */
#ifndef SCENARIO_DIAG_H
#define SCENARIO_DIAG_H

#include "base/err.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

enum { DIAG_SHOWN_MOST = 20 };

/* Lines and columns count from 1, columns in characters. Line 0: the file as a whole. */
struct place {
	int line, column;
};

struct diagnostic {
	struct place place;
	bool warning;
	const char *message;
	const char *note; /* NULL: none; one that begins with a newline is written as it is */
};

struct diag {
	struct arena *arena; /* borrowed; holds the messages */
	const char *path, *text;
	size_t length;
	struct diagnostic *items; /* owned */
	size_t count, capacity;
	size_t errors;
};

void diag_init(struct diag *diag, struct arena *arena, const char *path, const char *text,
	size_t length);
void diag_release(struct diag *diag);

void diag_error(struct diag *diag, struct place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void diag_warning(struct diag *diag, struct place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* An error from further down; what stands behind its "; allowed: " becomes the note. */
void diag_err(struct diag *diag, struct place place, const struct err *err);

/* Gives the latest problem its note. */
void diag_note(struct diag *diag, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* text_nearest, until so many errors were found that nobody reads them. */
const char *diag_nearest(
	const struct diag *diag, const char *word, const char *const *candidates, size_t count);

/* Writes them as text. Sorts the problems and drops repeated ones. */
void diag_format(struct diag *diag, bool colour, struct text *out);

/* Writes them to stderr, in one piece; in colour on a terminal unless NO_COLOR is set. */
void diag_print(struct diag *diag);

/* The place of byte `offset` of a text. */
struct place diag_place(const char *text, size_t length, size_t offset);

/* The source line and the caret under its column. */
void diag_excerpt(const struct diag *diag, struct place place, bool colour, struct text *out);

/* Adds text for a terminal: what would move its cursor or is not UTF-8 is replaced. */
void diag_add_visible(const char *bytes, size_t count, struct text *out);

#endif
