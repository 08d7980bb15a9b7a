/* Pieces of scripts for gnuplot that several charts are made of. */
#ifndef REVIEW_PLOT_H
#define REVIEW_PLOT_H

#include "review/chart.h"
#include "review/palette.h"

/* How an axis shows a column: in which unit, linear or logarithmic. */
struct scale {
	double factor;    /* from the column's unit to the axis's */
	const char *unit; /* of the axis; "" where the numbers have theirs on them */
	bool log;
	bool rate;
};

struct range {
	double low, high;
};

/* Grows to hold a number; what is not above 0 is left out. Begin with {0, 0}. */
void range_add(struct range *range, double number);

/* Logarithmic where the numbers lie far apart. */
struct scale plot_scale(const char *column, struct range range, bool may_be_log);

/* Sets up the axis "x" or "y": its label, scale and range. */
void plot_axis(struct text *script, const char *axis, const char *title, const struct scale *scale,
	struct range range);

/* The x axis of curves, along what the panel is: a mark for each number that occurs. */
struct scale plot_along(struct text *script, const struct panel *panel);

/* The key, with room for so many lines, below everything: names may be long. Entries stand two on a
 * line as long as all are short. */
void plot_key(struct text *script, size_t lines);
size_t plot_key_lines(const struct panel *panel, size_t entries);

/* Names along the y axis from the top, one a line, and room for them. */
void plot_lanes(struct text *script, const char *const *names, size_t count);

/* The same, named after rows; at most PANEL_PICKS_MOST. */
void plot_row_lanes(const struct csv_table *summary, const struct panel *panel,
	const struct panel_row *const *rows, size_t count, struct text *script);

/* Says it where not every row has its line. */
void plot_note_picks(const struct panel *panel, struct text *note);

/* `thread_pool ×4`, or what tells the row apart in its panel: `thread_pool, 5.00 ms`; cut to what
 * has room. */
void plot_row_name(const struct csv_table *summary, const struct panel *panel,
	const struct panel_row *row, struct text *out);
void plot_cut(const char *name, struct text *out);

/* The ends of a row's interval, or of all that was seen; false where there are none. */
bool plot_interval(
	const struct csv_table *summary, size_t row, const char *figure, struct range *range);

/* The mark of a series: ` pt 7 ps 0.7 lw 2 lc rgb '#0072b2'` */
void plot_style(struct text *script, size_t series);
const char *plot_colour(enum palette_part part);

#endif
