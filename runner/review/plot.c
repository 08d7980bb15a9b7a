/* Axes, marks and names. Numbers go to gnuplot in the axis's unit. */
#include "review/plot.h"

#include "report/human.h"
#include "report/utf8.h"
#include "review/figures.h"
#include "review/gnuplot.h"

#include <math.h>
#include <string.h>

enum { NAME_WIDTH = 26, MARKS_MOST = 9, DECADES_ACROSS = 3, DECADES_UP = 6 };

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
	static const struct unit sizes[] = {
		{0x1p30, "GiB"}, {0x1p20, "MiB"}, {0x1p10, "KiB"}, {1, "bytes"}};
	static const struct unit shares[] = {{0.01, "%"}, {0.01, "%"}, {0.01, "%"}, {0.01, "%"}};
	static const struct unit plain[] = {{1, ""}, {1, ""}, {1, ""}, {1, ""}};
	bool rate = ends_with(column, "_per_s");
	const struct unit *unit = rate                          ? rates
				  : ends_with(column, "_s")     ? seconds
				  : ends_with(column, "_bytes") ? sizes
				  : ends_with(column, "_share") ? shares
								: plain;
	if (may_be_log && range.low > 0 && range.high >= far_apart * range.low)
		return (struct scale){1, rate ? "per s" : "", true, rate};
	const struct unit *last = unit + 3;
	while (unit < last && range.high < unit->size)
		unit++;
	return (struct scale){1 / unit->size, unit->name, false, rate};
}

/* A little more than the numbers, or where these are near each other whole decades: two powers of
 * ten at least have to be seen. */
static struct range log_range(struct range range)
{
	struct range wide = {range.low / 1.5, range.high * 1.5};
	if (ceil(log10(wide.low)) < floor(log10(wide.high)))
		return wide;
	return (struct range){
		pow(10, floor(log10(range.low))), pow(10, floor(log10(range.high)) + 1)};
}

/* A mark for each power of ten, or where these are many every second or third. */
static void add_decades(struct text *script, const char *axis, struct range range, bool time)
{
	const double rounding = 1e-9;
	int first = (int)ceil(log10(range.low) - rounding);
	int last = (int)floor(log10(range.high) + rounding);
	/* Labels are wider than high. */
	int step = 1 + (last - first) / (*axis == 'x' ? DECADES_ACROSS : DECADES_UP);
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
	double high = range.high * scale->factor;
	if (scale->log) {
		struct range shown = log_range(range);
		text_addf(script, "set logscale %s\nset %srange [%.9g:%.9g]\n", axis, axis,
			shown.low, shown.high);
		add_decades(script, axis, shown, !scale->rate);
	} else {
		text_addf(script, "set format %s '%%g'\nset %srange [0:%.9g]\n", axis, axis,
			high > 0 ? high * 1.08 : 1);
	}
}

/* Each number of the axis once, by ascending size; how many, at most `most`. */
static size_t find_marks(const struct panel *panel, double *marks, size_t most)
{
	size_t count = 0;
	for (size_t i = 0; i < panel->count; i++) {
		double x = panel->rows[i].x;
		size_t at = 0;
		while (at < count && marks[at] < x)
			at++;
		if (at < count && marks[at] == x)
			continue;
		if (count == most)
			return most;
		memmove(&marks[at + 1], &marks[at], (count++ - at) * sizeof(*marks));
		marks[at] = x;
	}
	return count;
}

/* Where steps grow as the numbers do: 1, 2, 4, 8. */
static bool grows(const double *marks, size_t count)
{
	return count > 2 && marks[0] > 0 && marks[count - 1] > 4 * marks[0] &&
	       marks[count - 1] - marks[count - 2] > 2 * (marks[1] - marks[0]);
}

static void add_marks(struct text *script, const double *marks, size_t count, double factor)
{
	text_add(script, "set xtics (");
	for (size_t i = 0; i < count; i++) {
		text_add(script, i ? ", " : "");
		text_addf(script, "'%.6g' %.9g", marks[i] * factor, marks[i] * factor);
	}
	text_add(script, ")\n");
}

struct scale plot_along(struct text *script, const struct panel *panel)
{
	double marks[PANEL_ROWS_MOST + 1];
	size_t count = find_marks(panel, marks, PANEL_ROWS_MOST);
	double low = count ? marks[0] : 0, high = count ? marks[count - 1] : 0;
	struct text name;
	text_init(&name);
	figure_name(&name, panel->axis);
	struct scale scale = plot_scale(panel->axis, (struct range){low, low}, false);
	scale.log = grows(marks, count);
	low *= scale.factor;
	high *= scale.factor;
	text_add(script, "set xlabel ");
	text_addf(&name, "%s%s", *scale.unit ? ", " : "", scale.unit);
	gnuplot_quote(script, text_get(&name));
	text_addf(script, " offset 0,0.4\nset format x '%%g'\n");
	if (scale.log)
		text_addf(script, "set logscale x 2\nset xrange [%.9g:%.9g]\n", low / 1.2,
			high * 1.2);
	else
		text_addf(script, "set xrange [%.9g:%.9g]\n", low - 0.08 * (high - low),
			high + 0.08 * (high - low));
	if (count <= MARKS_MOST)
		add_marks(script, marks, count, scale.factor);
	text_release(&name);
	return scale;
}

void plot_key(struct text *script, size_t lines)
{
	text_addf(script,
		"set bmargin %.2f\nset key at screen 0.5,0.02 center bottom horizontal Left "
		"reverse samplen 2 maxcols 2\n",
		3.4 + 1.05 * (double)lines);
}

/* gnuplot takes a column of its own for each only where two fit into the width of the plot. */
size_t plot_key_lines(const struct panel *panel, size_t entries)
{
	enum { HALF_WIDTH = 13 };
	bool narrow = true;
	for (size_t i = 0; i < panel->series_count; i++)
		narrow &= utf8_width(panel->series[i].name) <= HALF_WIDTH;
	return narrow ? (entries + 1) / 2 : entries;
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

/* Behind it is what a row of the panel is told apart by. */
static void add_place(const struct csv_table *summary, const struct panel *panel,
	const struct panel_row *row, struct text *out)
{
	if (panel_is_along(panel, "workers")) {
		if (strcmp(results_field(summary, row->row, "executor"), "sequential"))
			text_addf(out, " ×%s", results_field(summary, row->row, "workers"));
		return;
	}
	struct text value, line;
	text_init(&value);
	text_init(&line);
	figure_given(&value, panel->axis, results_field(summary, row->row, panel->axis));
	utf8_add_line(&line, text_get(&value));
	text_add(out, panel->series_count > 1 ? ", " : "");
	plot_cut(text_get(&line), out);
	text_release(&line);
	text_release(&value);
}

void plot_row_name(const struct csv_table *summary, const struct panel *panel,
	const struct panel_row *row, struct text *out)
{
	struct text name;
	text_init(&name);
	utf8_add_line(&name, results_field(summary, row->row, "executor"));
	if (panel_is_along(panel, "workers") || panel->series_count > 1)
		plot_cut(text_get(&name), out);
	add_place(summary, panel, row, out);
	text_release(&name);
}

void plot_note_picks(const struct panel *panel, struct text *note)
{
	if (panel_picks_all(panel))
		return;
	text_add(note, " Of each executor only the row with most ");
	figure_name(note, panel->axis);
	text_add(note, ".");
}

void plot_lanes(struct text *script, const char *const *names, size_t count)
{
	text_addf(script, "set yrange [%zu.5:-0.5]\nset grid noytics\nset ytics scale 0 (",
		count - 1);
	for (size_t i = 0; i < count; i++) {
		text_add(script, i ? ", " : "");
		gnuplot_quote_mark(script, names[i]);
		text_addf(script, " %zu", i);
	}
	text_add(script, ")\n");
}

void plot_row_lanes(const struct csv_table *summary, const struct panel *panel,
	const struct panel_row *const *rows, size_t count, struct text *script)
{
	struct text names[PANEL_PICKS_MOST];
	const char *texts[PANEL_PICKS_MOST] = {NULL};
	for (size_t i = 0; i < count; i++) {
		text_init(&names[i]);
		plot_row_name(summary, panel, rows[i], &names[i]);
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
