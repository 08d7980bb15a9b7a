/*
 * Two sessions, cell by cell: A, the older, and B. Cells are joined by the experiment's id, which
 * is the same wherever all that defines the experiment is. Of each, the runs' times are compared:
 *
 *   elapsed_s         where the tasks are given
 *   throughput_per_s  where a runtime decides how many there are; the time is that of one task
 *   wait_p99_s        where a rate decides when they come
 *
 * or those of a column that the user names. The ratio is always time of B / time of A, so that
 * more than 1 is slower, with its bootstrap interval; p is Mann-Whitney's, adjusted after Holm for
 * the number of cells. With the tolerance t a cell is
 *
 *   slower        the whole interval is above 1 + t, and p is below 5 %
 *   faster        the whole interval is below 1 / (1 + t), and p is below 5 %
 *   same          the whole interval is between these two
 *   inconclusive  none of that
 *
 * A cell with so few runs that no times at all could have made its p small is none of these.
 */
#ifndef REVIEW_COMPARE_H
#define REVIEW_COMPARE_H

#include "review/results.h"
#include "stats/summary.h"

enum { SIDE_A, SIDE_B, SIDES };

enum cell_outcome {
	CELL_BROKE, /* ok in A, and in B it went wrong */
	CELL_SLOWER,
	CELL_FASTER,
	CELL_SAME,
	CELL_INCONCLUSIVE,
	CELL_TOO_FEW,
	CELL_MENDED,       /* the other way round */
	CELL_NOT_COMPARED, /* wrong in both, or not run in one */
	CELL_OUTCOMES,
};

struct compared { /* a cell that is in both */
	size_t row[SIDES];
	const char *column; /* what is compared */
	bool rate;          /* more of it is better */
	bool other_work;    /* the checksums differ though they should not */
	size_t runs[SIDES];
	struct figure median[SIDES]; /* of that column */
	struct figure ratio, low, high, p;
	enum cell_outcome outcome;
};

struct comparison {
	struct results *sides[SIDES]; /* borrowed */
	double tolerance;             /* a fraction of 1 */
	struct compared *cells;       /* owned; in B's order */
	size_t count;
	size_t only[SIDES]; /* cells that the other side has not */
	size_t of[CELL_OUTCOMES];
	/* Runs that would be enough for all cells, and that would decide half of what is
	 * inconclusive; 0: not to be said. */
	size_t repeat_enough, repeat_more;
};

/* `column`: NULL for the table above. -1: there is nothing to compare, and the error says why. */
int comparison_make(struct comparison *comparison, struct results *a, struct results *b,
	const char *column, double tolerance, struct err *err);
void comparison_release(struct comparison *comparison);

/* "slower", "not enough runs", …; for CELL_BROKE and CELL_NOT_COMPARED see the statuses. */
const char *outcome_name(enum cell_outcome outcome);

/* Is it worse than it was? */
bool outcome_is_worse(enum cell_outcome outcome);

#endif
