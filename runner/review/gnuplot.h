/*
 * Gnuplot, run as a program of its own where there is one on the PATH. It reads no settings of the
 * user's, and no shell is involved.
 */
#ifndef REVIEW_GNUPLOT_H
#define REVIEW_GNUPLOT_H

#include "base/err.h"
#include "base/text.h"

/* What gnuplot writes to its standard output for the script. -1: the error says what is missing,
 * or what gnuplot said. */
int gnuplot_draw(const char *script, struct text *drawn, struct err *err);

/* Adds the text as gnuplot's string literal, in single quotes: nothing in it is special. */
void gnuplot_quote(struct text *script, const char *text);

/* The same for a mark of an axis, which gnuplot takes for a format of its number. */
void gnuplot_quote_mark(struct text *script, const char *text);

#endif
