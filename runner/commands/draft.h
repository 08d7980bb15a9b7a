/* A scenario to begin with, and a Lua task: what `conrun init` writes. */
#ifndef COMMANDS_DRAFT_H
#define COMMANDS_DRAFT_H

#include "base/text.h"
#include "executors/executor.h"
#include "workloads/workload.h"

struct draft {
	const char *schema; /* as the editor's line names it; "": it was not found */
	const char *path;   /* of the scenario, as a shell takes it */
	const char *flags;  /* what the command line needs beside it: `--allow-exec `, or "" */
	const char *script; /* its Lua file, beside it; NULL: the workload is a type of its own */
	const struct workload *type;
	const struct executor *const *executors;
	size_t executor_count;
};

void draft_scenario(const struct draft *draft, struct text *out);
void draft_script(const struct draft *draft, struct text *out);

#endif
