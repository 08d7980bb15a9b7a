/* See quick.h. It comes after everything that looks at loads: rules and filters mean those that the
 * scenario has. */
#include "plan/quick.h"

#include "plan/id.h"
#include "plan/merge.h"

#include <stdlib.h>

enum { SHARE = 10 };
static const int64_t runtime_least_ns = 100000000;

static int64_t larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static struct load shorten(const struct experiment *experiment)
{
	struct load load = plan_load(experiment);
	if (load.runtime_ns)
		load.runtime_ns =
			smaller(load.runtime_ns, larger(load.runtime_ns / SHARE, runtime_least_ns));
	else
		load.tasks = smaller(load.tasks, larger(load.tasks / SHARE, experiment->workers));
	load_settle(&load);
	return load;
}

struct experiment quick_experiment(int64_t seed, const struct experiment *experiment)
{
	const struct workload_variant *workload = experiment->workload;
	const struct executor_variant *executor = experiment->executor;
	struct experiment quick = *experiment;
	struct load load = shorten(experiment);
	uint64_t pair = id_pair(seed,
		id_values(id_workload(workload->type), workload->type->params, workload->values),
		id_values(
			id_type(executor->type->name), executor->type->options, executor->values));
	quick.id = id_finish(pair, quick.workers, &load);
	quick.tasks = (uint64_t)load.tasks;
	quick.runtime_ns = (uint64_t)load.runtime_ns;
	quick.repeat = quick.repeat_least = 1;
	quick.warmup = 0;
	return quick;
}

void plan_shorten(struct plan *plan)
{
	struct experiment *whole = plan->experiments;
	uint32_t count = plan->experiment_count;
	uint32_t *place = memory_alloc(count * sizeof(*place));
	struct cell_set cells;
	plan->experiments = NULL;
	plan->experiment_count = 0;
	cells_init(&cells, plan);
	for (uint32_t i = 0; i < count; i++) {
		struct experiment quick = quick_experiment(plan->scenario->seed, &whole[i]);
		place[i] = cells_put(&cells, &quick);
	}
	cells_release(&cells);
	for (uint32_t i = 0; i < plan->experiment_count; i++) {
		uint32_t *baseline = &plan->experiments[i].baseline;
		*baseline = *baseline == PLAN_NONE ? PLAN_NONE : place[*baseline];
	}
	free(place);
	free(whole);
}
