/* The engine's side of a crew: what stands behind the functions of executors/executor.h. */
#ifndef ENGINE_CREW_H
#define ENGINE_CREW_H

#include "engine/region.h"
#include "executors/executor.h"
#include "workloads/workload.h"

#include <stdalign.h>

/* A worker and what the engine needs to run it; in the host's own memory, copied by fork. */
struct seat {
	alignas(REGION_APART) struct worker worker; /* first: a worker is its seat */
	struct crew_engine *engine;
	struct worker_bins *bins;
	uint64_t chunk;
	bool set_up_here; /* by this worker itself, which therefore tears down */
};

struct crew_engine {
	struct crew crew;
	const struct executor *executor;
	const struct workload *workload;
	struct region *region;
	struct job job;
	struct seat *seats;
	uint64_t chunk;         /* 0: adapts */
	uint64_t next_task;     /* of crew_next */
	const int *cpus;        /* worker i is pinned to cpus[i % cpu_count]; NULL: not pinned */
	int cpu_count;
	bool prepared;          /* the host has set up all workers */
};

static inline struct seat *seat_of(struct worker *worker)
{
	return (struct seat *)worker;
}

/* Opens the gate: every waiting worker goes. The release stamp has been taken. */
void crew_release(struct crew_engine *engine);

/* Runs worker_setup. -1: the error is in the region. */
int seat_set_up(struct seat *seat);
void seat_tear_down(struct seat *seat);

/* The CPUs this process may use, in the order that `pin` gives them to workers; owned by the
 * caller. NULL for PIN_NONE. */
int *affinity_order(enum pin pin, int *count);

#endif
