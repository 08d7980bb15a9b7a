/*
 * A workload is what a task does. This header is the contract, and all that the author of one
 * reads; base/option.h says how its parameter table works.
 *
 * To add one: write workloads/NAME.c with a `const struct workload workload_NAME`, and add one
 * line to workloads/registry.c. Nothing else: parsing, checking, sweeps, `conrun list`, CSV
 * columns and the conformance test follow from the table.
 *
 * The life of one run, always in a process of its own (the host):
 *
 *   hook             who calls it, where                                timed  may fail, block
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
	const void *params;    /* the workload's parameter struct */
	void *shared;          /* shared_bytes(job) of zeroed memory; NULL if that is 0 */
	uint64_t tasks;        /* in this run */
	uint32_t workers;
	uint64_t seed;         /* the scenario's; the same in every run and executor */
	const char *scratch;   /* an empty folder of this run's own; the engine removes it */
	double *metrics;       /* only in teardown: to set what the host alone can know */
};

struct worker {
	const struct job *job;
	void *state;           /* worker_bytes of zeroed memory, this worker's own */
	uint32_t index;        /* 0 … workers-1 */

	/* For the functions below. */
	_Atomic uint32_t *stop;
	bool failed;
	struct worker_report *report;
};

/* A figure that a workload adds to the row; becomes a CSV column of that name. */
struct metric {
	const char *name; /* unit in the name, as for all columns; NULL ends the table */
	const char *help;
};

struct workload {
	const char *name;
	const char *summary;   /* one line, lower case, no full stop */
	const char *operation; /* what one task does, in a user's words */

	const struct option *params; /* may be NULL */
	size_t params_bytes;         /* sizeof the parameter struct */
	const struct metric *metrics; /* at most RESULT_METRICS; may be NULL */
	size_t worker_bytes;
	size_t (*shared_bytes)(const struct job *job); /* job->shared is not set yet; NULL: 0 */

	/* Checks what no single option can; called when the scenario is checked. May be NULL. */
	int (*check)(const void *params, struct err *err);

	/* Nanoseconds that task `index` of `job` surely takes, where the parameters alone say so (sleep);
	 * for `conrun plan`. Only params and seed of the job are set. May be NULL: unknown. */
	uint64_t (*known_ns)(const struct job *job, uint64_t index);

	int (*setup)(struct job *job, struct err *err);
	int (*worker_setup)(struct worker *worker, struct err *err);
	uint64_t (*task)(struct worker *worker, uint64_t index);
	void (*worker_teardown)(struct worker *worker);
	void (*teardown)(struct job *job);
};

/* Marks the running task as failed, keeps the run's first such text for its row; returns 0. */
uint64_t worker_fail(struct worker *worker, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Adds to this worker's share of metric `metric` (its place in the table); shares are summed. */
void worker_metric(struct worker *worker, unsigned metric, double amount);

/* True: the run is being ended; return at once, the value does not count. One relaxed load. */
static inline bool checkpoint(const struct worker *worker)
{
	/* Relaxed: nothing is published with the flag; it only has to be seen in the end. */
	return atomic_load_explicit(worker->stop, memory_order_relaxed) != 0;
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

/* workloads/registry.c: all of them, in the order of `conrun list`; NULL-terminated. */
extern const struct workload *const workload_registry[];
const struct workload *workload_find(const char *name); /* or NULL */

#endif
