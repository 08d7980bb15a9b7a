/* Which experiment each experiment's speedup refers to. */
#ifndef PLAN_BASELINE_H
#define PLAN_BASELINE_H

#include "plan/plan.h"

void plan_choose_baselines(struct plan *plan);

#endif
