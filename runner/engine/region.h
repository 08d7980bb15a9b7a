/*
 * The region: memory that the program shares with every process of one run. All that a run
 * reports goes through it, so that what a dead worker did is still known.
 *
 * Invariants:
 * - every word has one writer at a time: a report its worker (or, between two tasks of a
 *   per-task executor, the host); the host's part the host; `stop` the program. The exceptions
 *   are the counters `claim`, `ready` and `left` and the first-come error text.
 * - words that are read while their writer lives are atomics, relaxed unless a comment says more.
 * - what different writers write lies in different pairs of cache lines (CPUs prefetch in pairs).
 */
#ifndef ENGINE_REGION_H
#define ENGINE_REGION_H

#include "measure/account.h"
#include "measure/histogram.h"
#include "measure/result.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum { REGION_APART = 128, REGION_PAGE = 4096 };

/* What one worker reports. Ticks are clock_ticks(); 0: not yet. */
struct worker_report {
	alignas(REGION_APART) _Atomic uint64_t next; /* next < end: task `next` is in flight or to be run */
	_Atomic uint64_t end;
	_Atomic uint64_t ok, failed, checksum;
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

enum phase { PHASE_SETUP, PHASE_START, PHASE_RUN, PHASE_STOP, PHASE_DONE, PHASE_UNUSABLE };

struct region {
	/* Written by the program. */
	alignas(REGION_APART) _Atomic uint32_t stop;
	size_t bytes;
	uint32_t workers, bins_count;
	size_t reports_at, bins_at, states_at, shared_at;
	size_t state_bytes, shared_bytes;

	/* Written by the host. */
	alignas(REGION_APART) _Atomic uint32_t phase; /* enum phase */
	_Atomic uint64_t released;
	uint64_t start_began, start_ended, stop_ended;
	struct usage usage;
	uint64_t last_finished; /* of collected tasks */
	double metrics[RESULT_METRICS];
	bool metrics_known;

	/* Written by workers, rarely: once per life or per claim. */
	alignas(REGION_APART) _Atomic uint64_t claim; /* the first task that nobody has claimed */
	alignas(REGION_APART) _Atomic uint32_t gate;  /* 1: released; a futex */
	alignas(REGION_APART) _Atomic uint32_t ready, unready, left; /* `ready` and `left` are futexes */
	_Atomic uint32_t error_owner; /* 0 nobody, 1 being written, 2 complete */
	char error[160];              /* the first task's error */
	_Atomic uint32_t deaths;
	char death[160];              /* how the first worker died; written by the host */
};

struct region_plan {
	uint32_t workers;
	uint32_t bins_count;
	size_t state_bytes;  /* of one worker */
	size_t shared_bytes;
};

/* Bytes that region_map would map; SIZE_MAX if that overflows. */
size_t region_bytes(const struct region_plan *plan);

/* Zeroed shared memory, or NULL with errno. */
struct region *region_map(const struct region_plan *plan);
void region_unmap(struct region *region);

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
	return region->state_bytes ? (char *)region + region->states_at + worker * region->state_bytes
				   : NULL;
}

static inline void *region_shared(const struct region *region)
{
	return region->shared_bytes ? (char *)region + region->shared_at : NULL;
}

/* The first caller's text is kept; later ones are dropped. */
void region_error(struct region *region, const char *text);

#endif
