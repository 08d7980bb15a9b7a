/* Limits of the system that would stop a run: foreseen, so that nothing is started in vain. */
#ifndef ENGINE_LIMITS_H
#define ENGINE_LIMITS_H

#include "base/err.h"
#include "executors/executor.h"

#include <stddef.h>
#include <stdint.h>

struct crew_size {
	const struct executor *executor;
	uint32_t workers;
	size_t region_bytes; /* of all of them; SIZE_MAX: more than can be said */
	size_t worker_bytes; /* that the executor needs for each, beside the region */
	struct needs needs;  /* of the workload */
};

/* How much is left of what is limited; -1: no limit. */
struct room {
	int64_t user_processes, process_ids, threads, cgroup_processes, maps, descriptors, bytes;
};

/* As it is at this moment. */
struct room limits_room(void);

/* 0: nothing is in the way. -1: the error begins with the limit's name and says what is needed,
 * what there is and how to raise it. */
int limits_check(const struct crew_size *size, const struct room *room, struct err *err);

#endif
