/* spawn: every kind runs, says when, and is gone. This program is the image that it executes. */
#include "measure/clock.h"
#include "measure/newborn.h"
#include "workload_fixture.h"

#include <errno.h>
#include <sys/wait.h>

enum { METRIC_UNTIL_P50_S, METRIC_UNTIL_P99_S };

/* The figures of some tasks, one after the other. */
struct figures {
	double p50_s, p99_s, task_s;
};

static struct figures figures_of(const char *setting, uint64_t tasks)
{
	struct bench bench;
	bench_open(&bench, "spawn", 1, SETTINGS(setting));
	uint64_t began_ns = clock_monotonic_ns();
	for (uint64_t i = 0; i < tasks; i++)
		assert_int_equal(bench_task(&bench, i), 1);
	uint64_t ended_ns = clock_monotonic_ns();
	assert_string_equal(bench_error(&bench), "");
	bench_finish(&bench);
	struct figures figures = {bench_metric(&bench, METRIC_UNTIL_P50_S),
		bench_metric(&bench, METRIC_UNTIL_P99_S), (double)(ended_ns - began_ns) * 1e-9};
	bench_close(&bench);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	return figures;
}

static void each_kind_runs_before_its_task_ends(void **state)
{
	(void)state;
	static const char *const kinds[] = {
		"kind=thread", "kind=fork", "kind=posix_spawn", "kind=exec"};
	enum { TASKS = 20 };
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct figures figures = figures_of(kinds[i], TASKS);
		assert_true(figures.p50_s > 0 && figures.p50_s <= figures.p99_s);
		/* At least half of them took the median, give or take a histogram's bucket. */
		assert_true(figures.p50_s * TASKS / 2 < figures.task_s * 1.01);
	}
}

static void an_image_takes_longer_than_a_thread(void **state)
{
	(void)state;
	enum { TASKS = 50 };
	double thread_s = figures_of("kind=thread", TASKS).p50_s;
	assert_true(figures_of("kind=posix_spawn", TASKS).p50_s > thread_s);
	assert_true(figures_of("kind=exec", TASKS).p50_s > thread_s);
}

static void workers_do_not_mix_up_their_own(void **state)
{
	(void)state;
	static const char *const kinds[] = {
		"kind=thread", "kind=fork", "kind=posix_spawn", "kind=exec"};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct bench bench;
		bench_open(&bench, "spawn", 4, SETTINGS(kinds[i]));
		assert_int_equal(bench_run(&bench, 40), 40);
		assert_string_equal(bench_error(&bench), "");
		bench_finish(&bench);
		assert_true(bench_metric(&bench, METRIC_UNTIL_P50_S) > 0);
		bench_close(&bench);
	}
}

static void without_a_task_there_is_no_figure(void **state)
{
	(void)state;
	assert_true(figures_of("kind=thread", 0).p50_s == 0);
}

int main(int argc, char **argv)
{
	if (newborn_is(argc, argv))
		return newborn_main();
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_runs_before_its_task_ends),
		cmocka_unit_test(an_image_takes_longer_than_a_thread),
		cmocka_unit_test(workers_do_not_mix_up_their_own),
		cmocka_unit_test(without_a_task_there_is_no_figure),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
