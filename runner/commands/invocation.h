/* The command line: which command, which options, which operands. */
#ifndef COMMANDS_INVOCATION_H
#define COMMANDS_INVOCATION_H

#include "commands/command.h"

struct flag_entry {
	enum flag flag;
	const char *name;     /* without the dashes */
	char letter;          /* or 0 */
	const char *argument; /* what it takes, or NULL */
	const char *help;
	const char *fallback; /* its value where it was not given, or NULL */
};

extern const struct flag_entry flag_table[]; /* ends with an entry without a name */

/* On -1 the error is one of usage. Release in both cases. */
int invocation_parse(struct invocation *invocation, int argc, char **argv, struct err *err);
void invocation_release(struct invocation *invocation);

#endif
