/*
 * Offering the CPU to others: what a call costs where nobody wants it, and what it does where
 * more workers than CPUs do. A CPU that was really given up counts as an involuntary switch.
 */
#include "workloads/workload.h"

#include <sched.h>
#include <stddef.h>

struct params {
	int64_t n;
};

static uint64_t task(struct worker *worker, uint64_t index)
{
	(void)index;
	const struct params *params = worker->job->params;
	uint64_t done = 0;
	for (; done < (uint64_t)params->n && !checkpoint(worker); done++) {
		blocking_begin(worker);
		sched_yield();
		blocking_end(worker);
	}
	return done;
}

static const struct option params[] = {
	{
		.name = "n",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, n),
		.fallback = "1000",
		.min = "0",
		.max = "1000000000000",
		.help = "how often a task offers its CPU to others",
	},
	OPTION_END,
};

const struct workload workload_yield = {
	.name = "yield",
	.group = GROUP_SCHEDULER,
	.summary = "offers its CPU to others: the scheduler's price of asking",
	.operation = "calls sched_yield() n times, under gil without the lock",
	.params = params,
	.params_bytes = sizeof(struct params),
	.task = task,
};
