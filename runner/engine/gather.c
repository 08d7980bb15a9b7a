#include "engine/gather.h"

#include "engine/pace.h"
#include "measure/clock.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

uint64_t gather_done(const struct region *region)
{
	uint64_t done = 0;
	for (uint32_t i = 0; i < region->workers; i++) {
		struct worker_report *report = region_report(region, i);
		done += get(report->ok) + get(report->failed);
	}
	return done;
}

static void gather_reports(struct region *region, struct result *result, uint64_t *last_finished)
{
	for (uint32_t i = 0; i < region->workers; i++) {
		struct worker_report *report = region_report(region, i);
		result->tasks_ok += get(report->ok);
		result->tasks_failed += get(report->failed);
		result->checksum += get(report->checksum);
		result->backlog += get(report->backlog);
		if (get(report->finished) > *last_finished)
			*last_finished = get(report->finished);
		if (report->lifecycle.known) {
			result->lifecycle.known = true;
			result->lifecycle.running_ns += report->lifecycle.running_ns;
			result->lifecycle.runnable_ns += report->lifecycle.runnable_ns;
			result->lifecycle.blocked_ns += report->lifecycle.blocked_ns;
		}
	}
}

static void merge_metric(const struct metric *metric, double amount, double *figure)
{
	if (metric->merge == METRIC_SUM)
		*figure += amount;
	else if (amount > *figure)
		*figure = amount;
}

/* The workers' shares, and what the host alone could know. */
static void gather_metrics(
	const struct metric *metrics, struct region *region, struct result *result)
{
	for (int m = 0; metrics && metrics[m].name; m++) {
		for (uint32_t i = 0; i < region->workers; i++)
			merge_metric(&metrics[m], region_report(region, i)->metrics[m],
				&result->metrics[m]);
		merge_metric(&metrics[m], region->metrics[m], &result->metrics[m]);
	}
}

/* A host that died left the last tasks of its places behind; they are binned as it would have. */
static void bin_uncollected(struct region *region)
{
	struct worker_bins *bins = region_bins(region, 0);
	for (uint32_t i = 0; i < region->workers; i++) {
		struct worker_report *report = region_report(region, i);
		uint64_t submitted = get(report->submitted), started = get(report->started);
		uint64_t finished = get(report->finished);
		if (!submitted || !finished || get(report->collected))
			continue;
		bins_add(bins, submitted, started, finished);
	}
}

static void gather_bins(struct region *region, struct result *result)
{
	for (uint32_t i = 0; i < region->bins_count; i++) {
		tally_add_histogram(&result->task_ns, &region_bins(region, i)->task);
		tally_add_histogram(&result->wait_ns, &region_bins(region, i)->wait);
	}
}

static void gather_phases(
	const struct region *region, uint64_t last_finished, struct result *result)
{
	bool completed = get(region->phase) == PHASE_DONE;
	if (region->start_ended)
		result->startup_ns = clock_ns(region->start_ended - region->start_began);
	if (!completed)
		return;
	result->elapsed_known = last_finished != 0;
	if (!result->elapsed_known)
		return;
	result->elapsed_ns = clock_ns(last_finished - get(region->released));
	result->teardown_ns = clock_ns(region->stop_ended - last_finished);
}

/* "task 99", "tasks 3, 7 and 12 more": what was being run when the run ended. */
static void describe_in_flight(const struct region *region, char *text, size_t size)
{
	enum { NAMED = 3 };
	uint64_t named[NAMED] = {0};
	unsigned count = 0;
	for (uint32_t i = 0; i < region->workers; i++) {
		struct worker_report *report = region_report(region, i);
		if (get(report->next) < get(report->end) && count++ < NAMED)
			named[count - 1] = get(report->next);
	}
	int used = snprintf(text, size, count == 1 ? "task" : count ? "tasks" : "no task");
	for (unsigned i = 0; i < count && i < NAMED; i++)
		used += snprintf(
			text + used, size - (size_t)used, "%s %" PRIu64, i ? "," : "", named[i]);
	if (count > NAMED)
		snprintf(text + used, size - (size_t)used, " and %u more", count - NAMED);
}

static void crashed_host(
	const struct region *region, const struct ending *ending, struct result *result)
{
	char in_flight[96];
	describe_in_flight(region, in_flight, sizeof(in_flight));
	result->status = STATUS_CRASHED;
	if (WIFSIGNALED(ending->wait_status))
		snprintf(result->error, sizeof(result->error), "killed by SIG%s with %s in flight",
			sigabbrev_np(WTERMSIG(ending->wait_status)), in_flight);
	else
		snprintf(result->error, sizeof(result->error),
			"exited with code %d with %s in flight", WEXITSTATUS(ending->wait_status),
			in_flight);
}

static void crashed_workers(const struct region *region, struct result *result)
{
	uint32_t deaths = get(region->deaths);
	result->status = STATUS_CRASHED;
	int used = snprintf(result->error, sizeof(result->error), "%s", region->death);
	if (deaths > 1)
		snprintf(result->error + used, sizeof(result->error) - (size_t)used,
			", and %u more died", deaths - 1);
}

static void failed(enum status status, struct region *region, struct result *result)
{
	result->status = status;
	bool complete = atomic_load_explicit(&region->error_owner, memory_order_acquire) == 2;
	snprintf(result->error, sizeof(result->error), "%s", complete ? region->error : "");
}

static void ended_early(const struct experiment *experiment, const struct ending *ending,
	struct result *result)
{
	static const char *const phases[] = {[PHASE_SETUP] = " while it was set up",
		[PHASE_START] = " while its workers were made",
		[PHASE_RUN] = " while tasks ran",
		[PHASE_STOP] = " while its workers were ended",
		[PHASE_DONE] = "",
		[PHASE_UNUSABLE] = "",
		[PHASE_UNSUPPORTED] = ""};
	struct text limit;
	text_init(&limit);
	option_format_duration((int64_t)experiment->timeout_ns, &limit);
	result->status = ending->timed_out ? STATUS_TIMEOUT : STATUS_INTERRUPTED;
	snprintf(result->error, sizeof(result->error),
		"%s%s%s, %" PRIu64 " of %" PRIu64 " tasks done",
		ending->timed_out ? "not done within " : "interrupted",
		ending->timed_out ? text_get(&limit) : "", phases[ending->phase],
		result->tasks_ok + result->tasks_failed, pace_tasks(experiment));
	text_release(&limit);
}

/* What was neither done nor refused. Where the runtime set the end, only deaths lose tasks. */
static uint64_t lost_tasks(const struct region *region, const struct result *result, uint64_t tasks)
{
	return tasks ? tasks - result->tasks_ok - result->tasks_failed : get(region->lost);
}

static void judge(const struct experiment *experiment, struct region *region,
	const struct ending *ending, struct result *result)
{
	enum phase phase = get(region->phase);
	if (ending->interrupted || ending->timed_out)
		ended_early(experiment, ending, result);
	else if (phase == PHASE_UNSUPPORTED)
		failed(STATUS_UNSUPPORTED, region, result);
	else if (phase != PHASE_DONE && phase != PHASE_UNUSABLE)
		crashed_host(region, ending, result);
	else if (get(region->deaths))
		crashed_workers(region, result);
	else if (phase == PHASE_UNUSABLE || result->tasks_failed)
		failed(STATUS_FAILED, region, result);
	else
		result->status = STATUS_OK;
}

static void gather_workers(const struct region *region, struct result *result)
{
	result_workers(result, region->workers);
	for (uint32_t i = 0; i < region->workers; i++) {
		const struct worker_report *report = region_report(region, i);
		result->worker_tasks[i] = get(report->ok) + get(report->failed);
	}
}

void gather(const struct experiment *experiment, struct region *region, const struct ending *ending,
	struct result *result)
{
	uint64_t last_finished = region->last_finished;
	bool completed = get(region->phase) == PHASE_DONE;
	gather_reports(region, result, &last_finished);
	bin_uncollected(region);
	gather_bins(region, result);
	gather_workers(region, result);
	gather_phases(region, last_finished, result);
	result->tasks_lost = lost_tasks(region, result, pace_tasks(experiment));
	result->usage = region->usage;
	result->usage.known = region->usage.known && completed;
	result->lifecycle.known = result->lifecycle.known && completed;
	result->max_rss_bytes = ending->max_rss_bytes;
	result->metrics_known = completed;
	gather_metrics(experiment->workload->type->metrics, region, result);
	result->executor_metrics_known = completed ? region->executor_metrics_known : 0;
	memcpy(result->executor_metrics, region->executor_metrics,
		sizeof(result->executor_metrics));
	judge(experiment, region, ending, result);
}
