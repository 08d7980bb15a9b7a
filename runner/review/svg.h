/* What gnuplot drew, made part of a page. */
#ifndef REVIEW_SVG_H
#define REVIEW_SVG_H

#include "base/text.h"

#include <stddef.h>

/* The drawing that starts at `*drawn` and its length; NULL behind the last. Moves `*drawn` on. */
const char *svg_next(const char **drawn, size_t *length);

/*
 * The drawing as an element: its colours become the page's variables, black the colour of the
 * page's text, its ids begin with `id`. `says`: what it shows, for those who cannot see it.
 */
void svg_inline(
	const char *drawing, size_t length, const char *id, const char *says, struct text *out);

/* The drawing as a file of its own. */
void svg_alone(
	const char *drawing, size_t length, const char *title, const char *says, struct text *out);

#endif
