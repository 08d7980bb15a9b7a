/*
 * Which rows of an earlier tasks.csv belong to which run, for a session that is gone on with: runs
 * that are made again have their rows anew, and the old ones are taken out at the end. Until then
 * both are there, the later ones behind: nothing is lost if that does not come to its end either.
 */
#ifndef REPORT_TASK_BLOCKS_H
#define REPORT_TASK_BLOCKS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { TASK_PREFIX_MOST = 64 };

struct task_block {
	char prefix[TASK_PREFIX_MOST]; /* what its rows begin with: experiment and round */
	off_t from, to;
	bool dropped;
};

struct task_blocks {
	struct task_block *items; /* owned */
	size_t count, capacity;
	bool any_dropped;
};

/* Reads a whole file; of two blocks of one run the earlier is dropped. Release in every case. */
int task_blocks_read(struct task_blocks *blocks, const char *path, struct err *err);
void task_blocks_release(struct task_blocks *blocks);

/* Drops the rows of a run, if there are any. */
void task_blocks_drop(struct task_blocks *blocks, const char *prefix);

/* Writes the file anew without what was dropped; what stands behind the blocks stays. */
int task_blocks_remove(const struct task_blocks *blocks, const char *path, struct err *err);

#endif
