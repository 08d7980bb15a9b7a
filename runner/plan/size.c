/* See size.h. Sums and products stop at 2^64-1, which is too many in any case. */
#include "plan/size.h"

#include "plan/variant.h"

#include <inttypes.h>

static uint64_t count_workloads(const struct scenario *scenario)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < scenario->workload_count; i++) {
		const struct workload_entry *entry = &scenario->workloads[i];
		sum = variant_add(
			sum, variant_combinations(entry->type->params, entry->choices));
	}
	return sum;
}

static uint64_t count_executors(const struct executor_entry *entries, size_t count)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < count; i++)
		sum = variant_add(sum,
			variant_combinations(entries[i].type->options, entries[i].choices));
	return sum;
}

static uint64_t multiply_axes(
	uint64_t variants, const struct choices *workers, const struct loads *loads)
{
	return variant_multiply(variants, variant_multiply(workers->count, loads_count(loads)));
}

static uint64_t count_included(const struct scenario *scenario)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < scenario->include_count; i++) {
		const struct include *include = &scenario->includes[i];
		const struct workload_entry *entry = include->workload;
		uint64_t variants = variant_multiply(
			variant_combinations(entry->type->params, entry->choices),
			count_executors(include->executors, include->executor_count));
		sum = variant_add(sum, multiply_axes(variants, &include->workers, &include->loads));
	}
	return sum;
}

static int too_many(
	const struct scenario *scenario, uint64_t number, const char *of, struct err *err)
{
	uint64_t workloads = count_workloads(scenario);
	uint64_t executors = count_executors(scenario->executors, scenario->executor_count);
	return err_set(err,
		"the plan has %s%" PRIu64 " %s, more than the %d that it may have: %" PRIu64
		" workload variants x %" PRIu64 " executor variants x %zu workers x %" PRIu64
		" loads (tasks, runtimes, rates, arrivals), %" PRIu64 " included cells, %" PRId64
		" repeats and %" PRId64 " warm-ups; shorten a list or a range",
		number == UINT64_MAX ? "at least " : "", number, of, PLAN_MOST_RUNS, workloads,
		executors, scenario->workers.count, loads_count(&scenario->loads),
		count_included(scenario), scenario->repeat.max, scenario->warmup);
}

int size_check_cells(const struct scenario *scenario, struct err *err)
{
	uint64_t variants = variant_multiply(count_workloads(scenario),
		count_executors(scenario->executors, scenario->executor_count));
	uint64_t cells = variant_add(multiply_axes(variants, &scenario->workers, &scenario->loads),
		count_included(scenario));
	return cells > PLAN_MOST_RUNS ? too_many(scenario, cells, "cells", err) : 0;
}

int size_check_runs(const struct scenario *scenario, uint64_t runs, struct err *err)
{
	return runs > PLAN_MOST_RUNS ? too_many(scenario, runs, "runs", err) : 0;
}
