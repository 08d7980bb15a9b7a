/* What `conrun list NAME` shows of one workload or executor: all that its table holds, and an
 * example from the line that begins with `# an example` to the end. */
#ifndef COMMANDS_ENTRY_H
#define COMMANDS_ENTRY_H

#include "base/text.h"
#include "executors/executor.h"
#include "workloads/workload.h"

/* `name`: as it was given, a script's with its folder. */
void entry_workload(const char *name, const struct workload *type, struct text *out);
void entry_executor(const struct executor *type, struct text *out);

#endif
