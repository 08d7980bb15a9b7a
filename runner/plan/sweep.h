/* Which options differ within a plan, and what their columns are called. */
#ifndef PLAN_SWEEP_H
#define PLAN_SWEEP_H

#include "plan/plan.h"

void plan_find_sweeps(struct plan *plan);

/* Metrics of workloads that were made from files may be called anything but what a column is. */
int plan_check_metrics(const struct scenario *scenario, struct err *err);

#endif
