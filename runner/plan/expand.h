/*
 * Scenario → experiments: every combination, without those that `exclude` drops, with those
 * that `include` adds, each with its settings, each once.
 */
#ifndef PLAN_EXPAND_H
#define PLAN_EXPAND_H

#include "plan/plan.h"

/* What a cell's values come from. */
struct origin {
	const struct include *include; /* NULL: the axes */
	const struct workload_entry *workload;
	const struct executor_entry *executor;
	const struct choices *workers;
	const struct loads *loads;
	int64_t asked_workers;  /* before the executor may have ignored them */
	struct load load;       /* before overrides */
	struct experiment cell; /* before --quick */
	struct overriders {     /* the override that has the last word on it, or NULL */
		const struct override *load, *rate, *repeat, *warmup, *timeout;
	} by;
};

/* Where the plan's experiment comes from; of several cells that were merged into it, the last. */
void plan_find_origin(
	const struct plan *plan, const struct experiment *experiment, struct origin *origin);

/* Fills in the plan's experiments (without baselines), `merged` and `excluded`. */
int plan_expand(struct plan *plan, struct err *err);

#endif
