/*
 * A summary's rows as charts show them: a panel for each kind of work — workload, its swept
 * parameters and load — and in it a series for each executor, along the number of workers.
 */
#ifndef REVIEW_PANELS_H
#define REVIEW_PANELS_H

#include "review/results.h"

enum { PANELS_MOST = 4, PANEL_SERIES_MOST = 8, PANEL_ROWS_MOST = 2000 };

struct panel_row {
	size_t row; /* of the summary */
	double workers;
	size_t series;
};

struct series {
	const char *name;    /* the executor */
	size_t first, count; /* of the panel's rows, by ascending workers */
};

struct panel {
	const char *title;      /* the workload, with what tells it from the other panels */
	const char *figure;     /* the column that the work is about */
	struct panel_row *rows; /* those that are ok and have the figure, by series */
	size_t count, capacity;
	struct series series[PANEL_SERIES_MOST];
	size_t series_count;
	bool more; /* there are more executors than series */
};

struct panels {
	struct arena arena;
	const struct csv_table *summary; /* borrowed */
	struct panel items[PANELS_MOST];
	size_t count;
	bool more; /* there are more panels, or more rows than are looked at */
};

void panels_make(struct panels *panels, const struct csv_table *summary);
void panels_release(struct panels *panels);

/* Is it a column that conrun has in every summary? */
bool panels_is_fixed(const char *column);

/* Does the value of this column tell apart rows that have the same workload, executor and
 * workers? */
bool panels_splits(const struct csv_table *summary, const char *column);

/* More than one number of workers in one of the series? */
bool panel_has_curves(const struct panel *panel);

/* The rows worth a line of their own: all, or where they are many the last of each series. At
 * most `most`; how many. */
size_t panel_picks(const struct panel *panel, size_t most, const struct panel_row **picks);

#endif
