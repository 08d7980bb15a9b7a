/*
 * The region: memory that the program shares with every process of one run. All that a run
 * reports goes through it, so that what a dead worker did is still known.
 *
 * Invariants:
 * - every word has one writer at a time: a report its worker (or, between two tasks of a
 *   per-task executor, the host); the host's part the host; The exceptions are
 *   `attention` (bits of the program and of waiting threads), the counters `claim`, `ready` and
 *   `left`, and the first-come error text.
 * - what only a recorded run needs lies at the end, from recording_at on.
 * - words that are read while their writer lives are atomics, relaxed unless a comment says more.
 * - what different writers write lies in different pairs of cache lines (CPUs prefetch in pairs).
 */
#ifndef ENGINE_REGION_H
#define ENGINE_REGION_H

#include "engine/ring.h"
#include "measure/account.h"
#include "measure/clock.h"
#include "measure/histogram.h"
#include "measure/result.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum { REGION_APART = 128, REGION_PAGE = 4096, REGION_ERROR_BYTES = 480 };

/*
 * Access to the region's words. Relaxed: a word has one writer, and a reader that is a moment late
 * is in order; final values are read after join or waitpid, which synchronise. Where an access
 * carries more than its own value, the code says so and uses another order.
 */
#define put(word, value) atomic_store_explicit(&(word), (value), memory_order_relaxed)
#define get(word)        atomic_load_explicit(&(word), memory_order_relaxed)

/* What one worker reports. Ticks are clock_ticks(); 0: not yet. */
struct worker_report {
	/* next < end: task `next` is in flight or to be run */
	alignas(REGION_APART) _Atomic uint64_t next;
	_Atomic uint64_t end;
	_Atomic uint64_t ok, failed, checksum;
	_Atomic uint64_t backlog; /* tasks that ended after the last one had arrived */
	_Atomic uint64_t submitted, started, finished; /* of the last task */
	_Atomic uint32_t collected; /* per-task: the host has binned the last task */
	uint64_t began;             /* of its accounting */
	struct schedule schedule_began;
	struct usage usage_began;   /* a pool process's own, before the release */
	struct lifecycle lifecycle; /* of its life, or of the tasks that ended */
	double metrics[RESULT_METRICS];
};

struct worker_bins {
	alignas(REGION_APART) struct histogram task, wait;
};

/* Of a recorded run: what a lane is running, so that it is known if nobody comes to report it.
 * Written by whoever runs the task or, when that process is dead, by the host. */
struct in_flight {
	uint64_t task_and_one;       /* 0: nothing */
	uint64_t submitted, started; /* ticks; 0: not yet */
};

enum phase {
	PHASE_SETUP,
	PHASE_START,
	PHASE_RUN,
	PHASE_STOP,
	PHASE_DONE,
	PHASE_UNUSABLE,    /* the run could not be set up */
	PHASE_UNSUPPORTED, /* the workload says that this machine cannot do it */
};

struct region {
	/* Written by the program. */
	alignas(REGION_APART) _Atomic uint32_t attention; /* enum attention */
	size_t bytes;
	uint32_t workers, bins_count;
	size_t reports_at, bins_at, states_at, shared_at, spec_at, schedule_at;
	size_t spec_bytes;
	uint64_t schedule_count; /* arrivals; 0: a closed loop */
	uint64_t runtime_ticks;  /* 0: no end but that of the tasks */
	int fd;               /* in the program, the host and forks; -1: no image can attach it */
	struct clock clock;   /* the program's, for images that did not inherit it */
	_Atomic int32_t host; /* pid; written by the host */
	size_t state_bytes, shared_bytes;
	/* recording_at is where the region ends if ring_capacity is 0: the run is not recorded */
	size_t recording_at, rings_at, records_at, in_flight_bytes;
	uint64_t ring_capacity;
	uint32_t lanes;

	/* Written by the host. */
	alignas(REGION_APART) _Atomic uint32_t phase; /* enum phase */
	_Atomic uint64_t released;
	uint64_t start_began, start_ended, stop_ended;
	struct usage usage;
	uint64_t last_finished; /* of collected tasks */
	double metrics[RESULT_METRICS];
	double executor_metrics[RESULT_METRICS];
	unsigned executor_metrics_known; /* bits */

	/* Written by workers, rarely: once per life or per claim. */
	alignas(REGION_APART) _Atomic uint64_t claim; /* the first task that nobody has claimed */
	alignas(REGION_APART) _Atomic uint32_t gate;  /* 1: released; a futex */
	/* `ready` and `left` are futexes */
	alignas(REGION_APART) _Atomic uint32_t ready, unready, left;
	_Atomic uint32_t error_owner;   /* 0 nobody, 1 being written, 2 complete */
	char error[REGION_ERROR_BYTES]; /* the first task's error */
	_Atomic uint32_t deaths;
	_Atomic uint64_t lost; /* tasks that were in flight in them */
	char death[160];       /* how the first worker died; written by the host */
};

struct region_plan {
	uint32_t workers;
	uint32_t bins_count;
	size_t state_bytes; /* of one worker */
	size_t shared_bytes;
	size_t spec_bytes; /* of the serialised run */
	uint64_t schedule_count;
	bool attachable;   /* by another program image, if that can be */
	bool recorded;     /* a ring of task records for each worker */
	uint32_t lanes;    /* places for tasks in flight */
	bool lanes_shared; /* one worker writes all of them */
	uint64_t tasks;    /* 0: not known */
};

/* Bytes that region_map would map; SIZE_MAX if that overflows. */
size_t region_bytes(const struct region_plan *plan);

/* Zeroed shared memory, or NULL with errno. */
struct region *region_map(const struct region_plan *plan);
void region_unmap(struct region *region);

/* The region behind a descriptor that was inherited, or NULL with errno. */
struct region *region_attach(int fd);

/* Makes the caller's page-table entries for `bytes` at `memory`, so that no page fault is left for
 * the timed part. Best effort. */
void region_populate(const void *memory, size_t bytes);

static inline struct worker_report *region_report(const struct region *region, uint32_t worker)
{
	return (struct worker_report *)((char *)region + region->reports_at) + worker;
}

static inline struct worker_bins *region_bins(const struct region *region, uint32_t worker)
{
	return (struct worker_bins *)((char *)region + region->bins_at) + worker;
}

static inline void *region_state(const struct region *region, uint32_t worker)
{
	char *states = (char *)region + region->states_at;
	return region->state_bytes ? states + worker * region->state_bytes : NULL;
}

static inline char *region_spec(const struct region *region)
{
	return (char *)region + region->spec_at;
}

static inline uint64_t *region_schedule(const struct region *region)
{
	return (uint64_t *)((char *)region + region->schedule_at);
}

static inline void *region_shared(const struct region *region)
{
	return region->shared_bytes ? (char *)region + region->shared_at : NULL;
}

/* Of a recorded run. */
static inline struct in_flight *region_in_flight(const struct region *region, uint32_t lane)
{
	char *first = (char *)region + region->recording_at;
	return (struct in_flight *)(first + lane * region->in_flight_bytes);
}

/* The records that a worker puts in; of a run that is not recorded: none. */
static inline struct ring region_ring(const struct region *region, uint32_t worker)
{
	if (region->ring_capacity == 0)
		return (struct ring){.ends = NULL};
	return (struct ring){
		.ends = (struct ring_ends *)((char *)region + region->rings_at) + worker,
		.records = (struct task_record *)((char *)region + region->records_at) +
			   worker * region->ring_capacity,
		.capacity = region->ring_capacity,
	};
}

/* The first caller's text is kept; later ones are dropped. */
void region_error(struct region *region, const char *text);

/* A worker says that it will never be ready; the error, if any, was written before. */
void region_unready(struct region *region);

#endif
