/* How many of a run's workers are there to run tasks: under `async` one has them all. Not for
 * workloads with an asynchronous form, of which that one worker has many in flight. */
#ifndef WORKLOADS_PLACES_H
#define WORKLOADS_PLACES_H

#include "workloads/workload.h"

#include <stdint.h>
#include <string.h>

static inline uint32_t places_count(const struct job *job)
{
	return strcmp(job->executor, "async") == 0 ? 1 : job->workers;
}

#endif
