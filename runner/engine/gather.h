/* From what a run left in its region to its result. */
#ifndef ENGINE_GATHER_H
#define ENGINE_GATHER_H

#include "engine/region.h"
#include "measure/result.h"
#include "plan/plan.h"

/* How the run ended, as the program saw it. */
struct ending {
	bool interrupted, timed_out;
	uint32_t phase;  /* of these two: where the run was when it was asked to end */
	int wait_status; /* of the host */
	int64_t max_rss_bytes;
};

/* No process of the run lives any more. */
void gather(const struct experiment *experiment, struct region *region, const struct ending *ending,
	struct result *result);

/* Tasks that are done so far; while the run lasts. */
uint64_t gather_done(const struct region *region);

#endif
