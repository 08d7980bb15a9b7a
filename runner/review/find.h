/*
 * Which session is meant. A session's folder is named by the time it began, in UTC, and where
 * that was taken already with -2, -3, … behind it: names say which of two is newer.
 */
#ifndef REVIEW_FIND_H
#define REVIEW_FIND_H

#include "base/err.h"
#include "base/memory.h"

#include <stdbool.h>

/*
 * The path that results_open's `what` and `back` stand for: a session's folder, or a CSV file.
 * A path that exists is taken as such, anything else as a scenario's name. In the arena; NULL:
 * the error names what was looked for, where, and what could be done.
 */
const char *find_session(
	const char *what, const char *output, unsigned back, struct arena *arena, struct err *err);

/* A scenario's newest session, whatever became of it, of those for which fits(folder, arg) says so
 * (NULL: any); NULL: there is none. */
const char *find_newest(const char *scenario, const char *output,
	bool (*fits)(const char *folder, const void *arg), const void *arg, struct arena *arena);

/* The names that results are under, as `'results' has gil, knee`; "" where there are none. */
const char *find_known(const char *output, struct arena *arena);

#endif
