/* Which words can stand where in a command line: from the tables, for completions. */
#ifndef COMMANDS_WORDS_H
#define COMMANDS_WORDS_H

#include "commands/command.h"

#include <stdbool.h>

typedef void word_take(const char *word, const char *help, void *context);

struct words_place {
	const char *name;                             /* NULL: nobody knows what may stand there */
	void (*each)(word_take *take, void *context); /* NULL: it is no word of conrun's */
	const char *const *suffixes; /* NULL-terminated: of files that can stand there; or NULL */
	bool folders;
	bool sessions; /* the names of scenarios that have results */
	bool list;     /* several words, with commas between them */
	bool assigned; /* a `=` follows the word at once */
};

extern const struct words_place words_places[]; /* by enum words, with one more behind */

/* Is the word of so many bytes one of those? */
bool words_has(enum words place, const char *word, size_t length);

/* The commands, by name. */
void words_commands(word_take *take, void *context);

#endif
