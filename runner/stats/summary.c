/*
 * Histories → rows. A figure is the median over the runs that know it; a table says which
 * member of the row comes from which value of the runs.
 */
#include "stats/summary.h"

#include "stats/collector.h"
#include "stats/order_statistics.h"
#include "stats/precision.h"
#include "stats/speedup.h"
#include "stats/trend.h"

#include <stddef.h>
#include <stdlib.h>

#define NS_PER_S 1e9

static const struct median {
	size_t figure; /* offset in struct summary_row */
	enum value_of_run value;
	double unit; /* the value is divided by it */
} medians[] = {
	{offsetof(struct summary_row, startup_s), VALUE_STARTUP_NS, NS_PER_S},
	{offsetof(struct summary_row, teardown_s), VALUE_TEARDOWN_NS, NS_PER_S},
	{offsetof(struct summary_row, cpu_user_s), VALUE_CPU_USER_NS, NS_PER_S},
	{offsetof(struct summary_row, cpu_sys_s), VALUE_CPU_SYS_NS, NS_PER_S},
	{offsetof(struct summary_row, running_s), VALUE_RUNNING_NS, NS_PER_S},
	{offsetof(struct summary_row, runnable_s), VALUE_RUNNABLE_NS, NS_PER_S},
	{offsetof(struct summary_row, blocked_s), VALUE_BLOCKED_NS, NS_PER_S},
	{offsetof(struct summary_row, ctx_voluntary), VALUE_CTX_VOLUNTARY, 1},
	{offsetof(struct summary_row, ctx_involuntary), VALUE_CTX_INVOLUNTARY, 1},
	{offsetof(struct summary_row, faults_minor), VALUE_FAULTS_MINOR, 1},
	{offsetof(struct summary_row, faults_major), VALUE_FAULTS_MAJOR, 1},
	{offsetof(struct summary_row, backlog), VALUE_BACKLOG, 1},
	{offsetof(struct summary_row, steal_s), VALUE_STEAL_NS, NS_PER_S},
	{offsetof(struct summary_row, throttled_s), VALUE_THROTTLED_NS, NS_PER_S},
	{offsetof(struct summary_row, pressure_s), VALUE_PRESSURE_NS, NS_PER_S},
	{offsetof(struct summary_row, others_cpu_s), VALUE_OTHERS_NS, NS_PER_S},
	{offsetof(struct summary_row, recording_stall_s), VALUE_RECORDING_NS, NS_PER_S},
};

static const struct quantile {
	size_t figure;
	bool wait;
	double fraction;
} quantiles[] = {
	{offsetof(struct summary_row, task_p50_s), false, 0.50},
	{offsetof(struct summary_row, task_p90_s), false, 0.90},
	{offsetof(struct summary_row, task_p99_s), false, 0.99},
	{offsetof(struct summary_row, task_max_s), false, 1},
	{offsetof(struct summary_row, wait_p50_s), true, 0.50},
	{offsetof(struct summary_row, wait_p99_s), true, 0.99},
};

static struct figure *row_figure(struct summary_row *row, size_t offset)
{
	return (struct figure *)(void *)((char *)row + offset);
}

static struct figure known(double value)
{
	return (struct figure){true, value};
}

/* Sorts what was gathered. */
static struct figure median_of(double *values, size_t count)
{
	if (count == 0)
		return (struct figure){0};
	values_sort(values, count);
	return known(sorted_median(values, count));
}

static size_t gather(
	const struct history *history, enum value_of_run value, double unit, double *values)
{
	size_t count = 0;
	for (const struct record *record = history->first; record; record = record->next)
		if (record->known & 1u << value)
			values[count++] = (double)record->values[value] / unit;
	return count;
}

static void fill_medians(struct summary_row *row, const struct history *history, double *values)
{
	for (size_t i = 0; i < sizeof(medians) / sizeof(medians[0]); i++) {
		const struct median *median = &medians[i];
		size_t count = gather(history, median->value, median->unit, values);
		*row_figure(row, median->figure) = median_of(values, count);
	}
}

static void fill_elapsed(struct summary_row *row, const struct history *history, double *values)
{
	size_t count = gather(history, VALUE_ELAPSED_NS, NS_PER_S, values);
	size_t rank = interval_rank(count);
	if (count == 0)
		return;
	row->elapsed_s = median_of(values, count);
	row->elapsed_min_s = known(values[0]);
	row->elapsed_max_s = known(values[count - 1]);
	if (rank > 0) {
		row->elapsed_ci_low_s = known(values[rank - 1]);
		row->elapsed_ci_high_s = known(values[count - rank]);
	}
}

static void fill_quantiles(struct summary_row *row, const struct history *history)
{
	for (size_t i = 0; i < sizeof(quantiles) / sizeof(quantiles[0]); i++) {
		const struct quantile *quantile = &quantiles[i];
		const struct tally *tally = quantile->wait ? &history->wait_ns : &history->task_ns;
		if (tally->total > 0)
			*row_figure(row, quantile->figure) =
				known((double)tally_quantile(tally, quantile->fraction) / NS_PER_S);
	}
}

static void fill_wait_range(struct summary_row *row, const struct history *history, double *values)
{
	size_t count = gather(history, VALUE_WAIT_P99_NS, NS_PER_S, values);
	if (count == 0)
		return;
	values_sort(values, count);
	row->wait_p99_min_s = known(values[0]);
	row->wait_p99_max_s = known(values[count - 1]);
}

static void fill_workload_metrics(
	struct summary_row *row, const struct history *history, double *values)
{
	size_t metrics = metric_count(row->experiment->workload->type->metrics);
	for (size_t i = 0; i < metrics; i++) {
		size_t count = 0;
		for (const struct record *record = history->first; record; record = record->next)
			if (record->metrics_known)
				values[count++] = record->metrics[i];
		row->metrics[i] = median_of(values, count);
	}
}

static void fill_executor_metrics(
	struct summary_row *row, const struct history *history, double *values)
{
	size_t before = metric_count(row->experiment->workload->type->metrics);
	size_t metrics = metric_count(row->experiment->executor->type->metrics);
	for (size_t i = 0; i < metrics; i++) {
		size_t count = 0;
		for (const struct record *record = history->first; record; record = record->next)
			if (record->executor_metrics_known & 1u << i)
				values[count++] = record->metrics[before + i];
		row->executor_metrics[i] = median_of(values, count);
	}
}

static void fill_throughput(struct summary_row *row, const struct history *history, double *values)
{
	size_t count = 0;
	for (const struct record *record = history->first; record; record = record->next)
		count += record_throughput(record, &values[count]);
	row->throughput_per_s = median_of(values, count);
}

static void fill_speedup(struct summary_row *row, const struct collector *collector,
	const struct history *history, double *values)
{
	const struct experiment *experiment = row->experiment;
	if (experiment->baseline == PLAN_NONE || !collector->histories[experiment->baseline])
		return;
	const struct experiment *baseline = &collector->plan->experiments[experiment->baseline];
	double workers = (double)experiment->workers / (double)baseline->workers;
	row->speedup = speedup_over(history, collector->histories[experiment->baseline], values);
	if (row->speedup.known)
		row->efficiency = known(row->speedup.value / workers);
}

static void fill_state(struct summary_row *row, const struct history *history)
{
	row->status = history->status;
	row->error = history->error;
	row->runs = history->runs;
	row->noise = history->noise;
	row->checksum_known = history->any_ok && row->experiment->tasks > 0;
	row->checksum = history->checksum;
	if (history->runs == 0)
		return;
	row->tasks_ok = known((double)history->least_ok);
	row->tasks_failed = known((double)history->most_failed);
	row->tasks_lost = known((double)history->most_lost);
	if (history->max_rss_bytes > 0)
		row->max_rss_bytes = known((double)history->max_rss_bytes);
}

static void fill_trend(struct summary_row *row, const struct history *history, double *values)
{
	const struct experiment *experiment = row->experiment;
	bool rate = experiment->rate <= 0 && !experiment->tasks;
	size_t count = precision_values(experiment, history, values);
	double *scratch = memory_alloc((count + 1) * sizeof(*scratch));
	if (count >= 2) {
		double mad = trend_mad(values, count, scratch);
		row->outliers = known((double)trend_outliers(values, count, scratch));
		row->trend = trend_flags(values, count, rate ? -1 : 1, scratch);
		double median = median_of(values, count).value;
		if (median > 0)
			row->mad_share = known(mad / median);
	}
	free(scratch);
}

static void fill_stop(
	struct summary_row *row, const struct collector *collector, const struct history *history)
{
	const struct experiment *experiment = row->experiment;
	double until = collector->plan->scenario->repeat.until_ci;
	if (history->runs < experiment->repeat_least)
		return;
	if (experiment->repeat_least == experiment->repeat)
		row->stop = STOP_REPEATS;
	else if (precision_of(experiment, history) <= until)
		row->stop = STOP_PRECISE;
	else if (history->runs == experiment->repeat)
		row->stop = STOP_MAX;
	else if (!history->any_ok)
		row->stop = STOP_REPEATS;
}

static void fill_row(struct summary_row *row, const struct collector *collector,
	const struct history *history, double *values)
{
	fill_state(row, history);
	fill_stop(row, collector, history);
	fill_medians(row, history, values);
	fill_trend(row, history, values);
	fill_elapsed(row, history, values);
	fill_throughput(row, history, values);
	fill_speedup(row, collector, history, values);
	fill_quantiles(row, history);
	fill_wait_range(row, history, values);
	fill_workload_metrics(row, history, values);
	fill_executor_metrics(row, history, values);
}

/* Room for one value of every run of any experiment. */
static double *make_scratch(const struct plan *plan)
{
	uint32_t most = 1;
	for (uint32_t i = 0; i < plan->experiment_count; i++)
		most = plan->experiments[i].repeat > most ? plan->experiments[i].repeat : most;
	return memory_alloc((most + (size_t)1) * sizeof(double));
}

void collector_summarise(struct collector *collector, struct summary *summary)
{
	const struct plan *plan = collector->plan;
	double *values = make_scratch(plan);
	summary->plan = plan;
	summary->count = plan->experiment_count;
	summary->rows = memory_alloc(summary->count * sizeof(struct summary_row));
	for (uint32_t i = 0; i < summary->count; i++) {
		struct summary_row *row = &summary->rows[i];
		row->experiment = &plan->experiments[i];
		row->status = STATUS_INTERRUPTED;
		row->error = "";
		row->history = collector->histories[i];
		if (row->history)
			fill_row(row, collector, collector->histories[i], values);
	}
	free(values);
}

void summary_release(struct summary *summary)
{
	free(summary->rows);
	summary->rows = NULL;
	summary->count = 0;
}
