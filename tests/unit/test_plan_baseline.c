/* Which experiment each speedup refers to. */
#include "plan_fixture.h"

static void assert_baseline(const struct fixture *fixture, const char *label, uint32_t workers,
	uint64_t tasks, uint32_t expected)
{
	uint32_t place = fixture_find(fixture, label, workers, tasks);
	assert_int_not_equal(place, PLAN_NONE);
	assert_int_equal(fixture->plan.experiments[place].baseline, expected);
}

static void test_sequential_is_the_baseline(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, "workloads: { nap: { type: sleep, duration: [1ms, 2ms] } }\n"
			       "executors: [thread, sequential]\n"
			       "workers: [2, 4]\n"
			       "tasks: [10, 20]\n");
	for (uint32_t i = 0; i < fixture.plan.experiment_count; i++) {
		const struct experiment *own = &fixture.plan.experiments[i];
		const struct experiment *baseline = &fixture.plan.experiments[own->baseline];
		assert_string_equal(baseline->executor->label, "sequential");
		assert_ptr_equal(baseline->workload, own->workload);
		assert_int_equal(baseline->tasks, own->tasks);
	}
	fixture_release(&fixture);
}

/* Without the same tasks, the first sequential experiment of the workload stands in. */
static void test_sequential_with_other_tasks(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture,
		"workloads: { nap: { type: sleep } }\n"
		"executors: thread\n"
		"workers: [2, 4]\n"
		"tasks: 1000\n"
		"include:\n"
		"  - { workload: nap, executor: sequential, workers: 1, tasks: [3, 5] }\n");
	uint32_t first = fixture_find(&fixture, "sequential", 1, 3);
	assert_baseline(&fixture, "thread", 2, 1000, first);
	assert_baseline(&fixture, "thread", 4, 1000, first);
	assert_baseline(
		&fixture, "sequential", 1, 5, fixture_find(&fixture, "sequential", 1, 5));
	fixture_release(&fixture);
}

static void test_without_sequential_an_executor_at_its_fewest_workers(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, "workloads: { nap: { type: sleep } }\n"
			       "executors: [thread, { type: thread_pool, chunk: [1, 2] }]\n"
			       "workers: [8, 2, 4]\n"
			       "tasks: [10, 20]\n");
	assert_baseline(&fixture, "thread", 8, 10, fixture_find(&fixture, "thread", 2, 10));
	assert_baseline(&fixture, "thread", 2, 20, fixture_find(&fixture, "thread", 2, 20));
	assert_baseline(&fixture, "thread_pool[chunk=2]", 4, 20,
		fixture_find(&fixture, "thread_pool[chunk=2]", 2, 20));
	fixture_release(&fixture);
}

static void test_the_rule_prefers_tasks_then_workers_then_the_first(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture,
		"workloads: { nap: { type: sleep } }\n"
		"executors: [sequential, thread, process]\n"
		"workers: [4, 2]\n"
		"tasks: [10, 20]\n"
		"include:\n"
		"  - { workload: nap, executor: process_pool, workers: [2, 3], tasks: 99 }\n"
		"  - { workload: nap, executor: process_pool, workers: 3, tasks: 20 }\n"
		"baseline: { executor: thread }\n");
	assert_baseline(&fixture, "process", 2, 20, fixture_find(&fixture, "thread", 2, 20));
	assert_baseline(&fixture, "thread", 4, 10, fixture_find(&fixture, "thread", 4, 10));
	assert_baseline(
		&fixture, "process_pool", 3, 20, fixture_find(&fixture, "thread", 4, 20));
	assert_baseline(
		&fixture, "process_pool", 2, 99, fixture_find(&fixture, "thread", 2, 10));
	assert_baseline(
		&fixture, "process_pool", 3, 99, fixture_find(&fixture, "thread", 4, 10));
	assert_baseline(&fixture, "sequential", 1, 20, fixture_find(&fixture, "thread", 4, 20));
	fixture_release(&fixture);
}

static void test_a_rule_reaches_only_its_workload(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, "workloads: { nap: { type: sleep }, sum: { type: count } }\n"
			       "executors: [sequential, thread]\n"
			       "workers: 2\n"
			       "tasks: 10\n"
			       "baseline: { workload: nap, executor: sequential }\n");
	for (uint32_t i = 0; i < fixture.plan.experiment_count; i++) {
		const struct experiment *experiment = &fixture.plan.experiments[i];
		bool nap = strcmp(experiment->workload->name, "nap") == 0;
		assert_int_equal(experiment->baseline, nap ? 0 : PLAN_NONE);
	}
	assert_string_equal(fixture.warnings, "");
	fixture_release(&fixture);
}

static void test_a_rule_on_workers_names_one(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, "workloads: { nap: { type: sleep } }\n"
			       "executors: [thread, process]\n"
			       "workers: [4, 1]\n"
			       "tasks: 10\n"
			       "baseline: { executor: process, workers: 1 }\n");
	uint32_t expected = fixture_find(&fixture, "process", 1, 10);
	for (uint32_t i = 0; i < fixture.plan.experiment_count; i++)
		assert_int_equal(fixture.plan.experiments[i].baseline, expected);
	fixture_release(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sequential_is_the_baseline),
		cmocka_unit_test(test_sequential_with_other_tasks),
		cmocka_unit_test(test_without_sequential_an_executor_at_its_fewest_workers),
		cmocka_unit_test(test_the_rule_prefers_tasks_then_workers_then_the_first),
		cmocka_unit_test(test_a_rule_reaches_only_its_workload),
		cmocka_unit_test(test_a_rule_on_workers_names_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
