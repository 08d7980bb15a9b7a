/* The commands, in the order of the help. */
#include "commands/command.h"

#include <string.h>

const struct command *const command_registry[] = {
	&command_run,
	&command_plan,
	&command_check,
	&command_init,
	&command_schema,
	&command_list,
	&command_compare,
	&command_report,
	&command_help,
	&command_version,
	NULL,
};

const struct command *command_find(const char *name)
{
	for (const struct command *const *command = command_registry; *command; command++)
		if (strcmp((*command)->name, name) == 0)
			return *command;
	return NULL;
}
