/* Experiments → runs in the scenario's order. */
#ifndef PLAN_ORDER_H
#define PLAN_ORDER_H

#include "plan/plan.h"

int plan_order(struct plan *plan, struct err *err);

#endif
