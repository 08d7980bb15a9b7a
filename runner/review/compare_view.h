/* A comparison as people and programs read it. Everything is added to a text, with line ends. */
#ifndef REVIEW_COMPARE_VIEW_H
#define REVIEW_COMPARE_VIEW_H

#include "base/text.h"
#include "review/compare.h"

#include <stdbool.h>
#include <stddef.h>

struct compare_view {
	const struct comparison *comparison;
	const char *machines, *others; /* of hosts_compare */
	size_t width;                  /* of a table for a terminal */
	bool colour;
};

/* Both sessions, the cells, what is to be known, and what it comes to. */
void compare_table(const struct compare_view *view, struct text *out);
void compare_markdown(const struct compare_view *view, struct text *out);

/* The cells alone, in base units, for programs. */
void compare_csv(const struct compare_view *view, struct text *out);

/* What a reader has to know of the sessions: a line each, with `lead` in front. */
void compare_notes(const struct compare_view *view, const char *lead, struct text *out);

/* "2 of 9 slower, 1 faster, 6 the same" and what was not compared. */
void compare_sentence(const struct compare_view *view, struct text *out);

#endif
