/*
 * What tells the rows of a summary apart, beside workload and executor: the number of workers,
 * swept parameters and the load. It is read off the rows that a file has, not off rules.
 */
#ifndef REVIEW_AXES_H
#define REVIEW_AXES_H

#include "report/csv_read.h"

#include <stdbool.h>
#include <stddef.h>

enum { AXES_MOST = 16 };

struct axis {
	const char *column;
	size_t values; /* how many different ones there are */
	bool words;    /* not all of them are numbers */
};

struct axes { /* workers first, the load last */
	struct axis items[AXES_MOST];
	size_t count;
};

/* Is it a column that conrun has in every summary? */
bool axes_is_fixed(const char *column);

/* Does the value of this column tell apart rows that have the same workload, executor and
 * workers? */
bool axes_splits(const struct csv_table *summary, const char *column);

/* Those of some rows, all of one workload. What the ones before already say is left out: the
 * tasks that a rate and a runtime make, for one. */
struct axes axes_find(const struct csv_table *summary, const size_t *rows, size_t count);

#endif
