/*
 * See history.h. Figures come from the runs that are ok; an experiment that has none takes them
 * from the runs whose elapsed time is known, such as those of a pool that lost tasks to a
 * crash.
 */
#include "stats/history.h"

#include <string.h>

void history_init(struct history *history)
{
	memset(history, 0, sizeof(*history));
	history->error = "";
	tally_init(&history->task_ns);
	tally_init(&history->wait_ns);
}

void history_release(struct history *history)
{
	tally_release(&history->task_ns);
	tally_release(&history->wait_ns);
}

size_t metric_count(const struct metric *metrics)
{
	size_t count = 0;
	while (metrics && metrics[count].name)
		count++;
	return count;
}

bool record_throughput(const struct record *record, double *per_s)
{
	int64_t elapsed_ns = record->values[VALUE_ELAPSED_NS];
	if (!(record->known & 1u << VALUE_ELAPSED_NS) || elapsed_ns == 0)
		return false;
	*per_s = (double)record->tasks_ok / ((double)elapsed_ns / 1e9);
	return true;
}

static void keep_usage(struct record *record, const struct usage *usage)
{
	record->values[VALUE_CPU_USER_NS] = usage->cpu_user_ns;
	record->values[VALUE_CPU_SYS_NS] = usage->cpu_sys_ns;
	record->values[VALUE_CTX_VOLUNTARY] = usage->ctx_voluntary;
	record->values[VALUE_CTX_INVOLUNTARY] = usage->ctx_involuntary;
	record->values[VALUE_FAULTS_MINOR] = usage->faults_minor;
	record->values[VALUE_FAULTS_MAJOR] = usage->faults_major;
	if (usage->known)
		record->known |= 1u << VALUE_CPU_USER_NS | 1u << VALUE_CPU_SYS_NS |
				 1u << VALUE_CTX_VOLUNTARY | 1u << VALUE_CTX_INVOLUNTARY |
				 1u << VALUE_FAULTS_MINOR | 1u << VALUE_FAULTS_MAJOR;
}

static void keep_lifecycle(struct record *record, const struct lifecycle *lifecycle)
{
	record->values[VALUE_RUNNING_NS] = lifecycle->running_ns;
	record->values[VALUE_RUNNABLE_NS] = lifecycle->runnable_ns;
	record->values[VALUE_BLOCKED_NS] = lifecycle->blocked_ns;
	if (lifecycle->known)
		record->known |=
			1u << VALUE_RUNNING_NS | 1u << VALUE_RUNNABLE_NS | 1u << VALUE_BLOCKED_NS;
}

static void keep_value(struct record *record, enum value_of_run value, int64_t ns)
{
	record->values[value] = ns;
	if (ns >= 0)
		record->known |= 1u << value;
}

static void keep_disturbance(struct record *record, const struct disturbance *disturbance)
{
	keep_value(record, VALUE_STEAL_NS, disturbance->steal_ns);
	keep_value(record, VALUE_THROTTLED_NS, disturbance->throttled_ns);
	keep_value(record, VALUE_PRESSURE_NS, disturbance->pressure_ns);
	keep_value(record, VALUE_OTHERS_NS, disturbance->others_ns);
	keep_value(record, VALUE_RECORDING_NS, disturbance->recording_ns);
}

static void keep_phases(struct record *record, const struct result *result)
{
	record->tasks_ok = result->tasks_ok;
	record->values[VALUE_ELAPSED_NS] = (int64_t)result->elapsed_ns;
	record->values[VALUE_STARTUP_NS] = (int64_t)result->startup_ns;
	record->values[VALUE_TEARDOWN_NS] = (int64_t)result->teardown_ns;
	record->known |= 1u << VALUE_STARTUP_NS | 1u << VALUE_TEARDOWN_NS;
	if (result->elapsed_known)
		record->known |= 1u << VALUE_ELAPSED_NS;
}

static void keep_queue(struct record *record, const struct result *result)
{
	if (!result->elapsed_known)
		return;
	record->values[VALUE_BACKLOG] = (int64_t)result->backlog;
	record->values[VALUE_WAIT_P99_NS] = (int64_t)tally_quantile(&result->wait_ns, 0.99);
	record->known |= 1u << VALUE_BACKLOG | 1u << VALUE_WAIT_P99_NS;
}

static void add_record(struct history *history, struct arena *arena,
	const struct experiment *experiment, int32_t round, const struct result *result)
{
	size_t own = metric_count(experiment->workload->type->metrics);
	size_t executors = metric_count(experiment->executor->type->metrics);
	struct record *record =
		arena_alloc(arena, sizeof(*record) + (own + executors) * sizeof(double));
	record->round = round;
	keep_phases(record, result);
	keep_usage(record, &result->usage);
	keep_lifecycle(record, &result->lifecycle);
	keep_disturbance(record, &result->disturbance);
	if (experiment->rate > 0)
		keep_queue(record, result);
	memcpy(record->metrics, result->metrics, own * sizeof(double));
	memcpy(record->metrics + own, result->executor_metrics, executors * sizeof(double));
	record->metrics_known = result->metrics_known;
	record->executor_metrics_known = result->executor_metrics_known;

	if (history->last)
		history->last->next = record;
	else
		history->first = record;
	history->last = record;
}

static void drop_figures(struct history *history)
{
	history->first = history->last = NULL;
	tally_clear(&history->task_ns);
	tally_clear(&history->wait_ns);
	if (history->worker_tasks)
		memset(history->worker_tasks, 0, history->worker_count * sizeof(uint64_t));
}

static void add_workers(struct history *history, struct arena *arena, const struct result *result)
{
	if (!history->worker_tasks) {
		history->worker_count = result->worker_count;
		history->worker_tasks = arena_alloc(arena, result->worker_count * sizeof(uint64_t));
	}
	for (size_t i = 0; i < history->worker_count && i < result->worker_count; i++)
		history->worker_tasks[i] += result->worker_tasks[i];
}

static void note_status(struct history *history, struct arena *arena, const struct result *result)
{
	if (result->status <= history->status)
		return;
	history->status = result->status;
	history->error = result->error[0] ? arena_text(arena, result->error) : "";
}

static void note_counts(struct history *history, const struct result *result)
{
	bool first = history->runs++ == 0;
	if (first || result->tasks_ok < history->least_ok)
		history->least_ok = result->tasks_ok;
	if (result->tasks_failed > history->most_failed)
		history->most_failed = result->tasks_failed;
	if (result->tasks_lost > history->most_lost)
		history->most_lost = result->tasks_lost;
	if (result->max_rss_bytes > history->max_rss_bytes)
		history->max_rss_bytes = result->max_rss_bytes;
	history->noise |= result->noise;
}

void history_add(struct history *history, struct arena *arena, const struct experiment *experiment,
	int32_t round, const struct result *result)
{
	bool ok = result->status == STATUS_OK;
	note_status(history, arena, result);
	if (status_not_run(result->status))
		return;
	note_counts(history, result);
	if (ok && !history->any_ok)
		drop_figures(history);
	if (ok) {
		history->any_ok = true;
		history->checksum = result->checksum;
	}
	if (!ok && (history->any_ok || !result->elapsed_known))
		return;
	add_record(history, arena, experiment, round, result);
	tally_merge(&history->task_ns, &result->task_ns);
	tally_merge(&history->wait_ns, &result->wait_ns);
	add_workers(history, arena, result);
}
