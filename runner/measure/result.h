/* What one run of one experiment came to. Filled by the engine, read by statistics and reports. */
#ifndef MEASURE_RESULT_H
#define MEASURE_RESULT_H

#include "measure/histogram.h"

#include <stdbool.h>
#include <stdint.h>

/* In the order of severity: a summary shows the worst of its runs. */
enum status {
	STATUS_OK,
	STATUS_SKIPPED_LIMIT, /* a limit of the system would have stopped it; nothing was started */
	STATUS_UNSUPPORTED,   /* what it needs is not installed; no worker was made */
	STATUS_INTERRUPTED,   /* Ctrl-C */
	STATUS_FAILED,        /* a task returned an error, or the run could not be set up */
	STATUS_WRONG_RESULT,  /* its checksum differs from another executor's */
	STATUS_TIMEOUT,
	STATUS_CRASHED, /* a worker or the host died */
	STATUS_COUNT,
};

const char *status_name(enum status status); /* "ok", "skipped_limit", … */

/* Nothing was started: its zeros are not figures. */
static inline bool status_not_run(enum status status)
{
	return status == STATUS_SKIPPED_LIMIT || status == STATUS_UNSUPPORTED;
}

/* CPU time and kernel events from getrusage(2), release to the end of the last worker. */
struct usage {
	bool known;
	int64_t cpu_user_ns, cpu_sys_ns;
	int64_t ctx_voluntary, ctx_involuntary;
	int64_t faults_minor, faults_major;
};

/* The workers' time by the scheduler's accounting, /proc/PID/schedstat; summed over workers. */
struct lifecycle {
	bool known;
	int64_t running_ns, runnable_ns, blocked_ns;
};

enum {
	RESULT_METRICS = 8,  /* the most metrics that a workload may have */
	NOISE_STEAL = 1,     /* the hypervisor took CPU time away */
	NOISE_THROTTLED = 2, /* the cgroup's CPU quota stopped us */
	NOISE_BUSY = 4,      /* other programs used this machine's CPUs */
	NOISE_QUEUED = 8,    /* workers waited for a CPU though there were enough */
};

/* What happened to the machine while a run lasted; nanoseconds, -1: unknown. */
struct disturbance {
	int64_t span_ns;      /* from the look before the run to the one after it */
	int64_t steal_ns;     /* the hypervisor took away, of all CPUs */
	int64_t throttled_ns; /* the cgroup's quota stopped its tasks */
	int64_t pressure_ns; /* some task of the machine waited for a CPU, the run's own included */
	int64_t others_ns;   /* CPU time of other programs */
	int64_t recording_ns; /* workers waited until their tasks' records were taken, summed */
};

struct result {
	enum status status;
	char error[512]; /* empty: none */

	/* Phases, nanoseconds; elapsed is release → the last task's finish. */
	bool elapsed_known; /* false where the run ended before its tasks did */
	uint64_t startup_ns, elapsed_ns, teardown_ns;

	uint64_t tasks_ok;     /* returned a value */
	uint64_t tasks_failed; /* returned an error */
	uint64_t tasks_lost;   /* neither: their worker died or the run was ended */
	uint64_t backlog;      /* open loop: tasks that ended after the last one had arrived */
	uint64_t checksum;     /* sum of the values, modulo 2^64 */

	/* Tasks that ended, of each worker; owned, and kept for the next run. */
	uint64_t *worker_tasks;
	size_t worker_count, worker_capacity;

	struct tally task_ns; /* finished − started, of tasks that finished */
	struct tally wait_ns; /* started − submitted, of tasks that finished */

	struct usage usage;
	struct lifecycle lifecycle;
	int64_t max_rss_bytes; /* of the largest process of the run; 0: unknown */
	unsigned noise;        /* NOISE_… flags */
	struct disturbance disturbance;

	bool metrics_known;
	double metrics[RESULT_METRICS];          /* in the order of the workload's table */
	unsigned executor_metrics_known;         /* one bit each */
	double executor_metrics[RESULT_METRICS]; /* in the order of the executor's table */
};

void result_init(struct result *result);
void result_release(struct result *result);
void result_clear(struct result *result); /* for the next run; keeps the tallies' memory */

/* Makes room for the counts of so many workers; all of them are to be set. */
void result_workers(struct result *result, size_t count);

/* "steal busy", or "". */
enum { NOISE_TEXT_BYTES = 48 };
const char *noise_names(unsigned noise, char text[NOISE_TEXT_BYTES]);

#endif
