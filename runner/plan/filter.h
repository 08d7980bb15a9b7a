/* Which experiments the command line has chosen. */
#ifndef PLAN_FILTER_H
#define PLAN_FILTER_H

#include "plan/plan.h"

/*
 * Drops the experiments that no filter of the reading matches, and counts them. A filter sees what
 * the plan shows: one worker where the executor ignores them, the load as overrides have made it.
 * -1: nothing is left, which was reported; of one of several scenarios that is no error.
 */
int plan_filter(struct plan *plan);

#endif
