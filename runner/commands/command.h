/*
 * A command of the program. This header is the contract. To add one: write commands/NAME.c with
 * a `const struct command command_NAME` and add one line to commands/registry.c; help and "did
 * you mean" follow from the table.
 *
 * A command writes what it was asked for to stdout. What went wrong it puts into `err`; main
 * prints it. It returns the program's exit code.
 */
#ifndef COMMANDS_COMMAND_H
#define COMMANDS_COMMAND_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum exit_code {
	EXIT_OK = 0,
	EXIT_NOT_OK = 1,        /* a run is not ok, or results could not be written */
	EXIT_USAGE = 2,         /* the command line or a scenario; nothing was run */
	EXIT_NOT_EXPECTED = 3,  /* every run is ok, but not what the scenario expects of it */
	EXIT_INTERRUPTED = 130, /* as shells report SIGINT; results were kept */
};

enum flag { /* the options of the command line */
	FLAG_HELP = 1,
	FLAG_VERSION = 2,
	FLAG_DRY_RUN = 4,
	FLAG_OUTPUT = 8,
	FLAG_QUIET = 16,
	FLAG_ALL = 32,
	FLAG_ALLOW_EXEC = 64,
};

struct invocation { /* the command line, parsed */
	int argc;
	char **argv;
	const struct command *command;
	unsigned flags;        /* enum flag: those given */
	const char *output;    /* --output or its default */
	const char **operands; /* owned */
	size_t operand_count;
};

struct command {
	const char *name;
	const char *usage;   /* what follows the name */
	const char *summary; /* one line, lower case, no full stop */
	const char *help;    /* some lines, each with its line end */
	unsigned flags;      /* enum flag: those that it takes besides --help and --version */
	size_t operands_least, operands_most;
	enum exit_code (*run)(const struct invocation *invocation, struct err *err);
};

extern const struct command *const command_registry[]; /* NULL-terminated */
const struct command *command_find(const char *name);  /* or NULL */

extern const struct command command_run, command_plan, command_list, command_help,
	command_version;

#endif
