/* Time over workers, with intervals, and speed-up beside the ideal; or bars, without curves. */
#include "review/chart.h"
#include "review/figures.h"
#include "review/gnuplot.h"
#include "review/plot.h"

#include <string.h>

struct words { /* of the figure that a panel is about */
	const char *figure, *title, *axis, *better;
};

static const struct words words_table[] = {
	{"elapsed_s", "time of all tasks", "time", "Lower is better."},
	{"throughput_per_s", "tasks per second", "tasks", "Higher is better."},
	{"wait_p99_s", "how long tasks wait at most (99 %)", "wait", "Lower is better."},
};

static const struct words *words_of(const struct panel *panel)
{
	const struct words *words = words_table;
	while (strcmp(words->figure, panel->figure))
		words++;
	return words;
}

static const char interval_note[] = " Thin bars: the 95 % interval of the median; with fewer than "
				    "six runs, from the fastest run to the slowest.";

static double number_of(const struct csv_table *summary, size_t row, const char *column)
{
	double number = 0;
	results_number(summary, row, column, &number);
	return number;
}

static struct range range_of(const struct csv_table *summary, const struct panel *panel,
	const struct panel_row *const *rows, size_t count)
{
	struct range all = {0, 0}, own;
	for (size_t i = 0; i < count; i++) {
		range_add(&all, number_of(summary, rows[i]->row, panel->figure));
		if (plot_interval(summary, rows[i]->row, panel->figure, &own)) {
			range_add(&all, own.low);
			range_add(&all, own.high);
		}
	}
	return all;
}

static void name_axis(const struct panel *panel, struct text *out)
{
	if (panel_is_along(panel, "workers"))
		text_add(out, "the number of ");
	figure_name(out, panel->axis);
}

static void say_over(const struct panel *panel, struct text *says)
{
	text_add(says, ", a curve for each executor over ");
	name_axis(panel, says);
	text_add(says, ".");
}

/* `801 ms with 1 worker`, `14.5 ms at 800 /s` */
static void say_point(const struct csv_table *summary, const struct panel *panel,
	const struct panel_row *row, const char *column, struct text *says)
{
	figure_field(says, column, results_field(summary, row->row, column));
	if (panel_is_along(panel, "workers")) {
		text_addf(says, " with %.0f worker%s", row->x, row->x == 1 ? "" : "s");
		return;
	}
	text_add(says, " at ");
	figure_given(says, panel->axis, results_field(summary, row->row, panel->axis));
}

/* Of each curve its two ends. */
static void say_curves(const struct csv_table *summary, const struct panel *panel,
	const char *column, struct text *says)
{
	for (size_t i = 0; i < panel->series_count; i++) {
		const struct series *series = &panel->series[i];
		if (series->count == 0)
			continue;
		const struct panel_row *rows = &panel->rows[series->first];
		text_addf(says, " %s: ", series->name);
		say_point(summary, panel, &rows[0], column, says);
		if (series->count > 1) {
			text_add(says, ", ");
			say_point(summary, panel, &rows[series->count - 1], column, says);
		}
		text_add(says, ".");
	}
}

/* A data block for each series: place, figure, low, high. Where there is no interval the figure
 * is both its ends. */
static void add_curve_data(const struct csv_table *summary, const struct panel *panel,
	const char *column, double factor, double along, struct text *script)
{
	for (size_t i = 0; i < panel->series_count; i++) {
		const struct series *series = &panel->series[i];
		text_addf(script, "$series%zu << END_OF_DATA\n", i);
		for (size_t k = series->first; k < series->first + series->count; k++) {
			const struct panel_row *row = &panel->rows[k];
			double number = number_of(summary, row->row, column);
			struct range ends = {number, number};
			plot_interval(summary, row->row, column, &ends);
			if (number > 0)
				text_addf(script, "%.9g %.9g %.9g %.9g\n", row->x * along,
					number * factor, ends.low * factor, ends.high * factor);
		}
		text_add(script, "END_OF_DATA\n");
	}
}

static void plot_curves(const struct panel *panel, bool intervals, struct text *script)
{
	bool first = true;
	for (size_t i = 0; i < panel->series_count; i++) {
		if (panel->series[i].count == 0)
			continue;
		text_add(script, first ? "" : ", ");
		first = false;
		if (intervals)
			text_addf(script,
				"$series%zu using 1:3:(0):($4-$3) with vectors nohead lw 1 lc rgb "
				"'%s' notitle, ",
				i, palette[i].light);
		text_addf(script, "$series%zu using 1:2 with linespoints", i);
		plot_style(script, i);
		text_add(script, " title ");
		struct text name;
		text_init(&name);
		plot_cut(panel->series[i].name, &name);
		gnuplot_quote(script, text_get(&name));
		text_release(&name);
	}
	text_add(script, "\n");
}

static int height_with_key(size_t lines)
{
	return 290 + 20 * (int)lines;
}

static void time_curves(
	const struct csv_table *summary, const struct panel *panel, struct chart *chart)
{
	const struct words *words = words_of(panel);
	const struct panel_row *rows[PANEL_ROWS_MOST];
	for (size_t i = 0; i < panel->count; i++)
		rows[i] = &panel->rows[i];
	struct range range = range_of(summary, panel, rows, panel->count);
	struct scale scale = plot_scale(panel->figure, range, true);
	struct scale along = plot_along(&chart->script, panel);
	plot_axis(&chart->script, "y", words->axis, &scale, range);
	add_curve_data(summary, panel, panel->figure, scale.factor, along.factor, &chart->script);
	size_t lines = plot_key_lines(panel, panel->series_count);
	plot_key(&chart->script, lines);
	text_add(&chart->script, "plot ");
	plot_curves(panel, true, &chart->script);
	chart->height = height_with_key(lines);
	say_curves(summary, panel, panel->figure, &chart->says);
}

/* ---- bars ---- */

static void add_bar_data(const struct csv_table *summary, const struct panel *panel,
	const struct panel_row *const *rows, size_t count, double factor, struct text *script)
{
	text_add(script, "$bars << END_OF_DATA\n");
	for (size_t i = 0; i < count; i++) {
		double number = number_of(summary, rows[i]->row, panel->figure);
		struct range ends = {number, number};
		plot_interval(summary, rows[i]->row, panel->figure, &ends);
		text_addf(script, "%zu %.9g %.9g %.9g\n", i, number * factor, ends.low * factor,
			ends.high * factor);
	}
	text_add(script, "END_OF_DATA\n");
}

static void say_bars(const struct csv_table *summary, const struct panel *panel,
	const struct panel_row *const *rows, size_t count, struct text *says)
{
	for (size_t i = 0; i < count; i++) {
		text_addf(says, "%s ", i ? ";" : "");
		plot_row_name(summary, panel, rows[i], says);
		text_add(says, ": ");
		figure_field(
			says, panel->figure, results_field(summary, rows[i]->row, panel->figure));
	}
	text_add(says, ".");
}

/* A bar has to begin at 0: where numbers lie far apart there are points instead. */
static void time_bars(
	const struct csv_table *summary, const struct panel *panel, struct chart *chart)
{
	const struct words *words = words_of(panel);
	const struct panel_row *rows[PANEL_PICKS_MOST];
	size_t count = panel_picks(panel, rows);
	struct range range = range_of(summary, panel, rows, count);
	struct scale scale = plot_scale(panel->figure, range, true);
	plot_row_lanes(summary, panel, rows, count, &chart->script);
	plot_axis(&chart->script, "x", words->axis, &scale, range);
	add_bar_data(summary, panel, rows, count, scale.factor, &chart->script);
	text_add(&chart->script, "unset key\nset style fill solid 1 noborder\nplot ");
	if (scale.log)
		text_addf(&chart->script, "$bars using 2:1 with points pt 7 ps 1 lc rgb '%s'",
			palette[0].light);
	else
		text_addf(&chart->script,
			"$bars using 2:1:(0):2:($1-0.3):($1+0.3) with boxxyerror lc rgb '%s'",
			palette[0].light);
	text_addf(&chart->script,
		", $bars using 3:1:($4-$3):(0) with vectors nohead lw 2 lc rgb '#000000'\n");
	chart->height = 90 + 30 * (int)count;
	say_bars(summary, panel, rows, count, &chart->says);
}

static bool has_intervals(const struct csv_table *summary, const struct panel *panel)
{
	struct range range;
	for (size_t i = 0; i < panel->count; i++)
		if (plot_interval(summary, panel->rows[i].row, panel->figure, &range))
			return true;
	return false;
}

bool chart_time(const struct csv_table *summary, const struct panel *panel, struct chart *chart)
{
	const struct words *words = words_of(panel);
	bool curves = panel_has_curves(panel);
	text_addf(&chart->title, "%s: %s", panel->title, words->title);
	if (curves) {
		text_add(&chart->note, "By ");
		name_axis(panel, &chart->note);
		text_add(&chart->note, ". ");
	}
	text_add(&chart->note, words->better);
	text_add(&chart->note, has_intervals(summary, panel) ? interval_note : "");
	text_add(&chart->says, text_get(&chart->title));
	if (curves) {
		say_over(panel, &chart->says);
		time_curves(summary, panel, chart);
	} else {
		text_add(&chart->says, ", a bar for each ");
		text_add(&chart->says, panel->words ? panel->axis : "executor");
		text_add(&chart->says, ".");
		time_bars(summary, panel, chart);
	}
	return true;
}

/* ---- speed-up ---- */

/* The ideal is as many times as fast as there are times as many workers; it is drawn where all
 * curves have the same. */
static bool add_ideal(
	const struct csv_table *summary, const struct panel *panel, struct text *script)
{
	double per_worker = 0, speedup, efficiency;
	struct range workers = {0, 0};
	if (!panel_is_along(panel, "workers"))
		return false;
	for (size_t i = 0; i < panel->count; i++) {
		const struct panel_row *row = &panel->rows[i];
		range_add(&workers, row->x);
		if (!results_number(summary, row->row, "speedup", &speedup) ||
			!results_number(summary, row->row, "efficiency", &efficiency) ||
			!(efficiency > 0) || !(speedup > 0))
			continue;
		double own = speedup / efficiency / row->x;
		if (per_worker > 0 && (own < per_worker * 0.999 || own > per_worker * 1.001))
			return false;
		per_worker = own;
	}
	text_addf(script, "$ideal << END_OF_DATA\n%.9g %.9g\n%.9g %.9g\nEND_OF_DATA\n", workers.low,
		workers.low * per_worker, workers.high, workers.high * per_worker);
	return per_worker > 0;
}

bool chart_speedup(const struct csv_table *summary, const struct panel *panel, struct chart *chart)
{
	struct range range = {0, 0};
	for (size_t i = 0; i < panel->count; i++)
		range_add(&range, number_of(summary, panel->rows[i].row, "speedup"));
	/* A baseline beside itself has nothing to show. */
	if (!panel_has_curves(panel) || range.high <= range.low ||
		strcmp(panel->figure, "wait_p99_s") == 0)
		return false;
	struct scale along = plot_along(&chart->script, panel);
	text_add(&chart->script, "set ylabel 'times as fast'\nset format y '%g'\n");
	if (along.log && panel_is_along(panel, "workers"))
		text_add(&chart->script, "set logscale y 2\n");
	else
		text_add(&chart->script, "set yrange [0:*]\n");
	add_curve_data(summary, panel, "speedup", 1, along.factor, &chart->script);
	bool ideal = add_ideal(summary, panel, &chart->script);
	size_t lines = plot_key_lines(panel, panel->series_count + ideal);
	plot_key(&chart->script, lines);
	text_add(&chart->script, "plot ");
	if (ideal)
		text_addf(&chart->script,
			"$ideal using 1:2 with lines dt 3 lw 2 lc rgb '%s' title 'ideal', ",
			plot_colour(PALETTE_FAINT));
	plot_curves(panel, false, &chart->script);
	chart->height = height_with_key(lines);
	text_addf(&chart->title, "%s: speed-up", panel->title);
	text_addf(&chart->note, "How many times as fast as the baseline.%s",
		ideal ? " On the dotted line twice the workers are twice as fast." : "");
	text_add(&chart->says, text_get(&chart->title));
	say_over(panel, &chart->says);
	say_curves(summary, panel, "speedup", &chart->says);
	return true;
}
