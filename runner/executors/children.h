/* Child processes of the host: found again by pid. */
#ifndef EXECUTORS_CHILDREN_H
#define EXECUTORS_CHILDREN_H

#include "executors/executor.h"

/* Which worker a pid is: an open-addressing table with room for all workers; no allocation after
 * children_new. */
struct children;
struct children *children_new(uint32_t most);
void children_free(struct children *children);

/* Makes the worker's process (crew_bear) and remembers it. */
int children_add(struct children *children, struct worker *worker, enum start start,
	const struct birth *birth, struct err *err);

/* Waits for the next child to end (`block`), or looks whether one has. NULL: none has, or none is
 * left. */
struct worker *children_wait(struct children *children, bool block, int *wait_status);

#endif
