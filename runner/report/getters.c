/* The values of the columns. Nothing here knows the order or the names of columns. */
#include "report/getters.h"

#include "report/topology.h"
#include "report/utc.h"
#include "stats/trend.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void get_scenario(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	text_add(out, cells->plan->scenario->name);
}

void get_experiment(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	char id[18];
	text_add(out, plan_id(cells->experiment, id));
}

void get_workload(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	text_add(out, cells->experiment->workload->name);
}

void get_type(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	text_add(out, cells->experiment->workload->type->name);
}

void get_executor(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	text_add(out, cells->experiment->executor->label);
}

void get_workers(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	text_addf(out, "%" PRIu32, cells->experiment->workers);
}

void get_tasks(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	if (cells->experiment->tasks)
		text_addf(out, "%" PRIu64, cells->experiment->tasks);
}

void get_runtime(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	if (cells->experiment->runtime_ns)
		csv_seconds(out, cells->experiment->runtime_ns);
}

void get_rate(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	if (cells->experiment->rate > 0)
		option_format_number(cells->experiment->rate, out);
}

void get_arrival(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	union value arrival = {.integer = cells->experiment->arrival};
	if (cells->experiment->rate > 0)
		option_format(&load_options[LOAD_ARRIVAL], arrival, out);
}

/* Of the machine, and looked up once: the program has one thread. */
void get_governor(const struct cells *cells, size_t at, struct text *out)
{
	static char name[64];
	static bool known;
	(void)cells, (void)at;
	if (!known) {
		json_t *governor = governor_json();
		const char *text = json_string_value(governor);
		snprintf(name, sizeof(name), "%s", text ? text : "");
		json_decref(governor);
		known = true;
	}
	text_add(out, name);
}

void summary_status(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	text_add(out, status_name(cells->row->status));
}

void summary_error(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	text_add(out, cells->row->error);
}

void summary_runs(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	text_addf(out, "%" PRIu32, cells->row->runs);
}

void summary_checksum(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	if (cells->row->checksum_known)
		text_addf(out, "%" PRIu64, cells->row->checksum);
}

static void add_noise(unsigned noise, struct text *out)
{
	char names[NOISE_TEXT_BYTES];
	text_add(out, noise_names(noise, names));
}

void summary_noise(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	add_noise(cells->row->noise, out);
}

void summary_stop(const struct cells *cells, size_t at, struct text *out)
{
	static const char *const words[] = {[STOP_NOT_RUN] = "",
		[STOP_REPEATS] = "repeats",
		[STOP_PRECISE] = "until_ci",
		[STOP_MAX] = "max",
		[STOP_BUDGET] = "budget",
		[STOP_INTERRUPTED] = "interrupted"};
	(void)at;
	text_add(out, words[cells->row->stop]);
}

void summary_trend(const struct cells *cells, size_t at, struct text *out)
{
	char names[TREND_TEXT_BYTES];
	(void)at;
	text_add(out, trend_names(cells->row->trend, names));
}

void summary_expect(const struct cells *cells, size_t at, struct text *out)
{
	static const char *const words[] = {
		[ROW_NOT_JUDGED] = "", [ROW_PASSED] = "passed", [ROW_FAILED] = "failed"};
	(void)at;
	text_add(out, words[cells->row->judgement]);
}

static const struct figure *figure_at(const struct cells *cells, size_t at)
{
	return (const struct figure *)((const char *)cells->row + at);
}

void summary_figure(const struct cells *cells, size_t at, struct text *out)
{
	const struct figure *figure = figure_at(cells, at);
	if (figure->known)
		option_format_number(figure->value, out);
}

void summary_ratio(const struct cells *cells, size_t at, struct text *out)
{
	const struct figure *figure = figure_at(cells, at);
	if (figure->known)
		csv_ratio(out, figure->value);
}

static const struct result *result_of(const struct cells *cells)
{
	return cells->event->result;
}

static bool skipped(const struct cells *cells)
{
	return status_not_run(result_of(cells)->status);
}

void run_round(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	text_addf(out, "%" PRId32, cells->event->planned->round + 1);
}

void run_started(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	utc_format(cells->event->started_unix_ns, UTC_MILLISECONDS, out);
}

void run_status(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	text_add(out, status_name(result_of(cells)->status));
}

void run_error(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	text_add(out, result_of(cells)->error);
}

void run_elapsed(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	if (result_of(cells)->elapsed_known)
		csv_seconds(out, result_of(cells)->elapsed_ns);
}

void run_phase(const struct cells *cells, size_t at, struct text *out)
{
	uint64_t ns;
	memcpy(&ns, (const char *)result_of(cells) + at, sizeof(ns));
	if (ns > 0)
		csv_seconds(out, ns);
}

void run_throughput(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	const struct result *result = result_of(cells);
	uint64_t finished = result->tasks_ok + result->tasks_failed;
	if (result->elapsed_known && result->elapsed_ns > 0)
		csv_ratio(out, (double)finished * 1e9 / (double)result->elapsed_ns);
}

static void add_quantile(const struct tally *tally, size_t percent, struct text *out)
{
	if (tally->total > 0)
		csv_seconds(out, tally_quantile(tally, (double)percent / 100));
}

void run_task_time(const struct cells *cells, size_t at, struct text *out)
{
	add_quantile(&result_of(cells)->task_ns, at, out);
}

void run_wait_time(const struct cells *cells, size_t at, struct text *out)
{
	add_quantile(&result_of(cells)->wait_ns, at, out);
}

static int64_t integer_at(const void *base, size_t at)
{
	int64_t value;
	memcpy(&value, (const char *)base + at, sizeof(value));
	return value;
}

void run_cpu(const struct cells *cells, size_t at, struct text *out)
{
	const struct usage *usage = &result_of(cells)->usage;
	if (usage->known)
		csv_seconds(out, (uint64_t)integer_at(usage, at));
}

void run_events(const struct cells *cells, size_t at, struct text *out)
{
	const struct usage *usage = &result_of(cells)->usage;
	if (usage->known)
		text_addf(out, "%" PRId64, integer_at(usage, at));
}

void run_lifecycle(const struct cells *cells, size_t at, struct text *out)
{
	const struct lifecycle *lifecycle = &result_of(cells)->lifecycle;
	if (lifecycle->known)
		csv_seconds(out, (uint64_t)integer_at(lifecycle, at));
}

void run_rss(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	if (result_of(cells)->max_rss_bytes > 0)
		text_addf(out, "%" PRId64, result_of(cells)->max_rss_bytes);
}

void run_count(const struct cells *cells, size_t at, struct text *out)
{
	if (!skipped(cells))
		text_addf(out, "%" PRId64, integer_at(result_of(cells), at));
}

void run_backlog(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	if (cells->experiment->rate > 0 && result_of(cells)->elapsed_known)
		text_addf(out, "%" PRIu64, result_of(cells)->backlog);
}

void run_checksum(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	const struct result *result = result_of(cells);
	if (result->status == STATUS_OK || result->status == STATUS_WRONG_RESULT)
		text_addf(out, "%" PRIu64, result->checksum);
}

void run_disturbed(const struct cells *cells, size_t at, struct text *out)
{
	int64_t ns;
	memcpy(&ns, (const char *)result_of(cells) + at, sizeof(ns));
	if (ns >= 0 && !skipped(cells))
		csv_seconds(out, (uint64_t)ns);
}

void run_noise(const struct cells *cells, size_t at, struct text *out)
{
	(void)at;
	add_noise(result_of(cells)->noise, out);
}
