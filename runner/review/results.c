/* Reads a session back: every file whole, or an error that says which one is not. */
#include "review/results.h"

#include "review/find.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int results_column(const struct csv_table *table, const char *name)
{
	for (size_t i = 0; i < table->width; i++)
		if (strcmp(table->fields[i], name) == 0)
			return (int)i;
	return -1;
}

/* Row 0 is the first below the header. */
static const char *field_at(const struct csv_table *table, size_t row, int column)
{
	return column < 0 ? "" : table->fields[(row + 1) * table->width + (size_t)column];
}

const char *results_field(const struct csv_table *table, size_t row, const char *name)
{
	return field_at(table, row, results_column(table, name));
}

static bool read_number(const char *field, double *number)
{
	char *end;
	double value = strtod(field, &end);
	if (end == field || *end || !isfinite(value))
		return false;
	*number = value;
	return true;
}

bool results_number(const struct csv_table *table, size_t row, const char *name, double *number)
{
	return read_number(results_field(table, row, name), number);
}

/* ---- reading ---- */

static int check_columns(const struct csv_table *table, const char *path, const char *const *names,
	const char *kind, struct err *err)
{
	for (; *names; names++)
		if (results_column(table, *names) < 0)
			return err_set(err,
				"'%s' is no %s of conrun: it has no column '%s'; name a session's "
				"folder",
				path, kind, *names);
	return 0;
}

static int read_summary(struct results *results, const char *path, struct err *err)
{
	static const char *const names[] = {
		"scenario", "experiment", "status", "runs", "elapsed_s", NULL};
	if (csv_read(&results->summary, path, &results->arena, err))
		return err_remedy(err, "name another session, or run the scenario again");
	return check_columns(&results->summary, path, names, "summary", err);
}

/* Rows are added one by one, so a file that was cut off can look whole but for its last byte. */
static int check_whole(const char *path, struct err *err)
{
	FILE *file = fopen(path, "re");
	int last = '\n';
	if (file && fseek(file, -1, SEEK_END) == 0)
		last = fgetc(file);
	if (file)
		fclose(file);
	if (last == '\n')
		return 0;
	return err_set(err,
		"'%s' ends within a line: its last row was cut off; go on with the session: conrun "
		"FILE --resume",
		path);
}

struct by_order { /* what the rows of `runs` are sorted by */
	const struct csv_table *runs;
	int experiment, round;
};

static int compare_rows(const void *left, const void *right, void *arg)
{
	const struct by_order *by = arg;
	size_t a = *(const size_t *)left, b = *(const size_t *)right;
	double a_round = 0, b_round = 0;
	int order = strcmp(
		field_at(by->runs, a, by->experiment), field_at(by->runs, b, by->experiment));
	if (order)
		return order;
	read_number(field_at(by->runs, a, by->round), &a_round);
	read_number(field_at(by->runs, b, by->round), &b_round);
	order = (a_round > b_round) - (a_round < b_round);
	return order ? order : (a > b) - (a < b);
}

static void sort_runs(struct results *results)
{
	const struct csv_table *runs = &results->runs;
	struct by_order by = {
		runs, results_column(runs, "experiment"), results_column(runs, "round")};
	size_t *rows = arena_alloc(&results->arena, (runs->row_count + 1) * sizeof(*rows));
	for (size_t i = 0; i < runs->row_count; i++)
		rows[i] = i;
	qsort_r(rows, runs->row_count, sizeof(*rows), compare_rows, &by);
	results->in_order = rows;
}

static int read_runs(struct results *results, struct err *err)
{
	static const char *const names[] = {"experiment", "round", "status", "elapsed_s", NULL};
	const char *path = arena_format(&results->arena, "%s/runs.csv", results->folder);
	if (!csv_exists(path))
		return 0;
	if (check_whole(path, err) || csv_read(&results->runs, path, &results->arena, err) ||
		check_columns(&results->runs, path, names, "file of runs", err))
		return -1;
	sort_runs(results);
	return 0;
}

static int read_run_json(struct results *results, struct err *err)
{
	const char *path = arena_format(&results->arena, "%s/run.json", results->folder);
	json_error_t error;
	if (!csv_exists(path))
		return 0;
	results->run = json_load_file(path, 0, &error);
	if (!results->run)
		return err_set(err, "cannot read '%s': line %d: %s", path, error.line, error.text);
	return 0;
}

static bool ends_in(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);
	return length >= tail && strcmp(text + length - tail, end) == 0;
}

static int read_session(struct results *results, bool with_runs, struct err *err)
{
	if (ends_in(results->path, ".csv")) {
		results->folder = "";
		return read_summary(results, results->path, err);
	}
	results->folder = results->path;
	const char *summary = arena_format(&results->arena, "%s/summary.csv", results->folder);
	if (read_summary(results, summary, err) || read_run_json(results, err))
		return -1;
	return with_runs ? read_runs(results, err) : 0;
}

static int open_session(struct results *results, const char *what, const char *output,
	unsigned back, bool with_runs, struct err *err)
{
	*results = (struct results){.folder = ""};
	arena_init(&results->arena);
	results->path = find_session(what, output, back, &results->arena, err);
	if (results->path && read_session(results, with_runs, err) == 0)
		return 0;
	results_release(results);
	return -1;
}

int results_open(struct results *results, const char *what, const char *output, unsigned back,
	struct err *err)
{
	return open_session(results, what, output, back, true, err);
}

int results_open_summary(
	struct results *results, const char *what, const char *output, struct err *err)
{
	return open_session(results, what, output, 0, false, err);
}

void results_release(struct results *results)
{
	json_decref(results->run);
	arena_release(&results->arena);
}

/* ---- the runs of one experiment ---- */

/* The first place in `in_order` whose experiment is not below this one. */
static size_t first_of(const struct results *results, const char *experiment, int column)
{
	size_t low = 0, high = results->runs.row_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *own = field_at(&results->runs, results->in_order[middle], column);
		if (strcmp(own, experiment) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t results_values(
	const struct results *results, const char *experiment, const char *column, double *values)
{
	const struct csv_table *runs = &results->runs;
	int ids = results_column(runs, "experiment"), statuses = results_column(runs, "status");
	int wanted = results_column(runs, column);
	size_t count = 0;
	for (size_t i = first_of(results, experiment, ids); i < runs->row_count; i++) {
		size_t row = results->in_order[i];
		if (strcmp(field_at(runs, row, ids), experiment))
			break;
		if (strcmp(field_at(runs, row, statuses), "ok") == 0)
			count += read_number(field_at(runs, row, wanted), &values[count]);
	}
	return count;
}
