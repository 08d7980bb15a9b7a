/* Charts with a line for each row: the share of each state in the workers' lives, and how long
 * tasks took and waited. */
#include "review/chart.h"
#include "review/figures.h"
#include "review/plot.h"

#include <string.h>

/* ---- lifecycle ---- */

enum { STATES = 3 };

static const struct state {
	const char *column, *name;
	enum palette_part colour;
} states[STATES] = {
	{"running_s", "running", PALETTE_RUNNING},
	{"runnable_s", "waiting for a CPU", PALETTE_RUNNABLE},
	{"blocked_s", "blocked", PALETTE_BLOCKED},
};

/* In percent; false where they are unknown. */
static bool shares_of(const struct csv_table *summary, size_t row, double *shares)
{
	double sum = 0;
	for (size_t i = 0; i < STATES; i++) {
		if (!results_number(summary, row, states[i].column, &shares[i]))
			return false;
		sum += shares[i];
	}
	for (size_t i = 0; i < STATES; i++)
		shares[i] = sum > 0 ? 100 * shares[i] / sum : 0;
	return sum > 0;
}

static void add_shares(const double *shares, size_t lane, struct text *script)
{
	double from = 0;
	for (size_t i = 0; i < STATES; i++) {
		text_addf(script, "%zu %zu %.6f %.6f\n", i, lane, from, from + shares[i]);
		from += shares[i];
	}
}

static void say_shares(const struct csv_table *summary, const struct panel *panel,
	const struct panel_row *row, const double *shares, struct text *says)
{
	text_add(says, " ");
	plot_row_name(summary, panel, row, says);
	for (size_t i = 0; i < STATES; i++)
		text_addf(says, "%s %.0f %% %s", i ? "," : ":", shares[i], states[i].name);
	text_add(says, ".");
}

static void plot_shares(struct text *script)
{
	text_add(script, "set xrange [0:100]\nset xlabel 'share of time, %' offset 0,0.4\n"
			 "set style fill solid 1 noborder\nplot ");
	for (size_t i = 0; i < STATES; i++)
		text_addf(script,
			"$shares using ($1==%zu?$3:1/0):2:3:4:($2-0.3):($2+0.3) with boxxyerror lc "
			"rgb "
			"'%s' title '%s'%s",
			i, plot_colour(states[i].colour), states[i].name,
			i + 1 < STATES ? ", " : "\n");
}

bool chart_lifecycle(
	const struct csv_table *summary, const struct panel *panel, struct chart *chart)
{
	const struct panel_row *rows[PANEL_PICKS_MOST];
	size_t picked = panel_picks(panel, rows), count = 0;
	double shares[STATES];
	text_addf(&chart->title, "%s: what workers spend their time on", panel->title);
	text_addf(&chart->says, "%s.", text_get(&chart->title));
	text_add(&chart->script, "$shares << END_OF_DATA\n");
	for (size_t i = 0; i < picked; i++) {
		if (!shares_of(summary, rows[i]->row, shares))
			continue;
		add_shares(shares, count, &chart->script);
		say_shares(summary, panel, rows[i], shares, &chart->says);
		rows[count++] = rows[i];
	}
	if (count == 0)
		return false;
	text_add(&chart->script, "END_OF_DATA\n");
	plot_row_lanes(summary, panel, rows, count, &chart->script);
	plot_key(&chart->script, STATES);
	plot_shares(&chart->script);
	text_add(&chart->note, "Running: on a CPU. Waiting for a CPU: it could run, but others do. "
			       "Blocked: asleep, or waiting for something else.");
	plot_note_picks(panel, &chart->note);
	chart->height = 140 + 30 * (int)count;
	return true;
}

/* ---- latency ---- */

enum { SHARES = 3 };

static const struct kind {
	const char *name, *columns[SHARES]; /* half, 90 %, 99 % of the tasks */
	size_t colour;
	double above; /* the lane's middle */
} kinds[] = {
	{"task", {"task_p50_s", "task_p90_s", "task_p99_s"}, 0, 0.16},
	{"wait", {"wait_p50_s", NULL, "wait_p99_s"}, 1, -0.16},
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static const struct share {
	const char *name;
	int mark;
} percentiles[SHARES] = {{"half", 6}, {"90 %", 8}, {"99 %", 5}};

/* Block by block: kind, share; a line: seconds and lane. A logarithm has no place for 0. */
static struct range add_points(const struct csv_table *summary, const struct kind *kind,
	const struct panel_row *const *rows, size_t count, struct text *script)
{
	struct range range = {0, 0};
	for (size_t share = 0; share < SHARES; share++) {
		text_addf(script, "$%s%zu << END_OF_DATA\n", kind->name, share);
		for (size_t i = 0; kind->columns[share] && i < count; i++) {
			double seconds = 0;
			results_number(summary, rows[i]->row, kind->columns[share], &seconds);
			if (seconds > 0)
				text_addf(script, "%.9g %.9g\n", seconds, (double)i - kind->above);
			range_add(&range, seconds);
		}
		text_add(script, "END_OF_DATA\n");
	}
	text_addf(script, "$%s << END_OF_DATA\n", kind->name);
	for (size_t i = 0; i < count; i++) {
		double from = 0, to = 0;
		results_number(summary, rows[i]->row, kind->columns[0], &from);
		results_number(summary, rows[i]->row, kind->columns[SHARES - 1], &to);
		if (from > 0 && to > from)
			text_addf(script, "%.9g %.9g %.9g\n", from, (double)i - kind->above,
				to - from);
	}
	text_add(script, "END_OF_DATA\n");
	return range;
}

static void plot_points(const struct kind *kind, struct text *script, bool last)
{
	const char *colour = palette[kind->colour].light;
	text_addf(script, "$%s using 1:2:3:(0) with vectors nohead lw 2 lc rgb '%s' notitle",
		kind->name, colour);
	for (size_t share = 0; share < SHARES; share++)
		if (kind->columns[share])
			text_addf(script,
				", $%s%zu using 1:2 with points pt %d ps 0.9 lw 1.5 lc rgb '%s' "
				"title '%s: %s'",
				kind->name, share, percentiles[share].mark, colour, kind->name,
				percentiles[share].name);
	text_add(script, last ? "\n" : ", ");
}

static void say_latency(const struct csv_table *summary, const struct panel *panel,
	const struct panel_row *row, struct text *says)
{
	text_add(says, " ");
	plot_row_name(summary, panel, row, says);
	for (size_t i = 0; i < KINDS; i++) {
		text_addf(says, "%s half of the %s within ", i ? "," : ":", i ? "waits" : "tasks");
		figure_field(says, "_s", results_field(summary, row->row, kinds[i].columns[0]));
		text_add(says, ", 99 % within ");
		figure_field(
			says, "_s", results_field(summary, row->row, kinds[i].columns[SHARES - 1]));
	}
	text_add(says, ".");
}

bool chart_latency(const struct csv_table *summary, const struct panel *panel, struct chart *chart)
{
	const struct panel_row *rows[PANEL_PICKS_MOST];
	size_t count = panel_picks(panel, rows);
	struct range range = {0, 0};
	for (size_t i = 0; i < KINDS; i++) {
		struct range own = add_points(summary, &kinds[i], rows, count, &chart->script);
		range_add(&range, own.low);
		range_add(&range, own.high);
	}
	if (range.high <= 0)
		return false;
	const struct scale scale = {1, "", .log = true};
	plot_row_lanes(summary, panel, rows, count, &chart->script);
	plot_axis(&chart->script, "x", "time, logarithmic", &scale, range);
	plot_key(&chart->script, KINDS * SHARES / 2);
	text_add(&chart->script, "plot ");
	for (size_t i = 0; i < KINDS; i++)
		plot_points(&kinds[i], &chart->script, i + 1 == KINDS);
	text_addf(&chart->title, "%s: how long a task takes, and how long it waits before",
		panel->title);
	text_add(&chart->note,
		"Half, 90 % and 99 % of the tasks took, or waited, at most so long. The scale is "
		"logarithmic: the same distance is the same ratio.");
	plot_note_picks(panel, &chart->note);
	text_addf(&chart->says, "%s.", text_get(&chart->title));
	for (size_t i = 0; i < count; i++)
		say_latency(summary, panel, rows[i], &chart->says);
	chart->height = 170 + 36 * (int)count;
	return true;
}
