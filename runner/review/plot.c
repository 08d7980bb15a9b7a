/* Axes, marks and names. Numbers go to gnuplot in the axis's unit. */
#include "review/plot.h"

#include "report/human.h"
#include "report/utf8.h"
#include "review/gnuplot.h"

#include <math.h>
#include <string.h>

enum { NAME_WIDTH = 26, WORKERS_MARKS_MOST = 9, DECADES_MOST = 6 };

static const double far_apart = 20;

void range_add(struct range *range, double number)
{
	if (!(number > 0))
		return;
	if (range->low == 0 || number < range->low)
		range->low = number;
	if (number > range->high)
		range->high = number;
}

struct unit {
	double size;
	const char *name;
};

static bool ends_with(const char *text, const char *ending)
{
	size_t length = strlen(text), own = strlen(ending);
	return length >= own && strcmp(text + length - own, ending) == 0;
}

struct scale plot_scale(const char *column, struct range range, bool may_be_log)
{
	static const struct unit seconds[] = {{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}, {1e-9, "ns"}};
	static const struct unit rates[] = {
		{1e9, "10⁹/s"}, {1e6, "10⁶/s"}, {1e3, "10³/s"}, {1, "per s"}};
	static const struct unit plain[] = {{1, ""}, {1, ""}, {1, ""}, {1, ""}};
	bool rate = ends_with(column, "_per_s");
	const struct unit *unit = rate ? rates : ends_with(column, "_s") ? seconds : plain;
	if (may_be_log && range.low > 0 && range.high >= far_apart * range.low)
		return (struct scale){1, rate ? "per s" : "", true, rate};
	const struct unit *last = unit + 3;
	while (unit < last && range.high < unit->size)
		unit++;
	return (struct scale){1 / unit->size, unit->name, false, rate};
}

/* A mark for each power of ten, or where these are many every second or third. */
static void add_decades(struct text *script, const char *axis, struct range range, bool time)
{
	int first = (int)floor(log10(range.low)), last = (int)ceil(log10(range.high));
	int step = 1 + (last - first) / DECADES_MOST;
	text_addf(script, "set m%stics default\nset %stics (", axis, axis);
	for (int i = first; i <= last; i += step) {
		struct text label;
		text_init(&label);
		if (time)
			human_seconds(&label, pow(10, i), 1);
		else
			text_addf(&label, "%g", pow(10, i));
		text_add(script, i > first ? ", " : "");
		gnuplot_quote(script, text_get(&label));
		text_addf(script, " 1e%d", i);
		text_release(&label);
	}
	text_add(script, ")\n");
}

void plot_axis(struct text *script, const char *axis, const char *title, const struct scale *scale,
	struct range range)
{
	struct text label;
	text_init(&label);
	text_addf(&label, "%s%s%s", title, *scale->unit ? ", " : "", scale->unit);
	text_addf(script, "set %slabel ", axis);
	gnuplot_quote(script, text_get(&label));
	text_add(script, *axis == 'x' ? " offset 0,0.4\n" : "\n");
	text_release(&label);
	double low = range.low * scale->factor, high = range.high * scale->factor;
	if (scale->log) {
		text_addf(script, "set logscale %s\nset %srange [%.9g:%.9g]\n", axis, axis,
			low / 1.5, high * 1.5);
		add_decades(script, axis, range, !scale->rate);
	} else {
		text_addf(script, "set format %s '%%g'\nset %srange [0:%.9g]\n", axis, axis,
			high > 0 ? high * 1.08 : 1);
	}
}

static bool add_mark(double *marks, size_t *count, double workers)
{
	for (size_t i = 0; i < *count; i++)
		if (marks[i] == workers)
			return true;
	if (*count == WORKERS_MARKS_MOST)
		return false;
	marks[(*count)++] = workers;
	return true;
}

void plot_workers(struct text *script, const struct panel *panel)
{
	double marks[WORKERS_MARKS_MOST];
	size_t count = 0;
	bool all = true;
	struct range range = {0, 0};
	for (size_t i = 0; i < panel->count; i++) {
		range_add(&range, panel->rows[i].workers);
		all &= add_mark(marks, &count, panel->rows[i].workers);
	}
	text_addf(script, "set xlabel 'workers' offset 0,0.4\nset format x '%%.0f'\n");
	if (range.high > 4 * range.low)
		text_addf(script, "set logscale x 2\nset xrange [%.9g:%.9g]\n", range.low / 1.2,
			range.high * 1.2);
	else
		text_addf(script, "set xrange [%.9g:%.9g]\n",
			range.low - 0.08 * (range.high - range.low),
			range.high + 0.08 * (range.high - range.low));
	if (!all)
		return;
	text_add(script, "set xtics (");
	for (size_t i = 0; i < count; i++)
		text_addf(script, "%s%.0f", i ? ", " : "", marks[i]);
	text_add(script, ")\n");
}

void plot_key(struct text *script, size_t entries)
{
	text_addf(script,
		"set bmargin %.2f\nset key at screen 0.5,0.02 center bottom horizontal Left "
		"reverse samplen 2 maxcols 2\n",
		3.4 + 1.05 * (double)((entries + 1) / 2));
}

void plot_cut(const char *name, struct text *out)
{
	if (utf8_width(name) <= NAME_WIDTH) {
		text_add(out, name);
		return;
	}
	text_add_bytes(out, name, utf8_bytes(name, NAME_WIDTH - 1));
	text_add(out, "…");
}

void plot_row_name(const struct csv_table *summary, const struct panel_row *row, struct text *out)
{
	struct text name;
	text_init(&name);
	utf8_add_line(&name, results_field(summary, row->row, "executor"));
	plot_cut(text_get(&name), out);
	if (strcmp(text_get(&name), "sequential"))
		text_addf(out, " ×%s", results_field(summary, row->row, "workers"));
	text_release(&name);
}

void plot_lanes(struct text *script, const char *const *names, size_t count)
{
	text_addf(script, "set yrange [%zu.5:-0.5]\nset grid noytics\nset ytics scale 0 (",
		count - 1);
	for (size_t i = 0; i < count; i++) {
		text_add(script, i ? ", " : "");
		gnuplot_quote(script, names[i]);
		text_addf(script, " %zu", i);
	}
	text_add(script, ")\n");
}

void plot_row_lanes(const struct csv_table *summary, const struct panel_row *const *rows,
	size_t count, struct text *script)
{
	struct text names[CHART_BARS_MOST];
	const char *texts[CHART_BARS_MOST] = {NULL};
	for (size_t i = 0; i < count; i++) {
		text_init(&names[i]);
		plot_row_name(summary, rows[i], &names[i]);
		texts[i] = text_get(&names[i]);
	}
	plot_lanes(script, texts, count);
	for (size_t i = 0; i < count; i++)
		text_release(&names[i]);
}

/* A rate's interval is that of the times, seen from the other side. */
static bool rate_interval(
	const struct csv_table *summary, size_t row, struct range times, struct range *range)
{
	double rate, elapsed_s;
	if (!results_number(summary, row, "throughput_per_s", &rate) ||
		!results_number(summary, row, "elapsed_s", &elapsed_s) || times.low <= 0)
		return false;
	*range = (struct range){rate * elapsed_s / times.high, rate * elapsed_s / times.low};
	return true;
}

bool plot_interval(
	const struct csv_table *summary, size_t row, const char *figure, struct range *range)
{
	struct range times;
	bool known = (results_number(summary, row, "elapsed_ci_low_s", &times.low) &&
			     results_number(summary, row, "elapsed_ci_high_s", &times.high)) ||
		     (results_number(summary, row, "elapsed_min_s", &times.low) &&
			     results_number(summary, row, "elapsed_max_s", &times.high));
	if (!known)
		return false;
	if (strcmp(figure, "throughput_per_s") == 0)
		return rate_interval(summary, row, times, range);
	*range = times;
	return strcmp(figure, "elapsed_s") == 0;
}

const char *plot_colour(enum palette_part part)
{
	return palette[part].light;
}

void plot_style(struct text *script, size_t series)
{
	static const int marks[PALETTE_SERIES] = {7, 5, 9, 13, 6, 4, 8, 12};
	/* Smaller from series to series: where curves lie on each other all can be seen. */
	text_addf(script, " pt %d ps %.2f lw 2 dt %d lc rgb '%s'", marks[series],
		1.1 - 0.07 * (double)series, series < PALETTE_SERIES / 2 ? 1 : 2,
		palette[series].light);
}
