/* Runs → rows: medians, intervals, speedups by rounds, checksums, what feeds what. */
#include "plan_fixture.h"
#include "stats/summary.h"

#include <stdlib.h>

static const double tolerance = 1e-12;

/* Two experiments, sequential and thread × 4, of ten tasks; the first is the baseline. */
#define PAIR                                                                                   \
	"workloads: { race: { type: counter, sync: mutex } }\n"                                \
	"executors: [sequential, thread]\n"                                                    \
	"workers: 4\n"                                                                         \
	"tasks: 10\n"                                                                          \
	"order: interleave\n"

struct sheet {
	struct fixture fixture;
	struct collector *collector;
	struct summary summary;
	struct result result; /* of the next run */
};

static void next_result(struct sheet *sheet)
{
	result_clear(&sheet->result);
	sheet->result.elapsed_known = true;
	sheet->result.elapsed_ns = 1000000000;
	sheet->result.tasks_ok = 10;
	sheet->result.checksum = 55;
}

static void sheet_open(struct sheet *sheet, const char *text)
{
	fixture_make(&sheet->fixture, text);
	sheet->collector = collector_new(&sheet->fixture.plan);
	result_init(&sheet->result);
	next_result(sheet);
}

static enum status add(struct sheet *sheet, uint32_t experiment, int32_t round)
{
	struct planned_run run = {experiment, round};
	collector_add(sheet->collector, &run, &sheet->result);
	enum status status = sheet->result.status;
	next_result(sheet);
	return status;
}

static void add_elapsed(struct sheet *sheet, uint32_t experiment, int32_t round, double seconds)
{
	sheet->result.elapsed_ns = (uint64_t)(seconds * 1e9 + 0.5);
	assert_int_equal(add(sheet, experiment, round), STATUS_OK);
}

static const struct summary_row *row_of(struct sheet *sheet, uint32_t experiment)
{
	if (!sheet->summary.rows)
		collector_summarise(sheet->collector, &sheet->summary);
	return &sheet->summary.rows[experiment];
}

static void sheet_close(struct sheet *sheet)
{
	summary_release(&sheet->summary);
	collector_free(sheet->collector);
	result_release(&sheet->result);
	fixture_release(&sheet->fixture);
}

static void assert_figure(struct figure figure, double expected)
{
	assert_true(figure.known);
	assert_float_equal(figure.value, expected, tolerance);
}

static void test_medians_and_interval(void **state)
{
	(void)state;
	static const double seconds[] = {1.5, 0.9, 1.2, 1.1, 3.0, 1.0, 1.3, 1.4, 0.8};
	struct sheet sheet = {0};
	sheet_open(&sheet, PAIR "repeat: 9\n");
	for (int32_t i = 0; i < 9; i++) {
		sheet.result.startup_ns = (uint64_t)i * 1000000000;
		sheet.result.max_rss_bytes = 1000 * (i + 1);
		sheet.result.metrics_known = i < 2;
		sheet.result.metrics[0] = 10 * (i + 1);
		add_elapsed(&sheet, 1, i, seconds[i]);
	}
	const struct summary_row *row = row_of(&sheet, 1);
	assert_int_equal(row->status, STATUS_OK);
	assert_int_equal(row->runs, 9);
	assert_figure(row->elapsed_s, 1.2);
	assert_figure(row->elapsed_min_s, 0.8);
	assert_figure(row->elapsed_max_s, 3.0);
	assert_figure(row->elapsed_ci_low_s, 0.9); /* ranks 2 and 8 of 9 */
	assert_figure(row->elapsed_ci_high_s, 1.5);
	assert_figure(row->startup_s, 4);
	assert_figure(row->throughput_per_s, 10 / 1.2);
	assert_figure(row->max_rss_bytes, 9000);
	assert_figure(row->metrics[0], 15);
	assert_false(row->cpu_user_s.known);
	assert_false(row->running_s.known);
	assert_false(row->task_p50_s.known);
	assert_false(row->speedup.known); /* the baseline did not run */
	sheet_close(&sheet);
}

static void test_no_interval_below_six_runs(void **state)
{
	(void)state;
	struct sheet sheet = {0};
	sheet_open(&sheet, PAIR "repeat: 6\n");
	for (int32_t i = 0; i < 6; i++) {
		if (i < 5)
			add_elapsed(&sheet, 0, i, 1 + i);
		add_elapsed(&sheet, 1, i, 1 + i);
	}
	assert_false(row_of(&sheet, 0)->elapsed_ci_low_s.known);
	assert_false(row_of(&sheet, 0)->elapsed_ci_high_s.known);
	assert_figure(row_of(&sheet, 1)->elapsed_ci_low_s, 1);
	assert_figure(row_of(&sheet, 1)->elapsed_ci_high_s, 6);
	sheet_close(&sheet);
}

/* The ratio of medians would be 2 / 1; round by round it is 4, 2 and 2/3. */
static void test_speedup_goes_round_by_round(void **state)
{
	(void)state;
	struct sheet sheet = {0};
	sheet_open(&sheet, PAIR "repeat: 5\n");
	add_elapsed(&sheet, 0, 0, 4);
	add_elapsed(&sheet, 1, 0, 1);
	add_elapsed(&sheet, 0, 1, 2);
	add_elapsed(&sheet, 1, 1, 1);
	add_elapsed(&sheet, 0, 2, 2);
	add_elapsed(&sheet, 1, 2, 3);
	add_elapsed(&sheet, 0, 3, 9); /* without a partner */
	add_elapsed(&sheet, 1, 4, 9);
	assert_figure(row_of(&sheet, 1)->speedup, 2);
	assert_figure(row_of(&sheet, 1)->efficiency, 0.5);
	assert_figure(row_of(&sheet, 0)->speedup, 1);
	assert_figure(row_of(&sheet, 0)->efficiency, 1);
	sheet_close(&sheet);
}

/* The baseline did fewer tasks in the same time: throughput is what counts. */
static void test_speedup_compares_throughput(void **state)
{
	(void)state;
	struct sheet sheet = {0};
	sheet_open(&sheet,
		"workloads: { nap: { type: sleep } }\n"
		"executors: thread\n"
		"workers: 100\n"
		"tasks: 1000\n"
		"include: [ { workload: nap, executor: sequential, workers: 1, tasks: 3 } ]\n");
	sheet.result.tasks_ok = 3;
	add_elapsed(&sheet, 1, 0, 1.5);
	sheet.result.tasks_ok = 1000;
	add_elapsed(&sheet, 0, 0, 10);
	assert_figure(row_of(&sheet, 0)->speedup, 50);
	assert_figure(row_of(&sheet, 0)->efficiency, 0.5);
	sheet_close(&sheet);
}

static void test_only_ok_runs_give_figures(void **state)
{
	(void)state;
	struct sheet sheet = {0};
	sheet_open(&sheet, PAIR "repeat: 3\n");
	sheet.result.status = STATUS_CRASHED;
	sheet.result.tasks_ok = 7;
	sheet.result.tasks_lost = 3;
	sheet.result.noise = NOISE_BUSY;
	snprintf(sheet.result.error, sizeof(sheet.result.error), "worker 2 died of SIGSEGV");
	add(&sheet, 1, 0);
	add_elapsed(&sheet, 1, 1, 2);
	sheet.result.status = STATUS_FAILED;
	sheet.result.tasks_failed = 2;
	sheet.result.elapsed_ns = 5000000000;
	add(&sheet, 1, 2);

	const struct summary_row *row = row_of(&sheet, 1);
	assert_int_equal(row->status, STATUS_CRASHED);
	assert_string_equal(row->error, "worker 2 died of SIGSEGV");
	assert_int_equal(row->runs, 3);
	assert_figure(row->elapsed_s, 2);
	assert_figure(row->elapsed_max_s, 2);
	assert_figure(row->tasks_ok, 7);
	assert_figure(row->tasks_lost, 3);
	assert_figure(row->tasks_failed, 2);
	assert_int_equal(row->noise, NOISE_BUSY);
	assert_true(row->checksum_known);
	sheet_close(&sheet);
}

static void test_without_an_ok_run_those_with_times_do(void **state)
{
	(void)state;
	struct sheet sheet = {0};
	sheet_open(&sheet, PAIR "repeat: 3\n");
	add_elapsed(&sheet, 0, 0, 1);
	for (int32_t i = 0; i < 3; i++) {
		sheet.result.status = i == 2 ? STATUS_TIMEOUT : STATUS_CRASHED;
		sheet.result.elapsed_known = i < 2;
		sheet.result.elapsed_ns = 2000000000u * (uint64_t)(i + 1);
		sheet.result.tasks_ok = 8;
		add(&sheet, 1, i);
	}
	const struct summary_row *row = row_of(&sheet, 1);
	assert_int_equal(row->status, STATUS_CRASHED);
	assert_figure(row->elapsed_s, 3);
	assert_figure(row->speedup, 0.4); /* 8 tasks in 2 s against 10 in 1 s */
	assert_false(row->checksum_known);
	sheet_close(&sheet);
}

static void test_first_error_of_the_worst_status(void **state)
{
	(void)state;
	static const enum status statuses[] = {
		STATUS_FAILED, STATUS_TIMEOUT, STATUS_FAILED, STATUS_TIMEOUT};
	struct sheet sheet = {0};
	sheet_open(&sheet, PAIR "repeat: 4\n");
	for (int32_t i = 0; i < 4; i++) {
		sheet.result.status = statuses[i];
		snprintf(sheet.result.error, sizeof(sheet.result.error), "error %d", (int)i);
		add(&sheet, 0, i);
	}
	assert_int_equal(row_of(&sheet, 0)->status, STATUS_TIMEOUT);
	assert_string_equal(row_of(&sheet, 0)->error, "error 1");
	sheet_close(&sheet);
}

static void test_skipped_and_missing_runs_have_no_figures(void **state)
{
	(void)state;
	struct sheet sheet = {0};
	sheet_open(&sheet, PAIR);
	sheet.result.status = STATUS_SKIPPED_LIMIT;
	sheet.result.elapsed_known = false;
	snprintf(sheet.result.error, sizeof(sheet.result.error), "RLIMIT_NPROC");
	add(&sheet, 0, 0);
	assert_int_equal(row_of(&sheet, 0)->status, STATUS_SKIPPED_LIMIT);
	assert_string_equal(row_of(&sheet, 0)->error, "RLIMIT_NPROC");
	assert_int_equal(row_of(&sheet, 0)->runs, 0);
	assert_false(row_of(&sheet, 0)->elapsed_s.known);
	assert_false(row_of(&sheet, 0)->tasks_ok.known);
	assert_int_equal(row_of(&sheet, 1)->status, STATUS_INTERRUPTED);
	assert_int_equal(row_of(&sheet, 1)->runs, 0);
	assert_false(row_of(&sheet, 1)->tasks_ok.known);
	assert_string_equal(row_of(&sheet, 1)->error, "");
	sheet_close(&sheet);
}

static void test_checksums_are_compared_across_executors(void **state)
{
	(void)state;
	struct sheet sheet = {0};
	struct planned_run run = {1, 0};
	sheet_open(&sheet, PAIR "repeat: 2\n");
	sheet.result.status = STATUS_FAILED; /* is no reference */
	sheet.result.checksum = 1;
	add(&sheet, 0, 0);
	assert_int_equal(add(&sheet, 0, 1), STATUS_OK);

	sheet.result.checksum = 54;
	collector_add(sheet.collector, &run, &sheet.result);
	assert_int_equal(sheet.result.status, STATUS_WRONG_RESULT);
	assert_non_null(strstr(sheet.result.error, "54"));
	assert_non_null(strstr(sheet.result.error, "55"));
	assert_non_null(strstr(sheet.result.error, "sequential"));
	assert_int_equal(row_of(&sheet, 1)->status, STATUS_WRONG_RESULT);
	assert_false(row_of(&sheet, 1)->checksum_known);
	assert_int_equal(row_of(&sheet, 0)->checksum, 55);
	sheet_close(&sheet);
}

static void test_checksums_belong_to_a_workload_and_its_tasks(void **state)
{
	(void)state;
	struct sheet sheet = {0};
	sheet_open(&sheet, "workloads: { sum: { type: count, n: [1, 2] } }\n"
			   "executors: thread\n"
			   "workers: 1\n"
			   "tasks: [10, 20]\n");
	for (uint32_t i = 0; i < 4; i++) {
		sheet.result.checksum = i;
		assert_int_equal(add(&sheet, i, 0), STATUS_OK);
	}
	sheet_close(&sheet);
}

/* How many tasks fit into a runtime differs from run to run, and so does their sum. */
static void test_checksums_are_not_compared_under_a_runtime(void **state)
{
	(void)state;
	struct sheet sheet = {0};
	sheet_open(&sheet, "workloads: { sum: { type: count } }\n"
			   "executors: [sequential, thread]\n"
			   "workers: 1\n"
			   "runtime: 1s\n");
	for (uint32_t i = 0; i < 4; i++) {
		sheet.result.checksum = i;
		assert_int_equal(add(&sheet, i % 2, (int32_t)i / 2), STATUS_OK);
	}
	assert_false(row_of(&sheet, 0)->checksum_known);
	assert_figure(row_of(&sheet, 1)->speedup, 1);
	sheet_close(&sheet);
}

static void add_open(struct sheet *sheet, int32_t round, uint64_t backlog, uint64_t wait_ns)
{
	struct histogram *waits = memory_alloc(sizeof(*waits));
	histogram_add(waits, wait_ns, 1);
	tally_add_histogram(&sheet->result.wait_ns, waits);
	free(waits);
	sheet->result.backlog = backlog;
	add(sheet, 0, round);
}

static void test_an_open_loop_has_a_backlog_and_a_range_of_waits(void **state)
{
	(void)state;
	struct sheet sheet = {0};
	sheet_open(&sheet, "workloads: { sum: { type: count } }\n"
			   "executors: [thread]\n"
			   "rate: 10/s\n"
			   "repeat: 4\n");
	add_open(&sheet, 0, 7, 40);
	add_open(&sheet, 1, 1, 20);
	sheet.result.elapsed_known = false;
	sheet.result.status = STATUS_TIMEOUT;
	add_open(&sheet, 2, 99, 90);
	add_open(&sheet, 3, 3, 30);
	const struct summary_row *row = row_of(&sheet, 0);
	assert_figure(row->backlog, 3);
	assert_figure(row->wait_p99_min_s, 20e-9);
	assert_figure(row->wait_p99_max_s, 40e-9);
	sheet_close(&sheet);
}

static void test_a_closed_loop_has_no_backlog(void **state)
{
	(void)state;
	struct sheet sheet = {0};
	sheet_open(&sheet, PAIR);
	sheet.result.backlog = 5;
	add(&sheet, 0, 0);
	assert_false(row_of(&sheet, 0)->backlog.known);
	assert_false(row_of(&sheet, 0)->wait_p99_min_s.known);
	sheet_close(&sheet);
}

static void test_metrics_of_executors_stand_beside_the_workloads(void **state)
{
	(void)state;
	struct sheet sheet = {0};
	sheet_open(&sheet, "workloads: { race: { type: counter } }\n"
			   "executors: [{ type: thread, gil: true }]\n"
			   "workers: 1\n"
			   "repeat: 3\n");
	for (int32_t i = 0; i < 3; i++) {
		sheet.result.metrics_known = true;
		sheet.result.metrics[0] = 7;
		sheet.result.executor_metrics_known = i < 2 ? 3 : 1;
		sheet.result.executor_metrics[0] = 10 + i;
		sheet.result.executor_metrics[1] = 20 + i;
		add(&sheet, 0, i);
	}
	assert_figure(row_of(&sheet, 0)->metrics[0], 7);
	assert_figure(row_of(&sheet, 0)->executor_metrics[0], 11);
	assert_figure(row_of(&sheet, 0)->executor_metrics[1], 20.5);
	sheet_close(&sheet);
}

static void test_warm_ups_are_checked_and_not_kept(void **state)
{
	(void)state;
	struct sheet sheet = {0};
	sheet_open(&sheet, PAIR "warmup: 1\n");
	sheet.result.elapsed_ns = 9;
	assert_int_equal(add(&sheet, 0, -1), STATUS_OK);
	sheet.result.checksum = 1;
	assert_int_equal(add(&sheet, 1, -1), STATUS_WRONG_RESULT);
	add_elapsed(&sheet, 0, 0, 2);
	assert_int_equal(row_of(&sheet, 0)->runs, 1);
	assert_figure(row_of(&sheet, 0)->elapsed_max_s, 2);
	assert_figure(row_of(&sheet, 0)->elapsed_min_s, 2);
	assert_int_equal(row_of(&sheet, 1)->runs, 0);
	sheet_close(&sheet);
}

/* Values under 128 ns have buckets of their own. */
static void note_task_times(struct sheet *sheet, uint64_t from, uint64_t to)
{
	struct histogram *histogram = calloc(1, sizeof(*histogram));
	for (uint64_t ns = from; ns <= to; ns++)
		histogram_add(histogram, ns, 1);
	tally_add_histogram(&sheet->result.task_ns, histogram);
	free(histogram);
}

static void test_histograms_are_merged(void **state)
{
	(void)state;
	struct sheet sheet = {0};
	sheet_open(&sheet, PAIR "repeat: 3\n");
	sheet.result.status = STATUS_CRASHED; /* forgotten once a run is ok */
	note_task_times(&sheet, 120, 127);
	add(&sheet, 0, 0);
	note_task_times(&sheet, 1, 10);
	add(&sheet, 0, 1);
	note_task_times(&sheet, 11, 100);
	add(&sheet, 0, 2);
	assert_figure(row_of(&sheet, 0)->task_p50_s, 50e-9);
	assert_figure(row_of(&sheet, 0)->task_p90_s, 90e-9);
	assert_figure(row_of(&sheet, 0)->task_p99_s, 99e-9);
	assert_figure(row_of(&sheet, 0)->task_max_s, 100e-9);
	assert_false(row_of(&sheet, 0)->wait_p50_s.known);
	sheet_close(&sheet);
}

static void test_usage_is_the_median_of_runs_that_know_it(void **state)
{
	(void)state;
	struct sheet sheet = {0};
	sheet_open(&sheet, PAIR "repeat: 3\n");
	for (int32_t i = 0; i < 3; i++) {
		sheet.result.usage = (struct usage){.known = i > 0,
			.cpu_user_ns = 1000000000 * i,
			.ctx_voluntary = 10 * i,
			.faults_minor = i};
		sheet.result.lifecycle =
			(struct lifecycle){.known = i == 2, .blocked_ns = 3000000000};
		add(&sheet, 0, i);
	}
	const struct summary_row *row = row_of(&sheet, 0);
	assert_figure(row->cpu_user_s, 1.5);
	assert_figure(row->cpu_sys_s, 0);
	assert_figure(row->ctx_voluntary, 15);
	assert_figure(row->faults_minor, 1.5);
	assert_figure(row->blocked_s, 3);
	assert_figure(row->running_s, 0);
	sheet_close(&sheet);
}

static void test_names(void **state)
{
	(void)state;
	char text[32];
	assert_string_equal(status_name(STATUS_OK), "ok");
	assert_string_equal(status_name(STATUS_SKIPPED_LIMIT), "skipped_limit");
	assert_string_equal(status_name(STATUS_CRASHED), "crashed");
	assert_string_equal(noise_names(0, text), "");
	assert_string_equal(noise_names(NOISE_BUSY, text), "busy");
	assert_string_equal(noise_names(NOISE_BUSY | NOISE_STEAL | NOISE_THROTTLED, text),
		"steal throttled busy");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_medians_and_interval),
		cmocka_unit_test(test_no_interval_below_six_runs),
		cmocka_unit_test(test_speedup_goes_round_by_round),
		cmocka_unit_test(test_speedup_compares_throughput),
		cmocka_unit_test(test_only_ok_runs_give_figures),
		cmocka_unit_test(test_without_an_ok_run_those_with_times_do),
		cmocka_unit_test(test_first_error_of_the_worst_status),
		cmocka_unit_test(test_skipped_and_missing_runs_have_no_figures),
		cmocka_unit_test(test_checksums_are_compared_across_executors),
		cmocka_unit_test(test_checksums_belong_to_a_workload_and_its_tasks),
		cmocka_unit_test(test_checksums_are_not_compared_under_a_runtime),
		cmocka_unit_test(test_an_open_loop_has_a_backlog_and_a_range_of_waits),
		cmocka_unit_test(test_a_closed_loop_has_no_backlog),
		cmocka_unit_test(test_metrics_of_executors_stand_beside_the_workloads),
		cmocka_unit_test(test_warm_ups_are_checked_and_not_kept),
		cmocka_unit_test(test_histograms_are_merged),
		cmocka_unit_test(test_usage_is_the_median_of_runs_that_know_it),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
