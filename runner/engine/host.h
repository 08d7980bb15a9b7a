/* The host: the process that one run happens in. */
#ifndef ENGINE_HOST_H
#define ENGINE_HOST_H

#include "engine/limits.h"
#include "engine/region.h"
#include "plan/plan.h"

/* All that a host needs to know of its run. */
struct host_spec {
	const struct experiment *experiment;
	uint64_t seed;
	const char *scratch;
	struct region *region;
};

/* How many bytes the run shares, from its experiment. */
struct region_plan host_region_plan(const struct experiment *experiment, uint64_t seed);

/* 0: no limit of the system is in the way; -1: the error names it. */
int host_check_limits(const struct experiment *experiment, const struct region_plan *plan,
	const struct room *room, struct err *err);

/* Runs it all and exits: 0, whatever came of the run; that is in the region. */
_Noreturn void host_main(const struct host_spec *spec);

#endif
