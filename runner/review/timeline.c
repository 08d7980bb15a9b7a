#include "review/timeline.h"

#include "report/human.h"
#include "report/utf8.h"
#include "review/axes.h"
#include "review/task_rows.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS_MOST = 24, LANES_MOST = 32, COLUMNS_LEAST = 20, LABEL_MOST = 24 };

/* A run on its way to the screen. */
struct picture {
	const struct task_row *rows;
	size_t count;
	double span_s;
	uint32_t lanes; /* with a task in it, or below one that has */
	size_t margin, columns;
	bool lost, failed;
};

/* One column of a lane. */
struct cell {
	const char *glyph; /* of a bar; NULL: a shade of `busy` */
	char label;        /* instead of the glyph; 0: none */
	double busy_s;
};

/* ---- bars ---- */

static size_t column_at(const struct picture *picture, double at_s)
{
	return (size_t)lround(at_s / picture->span_s * (double)picture->columns);
}

static void shade(struct cell *cells, const struct picture *picture, const struct task_row *row)
{
	double column_s = picture->span_s / (double)picture->columns;
	for (double from_s = row->started_s; from_s < row->finished_s;) {
		size_t column = (size_t)(from_s / column_s);
		double until_s = (double)(column + 1) * column_s;
		until_s = until_s > from_s && until_s < row->finished_s ? until_s : row->finished_s;
		if (column < picture->columns)
			cells[column].busy_s += until_s - from_s;
		from_s = until_s;
	}
}

static void put_label(struct cell *cells, size_t width, const struct task_row *row)
{
	char label[LABEL_MOST];
	int length = snprintf(
		label, sizeof(label), "%" PRIu64 "%s", row->task, row->status == 'f' ? "!" : "");
	size_t room = width - 2, wanted = (size_t)length;
	if (wanted > room)
		return;
	struct cell *at = cells + 1 + (room - wanted) / 2;
	if (wanted + 2 <= room)
		at[-1].label = at[wanted].label = ' ';
	for (size_t i = 0; i < wanted; i++)
		at[i].label = label[i];
}

static void put_bar(struct cell *cells, const struct picture *picture, const struct task_row *row)
{
	size_t from = column_at(picture, row->started_s);
	size_t until = column_at(picture, row->finished_s);
	if (until < from + 2) {
		shade(cells, picture, row);
		return;
	}
	for (size_t i = from; i < until; i++)
		cells[i].glyph = "─";
	cells[from].glyph = "├";
	cells[until - 1].glyph = "┤";
	put_label(cells + from, until - from, row);
}

static void put_lost(struct cell *cells, const struct picture *picture, const struct task_row *row)
{
	size_t at = column_at(picture, row->started_s);
	cells[at < picture->columns ? at : picture->columns - 1].glyph = "✗";
}

static const char *shade_of(double busy)
{
	static const struct {
		double least;
		const char *glyph;
	} shades[] = {{0.875, "█"}, {0.625, "▓"}, {0.375, "▒"}, {0, "░"}};
	size_t i = 0;
	while (busy < shades[i].least)
		i++;
	return busy > 0 ? shades[i].glyph : " ";
}

static void add_cells(const struct cell *cells, const struct picture *picture, size_t name_bytes,
	struct text *out)
{
	double column_s = picture->span_s / (double)picture->columns;
	size_t used = picture->columns;
	while (used > 0 && !cells[used - 1].glyph && cells[used - 1].busy_s <= 0)
		used--;
	if (used > 0)
		text_addf(out, "%*s", (int)(picture->margin - name_bytes), "");
	for (size_t i = 0; i < used; i++) {
		const char label[2] = {cells[i].label, '\0'};
		text_add(out, cells[i].label   ? label
			      : cells[i].glyph ? cells[i].glyph
					       : shade_of(cells[i].busy_s / column_s));
	}
}

static void add_lane(const struct picture *picture, uint32_t lane, struct text *out)
{
	struct cell *cells = memory_alloc((picture->columns + 1) * sizeof(*cells));
	char name[LABEL_MOST];
	snprintf(name, sizeof(name), "worker %" PRIu32, lane);
	text_add(out, name);
	for (size_t i = 0; i < picture->count; i++) {
		const struct task_row *row = &picture->rows[i];
		if (row->worker != lane || row->started_s < 0)
			continue;
		if (row->finished_s < 0)
			put_lost(cells, picture, row);
		else
			put_bar(cells, picture, row);
	}
	add_cells(cells, picture, strlen(name), out);
	text_add(out, "\n");
	free(cells);
}

/* ---- the axis ---- */

static const struct scale {
	double least_s, unit_s;
	const char *name;
} scales[] = {{1, 1, "s"}, {1e-3, 1e-3, "ms"}, {1e-6, 1e-6, "µs"}, {0, 1e-9, "ns"}};

/* The least of 1, 2, 5 × 10^k that is not below it. */
static double round_step(double least)
{
	static const double steps[] = {1, 2, 5, 10};
	double power = pow(10, floor(log10(least)));
	size_t i = 0;
	while (i < 3 && steps[i] * power < least * (1 - 1e-9))
		i++;
	return steps[i] * power;
}

static void add_axis(const struct picture *picture, struct text *out)
{
	enum { APART = 10 };
	const struct scale *scale = scales;
	while (picture->span_s < scale->least_s)
		scale++;
	double span = picture->span_s / scale->unit_s;
	double step = round_step(span * APART / (double)picture->columns);
	int decimals = step < 1 ? (int)ceil(-log10(step) - 1e-9) : 0;
	size_t at = 0;
	text_addf(out, "%*s", (int)picture->margin, "");
	for (int i = 0; (double)i * step <= span * (1 + 1e-9); i++) {
		char mark[LABEL_MOST];
		double value = (double)i * step;
		size_t column = column_at(picture, value * scale->unit_s);
		snprintf(mark, sizeof(mark), "%.*f %s", i ? decimals : 0, value, scale->name);
		if (column + utf8_width(mark) > picture->columns)
			break;
		text_addf(out, "%*s%s", (int)(column - at), "", mark);
		at = column + utf8_width(mark);
	}
	text_add(out, "\n");
}

/* ---- runs ---- */

static void measure(struct picture *picture, size_t width)
{
	double last_s = 0;
	for (size_t i = 0; i < picture->count; i++) {
		const struct task_row *row = &picture->rows[i];
		last_s = fmax(last_s, fmax(row->started_s, row->finished_s));
		picture->lanes = row->worker >= picture->lanes ? row->worker + 1 : picture->lanes;
		picture->lost |= row->status == 'l';
		picture->failed |= row->status == 'f';
	}
	picture->span_s = last_s > 0 ? last_s : 1e-9;
	uint32_t shown = picture->lanes < LANES_MOST ? picture->lanes : LANES_MOST;
	picture->margin = shown > 10 ? sizeof("worker 10 ") : sizeof("worker 0 ");
	picture->columns =
		width > picture->margin + COLUMNS_LEAST ? width - picture->margin : COLUMNS_LEAST;
}

/* One that is needed to tell the run from the others. */
static bool is_telling(const struct csv_table *summary, int column)
{
	return column >= results_column(summary, "tasks") &&
	       column < results_column(summary, "status") &&
	       axes_splits(summary, summary->fields[column]);
}

static void add_title(const struct csv_table *summary, size_t row, const struct task_run *run,
	double span_s, struct text *out)
{
	utf8_add_line(out, results_field(summary, row, "workload"));
	text_add(out, " · ");
	utf8_add_line(out, results_field(summary, row, "executor"));
	if (strcmp(results_field(summary, row, "executor"), "sequential") != 0)
		text_addf(out, " ×%s", results_field(summary, row, "workers"));
	for (size_t i = 0; i < summary->width; i++) {
		const char *name = summary->fields[i], *value = results_field(summary, row, name);
		if (!*value || !is_telling(summary, (int)i))
			continue;
		text_addf(out, " · %s ", name);
		utf8_add_line(out, value);
	}
	text_addf(out, ", round %u: %" PRIu64 " task%s in ", run->round, run->tasks,
		run->tasks == 1 ? "" : "s");
	human_seconds(out, span_s, 4);
	text_add(out, "\n");
}

static void add_notes(const struct picture *picture, const struct task_run *run, struct text *out)
{
	if (picture->lanes > LANES_MOST)
		text_addf(out, "… %" PRIu32 " more workers\n", picture->lanes - LANES_MOST);
	if (run->count < run->tasks)
		text_addf(out, "… of the first %zu tasks in tasks.csv\n", run->count);
	if (picture->failed)
		text_add(out, "! failed\n");
	if (picture->lost)
		text_add(out, "✗ lost: its worker died, or the run was ended\n");
}

static void add_run(const struct results *results, size_t row, const struct task_rows *tasks,
	const struct task_run *run, size_t width, struct text *out)
{
	struct picture picture = {.rows = tasks->rows + run->first, .count = run->count};
	measure(&picture, width);
	text_add(out, out->length ? "\n" : "");
	add_title(&results->summary, row, run, picture.span_s, out);
	add_axis(&picture, out);
	for (uint32_t lane = 0; lane < picture.lanes && lane < LANES_MOST; lane++)
		add_lane(&picture, lane, out);
	add_notes(&picture, run, out);
}

static const struct task_run *run_of(const struct task_rows *tasks, const char *experiment)
{
	for (size_t i = 0; i < tasks->run_count; i++)
		if (strcmp(tasks->runs[i].experiment, experiment) == 0)
			return &tasks->runs[i];
	return NULL;
}

static void add_runs(const struct results *results, const struct task_rows *tasks, size_t width,
	struct text *out)
{
	const struct csv_table *summary = &results->summary;
	size_t shown = 0, left_out = 0;
	for (size_t row = 0; row < summary->row_count; row++) {
		const struct task_run *run =
			run_of(tasks, results_field(summary, row, "experiment"));
		if (run && run->count && shown++ < RUNS_MOST)
			add_run(results, row, tasks, run, width, out);
		else if (run)
			left_out++;
	}
	if (left_out)
		text_addf(out, "\n… %zu more experiments in tasks.csv\n", left_out);
}

int timeline_write(const struct results *results, size_t width, struct text *out, struct err *err)
{
	struct task_rows tasks;
	struct text path;
	text_init(&path);
	text_addf(&path, "%s/tasks.csv", results->folder);
	int failed;
	if (!*results->folder || !csv_exists(text_get(&path)))
		failed = err_set(err,
			"'%s' has no tasks.csv; run the scenario with output: { tasks: true }",
			results->path);
	else
		failed = task_rows_read(&tasks, text_get(&path), err);
	text_release(&path);
	if (failed)
		return -1;
	add_runs(results, &tasks, width, out);
	task_rows_release(&tasks);
	return 0;
}
