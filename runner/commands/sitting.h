/* One plan, run from its first run to its last, with its reports. */
#ifndef COMMANDS_SITTING_H
#define COMMANDS_SITTING_H

#include "commands/command.h"
#include "report/extras.h"

/* The engine must be open; `extras` are those of the plan, fresh. An error is one of the program
 * or of writing results. */
enum exit_code sitting_run(
	struct extras *extras, const struct invocation *invocation, struct err *err);

#endif
