/*
 * A guard over what a run's tasks execute. Workers are killed by the kernel when their host dies,
 * and the program ends all that is left of a run; but programs that tasks execute would live on if
 * conrun itself were killed. The guard is a process that waits for just that, and then kills the
 * run's process group. What has left the group by then is out of its reach.
 */
#ifndef WORKLOADS_GUARD_H
#define WORKLOADS_GUARD_H

#include "base/err.h"

#include <sys/types.h>

/* In a workload's `setup`. 0 where the run has no group of its own (a test): nothing to guard. */
int guard_start(pid_t *guard, struct err *err);

/* In its `teardown`. Takes 0. */
void guard_end(pid_t guard);

#endif
