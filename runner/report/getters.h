/*
 * How the columns find their values. All have the type column_get; what `at` means stands
 * beside each. A value that is not known adds nothing.
 */
#ifndef REPORT_GETTERS_H
#define REPORT_GETTERS_H

#include "report/columns.h"

/* Of the experiment; `at` is not used. */
column_get get_scenario, get_experiment, get_workload, get_type, get_executor, get_workers,
	get_tasks, get_runtime, get_rate, get_arrival, get_governor;

/* Of summary.csv. */
column_get summary_status, summary_error, summary_runs, summary_checksum, summary_noise,
	summary_expect, summary_stop, summary_trend;
column_get summary_figure; /* `at`: the offset of a struct figure in struct summary_row */
column_get summary_ratio;  /* the same, with 9 significant digits */

/* Of runs.csv. */
column_get run_round, run_started, run_status, run_error, run_elapsed, run_throughput, run_checksum,
	run_noise, run_disturbed, run_rss, run_backlog;
column_get run_phase;     /* `at`: the offset of nanoseconds in struct result; 0 is unknown */
column_get run_task_time; /* `at`: the quantile in percent; 100 is the maximum */
column_get run_wait_time; /* the same */
column_get run_cpu;       /* `at`: the offset of nanoseconds in struct usage */
column_get run_events;    /* `at`: the offset of a count in struct usage */
column_get run_lifecycle; /* `at`: the offset of nanoseconds in struct lifecycle */
column_get run_count;     /* `at`: the offset of a count of tasks in struct result */

#endif
