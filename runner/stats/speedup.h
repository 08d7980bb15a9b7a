/* How much faster an experiment is than its baseline. */
#ifndef STATS_SPEEDUP_H
#define STATS_SPEEDUP_H

#include "stats/history.h"
#include "stats/summary.h"

/*
 * The median over rounds of throughput / the baseline's throughput in the same round; rounds
 * that only one of them has do not count. `scratch` has room for all of `own`'s records.
 */
struct figure speedup_over(
	const struct history *own, const struct history *baseline, double *scratch);

#endif
