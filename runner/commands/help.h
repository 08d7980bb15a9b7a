/* Help as text: of the program, or of one command. */
#ifndef COMMANDS_HELP_H
#define COMMANDS_HELP_H

#include "commands/command.h"

#include <stdio.h>

void help_program(FILE *out);
void help_of(const struct command *command, FILE *out);

#endif
