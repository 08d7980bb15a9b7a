/*
 * What a session left behind, read back: the folder results/<scenario>/<UTC time>/ with its
 * summary.csv, runs.csv and run.json. Comparing, the page and the other views are made from these
 * files alone, so that they can be made again at any time and for a session of another machine.
 */
#ifndef REVIEW_RESULTS_H
#define REVIEW_RESULTS_H

#include "base/err.h"
#include "base/memory.h"
#include "report/csv_read.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct results {
	struct arena arena;
	const char *folder;       /* of the session; "" where only a summary was given */
	const char *path;         /* the same, or that summary: for messages */
	struct csv_table summary; /* a row per experiment */
	struct csv_table runs;    /* a row per run; no rows where there is no such file */
	json_t *run;              /* run.json; NULL where there is none */
	const size_t *in_order;   /* rows of `runs`, by experiment and then by round */
};

/*
 * Opens what a user may call a session: its folder, a CSV file that is a summary, or a scenario's
 * name (or file, or the folder of its sessions), which stands for its newest finished session
 * under the folder `output`; `back` counts backwards from that one: 0 the newest, 1 the one
 * before. Finished: it was not interrupted, and its summary is there. -1: the error names what
 * was looked for and where, or what is wrong with a file. Release in no case of failure.
 */
int results_open(struct results *results, const char *what, const char *output, unsigned back,
	struct err *err);

/* The newest, without its runs, which may be many more than its experiments. */
int results_open_summary(
	struct results *results, const char *what, const char *output, struct err *err);

void results_release(struct results *results);

/* The column of a name, or -1. */
int results_column(const struct csv_table *table, const char *name);

/* A field; "" where the column is not there. Row 0 is the first below the header. */
const char *results_field(const struct csv_table *table, size_t row, const char *name);

/* False where it is empty or no finite number; `*number` is then left as it was. */
bool results_number(const struct csv_table *table, size_t row, const char *name, double *number);

/* The values that the runs of one experiment (by its id) have in a column of runs.csv, those that
 * are ok only, by ascending round; how many. `values` has room for runs.row_count. */
size_t results_values(
	const struct results *results, const char *experiment, const char *column, double *values);

#endif
