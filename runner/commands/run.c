/*
 * `conrun FILE…`: runs scenarios. All are read, checked and expanded before the first is run,
 * so that a mistake in the last does not cost the time of the others.
 */
#include "engine/run.h"

#include "commands/command.h"
#include "commands/formats.h"
#include "commands/prepare.h"
#include "commands/resume.h"
#include "commands/sitting.h"

/* A run that went wrong is graver than a figure that is not as expected. */
static enum exit_code graver(enum exit_code a, enum exit_code b)
{
	if (a == EXIT_NOT_EXPECTED && b == EXIT_NOT_OK)
		return b;
	if (b == EXIT_NOT_EXPECTED && a == EXIT_NOT_OK)
		return a;
	return a > b ? a : b;
}

static enum exit_code run_all(
	struct prepared_list *list, const struct invocation *invocation, struct err *err)
{
	enum exit_code worst = EXIT_OK;
	if (engine_open(err))
		return EXIT_NOT_OK;
	for (size_t i = 0; i < list->count; i++) {
		enum exit_code code = sitting_run(&list->items[i].extras, invocation, err);
		worst = graver(worst, code);
		if (code == EXIT_INTERRUPTED || *err->text)
			break;
	}
	engine_close();
	return worst;
}

static bool is_permitted(const struct prepared_list *list)
{
	bool permitted = true;
	for (size_t i = 0; i < list->count; i++)
		permitted &= scenario_permit(&list->items[i].scenario) == 0;
	return permitted;
}

static enum exit_code run(const struct invocation *invocation, struct err *err)
{
	struct inputs inputs;
	struct prepared_list list = {0};
	if (formats_check(invocation, err) != 0)
		return EXIT_USAGE;
	bool good = inputs_make(&inputs, invocation, err) == 0 && prepare_all(&list, &inputs) == 0;
	good &= is_permitted(&list);
	enum exit_code code = good ? run_all(&list, invocation, err) : EXIT_USAGE;
	prepared_list_release(&list);
	inputs_release(&inputs);
	return code;
}

static const struct example examples[] = {
	{"conrun scenarios/primes.yaml", "run an experiment, look at its table"},
	{"conrun scenarios/io_1000.yaml --dry-run", "first see what it would do"},
	{"conrun io_1000 --dry-run", "the same: one that comes with conrun, from any folder"},
	{"conrun scenarios/race.yaml --quick", "one short round: does it work?"},
	{"conrun scenarios/io_workers.yaml --set 'workers=[1,64]' --set "
	 "workloads.wait.duration=5ms",
		"other values, the same file"},
	{"conrun scenarios/gil.yaml --filter 'workload=count workers<=2' --repeat 10",
		"some of its cells, more often"},
	{"conrun scenarios/gil.yaml scenarios/race.yaml --output elsewhere",
		"two scenarios, their results in a folder of your own"},
	{"conrun scenarios --quick --allow-exec", "all scenarios of a folder"},
	{"conrun scenarios/gil.yaml --resume", "go on where Ctrl-C ended it"},
	{"conrun scenarios/python.yaml --allow-exec", "this one runs programs"},
	{NULL, NULL},
};

static const struct flag_use uses[] = {
	{FLAG_FORMAT, "xlsx: a workbook as well", format_names},
	{.help = NULL},
};

const struct command command_run = {
	.name = "run",
	.usage = "FILE…",
	.summary = "run scenarios; 'run' may be left out",
	.help = "Runs every experiment of each FILE and leaves, under the output folder:\n"
		"  <scenario>.csv                       the newest summary, a row per experiment\n"
		"  <scenario>/<UTC time>/summary.csv    the same, kept\n"
		"  <scenario>/<UTC time>/runs.csv       a row per run\n"
		"  <scenario>/<UTC time>/run.json       the resolved scenario, versions, machine\n"
		"  <scenario>/<UTC time>/report.html    tables and charts, for a browser\n"
		"  <scenario>/<UTC time>/journal.jsonl  what --resume goes on from\n"
		"and where the scenario's `output:` asks for them tasks.csv, a row per task, and\n"
		"trace.json, for a trace viewer such as https://ui.perfetto.dev.\n"
		"'conrun list columns' says what the columns mean. A FILE may be a folder: all "
		"its\n"
		"*.yaml and *.yml, one after the other.\n"
		"\n"
		"--set puts values in the place of the file's: KEY leads to them by names with "
		"dots\n"
		"between, and by numbers from 0 (or the type of an executor) in lists; VALUE is "
		"written\n"
		"as in the file, [a,b] for a list; null takes out what is there. --repeat N is "
		"--set\n"
		"repeat=N. --filter runs only the cells for which all of its words hold, as\n"
		"'conrun plan' shows them: KEY=VALUE with =, !=, <, <=, > or >=, and a,b for any "
		"of\n"
		"several; KEY is what an `exclude:` can name. Of several --filter one must hold.\n"
		"--quick makes one run of each cell, with a tenth of its tasks or of its runtime,\n"
		"judges no `expect:`, and calls the results <scenario>-quick.\n"
		"\n"
		"--csv-dialect semicolon writes <scenario>.csv for spreadsheets where the comma "
		"is\n"
		"the decimal sign: `;` between fields, `,` in numbers. The files in the session's\n"
		"folder stay as they are, for programs. --format xlsx also writes "
		"<scenario>.xlsx,\n"
		"and the same into that folder: the summary, the runs, what their columns mean, "
		"and\n"
		"a chart.\n"
		"\n"
		"--resume goes on with the scenario's newest session if that was broken off, by\n"
		"Ctrl-C, a crash or its budget: runs that it has are kept where the cell, its "
		"script,\n"
		"the machine and the build are the same, and --set, --filter and --repeat too.\n"
		"--rerun failed makes those again that were not ok, and those that are missing.\n"
		"\n"
		"Exit code: 0 all is well; 1 some run is not ok, a hook failed, or results could "
		"not\n"
		"be written; 2 the command line or a scenario is wrong, and nothing was run; 3 "
		"all\n"
		"runs are ok, but some row is not what `expect:` says; 130 interrupted.\n",
	.flags = FLAG_BIT(FLAG_FORMAT) | FLAG_BIT(FLAG_CSV_DIALECT) | FLAG_BIT(FLAG_RESUME) |
		 FLAG_BIT(FLAG_RERUN) | FLAG_BIT(FLAG_OUTPUT) | FLAG_BIT(FLAG_QUIET) |
		 FLAG_BIT(FLAG_DRY_RUN) | FLAG_BIT(FLAG_ALLOW_EXEC) | FLAG_BIT(FLAG_PLUGIN) |
		 INPUTS_FLAGS,
	.examples = examples,
	.uses = uses,
	.operands = WORDS_SCENARIOS,
	.operands_least = 1,
	.operands_most = (size_t)-1,
	.run = run,
};
