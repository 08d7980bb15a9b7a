/* Child processes of the host: made by fork, found again by pid. */
#ifndef EXECUTORS_CHILDREN_H
#define EXECUTORS_CHILDREN_H

#include "executors/executor.h"

/* What a child does between fork and its end; its return value is the exit code. */
typedef int child_main(struct worker *worker);

/* Which worker a pid is: an open-addressing table with room for all workers; no allocation after
 * children_new. */
struct children;
struct children *children_new(uint32_t most);
void children_free(struct children *children);

/* Forks a child that runs `main_of` for the worker. It is killed when the host dies. */
int children_fork(
	struct children *children, struct worker *worker, child_main *main_of, struct err *err);

/* Waits for the next child to end (`block`), or looks whether one has. NULL: none has, or none is
 * left. */
struct worker *children_wait(struct children *children, bool block, int *wait_status);

#endif
