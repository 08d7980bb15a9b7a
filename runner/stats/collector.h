/* What the collector holds, for the parts of stats that read it. */
#ifndef STATS_COLLECTOR_H
#define STATS_COLLECTOR_H

#include "plan/set.h"
#include "stats/history.h"
#include "stats/summary.h"

struct collector {
	const struct plan *plan;
	struct arena arena;
	struct history **histories; /* by experiment; NULL: no run arrived yet */
	struct set references;      /* struct reference, by workload variant and tasks */
	int32_t judged_round;       /* the round that `wanted` is about; 0: none yet */
	bool wanted;                /* it is to be made */
};

#endif
