/* The plugins that a command is given. */
#ifndef COMMANDS_PLUGINS_H
#define COMMANDS_PLUGINS_H

#include "commands/command.h"

/* Loads those of $CONRUN_PLUGINS, with ':' between them, and of --plugin; nothing where the command
 * does not take that option. */
int plugins_load(const struct invocation *invocation, struct err *err);

#endif
