/*
 * runs.csv: a row per run, written as the run ends. Each row is one write of a whole line, so
 * that whoever reads the file while it grows, or after a crash, finds whole rows.
 */
#include "report/columns.h"
#include "report/file.h"
#include "report/registry.h"

#include <stdlib.h>

struct runs_csv {
	struct lines lines;
	struct columns columns;
	struct csv_row csv;
};

static int write_row(struct runs_csv *runs, struct err *err)
{
	return lines_add(&runs->lines, text_get(&runs->csv.line), runs->csv.line.length, err);
}

static void end(void *state)
{
	struct runs_csv *runs = state;
	struct err ignored;
	if (runs->lines.path)
		lines_close(&runs->lines, &ignored);
	columns_release(&runs->columns);
	csv_row_release(&runs->csv);
	free(runs);
}

static int begin(const struct session *session, void **state, struct err *err)
{
	struct runs_csv *runs = memory_alloc(sizeof(*runs));
	struct text path;
	text_init(&path);
	text_addf(&path, "%s/runs.csv", session->folder);
	columns_init(&runs->columns, session->plan);
	csv_row_init(&runs->csv);
	columns_header(&runs->columns, COLUMNS_RUNS, &runs->csv);
	int result = lines_create(&runs->lines, text_get(&path), err);
	if (!result)
		result = write_row(runs, err);
	text_release(&path);
	if (result)
		end(runs);
	else
		*state = runs;
	return result;
}

static int run(void *state, const struct run_event *event, struct err *err)
{
	struct runs_csv *runs = state;
	struct cells cells = {
		.plan = runs->columns.plan, .experiment = event->experiment, .event = event};
	columns_row(&runs->columns, COLUMNS_RUNS, &cells, &runs->csv);
	return write_row(runs, err);
}

static int finish(void *state, const struct summary *summary, struct err *err)
{
	struct runs_csv *runs = state;
	(void)summary;
	return lines_close(&runs->lines, err);
}

const struct report report_runs_csv = {
	.name = "runs.csv",
	.summary = "a row per run, written as it ends",
	.begin = begin,
	.run = run,
	.finish = finish,
	.end = end,
};
