/* The command line: which command, which options, which operands. */
#ifndef COMMANDS_INVOCATION_H
#define COMMANDS_INVOCATION_H

#include "commands/command.h"

struct flag_entry {
	enum flag flag;
	const char *name;           /* without the dashes */
	char letter;                /* or 0 */
	bool repeats;               /* each one counts, not the last alone */
	enum words value;           /* what it takes */
	const char *argument;       /* what it takes, in help; NULL: nothing */
	const char *const *choices; /* NULL-terminated: nothing else is allowed; or NULL */
	const char *fallback;       /* its value where it was not given, or NULL */
	const char *example;        /* a value; may be NULL where the choices or the fallback are */
	const char *help;           /* one line, lower case, no full stop */
};

extern const struct flag_entry flag_table[]; /* ends with an entry without a name */

const struct flag_entry *flag_find(enum flag flag);

/* What a command says of an option, or else the table. */
const char *flag_help(const struct command *command, enum flag flag);
const char *const *flag_choices(const struct command *command, enum flag flag);

/* On -1 the error is one of usage. Release in both cases. */
int invocation_parse(struct invocation *invocation, int argc, char **argv, struct err *err);
void invocation_release(struct invocation *invocation);

#endif
