/*
 * A summary's rows as charts show them: a series for each executor, along what a workload was
 * swept over — workers, a parameter, the load — and a panel for each combination of the rest.
 */
#ifndef REVIEW_PANELS_H
#define REVIEW_PANELS_H

#include "review/results.h"

enum {
	PANELS_MOST = 4,
	PANEL_SERIES_MOST = 8,
	PANEL_ROWS_MOST = 2000,
	PANEL_PICKS_MOST = 24, /* rows with a line of their own, where none stands for others */
	PANEL_ENDS_MOST = 12,  /* the same, where the last of a series can */
};

struct panel_row {
	size_t row; /* of the summary */
	double x;   /* its number on the axis; of words their place in the summary */
	size_t series;
};

struct series {
	const char *name;    /* the executor */
	size_t first, count; /* of the panel's rows, by ascending x */
};

struct panel {
	const char *title;      /* the workload, with what tells it from the other panels */
	const char *axis;       /* the column that is swept within the panel */
	bool words;             /* its values are words: there are no curves */
	const char *figure;     /* the column that the work is about */
	struct panel_row *rows; /* those that are ok and have the figure, by series */
	size_t count, capacity;
	struct series series[PANEL_SERIES_MOST];
	size_t series_count;
};

struct panels {
	struct arena arena;
	const struct csv_table *summary; /* borrowed */
	struct panel items[PANELS_MOST];
	size_t count;
	const char **left_out; /* what there is no room for: panels, and executors of one */
	size_t left_out_count, left_out_capacity;
};

void panels_make(struct panels *panels, const struct csv_table *summary);
void panels_release(struct panels *panels);

/* More than one place on the axis in one of the series? */
bool panel_has_curves(const struct panel *panel);

bool panel_is_along(const struct panel *panel, const char *column);

/* The rows worth a line of their own: all, or where they are many the last of each series. `picks`
 * has room for PANEL_PICKS_MOST; how many. */
size_t panel_picks(const struct panel *panel, const struct panel_row **picks);

/* Are these all of its rows? */
bool panel_picks_all(const struct panel *panel);

#endif
