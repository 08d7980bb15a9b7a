/*
 * The columns of summary.csv and runs.csv: one table that holds each column's name, unit,
 * meaning and source and how its value is found. Both files and their dictionary,
 * results/README.md, are made from it. Columns are only ever appended.
 */
#ifndef REPORT_COLUMNS_H
#define REPORT_COLUMNS_H

#include "plan/plan.h"
#include "report/added.h"
#include "report/csv.h"
#include "report/report.h"
#include "stats/summary.h"

#include <stdbool.h>
#include <stddef.h>

enum columns_file { COLUMNS_SUMMARY, COLUMNS_RUNS, COLUMNS_FILES };

/* What one row is made of. */
struct cells {
	const struct plan *plan;
	const struct experiment *experiment;
	const struct summary_row *row; /* of summary.csv */
	const struct run_event *event; /* of runs.csv */
};

/* Adds the value, in base units, or nothing where it is unknown; `at` is the column's own. */
typedef void column_get(const struct cells *cells, size_t at, struct text *out);

enum column_group {
	COLUMN_ONE,
	COLUMN_SWEEPS,  /* stands for the options that take several values in the plan */
	COLUMN_METRICS, /* stands for the metrics of the plan's workloads and executors */
	COLUMN_ADDED,   /* stands for the columns that hooks add to the summary */
};

struct column {
	const char *name, *unit, *meaning, *source; /* unit: "" for words */
	enum column_group group;
	bool text; /* may hold text that is not conrun's own */
	struct {
		column_get *get; /* NULL: not in this file */
		size_t at;       /* where `get` looks */
	} in[COLUMNS_FILES];
};

extern const struct column column_table[]; /* ends with a column without a name */

/* The columns that one plan has. */
struct columns {
	const struct plan *plan;
	/* of all its workloads, then of its executors where they are on; each name once */
	const struct metric **metrics;
	size_t metric_count;
	const struct added *added; /* NULL: none; the caller's to set */
};

void columns_init(struct columns *columns, const struct plan *plan);
void columns_release(struct columns *columns);

/* A metric's figure in this row or run; unknown where neither workload nor executor has it. */
struct figure columns_metric(const struct cells *cells, const struct metric *metric);

/* Puts a whole line into `csv`, which is cleared first. */
void columns_header(const struct columns *columns, enum columns_file file, struct csv_row *csv);
void columns_row(const struct columns *columns, enum columns_file file,
	const struct cells *cells, struct csv_row *csv);

#endif
