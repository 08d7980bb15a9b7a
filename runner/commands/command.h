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
#include <stdint.h>

enum exit_code {
	EXIT_OK = 0,
	EXIT_NOT_OK = 1,        /* a run is not ok, or results could not be written */
	EXIT_USAGE = 2,         /* the command line or a scenario; nothing was run */
	EXIT_NOT_EXPECTED = 3,  /* every run is ok, but not what the scenario expects of it */
	EXIT_INTERRUPTED = 130, /* as shells report SIGINT; results were kept */
};

enum flag { /* the options of the command line; flag_table in flags.c describes them */
	FLAG_HELP,
	FLAG_VERSION,
	FLAG_DRY_RUN,
	FLAG_OUTPUT,
	FLAG_QUIET,
	FLAG_ALL,
	FLAG_ALLOW_EXEC,
	FLAG_FORMAT,
	FLAG_FIGURE,
	FLAG_TOLERANCE,
	FLAG_FORCE,
	FLAG_RESUME,
	FLAG_RERUN,
	FLAG_HTML,
	FLAG_MD,
	FLAG_SVG,
	FLAG_PNG,
	FLAG_CSV_DIALECT,
	FLAG_TIMELINE,
	FLAG_SET,
	FLAG_FILTER,
	FLAG_QUICK,
	FLAG_REPEAT,
	FLAG_EXPLAIN,
	FLAG_JSON,
	FLAG_WORKLOAD,
	FLAG_EXECUTORS,
	FLAG_LUA,
	FLAG_PLUGIN,
	FLAG_MAN,
	FLAG_COMPLETION,
	FLAG_COUNT, /* at most 64 */
};

/* A set of them: FLAG_BIT(FLAG_OUTPUT) | FLAG_BIT(FLAG_QUIET). */
#define FLAG_BIT(flag) (UINT64_C(1) << (flag))

struct given { /* an option of the command line, in its order */
	enum flag flag;
	const char *value; /* NULL where it takes none */
};

struct invocation { /* the command line, parsed */
	int argc;
	char **argv;
	const struct command *command;
	const struct command *asked; /* the same, if no option has asked for another */
	bool named; /* the command was typed, not left out */
	struct given *given; /* owned */
	size_t given_count;
	const char **operands; /* owned */
	size_t operand_count;
};

/* Was it given? */
bool invocation_has(const struct invocation *invocation, enum flag flag);

/* Its value, the last one given, or its default; NULL if it has none. */
const char *invocation_value(const struct invocation *invocation, enum flag flag);

/* What an operand or an option's value is; words.h says which words that may be. */
enum words {
	WORDS_UNSAID,    /* no shell can complete it */
	WORDS_SCENARIOS, /* files *.yaml and *.yml, and folders */
	WORDS_SESSIONS,  /* names of scenarios that have results, scenarios, folders */
	WORDS_NEW_NAME,  /* of what is to be made */
	WORDS_LISTED,    /* what `conrun list` shows one of */
	WORDS_TOPICS,    /* what `conrun help` explains */
	WORDS_FOLDER,
	WORDS_PLUGIN,    /* a file *.so */
	WORDS_WORKLOAD,  /* a type */
	WORDS_EXECUTORS, /* types, with commas between them */
	WORDS_FIGURE,    /* a column that holds a time or a rate */
	WORDS_KEY_VALUE, /* a scenario's key, `=`, and more */
	WORDS_COUNT,
};

/* What an option means to one command, where the table of options does not say it all. */
struct flag_use {
	enum flag flag;
	const char *help;           /* NULL ends the table */
	const char *const *choices; /* NULL-terminated: nothing else is allowed; or NULL */
};

struct example {
	const char *line; /* as typed into a shell, in the checkout; works as it is */
	const char *what; /* what it is for: a few words, lower case, no full stop */
};

struct command {
	const char *name;
	const char *usage;   /* its operands: `FILE…`; the options are in `flags` */
	const char *summary; /* one line, lower case, no full stop */
	const char *help;    /* some lines, each with its line end */
	const struct example *examples; /* ends with one without a line; may be NULL */
	uint64_t flags;      /* FLAG_BIT: those that it takes besides --help and --version */
	const struct flag_use *uses; /* of some of these; may be NULL */
	enum words operands;         /* what they are, where it takes any */
	size_t operands_least, operands_most;
	enum exit_code (*run)(const struct invocation *invocation, struct err *err);
};

extern const struct command *const command_registry[]; /* NULL-terminated */
const struct command *command_find(const char *name);  /* or NULL */

extern const struct command command_run, command_plan, command_check, command_init, command_schema,
	command_list, command_compare, command_report, command_help, command_version;

#endif
