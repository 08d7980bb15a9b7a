/* Expansion: what is multiplied, dropped, added, set and merged; ids; limits. */
#include "plan_fixture.h"

static void test_everything_is_multiplied(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, "workloads:\n"
			       "  nap: { type: sleep, duration: [1ms, 2ms, 3ms] }\n"
			       "  sum: { type: count, n: [10, 20] }\n"
			       "executors: [thread, { type: thread_pool, chunk: [1, 64] }]\n"
			       "workers: [1, 2]\n"
			       "tasks: [5, 50]\n"
			       "repeat: 7\n");
	assert_int_equal(fixture.plan.experiment_count, (3 + 2) * 3 * 2 * 2);
	assert_int_equal(fixture.plan.run_count, 7 * fixture.plan.experiment_count);
	assert_int_equal(fixture.plan.merged, 0);
	assert_int_equal(fixture.plan.excluded, 0);
	assert_string_equal(fixture.warnings, "");
	fixture_release(&fixture);
}

static void test_labels_show_options_that_are_not_the_default(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture,
		"workloads: { nap: { type: sleep } }\n"
		"executors: [thread_pool, { type: thread_pool, chunk: 64, pin: compact }]\n"
		"workers: 4\n"
		"tasks: 9\n");
	assert_int_equal(fixture.plan.experiment_count, 2);
	assert_string_equal(fixture.plan.experiments[0].executor->label, "thread_pool");
	assert_string_equal(fixture.plan.experiments[1].executor->label,
		"thread_pool[chunk=64,pin=compact]");
	fixture_release(&fixture);
}

/* A type means all of its variants, a label the one that has it. */
static void test_executors_are_named_by_type_or_label(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, "workloads: { sum: { type: count } }\n"
			       "executors:\n"
			       "  - { type: thread_pool, gil: [false, true] }\n"
			       "  - process\n"
			       "workers: [1, 2]\n"
			       "tasks: 10\n"
			       "exclude:\n"
			       "  - { executor: 'thread_pool[gil]', workers: 2 }\n"
			       "  - { executor: 'thread_pool', workers: 1 }\n");
	assert_int_equal(fixture.plan.excluded, 1 + 2);
	assert_int_equal(fixture_find(&fixture, "thread_pool[gil]", 2, 10), PLAN_NONE);
	assert_int_not_equal(fixture_find(&fixture, "thread_pool", 2, 10), PLAN_NONE);
	assert_string_equal(fixture.warnings, "");
	fixture_release(&fixture);
}

static void test_exclude_drops_cells(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture,
		"workloads:\n"
		"  nap: { type: sleep, duration: [1ms, 5ms] }\n"
		"  sum: { type: count, n: 10 }\n"
		"executors: [thread, process]\n"
		"workers: [1, 8, 64]\n"
		"tasks: 10\n"
		"exclude:\n"
		"  - { executor: process, workers: '>8' }\n"               /* 3 variants × 1 */
		"  - { workload: nap, duration: 5ms, executor: thread }\n" /* 3 workers */
		"  - { type: count, executor: thread, workers: [1, 8] }\n" /* 2 */
	);
	assert_int_equal(fixture.plan.excluded, 3 + 3 + 2);
	assert_int_equal(fixture.plan.experiment_count, 3 * 2 * 3 - 8);
	assert_int_equal(fixture_find(&fixture, "process", 64, 10), PLAN_NONE);
	assert_string_equal(fixture.warnings, "");
	fixture_release(&fixture);
}

/* `duration` is no key of count: neither `5ms` nor `!=5ms` says anything about it. */
static void test_a_missing_option_never_matches(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, "workloads:\n"
			       "  nap: { type: sleep, duration: [1ms, 5ms] }\n"
			       "  sum: { type: count, n: 10 }\n"
			       "executors: thread\n"
			       "workers: 1\n"
			       "tasks: 10\n"
			       "exclude:\n"
			       "  - { duration: '!=5ms' }\n");
	assert_int_equal(fixture.plan.excluded, 1);
	assert_int_equal(fixture.plan.experiment_count, 2);
	assert_int_equal(fixture.plan.experiments[0].workload->values[0].integer, 5000000);
	assert_string_equal(fixture.plan.experiments[1].workload->type->name, "count");
	fixture_release(&fixture);
}

/* As text "10ms" is less than "9ms" and "0.5s" is not 500ms. */
static void test_options_compare_by_value(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture,
		"workloads: { nap: { type: sleep, duration: [9ms, 10ms, 500ms] } }\n"
		"executors: thread\n"
		"workers: 1\n"
		"tasks: 10\n"
		"exclude:\n"
		"  - { duration: '<=9ms' }\n"
		"  - { duration: 0.5s }\n");
	assert_int_equal(fixture.plan.excluded, 2);
	assert_int_equal(fixture.plan.experiments[0].workload->values[0].integer, 10000000);
	fixture_release(&fixture);
}

static void test_rules_that_match_nothing_warn(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, "workloads: { nap: { type: sleep } }\n"
			       "executors: thread\n"
			       "workers: [1, 2]\n"
			       "tasks: 10\n"
			       "exclude:\n"
			       "  - { workers: 3 }\n"
			       "  - { workers: 2 }\n"
			       "  - { executor: thread, workers: 2 }\n"
			       "overrides:\n"
			       "  - { when: { tasks: '>10' }, set: { timeout: 2m } }\n"
			       "baseline: { workers: 7 }\n");
	assert_non_null(strstr(
		fixture.warnings, "test.yaml:6:5: warning: this exclude matches no cell"));
	assert_null(strstr(fixture.warnings, "test.yaml:7:"));
	assert_null(strstr(fixture.warnings, "test.yaml:8:"));
	assert_non_null(strstr(fixture.warnings, "test.yaml:10:"));
	assert_non_null(strstr(fixture.warnings, "warning: this when matches no cell"));
	assert_non_null(strstr(fixture.warnings, "test.yaml:11:"));
	assert_non_null(strstr(fixture.warnings, "warning: this baseline matches no cell"));
	fixture_release(&fixture);
}

static void test_includes_come_after_exclusion(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture,
		"workloads: { nap: { type: sleep } }\n"
		"executors: [sequential, thread]\n"
		"workers: [1, 2]\n"
		"tasks: 100\n"
		"exclude: [ { executor: sequential } ]\n"
		"include: [ { workload: nap, executor: sequential, workers: 1, tasks: 3 } ]\n");
	assert_int_equal(fixture.plan.experiment_count, 3);
	assert_int_equal(fixture.plan.excluded, 2);
	assert_int_equal(fixture_find(&fixture, "sequential", 1, 3), 2);
	fixture_release(&fixture);
}

static void test_later_overrides_win(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture,
		"workloads: { nap: { type: sleep } }\n"
		"executors: [sequential, thread, process]\n"
		"workers: 2\n"
		"tasks: 100\n"
		"repeat: 3\n"
		"timeout: 30s\n"
		"overrides:\n"
		"  - { when: { executor: [thread, process] }, set: { timeout: 1m, repeat: 5 } "
		"}\n"
		"  - { when: { executor: process }, set: { timeout: 2m, warmup: 2 } }\n"
		"  - { when: { executor: sequential }, set: { tasks: 4 } }\n"
		"  - { when: { tasks: 100, executor: sequential }, set: { repeat: 1 } }\n");
	const struct experiment *sequential =
		&fixture.plan.experiments[fixture_find(&fixture, "sequential", 1, 4)];
	const struct experiment *thread =
		&fixture.plan.experiments[fixture_find(&fixture, "thread", 2, 100)];
	const struct experiment *process =
		&fixture.plan.experiments[fixture_find(&fixture, "process", 2, 100)];
	assert_int_equal(sequential->timeout_ns, UINT64_C(30000000000));
	assert_int_equal(sequential->repeat, 1); /* `when` asks about the axis' tasks */
	assert_int_equal(thread->timeout_ns, UINT64_C(60000000000));
	assert_int_equal(thread->repeat, 5);
	assert_int_equal(thread->warmup, 0);
	assert_int_equal(process->timeout_ns, UINT64_C(120000000000));
	assert_int_equal(process->repeat, 5);
	assert_int_equal(process->warmup, 2);
	assert_string_equal(fixture.warnings, "");
	fixture_release(&fixture);
}

static void test_cells_that_are_the_same_are_merged(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture,
		"workloads: { nap: { type: sleep } }\n"
		"executors: [sequential, thread]\n"
		"workers: [1, 10, 100]\n"
		"tasks: [50, 60]\n"
		"overrides:\n"
		"  - { when: { executor: thread, workers: 100 }, set: { tasks: 7 } }\n"
		"include: [ { workload: nap, executor: thread, workers: 1, tasks: 50 } ]\n");
	/* sequential: 6 cells are 2; thread × 100: 2 are 1; the include is there already */
	assert_int_equal(fixture.plan.merged, 4 + 1 + 1);
	assert_int_equal(fixture.plan.experiment_count, 2 + 4 + 1);
	assert_int_not_equal(fixture_find(&fixture, "sequential", 1, 50), PLAN_NONE);
	assert_int_equal(fixture_find(&fixture, "sequential", 10, 50), PLAN_NONE);
	assert_int_not_equal(fixture_find(&fixture, "thread", 100, 7), PLAN_NONE);
	fixture_release(&fixture);
}

/* The later definition's settings win, whatever set them; the place stays the first one's. */
static void test_of_merged_cells_the_later_wins(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, "workloads: { nap: { type: sleep } }\n"
			       "executors: thread\n"
			       "workers: 2\n"
			       "tasks: [10, 20]\n"
			       "overrides:\n"
			       "  - { when: { tasks: 10 }, set: { repeat: 5 } }\n"
			       "  - { when: { tasks: 20 }, set: { repeat: 6, tasks: 10 } }\n");
	assert_int_equal(fixture.plan.experiment_count, 1);
	assert_int_equal(fixture.plan.merged, 1);
	assert_int_equal(fixture.plan.experiments[0].repeat, 6);
	fixture_release(&fixture);
}

static void test_the_same_work_under_two_names_is_one(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, "workloads:\n"
			       "  nap: { type: sleep, duration: 10ms }\n"
			       "  doze: { type: sleep, duration: [0.01s, 20ms] }\n"
			       "executors: thread\n"
			       "workers: 2\n"
			       "tasks: 10\n");
	assert_int_equal(fixture.plan.experiment_count, 2);
	assert_int_equal(fixture.plan.merged, 1);
	assert_string_equal(fixture.plan.experiments[0].workload->name, "nap");
	fixture_release(&fixture);
}

/* An exclusion by name reaches the cells of that name, even where another name has the same. */
static void test_rules_on_names_see_the_entry(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, "workloads:\n"
			       "  nap: { type: sleep, duration: 10ms }\n"
			       "  doze: { type: sleep, duration: 10ms }\n"
			       "executors: thread\n"
			       "workers: 2\n"
			       "tasks: 10\n"
			       "exclude: [ { workload: doze } ]\n");
	assert_int_equal(fixture.plan.experiment_count, 1);
	assert_int_equal(fixture.plan.excluded, 1);
	fixture_release(&fixture);
}

static void assert_id(const char *text, const char *label, uint32_t workers, uint64_t tasks,
	const char *expected)
{
	struct fixture fixture;
	char id[18];
	fixture_make(&fixture, text);
	uint32_t place = fixture_find(&fixture, label, workers, tasks);
	assert_int_not_equal(place, PLAN_NONE);
	assert_string_equal(plan_id(&fixture.plan.experiments[place], id), expected);
	fixture_release(&fixture);
}

/* The literals were computed outside conrun, from the description in plan/id.h. If one of them
 * changes, results that people have kept no longer belong to their experiments. */
static void test_ids_are_stable(void **state)
{
	(void)state;
	assert_id("workloads: { nap: { type: sleep, duration: 1s } }\n"
		  "executors: thread\nworkers: 10\ntasks: 1000\nseed: 42\n",
		"thread", 10, 1000, "x0bbcd9297a804c80");
	assert_id("workloads: { find: { type: primes } }\n"
		  "executors: { type: thread_pool, chunk: 64, pin: compact }\n"
		  "workers: 4\ntasks: 100\nseed: 7\n",
		"thread_pool[chunk=64,pin=compact]", 4, 100, "xe44a4913c3f4846d");
	assert_id("workloads: { nap: { type: sleep, duration: 5ms } }\n"
		  "executors: sequential\nworkers: 8\ntasks: 20\nseed: 42\n",
		"sequential", 1, 20, "x31c7cc3b9b02e29c");
	assert_id("workloads: { nap: { type: sleep, cycle: [1ms, 2ms] } }\n"
		  "executors: sequential\nworkers: 8\ntasks: 20\nseed: 42\n",
		"sequential", 1, 20, "xaa56eafbc905d723");
}

/* The same id whatever does not define the experiment. */
static void test_ids_ignore_names_order_and_settings(void **state)
{
	(void)state;
	assert_id("tasks: [5, 1000]\n"
		  "workers: [10, 1]\n"
		  "executors: [process, { type: thread, pin: none }]\n"
		  "workloads: { b: { type: count }, a: { type: sleep, jitter: 0%, duration: "
		  "1000ms } }\n"
		  "exclude: [ { workload: b, executor: thread } ]\n"
		  "repeat: 3\nwarmup: 1\ntimeout: 90s\norder: batch\nname: other\nseed: 42\n",
		"thread", 10, 1000, "x0bbcd9297a804c80");
}

static void test_ids_differ(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture,
		"workloads: { nap: { type: sleep, duration: [1ms, 2ms], jitter: [0%, 1%] }, "
		"sum: { type: count } }\n"
		"executors: [sequential, thread, { type: thread_pool, chunk: [0, 1, 2] }]\n"
		"workers: [1, 2, 3]\n"
		"tasks: [1, 2, 3]\n");
	for (uint32_t i = 0; i < fixture.plan.experiment_count; i++)
		for (uint32_t j = 0; j < i; j++)
			assert_int_not_equal(
				fixture.plan.experiments[i].id, fixture.plan.experiments[j].id);
	fixture_release(&fixture);
}

static void assert_fails(const char *text, const char *message)
{
	struct fixture fixture;
	assert_int_equal(fixture_try(&fixture, text), -1);
	if (!strstr(fixture.err.text, message))
		fail_msg("'%s' is not in '%s'", message, fixture.err.text);
	scenario_release(&fixture.scenario);
}

static void test_nothing_left_to_run(void **state)
{
	(void)state;
	struct fixture fixture;
	assert_int_equal(fixture_try(&fixture, "workloads: { nap: { type: sleep } }\n"
					       "executors: thread\nworkers: [1, 2]\ntasks: 10\n"
					       "exclude: [ { executor: thread } ]\n"),
		-1);
	assert_string_equal(fixture.err.text, "");
	assert_non_null(strstr(fixture.warnings,
		"test.yaml:5:12: error: nothing is left to run: the excludes drop all 2 cells"));
	scenario_release(&fixture.scenario);
}

static void test_too_many_runs(void **state)
{
	(void)state;
	assert_fails("workloads: { nap: { type: sleep, duration: { from: 1ms, to: 5s, step: "
		     "1ms } } }\n"
		     "executors: thread\nworkers: { from: 1, to: 5000, step: 1 }\ntasks: 10\n",
		"25000000 cells, more than the 10000000");
	assert_fails("workloads: { nap: { type: sleep, duration: { from: 1ms, to: 5s, step: "
		     "1ms } } }\n"
		     "executors: thread\nworkers: { from: 1, to: 100, step: 1 }\ntasks: 10\n"
		     "repeat: 19\nwarmup: 2\n",
		"10500000 runs, more than the 10000000");
}

/* 5000^6 is more than 2^64. */
static void test_products_do_not_overflow(void **state)
{
	(void)state;
	assert_fails("workloads: { f: { type: primes, from: { from: 1, to: 5000, step: 1 }, "
		     "to: { from: 100001, to: 105000, step: 1 } } }\n"
		     "executors: { type: thread_pool, chunk: { from: 1, to: 5000, step: 1 }, "
		     "stack: { from: 1KiB, to: 5000KiB, step: 1KiB } }\n"
		     "workers: { from: 1, to: 5000, step: 1 }\n"
		     "tasks: { from: 1, to: 5000, step: 1 }\n",
		"at least 18446744073709551615 cells");
}

static void test_a_big_plan(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, "workloads: { nap: { type: sleep, duration: { from: 1ms, to: "
			       "1s, step: 1ms } } }\n"
			       "executors: [sequential, thread]\n"
			       "workers: { from: 1, to: 100, step: 1 }\n"
			       "tasks: 10\n"
			       "repeat: 9\n"
			       "warmup: 1\n");
	assert_int_equal(fixture.plan.experiment_count, 1000 * 101);
	assert_int_equal(fixture.plan.merged, 1000 * 99);
	assert_int_equal(fixture.plan.run_count, 1000 * 101 * 10);
	fixture_release(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_everything_is_multiplied),
		cmocka_unit_test(test_labels_show_options_that_are_not_the_default),
		cmocka_unit_test(test_executors_are_named_by_type_or_label),
		cmocka_unit_test(test_exclude_drops_cells),
		cmocka_unit_test(test_a_missing_option_never_matches),
		cmocka_unit_test(test_options_compare_by_value),
		cmocka_unit_test(test_rules_that_match_nothing_warn),
		cmocka_unit_test(test_includes_come_after_exclusion),
		cmocka_unit_test(test_later_overrides_win),
		cmocka_unit_test(test_cells_that_are_the_same_are_merged),
		cmocka_unit_test(test_of_merged_cells_the_later_wins),
		cmocka_unit_test(test_the_same_work_under_two_names_is_one),
		cmocka_unit_test(test_rules_on_names_see_the_entry),
		cmocka_unit_test(test_ids_are_stable),
		cmocka_unit_test(test_ids_ignore_names_order_and_settings),
		cmocka_unit_test(test_ids_differ),
		cmocka_unit_test(test_nothing_left_to_run),
		cmocka_unit_test(test_too_many_runs),
		cmocka_unit_test(test_products_do_not_overflow),
		cmocka_unit_test(test_a_big_plan),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
