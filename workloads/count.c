/* Counting up to n: work for the CPU alone, in one register, without memory or system calls. */
#include "workloads/workload.h"

#include <stddef.h>

struct params {
	int64_t n;
};

enum { CHECKPOINT_EVERY = 1 << 18 }; /* about 0.1 ms */

static uint64_t task(struct worker *worker, uint64_t index)
{
	(void)index;
	const struct params *params = worker->job->params;
	uint64_t n = (uint64_t)params->n, count = 0;
	while (count < n && !checkpoint(worker)) {
		uint64_t end = n - count < CHECKPOINT_EVERY ? n : count + CHECKPOINT_EVERY;
		while (count < end) {
			count++;
			/* Without it the compiler would replace the loop by its result. */
			__asm__ volatile("" : "+r"(count));
		}
	}
	return count;
}

static const struct option params[] = {
	{
		.name = "n",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, n),
		.fallback = "10000000",
		.min = "0",
		.max = "1000000000000",
		.help = "how far a task counts",
	},
	OPTION_END,
};

const struct workload workload_count = {
	.name = "count",
	.group = GROUP_CPU,
	.summary = "counts to n: computing without memory",
	.operation = "counts from 0 to n, one by one",
	.params = params,
	.params_bytes = sizeof(struct params),
	.task = task,
};
