/*
 * The table of columns. Its order is the order in both files; a file leaves out the columns
 * that have no getter for it.
 */
#include "report/columns.h"
#include "report/getters.h"

/* clang-format off */
#define NONE            {NULL, 0}
#define SAME(get)       {{get, 0}, {get, 0}}
#define FIGURE(member)  {summary_figure, offsetof(struct summary_row, member)}
#define RATIO(member)   {summary_ratio, offsetof(struct summary_row, member)}
#define PHASE(member)   {run_phase, offsetof(struct result, member)}
#define CPU(member)     {run_cpu, offsetof(struct usage, member)}
#define EVENTS(member)  {run_events, offsetof(struct usage, member)}
#define LIFE(member)    {run_lifecycle, offsetof(struct lifecycle, member)}
#define DISTURBED(member) {run_disturbed, offsetof(struct result, disturbance.member)}
#define COUNT(member)   {run_count, offsetof(struct result, member)}
/* clang-format on */

/* A worker that is made for one task costs a fifth more where its account is read. */
#define LIFE_SOURCE                                                                                \
	"/proc/PID/schedstat and CPU clocks; under thread and process beyond a run's first 100 "   \
	"tasks: one task in 16, which stands for all"

const struct column column_table[] = {
	{"scenario", "", "the scenario's name", "`name:`, or the file's name", .text = true,
		.in = SAME(get_scenario)},
	{"experiment", "",
		"the experiment's id: the same wherever workload, parameters, executor, "
		"options, workers and load (tasks, runtime, rate, arrival) are the same",
		"hash of all that defines it", .in = SAME(get_experiment)},
	{"workload", "", "the workload, as the scenario calls it", "`workloads:`", .text = true,
		.in = SAME(get_workload)},
	{"type", "", "what a task does", "the workload's `type:`", .in = SAME(get_type)},
	{"executor", "", "how tasks are run; options that are not the default stand in brackets",
		"`executors:`", .text = true, .in = SAME(get_executor)},
	{"workers", "count", "the most tasks in flight at once", "`workers:`",
		.in = SAME(get_workers)},
	{"tasks", "count",
		"tasks of one run; empty where a runtime decides how many there are: tasks_ok has "
		"them",
		"`tasks:`, or rate times runtime", .in = SAME(get_tasks)},
	{.group = COLUMN_SWEEPS},
	{"round", "", "which repetition, from 1; warm-ups are left out", "the plan",
		.in = {NONE, {run_round, 0}}},
	{"started_utc", "ISO 8601", "when the run was started", "CLOCK_REALTIME",
		.in = {NONE, {run_started, 0}}},
	{"status", "",
		"ok, failed, crashed, timeout, wrong_result, skipped_limit, unsupported or "
		"interrupted; of several runs the worst",
		"the engine", .in = {{summary_status, 0}, {run_status, 0}}},
	{"error", "", "what went wrong, in words; of several runs the first with that status",
		"the engine or the task", .text = true, .in = {{summary_error, 0}, {run_error, 0}}},
	{"runs", "count", "runs that were executed, without warm-ups", "the engine",
		.in = {{summary_runs, 0}, NONE}},
	{"elapsed_s", "seconds", "from the release of the workers to the last task's finish",
		"the clock that run.json names", .in = {FIGURE(elapsed_s), {run_elapsed, 0}}},
	{"elapsed_ci_low_s", "seconds",
		"lower end of the 95 % interval of the median elapsed_s; "
		"empty below 6 runs",
		"order statistics", .in = {FIGURE(elapsed_ci_low_s), NONE}},
	{"elapsed_ci_high_s", "seconds", "upper end of that interval", "order statistics",
		.in = {FIGURE(elapsed_ci_high_s), NONE}},
	{"elapsed_min_s", "seconds", "the shortest elapsed_s", "the runs",
		.in = {FIGURE(elapsed_min_s), NONE}},
	{"elapsed_max_s", "seconds", "the longest elapsed_s", "the runs",
		.in = {FIGURE(elapsed_max_s), NONE}},
	{"startup_s", "seconds", "making the workers, until all are ready; before the release",
		"the same clock", .in = {FIGURE(startup_s), PHASE(startup_ns)}},
	{"teardown_s", "seconds", "joining or reaping the workers, after the last task",
		"the same clock", .in = {FIGURE(teardown_s), PHASE(teardown_ns)}},
	{"throughput_per_s", "tasks per second", "tasks that finished / elapsed_s", "computed",
		.in = {RATIO(throughput_per_s), {run_throughput, 0}}},
	{"speedup", "ratio",
		"throughput / the baseline's, round by round; the median of the rounds. "
		"Without a `baseline:` that is sequential, else the executor's fewest workers; "
		"always with the same runtime and rate",
		"computed", .in = {RATIO(speedup), NONE}},
	{"efficiency", "ratio", "speedup / (workers / the baseline's workers)", "computed",
		.in = {RATIO(efficiency), NONE}},
	{"task_p50_s", "seconds", "half of the tasks took at most this long, start to finish",
		"histogram, within 1/128", .in = {FIGURE(task_p50_s), {run_task_time, 50}}},
	{"task_p90_s", "seconds", "90 % of the tasks took at most this long",
		"histogram, within 1/128", .in = {FIGURE(task_p90_s), {run_task_time, 90}}},
	{"task_p99_s", "seconds", "99 % of the tasks took at most this long",
		"histogram, within 1/128", .in = {FIGURE(task_p99_s), {run_task_time, 99}}},
	{"task_max_s", "seconds", "the longest task", "exact",
		.in = {FIGURE(task_max_s), {run_task_time, 100}}},
	{"wait_p50_s", "seconds",
		"half of the tasks waited at most this long, submission to start: "
		"creation, queueing, dispatch",
		"histogram, within 1/128", .in = {FIGURE(wait_p50_s), {run_wait_time, 50}}},
	{"wait_p99_s", "seconds", "99 % of the tasks waited at most this long",
		"histogram, within 1/128", .in = {FIGURE(wait_p99_s), {run_wait_time, 99}}},
	{"cpu_user_s", "seconds", "CPU time in the program's own code, of all workers",
		"getrusage(2)", .in = {FIGURE(cpu_user_s), CPU(cpu_user_ns)}},
	{"cpu_sys_s", "seconds", "CPU time in the kernel, of all workers", "getrusage(2)",
		.in = {FIGURE(cpu_sys_s), CPU(cpu_sys_ns)}},
	{"running_s", "seconds", "the workers' time on a CPU, summed", LIFE_SOURCE,
		.in = {FIGURE(running_s), LIFE(running_ns)}},
	{"runnable_s", "seconds", "the workers' time waiting for a CPU, summed", LIFE_SOURCE,
		.in = {FIGURE(runnable_s), LIFE(runnable_ns)}},
	{"blocked_s", "seconds", "the workers' time asleep or waiting for something else, summed",
		"the rest of their lives", .in = {FIGURE(blocked_s), LIFE(blocked_ns)}},
	{"ctx_voluntary", "count", "context switches because a worker had to wait", "getrusage(2)",
		.in = {FIGURE(ctx_voluntary), EVENTS(ctx_voluntary)}},
	{"ctx_involuntary", "count", "context switches because others were to run", "getrusage(2)",
		.in = {FIGURE(ctx_involuntary), EVENTS(ctx_involuntary)}},
	{"faults_minor", "count", "page faults served from memory", "getrusage(2)",
		.in = {FIGURE(faults_minor), EVENTS(faults_minor)}},
	{"faults_major", "count", "page faults that had to wait for a disk", "getrusage(2)",
		.in = {FIGURE(faults_major), EVENTS(faults_major)}},
	{"max_rss_bytes", "bytes", "the most resident memory of the largest process",
		"getrusage(2)", .in = {FIGURE(max_rss_bytes), {run_rss, 0}}},
	{"tasks_ok", "count", "tasks that returned a value; of several runs the fewest",
		"the workers", .in = {FIGURE(tasks_ok), COUNT(tasks_ok)}},
	{"tasks_failed", "count", "tasks that returned an error; of several runs the most",
		"the workers", .in = {FIGURE(tasks_failed), COUNT(tasks_failed)}},
	{"checksum", "modulo 2^64",
		"sum of the tasks' values: the same under every executor, unless a "
		"runtime decides how many tasks there are",
		"the workers", .in = {{summary_checksum, 0}, {run_checksum, 0}}},
	{"noise", "",
		"what disturbed the run: steal (the hypervisor), throttled (the CPU quota), "
		"busy (other programs), queued (workers waited for a CPU though there were enough)",
		"/proc/stat, cgroup, schedstat", .in = {{summary_noise, 0}, {run_noise, 0}}},
	{"tasks_lost", "count",
		"tasks that neither returned a value nor an error: their worker died "
		"or the run was ended; of several runs the most",
		"the engine", .in = {FIGURE(tasks_lost), COUNT(tasks_lost)}},
	{"runtime_s", "seconds",
		"a run takes on tasks for this long; with a rate, they arrive for this long; empty "
		"where the tasks are given",
		"`runtime:`", .in = SAME(get_runtime)},
	{"rate_per_s", "tasks per second",
		"tasks arrive so often, whether or not a worker is free, and wait from then on; "
		"empty: a closed loop, in which a task is there as soon as a worker is",
		"`rate:`", .in = SAME(get_rate)},
	{"arrival", "", "with a rate: constant, at equal distances, or poisson, at random ones",
		"`arrival:`", .in = SAME(get_arrival)},
	{"backlog", "count",
		"with a rate: tasks that had not finished when the last one had arrived, that one "
		"included; much more than `workers` is a queue that grew",
		"the workers", .in = {FIGURE(backlog), {run_backlog, 0}}},
	{"expect", "",
		"passed or failed: whether all that the scenario expects of this row holds; empty "
		"where it expects nothing or nothing was run",
		"`expect:`", .in = {{summary_expect, 0}, NONE}},
	{"steal_s", "seconds", "CPU time that the hypervisor took away meanwhile, of all CPUs",
		"/proc/stat", .in = {FIGURE(steal_s), DISTURBED(steal_ns)}},
	{"throttled_s", "seconds", "time for which the CPU quota stopped the run",
		"the cgroup's cpu.stat", .in = {FIGURE(throttled_s), DISTURBED(throttled_ns)}},
	{"pressure_s", "seconds",
		"time in which some task of the machine, the run's own included, waited for a CPU",
		"/proc/pressure/cpu", .in = {FIGURE(pressure_s), DISTURBED(pressure_ns)}},
	{"others_cpu_s", "seconds", "CPU time that other programs used meanwhile",
		"/proc/stat, getrusage(2)", .in = {FIGURE(others_cpu_s), DISTURBED(others_ns)}},
	{"mad_share", "ratio",
		"how far runs scatter: the median of their distances from the median, over the "
		"median; of elapsed_s, with a runtime of throughput_per_s, with a rate of the "
		"runs' "
		"wait_p99_s",
		"Hampel 1974", .in = {FIGURE(mad_share), NONE}},
	{"outliers", "count",
		"runs whose distance from the median is more than 5.2 times the median distance; "
		"they are counted, never removed",
		"Iglewicz and Hoaglin 1993", .in = {FIGURE(outliers), NONE}},
	{"trend", "",
		"drift: figures rise or fall from run to run (from 8 runs on); warm_up: the first is "
		"far slower than the others (from 6 on)",
		"Mann-Kendall test, Theil-Sen line", .in = {{summary_trend, 0}, NONE}},
	{"stop_reason", "",
		"why there were no more runs: repeats (as often as asked), until_ci (the interval is "
		"narrow enough), max (it is not, but no more were allowed), budget, interrupted; "
		"empty where nothing was run",
		"`repeat:`, `budget:`", .in = {{summary_stop, 0}, NONE}},
	{"recording_stall_s", "seconds",
		"where single tasks are recorded: time for which workers waited, between two tasks, "
		"until their records had been taken, summed",
		"the workers", .in = {FIGURE(recording_stall_s), DISTURBED(recording_ns)}},
	{"governor", "",
		"the rule by which the kernel sets the CPUs' frequency; one that saves power makes "
		"short runs slow; empty where it is not known, as in most virtual machines",
		"cpufreq of /sys", .in = SAME(get_governor)},
	{.group = COLUMN_METRICS},
	{.group = COLUMN_ADDED},
	{.name = NULL},
};
