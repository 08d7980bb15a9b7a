/* How long a plan is thought to take, where the waits are known. */
#include "plan_fixture.h"

static const uint64_t ms = 1000000;

static struct estimate estimate_of(const char *text, const uint64_t *last_ns)
{
	struct fixture fixture;
	struct estimate estimate;
	fixture_make(&fixture, text);
	plan_estimate(&fixture.plan, last_ns, &estimate);
	fixture_release(&fixture);
	return estimate;
}

static void test_equal_waits(void **state)
{
	(void)state;
	struct estimate estimate =
		estimate_of("workloads: { nap: { type: sleep, duration: 10ms } }\n"
			    "executors: [sequential, thread]\n"
			    "workers: 4\n"
			    "tasks: 10\n"
			    "repeat: 2\nwarmup: 1\ntimeout: 30s\n",
			NULL);
	assert_int_equal(estimate.known_ns, 3 * (100 + 30) * ms);
	assert_int_equal(estimate.unknown_runs, 0);
	assert_int_equal(estimate.most_ns, 6 * 30000 * ms);
}

/* 1, 2, 4 ms in turn, ten tasks: the list schedule on two workers ends at 12 ms. */
static void test_unequal_waits_are_scheduled(void **state)
{
	(void)state;
	struct estimate estimate =
		estimate_of("workloads: { nap: { type: sleep, cycle: [1ms, 2ms, 4ms] } }\n"
			    "executors: thread\n"
			    "workers: 2\n"
			    "tasks: 10\n"
			    "repeat: 1\n",
			NULL);
	assert_int_equal(estimate.known_ns, 12 * ms);
}

/* The figure was computed by looking for the smallest of all workers each time. */
static void test_many_workers_are_scheduled(void **state)
{
	(void)state;
	struct estimate estimate = estimate_of(
		"workloads: { nap: { type: sleep, cycle: [1ms, 2ms, 4ms, 7ms, 11ms, 13ms] } }\n"
		"executors: thread\n"
		"workers: 5\n"
		"tasks: 40\n"
		"repeat: 1\n",
		NULL);
	assert_int_equal(estimate.known_ns, 52 * ms);
}

/* More workers than tasks are of no use. */
static void test_workers_beyond_the_tasks(void **state)
{
	(void)state;
	struct estimate estimate =
		estimate_of("workloads: { nap: { type: sleep, cycle: [1ms, 5ms] } }\n"
			    "executors: thread\n"
			    "workers: 1000\n"
			    "tasks: 3\n"
			    "repeat: 1\n",
			NULL);
	assert_int_equal(estimate.known_ns, 5 * ms);
}

static void test_too_many_tasks_to_walk_through(void **state)
{
	(void)state;
	struct estimate estimate =
		estimate_of("workloads: { nap: { type: sleep, duration: 2us, jitter: 50% } }\n"
			    "executors: thread\n"
			    "workers: 4\n"
			    "tasks: 200000\n"
			    "repeat: 1\n",
			NULL);
	assert_in_range(estimate.known_ns, 80 * ms, 120 * ms);
}

static void test_unknown_work_and_earlier_figures(void **state)
{
	(void)state;
	static const char text[] = "workloads: { sum: { type: count } }\n"
				   "executors: thread\n"
				   "workers: [1, 2]\n"
				   "tasks: 10\n"
				   "repeat: 5\ntimeout: 10s\nbudget: 70s\n";
	struct estimate estimate = estimate_of(text, NULL);
	assert_int_equal(estimate.known_ns, 0);
	assert_int_equal(estimate.unknown_runs, 10);
	assert_int_equal(estimate.most_ns, 70000 * ms);

	const uint64_t last_ns[] = {7 * ms, 0};
	estimate = estimate_of(text, last_ns);
	assert_int_equal(estimate.known_ns, 5 * 7 * ms);
	assert_int_equal(estimate.unknown_runs, 5);
}

static void test_no_run_outlasts_its_timeout(void **state)
{
	(void)state;
	struct estimate estimate =
		estimate_of("workloads: { nap: { type: sleep, duration: 1s } }\n"
			    "executors: sequential\n"
			    "workers: 1\n"
			    "tasks: 1000\n"
			    "timeout: 30s\n"
			    "repeat: 1\n",
			NULL);
	assert_int_equal(estimate.known_ns, 30000 * ms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_equal_waits),
		cmocka_unit_test(test_unequal_waits_are_scheduled),
		cmocka_unit_test(test_many_workers_are_scheduled),
		cmocka_unit_test(test_workers_beyond_the_tasks),
		cmocka_unit_test(test_too_many_tasks_to_walk_through),
		cmocka_unit_test(test_unknown_work_and_earlier_figures),
		cmocka_unit_test(test_no_run_outlasts_its_timeout),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
