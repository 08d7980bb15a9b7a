/*
 * Is a number prime? By trial division with the odd numbers up to its square root. A task tests
 * one number of the range; when there are more tasks than numbers they begin again at `from`.
 */
#include "workloads/workload.h"

#include <inttypes.h>
#include <stddef.h>

struct params {
	int64_t from, to;
};

enum { METRIC_PRIMES };
enum { CHECKPOINT_EVERY = 1 << 13 }; /* divisions: about 0.1 ms */

static bool is_prime(struct worker *worker, uint64_t number)
{
	if (number < 4)
		return number >= 2;
	if (number % 2 == 0)
		return false;
	/* divisor <= number / divisor is divisor² <= number without overflow. */
	for (uint64_t divisor = 3; divisor <= number / divisor; divisor += 2) {
		if (number % divisor == 0)
			return false;
		if (divisor % CHECKPOINT_EVERY == 1 && checkpoint(worker))
			return false;
	}
	return true;
}

static uint64_t task(struct worker *worker, uint64_t index)
{
	const struct params *params = worker->job->params;
	uint64_t from = (uint64_t)params->from, count = (uint64_t)params->to - from + 1;
	uint64_t number = from + index % count;
	if (!is_prime(worker, number))
		return 0;
	worker_metric(worker, METRIC_PRIMES, 1);
	return number;
}

static int check(const void *given, struct err *err)
{
	const struct params *params = given;
	if (params->to < params->from)
		return err_set(err,
			"to is %" PRId64 " and from is %" PRId64 "; to must not be less",
			params->to, params->from);
	return 0;
}

static const struct option params[] = {
	{
		.name = "from",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, from),
		.fallback = "100000",
		.min = "0",
		.max = "1000000000000000000",
		.help = "the first number that is tested",
	},
	{
		.name = "to",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, to),
		.fallback = "100099",
		.min = "0",
		.max = "1000000000000000000",
		.help = "the last number that is tested",
	},
	OPTION_END,
};

static const struct metric metrics[] = {
	[METRIC_PRIMES] = {.name = "primes", .help = "tasks whose number was prime"},
	{.name = NULL},
};

const struct workload workload_primes = {
	.name = "primes",
	.group = GROUP_CPU,
	.summary = "looks for primes: uneven work for the CPU",
	.operation = "tests one number of from…to by trial division; task i tests from + i, "
		     "and those past the end begin again",
	.params = params,
	.params_bytes = sizeof(struct params),
	.metrics = metrics,
	.check = check,
	.task = task,
};
