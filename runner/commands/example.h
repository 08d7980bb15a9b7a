/* Examples that can be pasted: a small scenario, made from the tables that scenarios are checked
 * by. All lines are YAML, the heading too. */
#ifndef COMMANDS_EXAMPLE_H
#define COMMANDS_EXAMPLE_H

#include "base/text.h"
#include "executors/executor.h"
#include "workloads/workload.h"

/* `script`: of a workload that is written in a file, the file's name as it was given; else NULL. */
void example_workload(const struct workload *type, const char *script, struct text *out);
void example_executor(const struct executor *type, struct text *out);

/* The workload's parameter struct with its defaults; of what has none, its example. */
void *example_params(const struct workload *type, struct arena *arena);

/* Does an example say what the option is? Not where that would be nothing or have no effect. */
bool example_gives(const struct option *option, const struct workload *type);

/* What a command line needs to know it: `--plugin FILE.so `, or nothing. */
void example_plugin(const struct workload *type, struct text *out);

/* What the command line needs that runs it: that, and `--allow-exec `; or nothing. */
void example_flags(const struct workload *type, struct text *out);

/* What a scenario could say for an option, as YAML has it. */
void example_add_value(const struct option *option, struct text *out);

/* What a scenario could say for an option: its example, its default, or a value of its type. */
const char *example_value(const struct option *option);

#endif
