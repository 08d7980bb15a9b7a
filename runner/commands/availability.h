/* What a workload cannot do on this machine, or in this build, and what to install. */
#ifndef COMMANDS_AVAILABILITY_H
#define COMMANDS_AVAILABILITY_H

#include "base/text.h"
#include "workloads/workload.h"

/* Lines such as `unavailable: cannot open libcrypto: …; install libssl3`, or `kernel blas
 * unavailable: …` where it is only some values of a parameter, each with `indent` before it.
 * Nothing where all is there. May open libraries. */
void availability_add(const struct workload *type, const char *indent, struct text *out);

/* The same of the libraries that conrun can do without: a table of all of them. */
void availability_libraries(struct text *out);

/* The programs that conrun can do without, in the same way. */
void availability_programs(struct text *out);

#endif
