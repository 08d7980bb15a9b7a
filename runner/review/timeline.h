/* Who ran which task when, as text: a line for each worker, from left to right in time. */
#ifndef REVIEW_TIMELINE_H
#define REVIEW_TIMELINE_H

#include "base/text.h"
#include "review/results.h"

/*
 * Of each experiment that is in the session's tasks.csv the first run, in the summary's order, in
 * lines of at most `width` columns. A task that is wide enough is a bar with its number; where many
 * are too short for that, the shade says how much of the time the worker was busy. -1: there is no
 * such file.
 */
int timeline_write(const struct results *results, size_t width, struct text *out, struct err *err);

#endif
