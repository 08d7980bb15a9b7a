/*
 * How long the rest takes: each experiment's runs still to come, at the mean of its runs so
 * far. Unknown while an experiment has not been run once: the next one may be a hundred times
 * slower.
 */
#ifndef REPORT_ETA_H
#define REPORT_ETA_H

#include "plan/plan.h"

#include <stdbool.h>
#include <stdint.h>

struct eta {
	struct eta_experiment *experiments; /* by the plan's index; owned */
	uint64_t unknown;                   /* experiments that were not run yet */
	double left_ns;                     /* of the others */
};

void eta_init(struct eta *eta, const struct plan *plan);
void eta_release(struct eta *eta);

/* A run of the experiment took this long in all. */
void eta_add(struct eta *eta, uint32_t experiment, uint64_t ns);

/* What is left; false while unknown. `current_ns`: how long the current run lasts already. */
bool eta_left(const struct eta *eta, uint64_t current_ns, uint64_t *left_ns);

#endif
