/* Which columns stand in which table, and under which title. */
#include "review/tables.h"

#include "report/utf8.h"
#include "review/axes.h"
#include "review/figures.h"

#include <string.h>

enum { TIMES, LATENCIES, COSTS, MEASURED };

static const struct {
	const char *title, *note;
} headings[TABLES_MOST] = {
	[TIMES] = {"How long it took",
		"Times are medians of the runs; ± is the 95 % interval, from six runs on. "
		"Speed-up: how many times as fast as the baseline; efficiency: the same for each "
		"worker."},
	[LATENCIES] = {"Single tasks",
		"p50, p90, p99: half, 90 % and 99 % of the tasks took at most so long. A task "
		"waits from the moment it is handed over to the moment it begins."},
	[COSTS] = {"What it cost",
		"Of all workers together. Running: on a CPU; runnable: waiting for one; blocked: "
		"asleep, or waiting for something else. Switches: how often a CPU went from one "
		"thread to another, because it had to wait or because it was made to."},
	[MEASURED] = {"Measured by the workload, the executor and hooks",
		"'conrun list' says what the columns mean."},
};

struct shown {
	int table;
	const char *column, *title;
	bool words;
	bool bad_only; /* worth a column only where something is in it that is not ok */
};

static const struct shown shown_columns[] = {
	{TIMES, "elapsed_s", "time", false, false},
	{TIMES, "", "±", false, false},
	{TIMES, "speedup", "speed-up", false, false},
	{TIMES, "efficiency", "efficiency", false, false},
	{TIMES, "throughput_per_s", "tasks per second", false, false},
	{TIMES, "runs", "runs", false, false},
	{TIMES, "tasks_failed", "tasks failed", false, true},
	{TIMES, "tasks_lost", "tasks lost", false, true},
	{TIMES, "noise", "disturbed by", true, false},
	{TIMES, "trend", "trend", true, false},
	{TIMES, "status", "status", true, false},
	{TIMES, "expect", "expected", true, false},
	{LATENCIES, "task_p50_s", "task p50", false, false},
	{LATENCIES, "task_p90_s", "task p90", false, false},
	{LATENCIES, "task_p99_s", "task p99", false, false},
	{LATENCIES, "task_max_s", "longest task", false, false},
	{LATENCIES, "wait_p50_s", "wait p50", false, false},
	{LATENCIES, "wait_p99_s", "wait p99", false, false},
	{LATENCIES, "backlog", "backlog", false, false},
	{COSTS, "startup_s", "start-up", false, false},
	{COSTS, "teardown_s", "teardown", false, false},
	{COSTS, "cpu_user_s", "CPU, program", false, false},
	{COSTS, "cpu_sys_s", "CPU, kernel", false, false},
	{COSTS, "running_s", "running", false, false},
	{COSTS, "runnable_s", "runnable", false, false},
	{COSTS, "blocked_s", "blocked", false, false},
	{COSTS, "ctx_voluntary", "switches, waiting", false, false},
	{COSTS, "ctx_involuntary", "switches, forced", false, false},
	{COSTS, "faults_minor", "page faults", false, false},
	{COSTS, "faults_major", "page faults, disk", false, true},
	{COSTS, "max_rss_bytes", "memory", false, false},
};

enum { SHOWN = sizeof(shown_columns) / sizeof(shown_columns[0]) };

/* ---- which experiment ---- */

struct name_column {
	const char *column, *title;
	bool words, always; /* also where it splits nothing */
};

static const struct name_column name_columns[] = {
	{"workload", "workload", true, true},
	{NULL, NULL, true, false}, /* the swept parameters */
	{"executor", "executor", true, true},
	{"workers", "workers", false, true},
	{"tasks", "tasks", false, true},
	{"runtime_s", "runtime", false, false},
	{"rate_per_s", "rate", false, false},
	{"arrival", "arrival", true, false},
};

enum { NAMES = sizeof(name_columns) / sizeof(name_columns[0]), NAMES_MOST = 32 };

struct names { /* the columns that say which experiment a row is */
	struct name_column items[NAMES_MOST];
	size_t count;
};

/* What an executor's label has in brackets is not said twice. */
static void add_sweeps(struct names *names, const struct csv_table *summary)
{
	int status = results_column(summary, "status");
	for (int i = 0; i < status && names->count + NAMES < NAMES_MOST; i++)
		if (!axes_is_fixed(summary->fields[i]) && axes_splits(summary, summary->fields[i]))
			names->items[names->count++] = (struct name_column){
				summary->fields[i], summary->fields[i], false, false};
}

static struct names find_names(const struct csv_table *summary)
{
	struct names names = {.count = 0};
	for (size_t i = 0; i < NAMES; i++)
		if (!name_columns[i].column)
			add_sweeps(&names, summary);
		else if (name_columns[i].always || axes_splits(summary, name_columns[i].column))
			names.items[names.count++] = name_columns[i];
	return names;
}

static void add_names(struct table *table, const struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		table_column(table, names->items[i].title, TABLE_ALWAYS, names->items[i].words);
}

/* ---- cells ---- */

static void add_spread(const struct csv_table *summary, size_t row, struct text *out)
{
	double median, low, high;
	if (!results_number(summary, row, "elapsed_s", &median) || median <= 0 ||
		!results_number(summary, row, "elapsed_ci_low_s", &low) ||
		!results_number(summary, row, "elapsed_ci_high_s", &high))
		return;
	double far = high - median > median - low ? high - median : median - low;
	text_addf(out, "± %.1f %%", 100 * far / median);
}

static void add_cell(struct table *table, const struct csv_table *summary, size_t row,
	const char *column, bool bad_only)
{
	struct text cell, clean;
	text_init(&cell);
	text_init(&clean);
	const char *field = results_field(summary, row, column);
	if (!*column)
		add_spread(summary, row, &cell);
	else if (!bad_only || strcmp(field, "0"))
		figure_field(&cell, column, field);
	utf8_add_line(&clean, text_get(&cell));
	bool red = (strcmp(column, "status") == 0 && strcmp(field, "ok")) ||
		   (strcmp(column, "expect") == 0 && strcmp(field, "failed") == 0);
	table_cell(table, text_get(&clean), red ? TABLE_RED : TABLE_PLAIN);
	text_release(&cell);
	text_release(&clean);
}

static void add_name_cells(
	struct table *table, const struct names *names, const struct csv_table *summary, size_t row)
{
	for (size_t i = 0; i < names->count; i++)
		add_cell(table, summary, row, names->items[i].column, false);
}

/* ---- tables ---- */

/* A name that is the same everywhere is said once, above; with one row nothing is. */
static void hoist(struct shown_table *shown, const struct names *names, size_t rows)
{
	text_init(&shown->constant);
	for (size_t i = 0; rows > 1 && i < names->count; i++) {
		const char *same = table_constant(&shown->table, i);
		if (!same || !*same)
			continue;
		shown->table.columns[i].hidden = true;
		text_addf(&shown->constant, "%s%s %s", shown->constant.length ? ", " : "",
			names->items[i].title, same);
	}
}

static void make_fixed(struct shown_table *shown, int which, const struct names *names,
	const struct csv_table *summary, size_t rows)
{
	for (size_t i = 0; i < SHOWN; i++)
		if (shown_columns[i].table == which)
			table_column(&shown->table, shown_columns[i].title, TABLE_ALWAYS,
				shown_columns[i].words);
	for (size_t row = 0; row < rows; row++) {
		add_name_cells(&shown->table, names, summary, row);
		for (size_t i = 0; i < SHOWN; i++)
			if (shown_columns[i].table == which)
				add_cell(&shown->table, summary, row, shown_columns[i].column,
					shown_columns[i].bad_only);
	}
}

/* What stands behind conrun's own columns; false where there is nothing. */
static bool make_measured(struct shown_table *shown, const struct names *names,
	const struct csv_table *summary, size_t rows)
{
	size_t first = (size_t)(results_column(summary, "status") + 1), count = 0;
	for (size_t i = first; i < summary->width; i++)
		if (!axes_is_fixed(summary->fields[i])) {
			table_column(&shown->table, summary->fields[i], TABLE_ALWAYS, false);
			count++;
		}
	for (size_t row = 0; count && row < rows; row++) {
		add_name_cells(&shown->table, names, summary, row);
		for (size_t i = first; i < summary->width; i++)
			if (!axes_is_fixed(summary->fields[i]))
				add_cell(&shown->table, summary, row, summary->fields[i], false);
	}
	return count > 0;
}

size_t tables_make(
	struct shown_table tables[TABLES_MOST], const struct results *results, size_t rows)
{
	const struct csv_table *summary = &results->summary;
	const struct names names = find_names(summary);
	size_t count = 0;
	for (int which = 0; which < TABLES_MOST; which++) {
		struct shown_table *shown = &tables[count];
		shown->title = headings[which].title;
		shown->note = headings[which].note;
		shown->names = names.count;
		table_init(&shown->table);
		add_names(&shown->table, &names);
		if (which != MEASURED)
			make_fixed(shown, which, &names, summary, rows);
		else if (!make_measured(shown, &names, summary, rows)) {
			table_release(&shown->table);
			continue;
		}
		hoist(shown, &names, rows);
		count++;
	}
	return count;
}

void tables_release(struct shown_table *tables, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		table_release(&tables[i].table);
		text_release(&tables[i].constant);
	}
}
