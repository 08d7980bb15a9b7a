/*
 * A workload is what a task does. This header is the contract, and all that the author of one
 * reads; base/option.h says how its parameter table works.
 *
 * To add one: write workloads/NAME.c with a `const struct workload workload_NAME`, and add one
 * line to workloads/registry.c. Nothing else: parsing, checking, sweeps, `conrun list`, CSV
 * columns and the conformance test follow from the table. One that is not to be a part of conrun is
 * a plugin: the same table in a shared object, see workloads/plugin.h.
 *
 * The life of one run, always in a process of its own (the host):
 *
 *   hook             who calls it, where                                timed  may fail, block
 *   supported        host, once, before all others                      no     yes
 *   setup            host, once, before any worker exists               no     yes
 *   worker_setup     once per worker, before the release: in pools by   no     yes
 *                    the worker itself; for `thread` and `process` by
 *                    the host, for each place that a task can run in
 *   task             a worker, once per index; the clock is running     yes    yes, by worker_fail
 *   worker_teardown  once per worker, after its last task, by whoever   no     no
 *                    called its worker_setup; not if the worker died
 *   teardown         host, once, when all workers are gone              no     no
 *
 * Executors differ in what workers share: threads share everything; processes only what
 * `job->shared` points to (zeroed shared memory) and what setup left in the host's memory before
 * they were forked (each has its own copy from then on). worker->state is one worker's own and
 * lies in shared memory too: what a process left there, worker_teardown finds.
 * All hooks but `task` may be NULL.
 *
 * A task returns a 64-bit value. It must depend on nothing but the parameters, the seed and the
 * index: the run's checksum is the sum of the values, and it must come out the same under every
 * executor. On failure: `return worker_fail(worker, "…")`.
 *
 * What a workload starts (a server, a thread of its own) it starts in `setup`, which runs while
 * the host has one thread, and ends in `teardown`, which runs when the host has reaped its workers;
 * what only one worker can have, such as the other end of its channel, in that one's worker_setup.
 * A child's end may have been noticed by the executor already: waitpid then says ECHILD. When the
 * host dies, or the run's time is up, every process of the run is killed by the engine, teardown or
 * not. A thread of its own has all signals blocked: executors wait for some on the main thread.
 *
 * Calls that can block stand between blocking_begin() and blocking_end().
 *
 * Between release and finish nothing may allocate, lock or format unless that is what the
 * workload is about. A loop that can run for more than a millisecond calls checkpoint().
 */
#ifndef WORKLOADS_WORKLOAD_H
#define WORKLOADS_WORKLOAD_H

#include "base/err.h"
#include "base/option.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One run, as its workload sees it: the same in every worker. Read-only but for `shared`. */
struct job {
	const struct workload *workload;
	const char *executor; /* its name */
	const void *params;   /* the workload's parameter struct */
	void *shared;         /* shared_bytes(job) of zeroed memory, from a page on; NULL if 0 */
	uint64_t tasks;       /* in this run; 0: not known, as many as fit into its time */
	uint32_t workers;
	uint64_t seed;       /* the scenario's; the same in every run and executor */
	const char *folder;  /* the scenario's: where the paths of its parameters start from */
	const char *scratch; /* an empty folder of this run's own; the engine removes it */
	double *metrics;     /* only in teardown: to set what the host alone can know */
};

struct worker {
	const struct job *job;
	void *state;    /* worker_bytes of zeroed memory, this worker's own */
	uint32_t index; /* 0 … workers-1 */

	/* For the functions below. */
	_Atomic uint32_t *attention; /* enum attention, bits; 0: just go on */
	struct gil *gil;             /* the lock that this worker needs to compute, or NULL */
	bool failed;
	struct worker_report *report;
};

enum attention {
	ATTENTION_STOP = 1,  /* the run is being ended */
	ATTENTION_YIELD = 2, /* another thread asks for the gil */
};

/*
 * A task in its asynchronous form, under `async`: async_start begins it on the event loop and
 * returns at once; a callback of the loop calls async_done later, exactly once. `state` is
 * async_bytes of memory, zeroed before the first task that uses this call and left as it is
 * between tasks, so that handles can be kept. All on the host's one thread.
 */
struct async_call {
	struct worker *worker;
	struct uv_loop_s *loop; /* include <uv.h> to use it */
	void *state;
	uint64_t index;
};

/* How the amounts of a metric become one figure. */
enum metric_merge {
	METRIC_SUM,
	METRIC_MAX, /* the largest, and at least 0 */
};

/* A figure that a workload adds to the row; becomes a CSV column of that name. */
struct metric {
	const char *name; /* unit in the name, as for all columns; NULL ends the table */
	const char *help;
	enum metric_merge merge;
};

struct needs {
	uint64_t bytes_per_worker, bytes_per_run;
	uint64_t descriptors_per_worker, descriptors_per_run; /* in the host, or in each child */
	uint64_t processes_per_worker, processes_per_run;     /* or threads, that it starts */
};

/* Under which heading `conrun list` shows it; the registry keeps each group together. */
enum workload_group {
	GROUP_NONE, /* a table that does not say is found by a test */
	GROUP_CPU,
	GROUP_WAITING,   /* and input and output */
	GROUP_SHARED,    /* state that workers share */
	GROUP_CHANNEL,   /* messages between two sides */
	GROUP_MEMORY,    /* and processes */
	GROUP_SCHEDULER,
	GROUP_GIVEN, /* programs and scripts of the user's */
	GROUP_FAULT,
	GROUP_PLUGIN, /* from outside; set when a plugin is loaded */
};

struct workload {
	const char *name;
	enum workload_group group;
	const char *summary;   /* one line, lower case, no full stop */
	const char *operation; /* what one task does, in a user's words */

	const struct option *params;  /* may be NULL */
	size_t params_bytes;          /* sizeof the parameter struct */
	const struct metric *metrics; /* at most RESULT_METRICS; may be NULL */
	size_t worker_bytes;
	size_t (*shared_bytes)(const struct job *job); /* job->shared is not set yet; NULL: 0 */

	/* It runs programs that the scenario names, by its lists `command`, which begins with the
	 * program, and `environment`: only with --allow-exec. */
	bool runs_programs;

	/* It opens shared libraries, or calls what glibc opens some for (getaddrinfo). Its host
	 * then is a fork of the program; all others' are a program without any, which forks
	 * faster. */
	bool opens_libraries;

	/* Is all there that it needs of this machine: an optional library (base/library.h), a kind
	 * of socket? -1: the row's status is `unsupported`, and the error says what to install.
	 * In the host, and by `conrun list` with the defaults. NULL: always. */
	int (*supported)(const void *params, struct err *err);

	/* What one worker takes beyond the region and a bare thread or process, so that a run that
	 * cannot be is not begun. Only the job's params, workers, tasks and executor are set. NULL:
	 * next to nothing. */
	void (*needs)(const struct job *job, struct needs *needs);

	/* Checks what no single option can; called when the scenario is checked. May be NULL. */
	int (*check)(const void *params, struct err *err);

	/* Nanoseconds that task `index` of `job` surely takes, where the parameters alone say so
	 * (sleep); for `conrun plan`. Only params and seed of the job are set. NULL: unknown. */
	uint64_t (*known_ns)(const struct job *job, uint64_t index);

	int (*setup)(struct job *job, struct err *err);
	int (*worker_setup)(struct worker *worker, struct err *err);
	uint64_t (*task)(struct worker *worker, uint64_t index);
	void (*worker_teardown)(struct worker *worker);
	void (*teardown)(struct job *job);

	/* The task's asynchronous form; NULL: the task itself runs, and blocks the loop. */
	size_t async_bytes;
	void (*async_start)(struct async_call *call);

	/* Under `gil`, where tasks run code that cannot call checkpoint(): called in a signal
	 * handler on the thread that has the lock, each time that another asks for it. NULL:
	 * tasks call checkpoint(). */
	void (*interrupt)(void);

	/* Of a type that stands for files, as `lua` does for scripts: makes the workload that a
	 * file holds, with the same name. All of it is in the arena. NULL: it is complete. */
	const struct workload *(*open)(const char *path, struct arena *arena, struct err *err);
	const char *source; /* of one that was made so: the file's path; else NULL */
	uint64_t version;   /* a hash of the file's name and of what it holds */

	/* Of one that a plugin brought: the plugin's path; `version` is a hash of what that holds.
	 * Set when it is loaded. */
	const char *plugin;
};

/* Ends an asynchronous task with its value; after worker_fail the value does not matter. */
void async_done(struct async_call *call, uint64_t value);

/* Marks the running task as failed, keeps the run's first such text for its row; returns 0. */
uint64_t worker_fail(struct worker *worker, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Adds to this worker's share of metric `metric` (its place in the table), or raises it to
 * `amount`, as the table says; so are the shares put together. */
void worker_metric(struct worker *worker, unsigned metric, double amount);

/* What checkpoint() does when there is something to do. */
bool worker_attend(struct worker *worker);

/*
 * Called in every loop that can run for more than a millisecond. Hands over the gil if another
 * thread asks for it. True: the run is being ended; return at once, the value does not count.
 * One relaxed load as long as nobody wants anything.
 */
static inline bool checkpoint(struct worker *worker)
{
	/* Relaxed: nothing is published with the bits; they only have to be seen in the end. */
	uint32_t attention = atomic_load_explicit(worker->attention, memory_order_relaxed);
	return __builtin_expect(attention != 0, 0) && worker_attend(worker);
}

/* The run is being ended; for loops between blocking_begin and blocking_end. */
static inline bool is_stopping(const struct worker *worker)
{
	/* Relaxed: as in checkpoint. */
	return atomic_load_explicit(worker->attention, memory_order_relaxed) & ATTENTION_STOP;
}

void worker_gil_release(struct worker *worker);
void worker_gil_acquire(struct worker *worker);

/* Around every call that can block: under `gil` others compute meanwhile. Costs a test of one
 * pointer otherwise. No value is to be computed between the two. */
static inline void blocking_begin(struct worker *worker)
{
	if (__builtin_expect(worker->gil != NULL, 0))
		worker_gil_release(worker);
}

static inline void blocking_end(struct worker *worker)
{
	if (__builtin_expect(worker->gil != NULL, 0))
		worker_gil_acquire(worker);
}

/* A well-mixed 64-bit number for (seed, index): splitmix64's finaliser (Steele, Lea & Flood,
 * "Fast splittable pseudorandom number generators", OOPSLA 2014). */
static inline uint64_t job_random(const struct job *job, uint64_t index)
{
	uint64_t z = job->seed + (index + 1) * UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* workloads/registry.c, for the program: all of them, in the order of `conrun list`;
 * NULL-terminated. What it returns holds until one is added. */
const struct workload *const *workload_registry(void);
const struct workload *workload_find(const char *name); /* or NULL */
void workload_add(const struct workload *workload);     /* borrowed; its name must be new */

#endif
