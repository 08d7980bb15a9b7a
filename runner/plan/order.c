/*
 * See order.h. In shuffle and interleave, every experiment that is due runs once a round, so
 * that a drift of the machine reaches all of them alike; warm-ups are rounds of their own in
 * front, counted down to -1. In batch, an experiment's runs follow one another.
 */
#include "plan/order.h"

#include "base/random.h"
#include "plan/size.h"

#include <stdlib.h>

/* Fisher–Yates (Knuth, TAOCP 2, 3.4.2, algorithm P). A round's order hangs on the seed and the
 * round alone: more repeats leave earlier rounds as they were. */
static void shuffle(struct planned_run *runs, uint64_t count, int64_t seed, int32_t round)
{
	uint64_t state = (uint64_t)seed;
	state = random_next(&state) + (uint64_t)(int64_t)round;
	for (uint64_t i = count; i > 1; i--) {
		uint64_t other = random_below(&state, i);
		struct planned_run swapped = runs[i - 1];
		runs[i - 1] = runs[other];
		runs[other] = swapped;
	}
}

/* The experiments that take part in a round: those with more runs than rounds gone by. */
struct due {
	uint32_t *experiments;
	uint32_t count;
};

static uint32_t runs_of(const struct experiment *experiment, bool warm_up)
{
	return warm_up ? experiment->warmup : experiment->repeat;
}

static void drop_finished(const struct plan *plan, struct due *due, bool warm_up, uint32_t gone)
{
	uint32_t left = 0;
	for (uint32_t i = 0; i < due->count; i++) {
		uint32_t experiment = due->experiments[i];
		if (runs_of(&plan->experiments[experiment], warm_up) > gone)
			due->experiments[left++] = experiment;
	}
	due->count = left;
}

static void lay_round(
	const struct plan *plan, const struct due *due, int32_t round, struct planned_run *runs)
{
	for (uint32_t i = 0; i < due->count; i++)
		runs[i] = (struct planned_run){due->experiments[i], round};
	if (plan->scenario->order == ORDER_SHUFFLE)
		shuffle(runs, due->count, plan->scenario->seed, round);
}

/* Warm-ups are laid from the last round, -1, backwards; measured rounds from 0 on. */
static void lay_rounds(const struct plan *plan, bool warm_up, struct planned_run *border)
{
	struct due due = {memory_alloc(plan->experiment_count * sizeof(uint32_t)), 0};
	for (uint32_t i = 0; i < plan->experiment_count; i++)
		due.experiments[due.count++] = i;
	for (uint32_t gone = 0;; gone++) {
		drop_finished(plan, &due, warm_up, gone);
		if (due.count == 0)
			break;
		if (warm_up)
			border -= due.count;
		lay_round(plan, &due, warm_up ? -1 - (int32_t)gone : (int32_t)gone, border);
		if (!warm_up)
			border += due.count;
	}
	free(due.experiments);
}

static void lay_batches(const struct plan *plan)
{
	struct planned_run *run = plan->runs;
	for (uint32_t i = 0; i < plan->experiment_count; i++) {
		int32_t warmup = (int32_t)plan->experiments[i].warmup;
		int32_t repeat = (int32_t)plan->experiments[i].repeat;
		for (int32_t round = -warmup; round < repeat; round++)
			*run++ = (struct planned_run){i, round};
	}
}

int plan_order(struct plan *plan, struct err *err)
{
	uint64_t warmups = 0, measured = 0;
	for (uint32_t i = 0; i < plan->experiment_count; i++) {
		warmups += plan->experiments[i].warmup;
		measured += plan->experiments[i].repeat;
	}
	plan->run_count = warmups + measured;
	if (size_check_runs(plan->scenario, plan->run_count, err) < 0)
		return -1;
	plan->runs = memory_alloc(plan->run_count * sizeof(struct planned_run));
	if (plan->scenario->order == ORDER_BATCH) {
		lay_batches(plan);
		return 0;
	}
	lay_rounds(plan, true, plan->runs + warmups);
	lay_rounds(plan, false, plan->runs + warmups);
	return 0;
}
