/*
 * From runs to figures: one row an experiment. Medians with order-statistic intervals; nothing
 * is deleted as an outlier; histograms are merged, never averaged.
 */
#ifndef STATS_SUMMARY_H
#define STATS_SUMMARY_H

#include "measure/result.h"
#include "plan/plan.h"

#include <stdbool.h>
#include <stdint.h>

/* A figure that may be unknown. */
struct figure {
	bool known;
	double value;
};

/* Why an experiment was not run more often. */
enum stop {
	STOP_NOT_RUN,
	STOP_REPEATS,     /* as often as was asked for */
	STOP_PRECISE,     /* its figure is known to within until_ci */
	STOP_MAX,         /* it is not, but no more runs were allowed */
	STOP_BUDGET,      /* set by whoever ends the session */
	STOP_INTERRUPTED, /* the same */
};

enum judgement { ROW_NOT_JUDGED, ROW_PASSED, ROW_FAILED };

struct history;

struct summary_row {
	const struct experiment *experiment;
	enum status status; /* the worst of its runs; interrupted where there was none */
	const char *error;  /* the first run's with that status; "" if none */
	uint32_t runs;      /* executed, without warm-ups; 0: the row has no figures */
	enum stop stop;

	struct figure elapsed_s, elapsed_ci_low_s, elapsed_ci_high_s, elapsed_min_s, elapsed_max_s;
	struct figure startup_s, teardown_s;
	struct figure throughput_per_s; /* median over runs of tasks that finished / elapsed */
	/* median of the rounds' ratios of throughput to the baseline's */
	struct figure speedup;
	struct figure efficiency; /* speedup / (workers / the baseline's workers) */
	struct figure task_p50_s, task_p90_s, task_p99_s, task_max_s; /* all runs' tasks together */
	struct figure wait_p50_s, wait_p99_s;
	/* medians over runs */
	struct figure cpu_user_s, cpu_sys_s, running_s, runnable_s, blocked_s;
	struct figure ctx_voluntary, ctx_involuntary, faults_minor, faults_major;
	struct figure max_rss_bytes; /* the largest */
	/* of the worst run: fewest ok, most failed, most lost */
	struct figure tasks_ok, tasks_failed, tasks_lost;
	bool checksum_known; /* not where a runtime decides how many tasks there are */
	uint64_t checksum;   /* of the first run that ended ok */
	unsigned noise;      /* flags of all runs */
	/* medians over runs of what disturbed them, see struct disturbance */
	struct figure steal_s, throttled_s, pressure_s, others_cpu_s, recording_stall_s;
	/* of the figure that the experiment is about, see stats/precision.h and stats/trend.h */
	struct figure mad_share, outliers;
	unsigned trend;
	/* of an open loop: the median, and the runs' own wait_p99_s */
	struct figure backlog, wait_p99_min_s, wait_p99_max_s;
	struct figure metrics[RESULT_METRICS]; /* medians over runs */
	struct figure executor_metrics[RESULT_METRICS];
	enum judgement judgement;      /* by what the scenario expects */
	const struct history *history; /* what the figures were made of; NULL: no run ended */
};

struct summary {
	const struct plan *plan;
	/* by experiment, in the plan's order; owned with all they point to */
	struct summary_row *rows;
	uint32_t count;
};

/* Collects runs. Owns copies of all it needs of a result. */
struct collector;
struct collector *collector_new(const struct plan *plan);
void collector_free(struct collector *collector);

/*
 * Takes one finished run. Compares its checksum with that of the first ok run of the same
 * workload, parameters and tasks, unless a runtime decides how many there are: on a difference
 * sets the result's status to wrong_result and its error to both values and the other executor.
 * Warm-ups are checked, not kept.
 */
void collector_add(
	struct collector *collector, const struct planned_run *run, struct result *result);

/*
 * Where `repeat` asks for runs until an interval is narrow enough: is this run, of a round beyond
 * the least, to be made? Rounds are whole: as long as one experiment wants another one, all take
 * part, so that drift goes on to hit them alike. Experiments one after the other (batch) are judged
 * for themselves. Runs that have no figures want no more.
 */
bool collector_is_due(struct collector *collector, const struct planned_run *run);

/* The figures so far; release with summary_release. Valid while the collector lives. */
void collector_summarise(struct collector *collector, struct summary *summary);
void summary_release(struct summary *summary);

#endif
