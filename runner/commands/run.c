/*
 * `conrun FILE…`: runs scenarios. All are read, checked and expanded before the first is run,
 * so that a mistake in the last does not cost the time of the others.
 */
#include "engine/run.h"

#include "base/memory.h"
#include "commands/command.h"
#include "commands/formats.h"
#include "commands/prepare.h"
#include "commands/resume.h"
#include "commands/sitting.h"

#include <stdlib.h>

static void release(struct prepared *prepared, size_t count)
{
	for (size_t i = 0; i < count; i++)
		prepared_release(&prepared[i]);
	free(prepared);
}

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
	struct prepared *prepared, const struct invocation *invocation, struct err *err)
{
	enum exit_code worst = EXIT_OK;
	if (engine_open(err))
		return EXIT_NOT_OK;
	for (size_t i = 0; i < invocation->operand_count; i++) {
		enum exit_code code = sitting_run(&prepared[i].extras, invocation, err);
		worst = graver(worst, code);
		if (code == EXIT_INTERRUPTED || *err->text)
			break;
	}
	engine_close();
	return worst;
}

/* Ready to be run, and allowed to. */
static bool make_ready(struct prepared *prepared, const char *path, struct err *err)
{
	if (prepare(prepared, path, err) != 0)
		return false;
	if (scenario_permit(&prepared->scenario) == 0)
		return true;
	prepared_release(prepared);
	return false;
}

static enum exit_code run(const struct invocation *invocation, struct err *err)
{
	size_t count = invocation->operand_count, ready = 0;
	if (formats_check(invocation, err) != 0)
		return EXIT_USAGE;
	if (resume_check(invocation, err) != 0)
		return EXIT_USAGE;
	struct prepared *prepared = memory_alloc(count * sizeof(*prepared));
	for (size_t i = 0; i < count; i++)
		ready += make_ready(&prepared[ready], invocation->operands[i], err);
	enum exit_code code = ready == count ? run_all(prepared, invocation, err) : EXIT_USAGE;
	release(prepared, ready);
	return code;
}

const struct command command_run = {
	.name = "run",
	.usage = "FILE… [--resume] [--rerun failed] [--output DIR] [--csv-dialect semicolon] "
		 "[--format xlsx] [--quiet] [--dry-run] [--allow-exec]",
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
		"'conrun list columns' says what the columns mean.\n"
		"\n"
		"--csv-dialect semicolon writes <scenario>.csv for spreadsheets where the comma is\n"
		"the decimal sign: `;` between fields, `,` in numbers. The files in the session's\n"
		"folder stay as they are, for programs. --format xlsx also writes <scenario>.xlsx,\n"
		"and the same into that folder: the summary, the runs, what their columns mean, and\n"
		"a chart.\n"
		"\n"
		"--resume goes on with the scenario's newest session if that was broken off, by\n"
		"Ctrl-C, a crash or its budget: runs that it has are kept where the cell, its script,\n"
		"the machine and the build are the same. --rerun failed makes only those again that\n"
		"were not ok.\n"
		"\n"
		"Exit code: 0 all is well; 1 some run is not ok, a hook failed, or results could not\n"
		"be written; 2 the command line or a scenario is wrong, and nothing was run; 3 all\n"
		"runs are ok, but some row is not what `expect:` says; 130 interrupted.\n",
	.flags = FLAG_BIT(FLAG_FORMAT) | FLAG_BIT(FLAG_CSV_DIALECT) | FLAG_BIT(FLAG_RESUME) |
		 FLAG_BIT(FLAG_RERUN) | FLAG_BIT(FLAG_OUTPUT) | FLAG_BIT(FLAG_QUIET) |
		 FLAG_BIT(FLAG_DRY_RUN) | FLAG_BIT(FLAG_ALLOW_EXEC),
	.operands_least = 1,
	.operands_most = (size_t)-1,
	.run = run,
};
