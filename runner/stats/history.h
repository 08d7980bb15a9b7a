/*
 * What is kept of an experiment's runs until the figures are made: of each run a record with a
 * few numbers, of all of them together the histograms. All of it lies in the collector's arena
 * and is made when the first run arrives.
 */
#ifndef STATS_HISTORY_H
#define STATS_HISTORY_H

#include "measure/result.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stdint.h>

/* What medians are taken of. */
enum value_of_run {
	VALUE_ELAPSED_NS,
	VALUE_STARTUP_NS,
	VALUE_TEARDOWN_NS,
	VALUE_CPU_USER_NS,
	VALUE_CPU_SYS_NS,
	VALUE_CTX_VOLUNTARY,
	VALUE_CTX_INVOLUNTARY,
	VALUE_FAULTS_MINOR,
	VALUE_FAULTS_MAJOR,
	VALUE_RUNNING_NS,
	VALUE_RUNNABLE_NS,
	VALUE_BLOCKED_NS,
	VALUE_BACKLOG,     /* of an open loop */
	VALUE_WAIT_P99_NS, /* the same */
	VALUE_STEAL_NS,
	VALUE_THROTTLED_NS,
	VALUE_PRESSURE_NS,
	VALUE_OTHERS_NS,
	VALUE_RECORDING_NS,
	VALUE_COUNT,
};

struct record {
	struct record *next; /* of the same experiment; rounds ascend */
	int32_t round;
	bool metrics_known;
	uint32_t known;                  /* bit i: value i */
	unsigned executor_metrics_known; /* one bit each */
	uint64_t tasks_ok;
	int64_t values[VALUE_COUNT];
	double metrics[]; /* as many as the workload has, then the executor's */
};

struct history {
	struct record *first, *last; /* the runs that give figures */
	const char *error;
	enum status status; /* the worst */
	uint32_t runs;      /* executed */
	unsigned noise;
	bool any_ok;       /* then only runs that are ok give figures */
	uint64_t checksum; /* if any_ok */
	uint64_t least_ok, most_failed, most_lost;
	int64_t max_rss_bytes;
	struct tally task_ns, wait_ns; /* of the runs that give figures */
	uint64_t *worker_tasks;        /* the same: tasks that ended, of each worker */
	size_t worker_count;
};

void history_init(struct history *history);
void history_release(struct history *history);

/* Adds one run that was measured, with its final status. */
void history_add(struct history *history, struct arena *arena, const struct experiment *experiment,
	int32_t round, const struct result *result);

/* Tasks that returned a value / elapsed; false where it is unknown. */
bool record_throughput(const struct record *record, double *per_s);

size_t metric_count(const struct metric *metrics);

#endif
