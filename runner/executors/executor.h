/*
 * An executor is how tasks are run. This header is the contract, and all that the author of one
 * reads. To add one: write executors/NAME.c with a `const struct executor executor_NAME`, and
 * add one line to executors/registry.c.
 *
 * A run happens in a host process of its own, single-threaded until the executor makes threads:
 *
 *   hook       called by the host's main thread                                its time is
 *   configure  before anything else, and in every spawned image: crew_set_…    setup
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
	WORKER_HOST, /* the host's own main thread */
	WORKER_THREAD,
	WORKER_PROCESS,
};

struct crew {
	const void *options; /* the executor's option struct */
	uint32_t workers;
	uint64_t tasks;
	const struct workload *workload;
	void *places;               /* the executor's own; it allocates in start, frees in stop */
	struct crew_engine *engine; /* the engine's side */
};

/* One task that the host hands out, or that has arrived. */
struct errand {
	uint64_t task;
	uint64_t submitted; /* ticks of the clock */
	uint32_t lane;      /* the place of 0 … workers-1 that it is in; no two at a time */
};

/* What came of one task that the host did not run itself. Ticks of the clock. */
struct outcome {
	uint64_t started, finished, value;
	enum { OUTCOME_VALUE, OUTCOME_FAILED, OUTCOME_STOPPED } kind;
};

/* How a worker process comes into the world. */
enum start { START_FORK, START_SPAWN };

struct birth {
	bool late;  /* it replaces a dead one after the release */
	int fds[2]; /* descriptors that it is handed; -1: none */
};

struct executor {
	const char *name;
	const char *summary;          /* what a task gets, in one line */
	const char *wait;             /* what wait_… covers under this executor, in one line */
	const struct option *options; /* may be NULL */
	size_t options_bytes;
	const struct metric *metrics; /* at most RESULT_METRICS; may be NULL */
	const char *metrics_option;   /* the switch without which there are none; NULL: always */
	enum worker_kind kind;
	bool pool;            /* workers live through the run */
	bool claims;          /* workers claim tasks themselves, from worker_work */
	uint32_t descriptors; /* that the host keeps open for each worker */
	bool ignores_workers; /* always one at a time: cells that differ in workers are merged */
	bool alone;           /* one worker has all tasks in flight: there is one seat */

	/* Bytes that the executor allocates for each worker, for limits; NULL: next to nothing. */
	size_t (*worker_bytes)(const void *options, const struct workload *workload);

	void (*configure)(struct crew *crew);
	int (*start)(struct crew *crew, struct err *err);
	int (*run)(struct crew *crew, struct err *err);
	void (*stop)(struct crew *crew);

	/* What a worker process does from its first moment on; returns its exit code. In a fork of
	 * the host or in a fresh image alike. Only for WORKER_PROCESS. */
	int (*child)(struct worker *worker, const struct birth *birth);
};

/* The place `index` of 0 … workers-1. */
struct worker *crew_worker(struct crew *crew, uint32_t index);

/* How tasks are claimed and where workers run: called in `configure`.
 * chunk 0 adapts: it grows while a claim's tasks take less than CREW_CHUNK_NS. */
enum { CREW_CHUNK_NS = 20000, CREW_CHUNK_MOST = 4096 };
void crew_set_chunk(struct crew *crew, uint64_t chunk);
void crew_set_pin(struct crew *crew, enum pin pin);

/* Threads only: they need one lock to compute, asked for every interval. */
void crew_set_gil(struct crew *crew, uint64_t interval_ns);

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

/* ---- where the host hands out tasks and takes stock of them itself ---- */

/* The executor's option struct, in the host and in its children. */
const void *worker_options(const struct worker *worker);

/* By the worker: runs one task. */
void worker_compute(struct worker *worker, const struct errand *errand, struct outcome *outcome);

/* The two ends of that, where something else runs it: the stamp of its start; and its kind, when
 * its stamps and its value are in `outcome`. */
uint64_t worker_commence(struct worker *worker, const struct errand *errand);
void worker_conclude(struct worker *worker, const struct errand *errand, struct outcome *outcome);

/* Makes a task's outcome a failure with this text. */
void worker_reject(struct worker *worker, const char *text, struct outcome *outcome);

/* By the host: counts, bins and records an outcome. */
void worker_settle(
	struct worker *worker, const struct errand *errand, const struct outcome *outcome);

/* By the host: this worker's process died (waitpid's status) with `count` tasks in flight. The row
 * names the one that it was running, or `task` where it had not begun any. */
void crew_lost(struct worker *worker, int wait_status, uint64_t task, uint64_t count);

/* By the host, for each of them: nobody will ever settle it. */
void worker_forfeit(struct worker *worker, const struct errand *errand);

/* The stamp for `submitted`: now, or in an open loop the moment at which the task was to arrive. */
uint64_t worker_submission(const struct worker *worker, uint64_t task);

/* The clock, for the stamps of struct outcome. */
uint64_t crew_now(void);

/* ---- called by the host for a per-task executor ---- */

/* Runs worker_setup of every place; in `start`. The engine tears them down after `stop`. */
int crew_prepare(struct crew *crew, struct err *err);

/* Takes the next task: false when none is left, time is up or the run is stopped. In an open loop
 * it sleeps until the task arrives. */
bool crew_next(struct crew *crew, uint64_t *task);

/* The same without sleeping: false, too, if the next task has not arrived yet. */
bool crew_try_next(struct crew *crew, uint64_t *task);

/* Tasks arrive by a schedule: an open loop. */
bool crew_is_paced(const struct crew *crew);

/* In how many nanoseconds crew_next has a task without sleeping; 0: now; CREW_NO_TASK: never. */
#define CREW_NO_TASK UINT64_MAX
uint64_t crew_next_in_ns(const struct crew *crew);

/* Stamps the task as submitted to this place; before the thread or process is made. */
void worker_submit(struct worker *worker, uint64_t task);

/* On the new thread or in the new process: runs the submitted task, reports it and its usage. */
void worker_run(struct worker *worker);

/* By the host when the place is free again: bins what it reported. */
void worker_collect(struct worker *worker);

/* ---- called by the host ---- */

/*
 * Makes a worker process: START_FORK copies the host, START_SPAWN executes this program anew, with
 * nothing but the shared region and birth->fds. Either runs the executor's child hook and is killed
 * when the host dies. The pid, or -1 with errno.
 */
pid_t crew_bear(struct worker *worker, enum start start, const struct birth *birth);

/* Waits until every worker is ready; -1 with the error of one that could not be set up. `check`
 * is asked every 50 ms whether all still live (NULL: they cannot die without the host). */
int crew_await_ready(struct crew *crew, int (*check)(struct crew *, struct err *), struct err *err);

/* Waits until every worker has left; for threads. */
void crew_await_left(struct crew *crew);

/* Sets metric `metric` (its place in the executor's table) of this run; in `stop`. One that is not
 * set is unknown. */
void crew_metric(struct crew *crew, unsigned metric, double value);

/* What crew_set_gil's lock came to: drops that were asked for, and all threads' time waiting. */
void crew_gil_figures(const struct crew *crew, uint64_t *handovers, uint64_t *wait_ns);

/* The run is being ended: make nothing new. */
bool crew_stopped(const struct crew *crew);

/*
 * A worker's process ended as `wait_status` (waitpid) says. If it died with a task in flight,
 * that task is counted as lost, the row says how, and true is returned: the place may be filled
 * again with worker_reenter (pool) or the next task.
 */
bool worker_died(struct worker *worker, int wait_status);

extern const struct executor *const executor_registry[]; /* NULL-terminated */
const struct executor *executor_find(const char *name);  /* or NULL */

#endif
