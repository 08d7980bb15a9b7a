/*
 * Charts: what is drawn of a session, as scripts for gnuplot and in words. Only what makes sense
 * for the session is made: curves where there are several numbers of workers, else bars.
 */
#ifndef REVIEW_CHART_H
#define REVIEW_CHART_H

#include "base/text.h"
#include "review/panels.h"
#include "review/results.h"

enum { CHARTS_MOST = 24, CHART_WIDTH = 480 };

struct chart {
	struct text name;   /* of a file and of ids: scaling-1 */
	struct text title;  /* what it is of */
	struct text note;   /* how it is to be read */
	struct text says;   /* what it shows, for those who do not see it */
	struct text script; /* commands, terminal and output left to the caller */
	int height;
};

struct charts {
	struct chart items[CHARTS_MOST];
	size_t count;
	struct text left_out; /* what has no chart: names, or nothing */
};

void charts_make(struct charts *charts, const struct results *results);
void charts_release(struct charts *charts);

/* What has no chart of its own, for want of room; nothing where all has. */
void charts_left_out(const struct results *results, struct text *names);

/* All of them in one script, with gnuplot's terminal in front of each: `svg`, `pngcairo`. */
void charts_script(const struct charts *charts, const char *terminal, struct text *script);
void chart_script(const struct chart *chart, const char *terminal, struct text *script);

/* ---- for the makers ---- */

/* Each fills the chart, or returns false where the panel has nothing to draw. */
typedef bool chart_maker(
	const struct csv_table *summary, const struct panel *panel, struct chart *chart);
chart_maker chart_time, chart_speedup, chart_latency, chart_lifecycle;

/* A timeline for each experiment whose tasks were written down and are few. */
void charts_add_tasks(struct charts *charts, const struct results *results);

/* The next chart, empty; NULL where there is no room. It counts once charts->count is raised. */
struct chart *charts_next(struct charts *charts);
void chart_release(struct chart *chart);

#endif
