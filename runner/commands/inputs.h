/*
 * What a command line asks of scenarios: which files, and --set, --filter, --quick and --repeat.
 * Every command that reads scenarios takes its files and options from here.
 */
#ifndef COMMANDS_INPUTS_H
#define COMMANDS_INPUTS_H

#include "base/memory.h"
#include "commands/command.h"
#include "scenario/scenario.h"

/* The options that change what is read; a command that uses inputs_make claims them. */
#define INPUTS_FLAGS                                                                               \
	(FLAG_BIT(FLAG_SET) | FLAG_BIT(FLAG_FILTER) | FLAG_BIT(FLAG_QUICK) | FLAG_BIT(FLAG_REPEAT))

struct inputs {
	struct arena arena;
	const char *const *paths; /* in the order of the operands; a folder's are sorted */
	size_t count;
	struct reading reading; /* of each of them; its sink is the command's to set */
};

/* Operands may be files, folders (all their *.yaml and *.yml, not those of folders in them) and
 * `-`. On -1 it is a usage error. Release it in both cases. */
int inputs_make(struct inputs *inputs, const struct invocation *invocation, struct err *err);
void inputs_release(struct inputs *inputs);

/* The first that can be read once more, which standard input cannot; else just the first. */
const char *inputs_again(const struct inputs *inputs);

#endif
