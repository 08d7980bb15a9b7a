/* The engine's side of a crew: what stands behind the functions of executors/executor.h. */
#ifndef ENGINE_CREW_H
#define ENGINE_CREW_H

#include "engine/region.h"
#include "executors/executor.h"
#include "plan/plan.h"
#include "workloads/workload.h"

#include <stdalign.h>

/* A worker and what the engine needs to run it; in the host's own memory, copied by fork. */
struct seat {
	alignas(REGION_APART) struct worker worker; /* first: a worker is its seat */
	struct crew_engine *engine;
	struct worker_bins *bins;
	struct ring ring; /* of a recorded run */
	uint64_t chunk;
	uint64_t deadline; /* ticks; of this run */
	bool set_up_here;  /* by this worker itself, which therefore tears down */
};

struct crew_engine {
	struct crew crew;
	const struct executor *executor;
	const struct workload *workload;
	struct region *region;
	struct job job;
	struct seat *seats; /* of workers first_seat … */
	uint32_t first_seat, seat_count;
	uint64_t chunk;     /* 0: adapts */
	uint64_t next_task; /* of crew_next */
	const int *cpus;    /* worker i is pinned to cpus[i % cpu_count]; NULL: not pinned */
	int cpu_count;
	struct gil *gil; /* NULL: threads compute as they like */
	bool prepared;   /* the host has set up all workers */
	bool spawned;    /* this is an image of one worker, which nobody has set up */
};

static inline struct seat *seat_of(struct worker *worker)
{
	return (struct seat *)worker;
}

/* A new parameter or option struct, filled; free() it. */
void *crew_params(const struct option *table, const union value *values, size_t bytes);

/* The run as its workload sees it, without what only a crew has; params are allocated. */
struct job crew_job(const struct experiment *experiment, uint64_t seed);

/* Makes the crew of a run over a mapped region, with all its seats or only one, and configures
 * it. */
enum { CREW_ALL = UINT32_MAX };
void crew_assemble(struct crew_engine *engine, const struct experiment *experiment, uint64_t seed,
	const char *scratch, struct region *region, uint32_t only);

/* The moment after which nothing counts any more; UINT64_MAX: none. Behind the release. */
static inline uint64_t crew_deadline(const struct region *region)
{
	/* Relaxed: read behind the gate, or by the host that wrote it. */
	uint64_t released = atomic_load_explicit(&region->released, memory_order_relaxed);
	return region->runtime_ticks && !region->schedule_count ? released + region->runtime_ticks
								: UINT64_MAX;
}

/* Bins a task's time and wait. */
static inline void bins_add(
	struct worker_bins *bins, uint64_t submitted, uint64_t started, uint64_t finished)
{
	/* Ticks of another CPU may be a hair behind. */
	uint64_t waited = started > submitted ? started - submitted : 0;
	histogram_add(&bins->task, clock_ns(finished - started), 1);
	histogram_add(&bins->wait, clock_ns(waited), 1);
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
