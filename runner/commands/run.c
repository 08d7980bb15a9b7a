/*
 * `conrun FILE…`: runs scenarios. All are read, checked and expanded before the first is run,
 * so that a mistake in the last does not cost the time of the others.
 */
#include "engine/run.h"

#include "base/memory.h"
#include "commands/command.h"
#include "commands/prepare.h"
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

static enum exit_code run(const struct invocation *invocation, struct err *err)
{
	size_t count = invocation->operand_count, ready = 0;
	struct prepared *prepared = memory_alloc(count * sizeof(*prepared));
	for (size_t i = 0; i < count; i++)
		ready += prepare(&prepared[ready], invocation->operands[i], err) == 0;
	enum exit_code code = ready == count ? run_all(prepared, invocation, err) : EXIT_USAGE;
	release(prepared, ready);
	return code;
}

const struct command command_run = {
	.name = "run",
	.usage = "FILE… [--output DIR] [--quiet] [--dry-run] [--allow-exec]",
	.summary = "run scenarios; 'run' may be left out",
	.help = "Runs every experiment of each FILE and leaves, under the output folder:\n"
		"  <scenario>.csv                     the newest summary, a row per "
		"experiment\n"
		"  <scenario>/<UTC time>/summary.csv  the same, kept\n"
		"  <scenario>/<UTC time>/runs.csv     a row per run\n"
		"  <scenario>/<UTC time>/run.json     the resolved scenario, versions, "
		"machine\n"
		"'conrun list columns' says what the columns mean.\n"
		"\n"
		"Exit code: 0 all is well; 1 some run is not ok, a hook failed, or results could "
		"not\n"
		"be written; 2 the command line or a scenario is wrong, and nothing was run; 3 "
		"all\n"
		"runs are ok, but some row is not what `expect:` says; 130 interrupted.\n",
	.flags = FLAG_OUTPUT | FLAG_QUIET | FLAG_DRY_RUN | FLAG_ALLOW_EXEC,
	.operands_least = 1,
	.operands_most = (size_t)-1,
	.run = run,
};
