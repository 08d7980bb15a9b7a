/* How many cells and runs a plan may have, and the error where it passes that. */
#ifndef PLAN_SIZE_H
#define PLAN_SIZE_H

#include "plan/plan.h"

/* Before anything is expanded: what the axes multiply to. */
int size_check_cells(const struct scenario *scenario, struct err *err);

int size_check_runs(const struct scenario *scenario, uint64_t runs, struct err *err);

#endif
