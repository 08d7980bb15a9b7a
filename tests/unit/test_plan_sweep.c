/* Swept options: which there are, what their columns are called, what an experiment has. */
#include "plan_fixture.h"
#include "report/columns.h"

static void assert_columns(const struct plan *plan, const char *const *columns)
{
	size_t count = 0;
	for (; columns[count]; count++) {
		assert_true(count < plan->sweep_count);
		assert_string_equal(plan->sweeps[count].column, columns[count]);
	}
	assert_int_equal(plan->sweep_count, count);
}

static void test_only_what_differs_is_a_column(void **state)
{
	(void)state;
	struct fixture fixture;
	union value value;
	fixture_make(&fixture, "workloads:\n"
			       "  a: { type: sleep, duration: 1s, jitter: 5% }\n"
			       "  b: { type: sleep, duration: 2s, jitter: 5% }\n"
			       "  c: { type: count, n: 10 }\n"
			       "executors: [thread, { type: thread_pool, chunk: [1, 2] }]\n"
			       "workers: [1, 2]\n"
			       "tasks: 10\n");
	assert_columns(&fixture.plan, (const char *const[]){"duration_s", "chunk", NULL});
	const struct sweep *duration = &fixture.plan.sweeps[0],
			   *chunk = &fixture.plan.sweeps[1];
	const struct experiment *thread = &fixture.plan.experiments[0];
	const struct experiment *pool = &fixture.plan.experiments[2];
	const struct experiment *count =
		&fixture.plan.experiments[fixture.plan.experiment_count - 1];
	assert_false(duration->of_executor);
	assert_true(chunk->of_executor);
	assert_true(plan_sweep_value(thread, duration, &value));
	assert_int_equal(value.integer, 1000000000);
	assert_false(plan_sweep_value(thread, chunk, &value));
	assert_true(plan_sweep_value(pool, chunk, &value));
	assert_int_equal(value.integer, 1);
	assert_false(plan_sweep_value(count, duration, &value));
	fixture_release(&fixture);
}

/* Excluded values are not in the plan, so they make no column. */
static void test_only_the_plan_counts(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, "workloads: { a: { type: sleep, duration: [1s, 2s] } }\n"
			       "executors: thread\n"
			       "workers: [1, 2]\n"
			       "tasks: 10\n"
			       "exclude: [ { duration: 2s } ]\n");
	assert_int_equal(fixture.plan.sweep_count, 0);
	fixture_release(&fixture);
}

/* Both file types share the column of their size; sync means different things in two types. */
static void test_options_of_several_types(void **state)
{
	(void)state;
	struct fixture fixture;
	union value value;
	fixture_make(&fixture,
		"workloads:\n"
		"  read: { type: file_read, size: 64KiB }\n"
		"  write: { type: file_write, size: 128KiB, sync: [none, fdatasync] }\n"
		"  race: { type: counter, sync: [none, mutex] }\n"
		"executors: thread\n"
		"workers: 1\n"
		"tasks: 10\n");
	assert_columns(&fixture.plan,
		(const char *const[]){"size_bytes", "sync", "counter_sync", NULL});
	assert_true(plan_sweep_value(
		&fixture.plan.experiments[0], &fixture.plan.sweeps[0], &value));
	assert_int_equal(value.integer, 65536);
	assert_true(plan_sweep_value(
		&fixture.plan.experiments[1], &fixture.plan.sweeps[0], &value));
	assert_int_equal(value.integer, 131072);
	assert_false(plan_sweep_value(
		&fixture.plan.experiments[1], &fixture.plan.sweeps[2], &value));
	fixture_release(&fixture);
}

static const char *const kinds[] = {"plain", "other", NULL};
static const struct option awkward_params[] = {
	{.name = "type", .type = OPTION_ENUM, .fallback = "plain", .choices = kinds},
	{.name = "chunk", .type = OPTION_INTEGER, .fallback = "0"},
	{.name = "laps", .type = OPTION_INTEGER, .fallback = "0"},
	OPTION_END,
};
static const struct metric awkward_metrics[] = {{"laps", "rounds", METRIC_SUM}, {0}};
static const struct workload awkward = {
	.name = "awkward", .params = awkward_params, .metrics = awkward_metrics};

static const union value numbers[] = {{.integer = 0}, {.integer = 1}};
#define TWO {.count = 2, .values = numbers, .given = true}
static const struct choices two_each[] = {TWO, TWO, TWO};

/* A type of workload that nobody would write: its options are called like other columns. */
static void test_columns_do_not_collide(void **state)
{
	(void)state;
	struct fixture fixture;
	struct plan plan;
	fixture_make(&fixture, "workloads: { a: { type: sleep } }\n"
			       "executors: { type: thread_pool, chunk: [1, 2] }\n"
			       "workers: 1\n"
			       "tasks: 10\n");
	struct workload_entry entry = {.name = "a", .type = &awkward, .choices = two_each};
	struct scenario scenario = fixture.scenario;
	scenario.workloads = &entry;
	assert_int_equal(plan_make(&plan, &scenario, &fixture.err), 0);
	assert_columns(&plan, (const char *const[]){"param_type", "chunk", "param_laps",
				      "executor_chunk", NULL});
	plan_release(&plan);
	fixture_release(&fixture);
}

/* Every column that a row of either file has is kept free of sweeps. */
static void test_no_sweep_takes_a_column_of_the_report(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, "workloads: { a: { type: sleep } }\n"
			       "executors: thread\n"
			       "workers: 1\n"
			       "tasks: 10\n");
	for (const struct column *column = column_table;
		column->name || column->group != COLUMN_ONE; column++) {
		if (!column->name)
			continue;
		struct option params[] = {
			{.name = column->name, .type = OPTION_INTEGER, .fallback = "0"},
			OPTION_END};
		struct workload type = {.name = "awkward", .params = params};
		struct workload_entry entry = {.name = "a", .type = &type, .choices = two_each};
		struct scenario scenario = fixture.scenario;
		struct plan plan;
		scenario.workloads = &entry;
		assert_int_equal(plan_make(&plan, &scenario, &fixture.err), 0);
		assert_int_equal(plan.sweep_count, 1);
		assert_memory_equal(plan.sweeps[0].column, "param_", 6);
		plan_release(&plan);
	}
	fixture_release(&fixture);
}

static void test_labels_for_people(void **state)
{
	(void)state;
	struct fixture fixture;
	struct text label;
	text_init(&label);
	fixture_make(&fixture,
		"workloads: { a: { type: sleep, duration: [1s, 2500ms], jitter: [0%, 5%] }, "
		"b: { type: count, n: 7 } }\n"
		"executors: thread\n"
		"workers: 1\n"
		"tasks: 10\n");
	plan_workload_label(&fixture.plan, &fixture.plan.experiments[3], &label);
	assert_string_equal(text_get(&label), "a(duration=2500ms,jitter=5%)");
	text_clear(&label);
	plan_workload_label(&fixture.plan, &fixture.plan.experiments[4], &label);
	assert_string_equal(text_get(&label), "b");
	text_release(&label);
	fixture_release(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_what_differs_is_a_column),
		cmocka_unit_test(test_only_the_plan_counts),
		cmocka_unit_test(test_options_of_several_types),
		cmocka_unit_test(test_columns_do_not_collide),
		cmocka_unit_test(test_no_sweep_takes_a_column_of_the_report),
		cmocka_unit_test(test_labels_for_people),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
