/* The sum of i² for all i below n, modulo 2^64: a multiplication and an addition at a time. */
#include "workloads/workload.h"

#include <stddef.h>

struct params {
	int64_t n;
};

enum { CHECKPOINT_EVERY = 1 << 17 }; /* about 0.1 ms */

static uint64_t task(struct worker *worker, uint64_t index)
{
	(void)index;
	const struct params *params = worker->job->params;
	uint64_t n = (uint64_t)params->n, sum = 0, i = 0;
	while (i < n && !checkpoint(worker)) {
		uint64_t end = n - i < CHECKPOINT_EVERY ? n : i + CHECKPOINT_EVERY;
		for (; i < end; i++) {
			sum += i * i;
			/* Without it the compiler would use the closed form n(n-1)(2n-1)/6. */
			__asm__ volatile("" : "+r"(sum));
		}
	}
	return sum;
}

static const struct option params[] = {
	{
		.name = "n",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, n),
		.fallback = "10000000",
		.min = "0",
		.max = "1000000000000",
		.help = "how many squares a task adds up",
	},
	OPTION_END,
};

const struct workload workload_sum_squares = {
	.name = "sum_squares",
	.group = GROUP_CPU,
	.summary = "adds up squares: arithmetic without memory",
	.operation = "adds up i*i for all i below n, modulo 2^64",
	.params = params,
	.params_bytes = sizeof(struct params),
	.task = task,
};
