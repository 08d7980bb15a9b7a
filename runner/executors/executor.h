/*
 * An executor is how tasks are run. This header is the contract, and all that the author of one
 * reads. To add one: write executors/NAME.c with a `const struct executor executor_NAME`, and
 * add one line to executors/registry.c.
 *
 * A run happens in a host process of its own, single-threaded until the executor makes threads:
 *
 *   hook     called by the host's main thread                                  its time is
 *   start    makes the pool's workers and returns when all are ready at the    startup_s
 *            gate (NULL where workers are made per task)
 *   run      right after the release; returns when no task is left to run and  elapsed_s ends at
 *            every worker has left worker_work                                 the last finish
 *   stop     joins or reaps all that is left, frees places (may be NULL)        teardown_s
 *
 * Where start or run fails the host ends at once, and the system takes all that it had.
 *
 * Workers are places: `workers` is the most tasks in flight at once. A pool's worker lives
 * through the run and claims tasks; under a per-task executor a place is a lane that one task at
 * a time occupies.
 *
 * A worker must report through the functions below and nothing else: they write into its own
 * cache lines of memory that the program shares with all of the run's processes, so what a dead
 * worker did is still known.
 */
#ifndef EXECUTORS_EXECUTOR_H
#define EXECUTORS_EXECUTOR_H

#include "base/err.h"
#include "base/option.h"
#include "workloads/workload.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum pin { PIN_NONE, PIN_COMPACT, PIN_SPREAD };

enum worker_kind {
	WORKER_HOST,    /* the host's own main thread */
	WORKER_THREAD,
	WORKER_PROCESS,
};

struct crew {
	const void *options; /* the executor's option struct */
	uint32_t workers;
	uint64_t tasks;
	void *places;                /* the executor's own; it allocates in start, frees in stop */
	struct crew_engine *engine;  /* the engine's side */
};

struct executor {
	const char *name;
	const char *summary; /* what a task gets, in one line */
	const char *wait;    /* what wait_… covers under this executor, in one line */
	const struct option *options; /* may be NULL */
	size_t options_bytes;
	enum worker_kind kind;
	bool pool;             /* workers live through the run and claim tasks */
	bool ignores_workers;  /* always one at a time: cells that differ in workers are merged */

	int (*start)(struct crew *crew, struct err *err);
	int (*run)(struct crew *crew, struct err *err);
	void (*stop)(struct crew *crew);
};

/* The place `index` of 0 … workers-1. */
struct worker *crew_worker(struct crew *crew, uint32_t index);

/* How tasks are claimed and where workers run: called in `start`, before any worker exists.
 * chunk 0 adapts: it grows while a claim's tasks take less than CREW_CHUNK_NS. */
enum { CREW_CHUNK_NS = 20000, CREW_CHUNK_MOST = 4096 };
void crew_set_chunk(struct crew *crew, uint64_t chunk);
void crew_set_pin(struct crew *crew, enum pin pin);

/* ---- called by a pool's worker, on its own thread or in its own process ---- */

/* Runs worker_setup, begins, reports ready and waits for the release. -1: leave at once. */
int worker_enter(struct worker *worker);

/* The same for one that replaces a dead worker after the release: does not wait. */
int worker_reenter(struct worker *worker);

/* Pins the calling thread and begins its accounting; worker_enter has done it. */
void worker_begin(struct worker *worker);

/* Claims and runs tasks until none is left or the run is stopped. */
void worker_work(struct worker *worker);

/* Ends its accounting, and runs worker_teardown if it was set up by worker_enter. */
void worker_leave(struct worker *worker);

/* ---- called by the host for a per-task executor ---- */

/* Runs worker_setup of every place; in `start`. The engine tears them down after `stop`. */
int crew_prepare(struct crew *crew, struct err *err);

/* Takes the next task: false when none is left or the run is stopped. */
bool crew_next(struct crew *crew, uint64_t *task);

/* Stamps the task as submitted to this place; before the thread or process is made. */
void worker_submit(struct worker *worker, uint64_t task);

/* On the new thread or in the new process: runs the submitted task, reports it and its usage. */
void worker_run(struct worker *worker);

/* By the host when the place is free again: bins what it reported. */
void worker_collect(struct worker *worker);

/* ---- called by the host ---- */

/* Waits until every worker is ready; -1 with the error of one that could not be set up. `check`
 * is asked every 50 ms whether all still live (NULL: they cannot die without the host). */
int crew_await_ready(struct crew *crew, int (*check)(struct crew *, struct err *), struct err *err);

/* Waits until every worker has left; for threads. */
void crew_await_left(struct crew *crew);

/* The run is being ended: make nothing new. */
bool crew_stopped(const struct crew *crew);

/*
 * A worker's process ended as `wait_status` (waitpid) says. If it died with a task in flight,
 * that task is counted as lost, the row says how, and true is returned: the place may be filled
 * again with worker_reenter (pool) or the next task.
 */
bool worker_died(struct worker *worker, int wait_status);

extern const struct executor *const executor_registry[]; /* NULL-terminated */
const struct executor *executor_find(const char *name);   /* or NULL */

#endif
