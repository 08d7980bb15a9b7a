/* `--quick`: one short round, to see whether a scenario works. */
#ifndef PLAN_QUICK_H
#define PLAN_QUICK_H

#include "plan/plan.h"

/* Every experiment once, without a warm-up, with a tenth of its tasks, but one for each worker if
 * it has as many, or of its runtime, but 100 ms if that is as long. Those that are the same then
 * become one. Baselines are kept. */
void plan_shorten(struct plan *plan);

/* The same of one. */
struct experiment quick_experiment(int64_t seed, const struct experiment *experiment);

#endif
