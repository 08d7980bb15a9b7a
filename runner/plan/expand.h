/*
 * Scenario → experiments: every combination, without those that `exclude` drops, with those
 * that `include` adds, each with its settings, each once.
 */
#ifndef PLAN_EXPAND_H
#define PLAN_EXPAND_H

#include "plan/plan.h"

/* Fills in the plan's experiments (without baselines), `merged` and `excluded`. */
int plan_expand(struct plan *plan, struct err *err);

#endif
