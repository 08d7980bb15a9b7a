/* The figure that an experiment is about, run by run: how well it is known, and how it behaves. */
#ifndef STATS_PRECISION_H
#define STATS_PRECISION_H

#include "plan/plan.h"
#include "stats/history.h"

/* The figure of each run, in the order of the runs: elapsed_s; where a runtime decides how many
 * tasks there are, throughput; in an open loop, wait_p99. How many; `values` has room for all. */
size_t precision_values(
	const struct experiment *experiment, const struct history *history, double *values);

/* Half the width of the 95 % interval of the median (stats/order_statistics.h) over the median.
 * Infinite where there are too few runs for an interval. */
double precision_of(const struct experiment *experiment, const struct history *history);

#endif
