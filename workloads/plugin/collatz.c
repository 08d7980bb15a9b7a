/*
 * An example of a plugin: how long are the sequences of Collatz? From a number n one goes on to n/2
 * if it is even and to 3n + 1 if it is odd; whether that always leads to 1 is not known.
 *
 * Task `index` follows the sequences of the `block` numbers from `from` + index × block. Its value
 * is the sum of their steps, which depends on nothing but the parameters and the index.
 */
#include "workloads/plugin.h"

enum { METRIC_STEPS_MOST };

struct params {
	int64_t from, block;
};

static uint64_t steps_from(uint64_t n)
{
	uint64_t steps = 0;
	for (; n > 1; steps++)
		n = n % 2 ? 3 * n + 1 : n / 2;
	return steps;
}

static uint64_t task(struct worker *worker, uint64_t index)
{
	const struct params *params = worker->job->params;
	uint64_t first = (uint64_t)params->from + index * (uint64_t)params->block;
	uint64_t most = 0, sum = 0;
	/* checkpoint() is true when the run is being ended; the value does not count then. */
	for (int64_t i = 0; i < params->block && !checkpoint(worker); i++) {
		uint64_t steps = steps_from(first + (uint64_t)i);
		most = steps > most ? steps : most;
		sum += steps;
	}
	worker_metric(worker, METRIC_STEPS_MOST, (double)most);
	return sum;
}

static const struct option params[] = {
	{
		.name = "from",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, from),
		.fallback = "1",
		.min = "1",
		.max = "1000000000",
		.help = "the first number",
	},
	{
		.name = "block",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, block),
		.fallback = "1000",
		.min = "1",
		.max = "1000000",
		.help = "how many numbers a task tries",
	},
	OPTION_END,
};

static const struct metric metrics[] = {
	[METRIC_STEPS_MOST] = {.name = "steps_most",
		.help = "the longest sequence that any task met, in steps",
		.merge = METRIC_MAX},
	{.name = NULL},
};

static const struct workload collatz = {
	.name = "collatz",
	.summary = "follows Collatz sequences down to 1: computing that no compiler can shorten",
	.operation = "adds up the steps of a block of sequences",
	.params = params,
	.params_bytes = sizeof(struct params),
	.metrics = metrics,
	.task = task,
};

const struct conrun_plugin conrun_plugin = {
	.abi = CONRUN_ABI,
	.workloads = {&collatz},
};
