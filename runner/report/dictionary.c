/* results/README.md, made from the tables: columns, options, metrics. */
#include "report/dictionary.h"

#include "report/columns.h"
#include "report/report.h"
#include "report/tasks_csv.h"

#include <string.h>

static void add_intro(struct text *out)
{
	text_add(out, "# Results\n\n"
		      "Made by `conrun list columns`; a test holds it current.\n\n"
		      "`<scenario>.csv` here is always the newest summary of that scenario: "
		      "the file to "
		      "link a spreadsheet\nto. `<scenario>/<UTC time>/` keeps each session:\n\n"
		      "| file | holds |\n|---|---|\n");
	for (const struct report *const *report = report_registry; *report; report++)
		if (!(*report)->screen)
			text_addf(out, "| `%s` | %s |\n", (*report)->name, (*report)->summary);
	text_add(out,
		"| `report.html` | tables and charts in one page, for a browser |\n"
		"\n`run.schema.json` describes run.json (JSON Schema, draft 7). With "
		"`--csv-dialect semicolon`, `<scenario>.csv`\nalone has `;` between fields and "
		"`,` in numbers; with `--format xlsx`, `<scenario>.xlsx` lies beside it.\n"
		"\nThe CSV files are UTF-8 after RFC 4180: a header row, CRLF line ends, `.` "
		"decimals in every locale, no\nexponents, base units in the names (`_s`, "
		"`_bytes`, `_per_s`, `_share`). Empty means unknown. Text that a\nspreadsheet "
		"would take for a formula begins with an apostrophe. A figure of summary.csv "
		"is "
		"the median of\nits runs where nothing else is said; task and wait times are "
		"of "
		"all its runs' tasks together.\n");
}

/* A cell of a Markdown table must not hold a bar. */
static void add_cell(struct text *out, const char *cell)
{
	text_add(out, " ");
	for (; *cell; cell++)
		text_addf(out, *cell == '|' ? "\\%c" : "%c", *cell);
	text_add(out, " |");
}

static void add_cells(struct text *out, const char *const *cells, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add_cell(out, cells[i]);
	text_add(out, "\n");
}

static void add_column(struct text *out, const struct column *column)
{
	static const char *const files[] = {"", "summary", "runs", "both"};
	bool summary = column->in[COLUMNS_SUMMARY].get, runs = column->in[COLUMNS_RUNS].get;
	text_addf(out, "| `%s` |", column->name);
	const char *const cells[] = {
		column->unit, files[summary + 2 * runs], column->meaning, column->source};
	add_cells(out, cells, 4);
}

static void add_columns(struct text *out)
{
	static const char *const groups[][4] = {
		[COLUMN_SWEEPS] = {"", "both", "options that take several values, see below",
			"the scenario"},
		[COLUMN_METRICS] = {"", "both",
			"the workloads' and executors' own figures, see below",
			"the workload or the executor"},
		[COLUMN_ADDED] = {"", "summary", "the columns that hooks declare", "`hooks:`"},
	};
	static const char *const names[] = {[COLUMN_SWEEPS] = "swept options",
		[COLUMN_METRICS] = "metrics",
		[COLUMN_ADDED] = "hooks' columns"};
	text_add(out, "\n## Columns of summary.csv and runs.csv\n\n"
		      "| column | unit | in | meaning | source |\n|---|---|---|---|---|\n");
	for (const struct column *column = column_table; column->name || column->group;
		column++) {
		if (column->group == COLUMN_ONE) {
			add_column(out, column);
			continue;
		}
		text_addf(out, "| ‹%s› |", names[column->group]);
		add_cells(out, groups[column->group], 4);
	}
}

static void add_task_columns(struct text *out)
{
	text_add(out, "\n## Columns of tasks.csv\n\n"
		      "A row for each task of each run that began, in the order of the tasks; of "
		      "runs with more than 262,144\ntasks as they came. Text and numbers are never "
		      "quoted.\n\n"
		      "| column | unit | meaning |\n|---|---|---|\n");
	for (const struct task_column *column = task_columns; column->name; column++) {
		text_addf(out, "| `%s` |", column->name);
		const char *const cells[] = {column->unit, column->meaning};
		add_cells(out, cells, 2);
	}
}

static void add_options(struct text *out, const char *owner, const struct option *table)
{
	struct text column, meaning;
	text_init(&column);
	text_init(&meaning);
	for (const struct option *option = table; option && option->name; option++) {
		text_clear(&column);
		text_clear(&meaning);
		option_column(option, &column);
		option_meaning(option, &meaning);
		text_addf(out, "| `%s` | `%s` |", text_get(&column), owner);
		const char *const cells[] = {option_type_name(option), text_get(&meaning)};
		add_cells(out, cells, 2);
	}
	text_release(&column);
	text_release(&meaning);
}

static void add_sweeps(struct text *out)
{
	text_add(out, "\n## Swept options\n\n"
		      "An option has a column where it takes several values in the scenario. "
		      "Empty: the experiment's workload\nor executor has no such option.\n\n"
		      "| column | of | type | meaning |\n|---|---|---|---|\n");
	for (const struct workload *const *type = workload_registry(); *type; type++)
		add_options(out, (*type)->name, (*type)->params);
	for (const struct executor *const *type = executor_registry; *type; type++)
		add_options(out, (*type)->name, (*type)->options);
}

static void add_metrics_of(struct text *out, const char *owner, const struct metric *metric)
{
	for (; metric && metric->name; metric++) {
		text_addf(out, "| `%s` | `%s` |", metric->name, owner);
		add_cells(out, &metric->help, 1);
	}
}

static void add_metrics(struct text *out)
{
	text_add(out, "\n## Metrics\n\n"
		      "A metric has a column where a workload of the scenario has it, or an "
		      "executor of the scenario whose\noption in brackets is on.\n\n"
		      "| column | of | meaning |\n|---|---|---|\n");
	for (const struct workload *const *type = workload_registry(); *type; type++)
		add_metrics_of(out, (*type)->name, (*type)->metrics);
	for (const struct executor *const *type = executor_registry; *type; type++) {
		const char *option = (*type)->metrics_option;
		struct text owner;
		text_init(&owner);
		text_add(&owner, (*type)->name);
		if (option)
			text_addf(&owner, "[%s]", option);
		add_metrics_of(out, text_get(&owner), (*type)->metrics);
		text_release(&owner);
	}
}

void dictionary_print(struct text *out)
{
	add_intro(out);
	add_columns(out);
	add_task_columns(out);
	add_sweeps(out);
	add_metrics(out);
}
