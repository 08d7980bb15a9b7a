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
	int source; /* 0: the file; n: the nth of the diag's other sources */
};

/* A text that is not in the file: what an option of the command line has put beside it. */
struct diag_source {
	const char *name; /* `--set workers=[1,8]` */
	const char *text;
	size_t length;
};

/* A note is worth knowing and nothing to mend. Only errors refuse a scenario. */
enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE, SEVERITIES };
extern const char *const severity_names[]; /* "error", … */

struct diagnostic {
	struct place place;
	enum severity severity;
	const char *message;
	const char *note; /* NULL: none; one that begins with a newline is written as it is */
};

struct diag {
	struct arena *arena;     /* borrowed; holds the messages */
	const char *path, *text; /* the file */
	size_t length;
	const struct diag_source *sources; /* the others; borrowed */
	size_t source_count;
	struct diagnostic *items; /* owned */
	size_t count, capacity;
	size_t errors;
};

void diag_init(
	struct diag *diag, struct arena *arena, const char *path, const char *text, size_t length);
void diag_release(struct diag *diag);

/* What a place is in. */
struct diag_source diag_source(const struct diag *diag, struct place place);

/* `it.yaml:7:1`, `--set workers=[1,a]:12`: without a line where a source has just one. */
void diag_locate(const struct diag *diag, struct place place, struct text *out);

void diag_error(struct diag *diag, struct place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void diag_warning(struct diag *diag, struct place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void diag_remark(struct diag *diag, struct place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds a copy of a problem that another one has. */
void diag_copy(struct diag *diag, const struct diagnostic *item);

/* An error from further down; what stands behind its "; allowed: " becomes the note. */
void diag_err(struct diag *diag, struct place place, const struct err *err);

/* Gives the latest problem its note. */
void diag_note(struct diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* text_nearest, until so many errors were found that nobody reads them. */
const char *diag_nearest(
	const struct diag *diag, const char *word, const char *const *candidates, size_t count);

/* Writes them as text. Sorts the problems and drops repeated ones. */
void diag_format(struct diag *diag, bool colour, struct text *out);

/* Who is told of a text's problems once they are all known. */
struct diag_sink {
	void (*take)(struct diag *diag, void *context);
	void *context;
};

/* Hands them over. Without a sink they go to stderr, in one piece; in colour on a terminal unless
 * NO_COLOR is set. */
void diag_publish(struct diag *diag, const struct diag_sink *sink);

/* Sorts the problems and drops repeated ones; for a sink that does not diag_format. */
void diag_sort(struct diag *diag);

/* The place of byte `offset` of a text. */
struct place diag_place(const char *text, size_t length, size_t offset);

/* The source line and the caret under its column. */
void diag_excerpt(const struct diag *diag, struct place place, bool colour, struct text *out);

/* The bytes of a place's line, without its end. */
const char *diag_line(const struct diag *diag, struct place place, size_t *length);

/* The column behind what stands at that place: a word, a quoted text, a list or mapping in
 * brackets, as far as the line reaches; the place's own where nothing is there. */
int diag_end_column(const struct diag *diag, struct place place);

/* Adds text for a terminal: what would move its cursor or is not UTF-8 is replaced. */
void diag_add_visible(const char *bytes, size_t count, struct text *out);

#endif
