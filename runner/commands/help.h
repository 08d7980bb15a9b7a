/* Help as text: of the program, of one command, of a scenario. Manual pages are made of the same
 * parts; see man.h. */
#ifndef COMMANDS_HELP_H
#define COMMANDS_HELP_H

#include "base/text.h"
#include "commands/command.h"
#include "commands/document.h"
#include "commands/invocation.h"

#include <stdio.h>

#define HELP_SCENARIO "scenario" /* the topic that is no command */

/* What somebody sees who has typed nothing but `conrun`: it fits on a screen of 24 lines. */
void help_begin(FILE *out);

void help_program(FILE *out);
void help_of(const struct command *command, FILE *out);
void help_scenario(struct text *out);

struct exit_meaning {
	int code;
	const char *meaning; /* NULL ends the table */
};
extern const struct exit_meaning exit_meanings[];

/* Those that help shows with a command: FLAG_BIT. */
uint64_t help_flags(const struct command *command);

/* `conrun plan FILE… [OPTION…]` */
void help_add_usage(const struct command *command, struct text *out);

void help_add_options(struct document *document, const struct command *command);

#endif
