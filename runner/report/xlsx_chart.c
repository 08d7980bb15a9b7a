/*
 * The sheet `chart`: throughput over workers, a line for each workload and executor; where no
 * executor has two counts of workers, bars of the elapsed times. The figures stand above it or
 * beside it; the spreadsheet draws it.
 */
#include "base/optional.h"

#ifdef CONRUN_LIBXLSXWRITER
#include "report/screen.h"
#include "report/utf8.h"
#include "report/xlsx_sheet.h"

#include <inttypes.h>
#include <stdlib.h>

/* More lines or bars than these nobody can tell apart. */
enum { LINES_MOST = 24, BARS_MOST = 60 };

enum { WIDTH_OF_WORDS = 34, WIDTH_OF_FIGURES = 18, THREE_LINES = 46 };

struct chart_data {
	struct book *book;
	lxw_worksheet *sheet;
	const struct experiment *lines[LINES_MOST]; /* the first of each */
	size_t line_count;
	uint32_t *workers; /* each count once, ascending */
	size_t worker_count;
	bool scales;        /* some line has two counts of workers */
	double least, most; /* throughput */
};

static bool same_line(const struct experiment *a, const struct experiment *b)
{
	return a->workload == b->workload && a->executor == b->executor && a->tasks == b->tasks &&
	       plan_same_load(a, b);
}

static int ascending(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	return (a > b) - (a < b);
}

static void take_line(struct chart_data *data, const struct summary_row *row)
{
	const struct experiment *experiment = row->experiment;
	double rate = row->throughput_per_s.value;
	data->least = !data->line_count || rate < data->least ? rate : data->least;
	data->most = rate > data->most ? rate : data->most;
	for (size_t i = 0; i < data->line_count; i++)
		if (same_line(data->lines[i], experiment)) {
			data->scales |= data->lines[i]->workers != experiment->workers;
			return;
		}
	if (data->line_count < LINES_MOST)
		data->lines[data->line_count++] = experiment;
}

static void survey(struct chart_data *data)
{
	const struct summary *summary = data->book->summary;
	size_t count = 0;
	data->workers = memory_alloc((summary->count + 1) * sizeof(*data->workers));
	for (uint32_t i = 0; i < summary->count; i++) {
		if (!summary->rows[i].throughput_per_s.known)
			continue;
		take_line(data, &summary->rows[i]);
		data->workers[count++] = summary->rows[i].experiment->workers;
	}
	qsort(data->workers, count, sizeof(*data->workers), ascending);
	for (size_t i = 0; i < count; i++)
		if (!i || data->workers[i] != data->workers[i - 1])
			data->workers[data->worker_count++] = data->workers[i];
}

/* ` × 1000 tasks`, where lines may differ in it. */
static void add_load(struct text *out, const struct experiment *experiment)
{
	if (experiment->tasks)
		text_addf(out, ", %" PRIu64 " tasks", experiment->tasks);
	screen_rate(out, experiment);
}

static bool loads_differ(const struct summary *summary)
{
	const struct experiment *first = summary->rows[0].experiment;
	for (uint32_t i = 1; i < summary->count; i++) {
		const struct experiment *other = summary->rows[i].experiment;
		if (other->tasks != first->tasks || !plan_same_load(first, other))
			return true;
	}
	return false;
}

static void write_label(struct chart_data *data, lxw_row_t row, lxw_col_t column,
	const struct experiment *experiment, bool workers)
{
	struct text label, clean;
	text_init(&label);
	text_init(&clean);
	screen_workload(&label, data->book->summary->plan, experiment);
	text_addf(&label, " · %s", experiment->executor->label);
	if (workers && !experiment->executor->type->ignores_workers)
		text_addf(&label, " ×%" PRIu32, experiment->workers);
	if (loads_differ(data->book->summary))
		add_load(&label, experiment);
	utf8_add(&clean, text_get(&label));
	xlsx.worksheet_write_string(
		data->sheet, row, column, text_get(&clean), row ? NULL : data->book->label);
	text_release(&label);
	text_release(&clean);
}

static void place_chart(struct chart_data *data, lxw_chart *chart, lxw_row_t row, lxw_col_t column)
{
	lxw_chart_options options = {
		.x_scale = 1.8, .y_scale = 1.8, .description = "the figures of this sheet, drawn"};
	xlsx.worksheet_insert_chart_opt(data->sheet, row, column, chart, &options);
}

/* ---- lines ---- */

static lxw_row_t row_of_workers(const struct chart_data *data, uint32_t workers)
{
	const uint32_t *found = bsearch(
		&workers, data->workers, data->worker_count, sizeof(*data->workers), ascending);
	return (lxw_row_t)(found - data->workers) + 1;
}

static void write_figures(struct chart_data *data)
{
	const struct book *book = data->book;
	xlsx.worksheet_write_string(data->sheet, 0, 0, "workers", book->header);
	for (size_t i = 0; i < data->worker_count; i++)
		xlsx.worksheet_write_number(data->sheet, (lxw_row_t)i + 1, 0, data->workers[i],
			book->forms[FORM_COUNT]);
	for (size_t line = 0; line < data->line_count; line++) {
		write_label(data, 0, (lxw_col_t)line + 1, data->lines[line], false);
		for (uint32_t i = 0; i < book->summary->count; i++) {
			const struct summary_row *row = &book->summary->rows[i];
			if (row->throughput_per_s.known &&
				same_line(data->lines[line], row->experiment))
				xlsx.worksheet_write_number(data->sheet,
					row_of_workers(data, row->experiment->workers),
					(lxw_col_t)line + 1, row->throughput_per_s.value,
					book->forms[FORM_RATE]);
		}
	}
	xlsx.worksheet_set_column(
		data->sheet, 1, (lxw_col_t)data->line_count, WIDTH_OF_FIGURES, NULL);
	xlsx.worksheet_set_row(data->sheet, 0, THREE_LINES, NULL);
}

static void draw_lines(struct chart_data *data)
{
	lxw_chart *chart = xlsx.workbook_add_chart(
		data->book->workbook, LXW_CHART_SCATTER_STRAIGHT_WITH_MARKERS);
	struct text x, y;
	text_init(&x);
	text_init(&y);
	size_t last = data->worker_count + 1;
	text_addf(&x, "=chart!$A$2:$A$%zu", last);
	for (size_t i = 0; i < data->line_count; i++) {
		text_clear(&y);
		text_addf(&y, "=chart!$%c$2:$%c$%zu", (char)('B' + i), (char)('B' + i), last);
		lxw_chart_series *series = xlsx.chart_add_series(chart, text_get(&x), text_get(&y));
		xlsx.chart_series_set_name_range(series, "chart", 0, (lxw_col_t)i + 1);
	}
	xlsx.chart_show_blanks_as(chart, LXW_CHART_BLANKS_AS_CONNECTED);
	xlsx.chart_title_set_name(chart, "Throughput over workers");
	xlsx.chart_axis_set_name(chart->x_axis, "workers");
	xlsx.chart_axis_set_name(chart->y_axis, "tasks per second");
	if (data->workers[data->worker_count - 1] >= 16 * data->workers[0])
		xlsx.chart_axis_set_log_base(chart->x_axis, 2);
	if (data->most >= 100 * data->least)
		xlsx.chart_axis_set_log_base(chart->y_axis, 10);
	else
		xlsx.chart_axis_set_min(chart->y_axis, 0);
	xlsx.chart_legend_set_position(chart, LXW_CHART_LEGEND_BOTTOM);
	place_chart(data, chart, (lxw_row_t)data->worker_count + 2, 0);
	text_release(&x);
	text_release(&y);
}

/* ---- bars ---- */

static size_t write_times(struct chart_data *data)
{
	const struct book *book = data->book;
	size_t bars = 0;
	xlsx.worksheet_write_string(data->sheet, 0, 0, "experiment", book->header);
	xlsx.worksheet_write_string(data->sheet, 0, 1, "elapsed_s", book->header);
	for (uint32_t i = 0; i < book->summary->count && bars < BARS_MOST; i++) {
		const struct summary_row *row = &book->summary->rows[i];
		if (!row->elapsed_s.known)
			continue;
		bars++;
		write_label(data, (lxw_row_t)bars, 0, row->experiment, true);
		xlsx.worksheet_write_number(data->sheet, (lxw_row_t)bars, 1, row->elapsed_s.value,
			book->forms[FORM_SECONDS]);
	}
	xlsx.worksheet_set_column(data->sheet, 0, 0, WIDTH_OF_WORDS, NULL);
	return bars;
}

static void draw_bars(struct chart_data *data, size_t bars)
{
	lxw_chart *chart = xlsx.workbook_add_chart(data->book->workbook, LXW_CHART_BAR);
	struct text x, y;
	text_init(&x);
	text_init(&y);
	text_addf(&x, "=chart!$A$2:$A$%zu", bars + 1);
	text_addf(&y, "=chart!$B$2:$B$%zu", bars + 1);
	lxw_chart_series *series = xlsx.chart_add_series(chart, text_get(&x), text_get(&y));
	xlsx.chart_series_set_name_range(series, "chart", 0, 1);
	xlsx.chart_title_set_name(chart, "Elapsed time");
	/* Of bars, x is the axis of the values. */
	xlsx.chart_axis_set_name(chart->x_axis, "seconds");
	xlsx.chart_axis_set_min(chart->x_axis, 0);
	/* The first row on top, as in the table. */
	xlsx.chart_axis_set_reverse(chart->y_axis);
	xlsx.chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
	place_chart(data, chart, 1, 3);
	text_release(&x);
	text_release(&y);
}

void sheet_chart(struct book *book)
{
	struct chart_data data = {.book = book};
	data.sheet = xlsx.workbook_add_worksheet(book->workbook, "chart");
	survey(&data);
	if (data.scales) {
		write_figures(&data);
		draw_lines(&data);
	} else {
		size_t bars = write_times(&data);
		if (bars)
			draw_bars(&data, bars);
	}
	free(data.workers);
}
#endif
