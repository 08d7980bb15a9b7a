/* Scenario → plan: the steps, one after the other; see plan.h. */
#include "plan/plan.h"

#include "plan/baseline.h"
#include "plan/expand.h"
#include "plan/filter.h"
#include "plan/order.h"
#include "plan/quick.h"
#include "plan/sweep.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct load plan_load(const struct experiment *experiment)
{
	return (struct load){
		.tasks = (int64_t)experiment->tasks,
		.runtime_ns = (int64_t)experiment->runtime_ns,
		.rate = experiment->rate,
		.arrival = experiment->arrival,
	};
}

bool plan_same_load(const struct experiment *a, const struct experiment *b)
{
	return a->runtime_ns == b->runtime_ns && a->rate == b->rate && a->arrival == b->arrival;
}

/* Most loads were checked with the scenario; these are as the overrides have made them. */
static int check_loads(const struct plan *plan, struct err *err)
{
	for (uint32_t i = 0; i < plan->experiment_count; i++) {
		const struct experiment *experiment = &plan->experiments[i];
		struct load load = plan_load(experiment);
		if (load_check(&load, (int64_t)experiment->timeout_ns, err))
			return err_prefix(err, "%s under %s with workers %" PRIu32 ": ",
				experiment->workload->name, experiment->executor->label,
				experiment->workers);
	}
	return 0;
}

int plan_make(struct plan *plan, const struct scenario *scenario, struct err *err)
{
	memset(plan, 0, sizeof(*plan));
	arena_init(&plan->arena);
	plan->scenario = scenario;
	if (plan_check_metrics(scenario, err) < 0 || plan_expand(plan, err) < 0) {
		plan_release(plan);
		return -1;
	}
	/* Before the filter: what a speed-up refers to does not depend on what is looked at. */
	plan_choose_baselines(plan);
	if (plan_filter(plan) < 0 || check_loads(plan, err) < 0) {
		plan_release(plan);
		return -1;
	}
	if (scenario->reading.quick)
		plan_shorten(plan);
	if (plan_order(plan, err) < 0) {
		plan_release(plan);
		return -1;
	}
	plan_find_sweeps(plan);
	return 0;
}

void plan_release(struct plan *plan)
{
	free(plan->experiments);
	free(plan->runs);
	arena_release(&plan->arena);
	memset(plan, 0, sizeof(*plan));
}
