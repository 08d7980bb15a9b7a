/*
 * The final table as a table: title, importance, and how a cell is written. What identifies a
 * row is always shown unless it is constant; of the figures the least important go first where
 * the terminal is narrow.
 */
#include "report/view.h"

#include "report/human.h"
#include "report/screen.h"
#include "report/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef void row_cell(const struct plan *plan, const struct summary_row *row, struct text *out);
typedef void figure_cell(double value, struct text *out);

struct view {
	const char *title;
	int keep;
	bool left;
	const char
		*constant; /* said once as this, where all rows agree; NULL: always a column */
	row_cell *row;     /* either this, or a figure of the row and how it is written */
	figure_cell *figure;
	size_t at;
};

static void workload(const struct plan *plan, const struct summary_row *row, struct text *out)
{
	screen_workload(out, plan, row->experiment);
}

static void executor(const struct plan *plan, const struct summary_row *row, struct text *out)
{
	(void)plan;
	utf8_add_line(out, row->experiment->executor->label);
}

static void workers(const struct plan *plan, const struct summary_row *row, struct text *out)
{
	(void)plan;
	text_addf(out, "%" PRIu32, row->experiment->workers);
}

static void tasks(const struct plan *plan, const struct summary_row *row, struct text *out)
{
	(void)plan;
	if (row->experiment->tasks)
		text_addf(out, "%" PRIu64, row->experiment->tasks);
}

static void runtime(const struct plan *plan, const struct summary_row *row, struct text *out)
{
	(void)plan;
	if (row->experiment->runtime_ns)
		option_format_duration((int64_t)row->experiment->runtime_ns, out);
}

static void arrivals(const struct plan *plan, const struct summary_row *row, struct text *out)
{
	(void)plan;
	union value per_s = {.number = row->experiment->rate};
	if (row->experiment->rate > 0)
		option_format(&load_options[LOAD_RATE], per_s, out);
}

static void arrival(const struct plan *plan, const struct summary_row *row, struct text *out)
{
	(void)plan;
	union value how = {.integer = row->experiment->arrival};
	if (row->experiment->rate > 0)
		option_format(&load_options[LOAD_ARRIVAL], how, out);
}

static void runs(const struct plan *plan, const struct summary_row *row, struct text *out)
{
	(void)plan;
	text_addf(out, "%" PRIu32, row->runs);
}

/* The further end of the interval, as a share of the median. */
static void spread(const struct plan *plan, const struct summary_row *row, struct text *out)
{
	(void)plan;
	double median = row->elapsed_s.value;
	if (!row->elapsed_ci_low_s.known || !row->elapsed_ci_high_s.known || median <= 0)
		return;
	double below = median - row->elapsed_ci_low_s.value;
	double above = row->elapsed_ci_high_s.value - median;
	text_addf(out, "±%.1f%%", 100 * fmax(below, above) / median);
}

static void cpu(const struct plan *plan, const struct summary_row *row, struct text *out)
{
	(void)plan;
	if (row->cpu_user_s.known && row->cpu_sys_s.known)
		human_seconds(out, row->cpu_user_s.value + row->cpu_sys_s.value, 3);
}

static void status(const struct plan *plan, const struct summary_row *row, struct text *out)
{
	(void)plan;
	text_add(out, status_name(row->status));
}

static void noise(const struct plan *plan, const struct summary_row *row, struct text *out)
{
	(void)plan;
	char names[NOISE_TEXT_BYTES];
	text_add(out, noise_names(row->noise, names));
}

/* Only what is not as it should be. */
static void expected(const struct plan *plan, const struct summary_row *row, struct text *out)
{
	(void)plan;
	if (row->judgement == ROW_FAILED)
		text_add(out, "no");
}

/* As many tasks as there are workers are no queue. */
static void backlog(const struct plan *plan, const struct summary_row *row, struct text *out)
{
	(void)plan;
	if (row->backlog.known && row->backlog.value > row->experiment->workers)
		human_count(out, row->backlog.value);
}

static void long_time(double seconds, struct text *out)
{
	human_seconds(out, seconds, 4);
}

static void short_time(double seconds, struct text *out)
{
	human_seconds(out, seconds, 3);
}

static void rate(double per_s, struct text *out)
{
	human_rate(out, per_s);
}

static void bytes(double value, struct text *out)
{
	human_bytes(out, value);
}

static void ratio(double value, struct text *out)
{
	human_number(out, value, 3);
}

static void count(double value, struct text *out)
{
	human_count(out, value);
}

static void share(double value, struct text *out)
{
	text_addf(out, "%.1f%%", 100 * value);
}

static void count_if_any(double value, struct text *out)
{
	if (value > 0)
		human_count(out, value);
}

#define FIGURE(member) .at = offsetof(struct summary_row, member)

/* Those that are weighed by the scenario's loads. */
enum { VIEW_TIME = 8, VIEW_SPEEDUP = 10, VIEW_THROUGHPUT, VIEW_WAIT = 14 };

static const struct view views[] = {
	{"workload", TABLE_ALWAYS, true, .constant = "workload %s", .row = workload},
	{"executor", TABLE_ALWAYS, true, .constant = "executor %s", .row = executor},
	{"workers", TABLE_ALWAYS, false, .constant = "workers %s", .row = workers},
	{"runtime", 71, false, .constant = "runtime %s", .row = runtime},
	{"rate", 94, false, .constant = "rate %s", .row = arrivals},
	{"arrival", 72, true, .constant = "arrival %s", .row = arrival},
	{"tasks", 70, false, .constant = "tasks %s", .row = tasks},
	{"runs", 30, false, .constant = "runs %s", .row = runs},
	[VIEW_TIME] = {"time", 99, .figure = long_time, FIGURE(elapsed_s)},
	{"±", 60, .row = spread},
	[VIEW_SPEEDUP] = {"speedup", 95, .figure = ratio, FIGURE(speedup)},
	[VIEW_THROUGHPUT] = {"throughput", 80, .figure = rate, FIGURE(throughput_per_s)},
	{"task p50", 15, .figure = short_time, FIGURE(task_p50_s)},
	{"task p99", 50, .figure = short_time, FIGURE(task_p99_s)},
	[VIEW_WAIT] = {"wait p99", 45, .figure = short_time, FIGURE(wait_p99_s)},
	{"backlog", 84, .row = backlog},
	{"CPU", 40, .row = cpu},
	{"memory", 35, .figure = bytes, FIGURE(max_rss_bytes)},
	{"failed", 85, .figure = count_if_any, FIGURE(tasks_failed)},
	{"lost", 86, .figure = count_if_any, FIGURE(tasks_lost)},
	{"noise", 20, true, .constant = "noise: %s", .row = noise},
	{"status", 97, true, .constant = "all %s", .row = status},
	{"expected", 96, true, .row = expected},
};

enum { VIEWS = sizeof(views) / sizeof(views[0]), METRICS_BEFORE = VIEWS - 3, METRIC_KEEP = 88,
	ADDED_KEEP = 89 };

struct suffix {
	const char *unit;
	figure_cell *cell;
};

/* A metric's unit is the end of its name. */
static const struct suffix suffixes[] = {{"_per_s", rate}, {"_s", short_time},
	{"_bytes", bytes}, {"_share", share}, {"", count}};

static const struct suffix *metric_suffix(const char *name)
{
	const struct suffix *suffix = suffixes;
	for (size_t length = strlen(name);; suffix++) {
		size_t own = strlen(suffix->unit);
		if (own < length && strcmp(name + length - own, suffix->unit) == 0)
			return suffix;
	}
}

static void add_cell(struct table *table, const struct view *view, const struct plan *plan,
	const struct summary_row *row, bool winner)
{
	struct text cell;
	text_init(&cell);
	const struct figure *figure = (const void *)((const char *)row + view->at);
	if (view->row)
		view->row(plan, row, &cell);
	else if (figure->known)
		view->figure(figure->value, &cell);
	bool bad = (view->row == status && row->status != STATUS_OK) || view->row == expected;
	enum table_style style = bad ? TABLE_RED : winner ? TABLE_BOLD : TABLE_PLAIN;
	table_cell(table, text_get(&cell), style);
	text_release(&cell);
}

static void add_metric(struct table *table, const struct metric *metric,
	const struct summary_row *row, bool winner)
{
	struct text cell;
	text_init(&cell);
	const struct cells cells = {.experiment = row->experiment, .row = row};
	struct figure figure = columns_metric(&cells, metric);
	if (figure.known)
		metric_suffix(metric->name)->cell(figure.value, &cell);
	table_cell(table, text_get(&cell), winner ? TABLE_BOLD : TABLE_PLAIN);
	text_release(&cell);
}

/* A number that has no unit in the table's sense is shown as the file has it. */
static void add_added(struct table *table, const struct columns *columns,
	const struct summary_row *row, size_t at, bool winner)
{
	struct text cell;
	text_init(&cell);
	uint32_t index = (uint32_t)(row->experiment - columns->plan->experiments);
	const struct added_cell added = added_get(columns->added, index, at);
	if (added.kind == DATUM_NUMBER && *added.text)
		metric_suffix(columns->added->columns[at].name)->cell(
			strtod(added.text, NULL), &cell);
	else
		utf8_add_line(&cell, added.text);
	table_cell(table, text_get(&cell), winner ? TABLE_BOLD : TABLE_PLAIN);
	text_release(&cell);
}

static void add_columns(struct table *table, const struct columns *columns)
{
	for (size_t i = 0; i < VIEWS; i++) {
		for (size_t k = 0; i == METRICS_BEFORE && k < columns->metric_count; k++)
			table_column(table, columns->metrics[k]->name, METRIC_KEEP, false);
		for (size_t k = 0; i == METRICS_BEFORE && k < columns->added->count; k++)
			table_column(table, columns->added->columns[k].name, ADDED_KEEP,
				columns->added->columns[k].words);
		table_column(table, views[i].title, views[i].keep, views[i].left);
	}
}

static void add_row(struct table *table, const struct columns *columns,
	const struct summary_row *row, bool winner)
{
	for (size_t i = 0; i < VIEWS; i++) {
		for (size_t k = 0; i == METRICS_BEFORE && k < columns->metric_count; k++)
			add_metric(table, columns->metrics[k], row, winner);
		for (size_t k = 0; i == METRICS_BEFORE && k < columns->added->count; k++)
			add_added(table, columns, row, k, winner);
		add_cell(table, &views[i], columns->plan, row, winner);
	}
}

/* With a single row everything is constant, and what identifies it stays in the table. */
static void hoist(struct table *table, size_t metrics, uint32_t rows, struct text *constants)
{
	for (size_t i = 0; i < VIEWS; i++) {
		size_t column = i < METRICS_BEFORE ? i : i + metrics;
		const char *same = table_constant(table, column);
		if (!views[i].constant || !same || !*same ||
			(rows == 1 && views[i].keep == TABLE_ALWAYS))
			continue;
		table->columns[column].hidden = true;
		text_add(constants, constants->length ? " · " : "");
		text_addf(constants, views[i].constant, same);
	}
}

/* What the speedups refer to. Rows that all refer to themselves have none worth a column. */
static void explain_speedup(struct table *table, const struct summary *summary, size_t column,
	struct text *constants)
{
	bool all_self = true, one_baseline = true, own_executor = true;
	uint32_t first = summary->rows[0].experiment->baseline;
	if (first == PLAN_NONE || table->columns[column].hidden)
		return;
	const struct experiment *experiments = summary->plan->experiments;
	for (uint32_t i = 0; i < summary->count; i++) {
		uint32_t baseline = experiments[i].baseline;
		if (baseline == PLAN_NONE)
			return;
		all_self &= baseline == i;
		one_baseline &= experiments[baseline].executor == experiments[first].executor &&
				experiments[baseline].workers == experiments[first].workers;
		own_executor &= experiments[baseline].executor == experiments[i].executor;
	}
	table->columns[column].hidden |= all_self;
	if (all_self || (!one_baseline && !own_executor))
		return;
	text_add(constants, constants->length ? " · speedup over " : "speedup over ");
	if (one_baseline)
		screen_executor(constants, &experiments[first]);
	else
		text_add(constants, "the executor's fewest workers");
}

/* In an open loop the waits tell, and throughput, which is the rate, only where it falls short;
 * where a runtime sets the time, throughput does. */
static void weigh(struct table *table, const struct summary *summary)
{
	enum { MOST = 98, LESS = 79 };
	uint32_t open = 0;
	for (uint32_t i = 0; i < summary->count; i++) {
		const struct experiment *experiment = summary->rows[i].experiment;
		open += experiment->rate > 0;
		if (experiment->tasks > 0)
			continue;
		table->columns[VIEW_THROUGHPUT].keep = MOST;
		table->columns[VIEW_TIME].keep = LESS;
	}
	if (open > 0)
		table->columns[VIEW_WAIT].keep = MOST;
	table->columns[VIEW_SPEEDUP].hidden |= open == summary->count;
}

void view_fill(struct table *table, const struct summary *summary, const struct added *added,
	uint32_t rows, const bool *winners, struct text *constants)
{
	struct columns columns;
	columns_init(&columns, summary->plan);
	columns.added = added;
	add_columns(table, &columns);
	for (uint32_t i = 0; i < rows; i++)
		add_row(table, &columns, &summary->rows[i], winners && winners[i]);
	hoist(table, columns.metric_count + added->count, rows, constants);
	weigh(table, summary);
	explain_speedup(table, summary, VIEW_SPEEDUP, constants);
	columns_release(&columns);
}
