/* What `conrun list` shows without a name: all that there is, a line each. */
#ifndef COMMANDS_OVERVIEW_H
#define COMMANDS_OVERVIEW_H

#include "base/text.h"

void overview_add(struct text *out);

/* These alone. */
void overview_workloads(struct text *out);
void overview_executors(struct text *out);

#endif
