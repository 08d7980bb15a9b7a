/* A task that does nothing: what is left in its row is the cost of running tasks at all. */
#include "workloads/workload.h"

static uint64_t task(struct worker *worker, uint64_t index)
{
	(void)worker;
	(void)index;
	return 0;
}

const struct workload workload_noop = {
	.name = "noop",
	.group = GROUP_CPU,
	.summary = "nothing: shows what an executor itself costs",
	.operation = "returns at once",
	.task = task,
};
