/*
 * The counter's guards: every one is exact between threads and processes, and none is not. With
 * `hold`, or the workers would hardly meet and a guard that does nothing would not be noticed.
 */
#include "workload_fixture.h"

#include <sys/wait.h>

enum { WORKERS = 4, TASKS = 8, N = 20000, METRIC_LOST_UPDATES = 0 };

static const char *const guards[] = {"sync=mutex", "sync=spinlock", "sync=rwlock", "sync=semaphore",
	"sync=atomic", "sync=thread_local"};
enum { GUARDS = sizeof(guards) / sizeof(*guards) };

static void guards_are_exact_between_threads(void **state)
{
	(void)state;
	for (size_t i = 0; i < GUARDS; i++) {
		struct bench bench;
		bench_open(&bench, "counter", WORKERS, SETTINGS(guards[i], "n=20000", "hold=300"));
		assert_int_equal(bench_run(&bench, TASKS), TASKS * N);
		bench_finish(&bench);
		assert_int_equal(bench_metric(&bench, METRIC_LOST_UPDATES), 0);
		bench_close(&bench);
	}
}

/* Each worker runs one task in a process of its own. */
static void run_in_processes(struct bench *bench)
{
	pid_t children[WORKERS];
	for (uint32_t i = 0; i < WORKERS; i++) {
		children[i] = fork();
		assert_true(children[i] >= 0);
		if (children[i] == 0) {
			bench->engine.workload->task(&bench->seats[i].worker, i);
			_exit(0);
		}
	}
	for (uint32_t i = 0; i < WORKERS; i++) {
		int status;
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		assert_int_equal(status, 0);
	}
}

static void guards_are_exact_between_processes(void **state)
{
	(void)state;
	for (size_t i = 0; i < GUARDS; i++) {
		struct bench bench;
		bench_open(&bench, "counter", WORKERS, SETTINGS(guards[i], "n=50000", "hold=300"));
		run_in_processes(&bench);
		bench_finish(&bench);
		assert_int_equal(bench_metric(&bench, METRIC_LOST_UPDATES), 0);
		bench_close(&bench);
	}
}

/* 50 ms of work in windows where another worker's update is lost: many time slices. */
static void without_a_guard_updates_are_lost(void **state)
{
	(void)state;
	struct bench bench;
	bench_open(&bench, "counter", WORKERS, SETTINGS("sync=none", "n=50000", "hold=500"));
	assert_int_equal(bench_run(&bench, WORKERS), WORKERS * 50000);
	bench_finish(&bench);
	assert_in_range(bench_metric(&bench, METRIC_LOST_UPDATES), 1, WORKERS * 50000);
	bench_close(&bench);
}

static void one_worker_loses_nothing(void **state)
{
	(void)state;
	struct bench bench;
	bench_open(&bench, "counter", 1, SETTINGS("sync=none"));
	assert_int_equal(bench_run(&bench, 3), 3 * 100000);
	bench_finish(&bench);
	assert_int_equal(bench_metric(&bench, METRIC_LOST_UPDATES), 0);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(guards_are_exact_between_threads),
		cmocka_unit_test(guards_are_exact_between_processes),
		cmocka_unit_test(without_a_guard_updates_are_lost),
		cmocka_unit_test(one_worker_loses_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
