/* Loads in the plan: tasks or runtime, closed or open; their ids, rules, baselines, limits. */
#include "plan_fixture.h"

#define NAP "workloads: { nap: { type: sleep, duration: 1s } }\n"

static const int64_t second = 1000000000;

static const struct experiment *only(const struct fixture *fixture)
{
	assert_int_equal(fixture->plan.experiment_count, 1);
	return &fixture->plan.experiments[0];
}

static void is_load(const struct experiment *experiment, uint64_t tasks, int64_t runtime_ns,
	double rate, int arrival)
{
	assert_int_equal(experiment->tasks, tasks);
	assert_int_equal(experiment->runtime_ns, runtime_ns);
	assert_true(experiment->rate == rate);
	assert_int_equal(experiment->arrival, arrival);
}

static void assert_id(const char *load, const char *expected)
{
	struct fixture fixture;
	char text[400], id[18];
	snprintf(text, sizeof(text), NAP "executors: thread\nworkers: 10\nseed: 42\n%s", load);
	fixture_make(&fixture, text);
	assert_string_equal(plan_id(only(&fixture), id), expected);
	fixture_release(&fixture);
}

/* As in test_plan.c, the literals were computed outside conrun. The first is that of a load that
 * was there before the others could be written. */
static void test_ids_are_stable(void **state)
{
	(void)state;
	assert_id("tasks: 1000\n", "x0bbcd9297a804c80");
	assert_id("runtime: 5s\n", "x5b688a2ed741d34b");
	assert_id("tasks: 1000\nrate: 500/s\n", "xd251c3c5b757514c");
	assert_id("tasks: 1000\nrate: 30000/m\narrival: constant\n", "xd251c3c5b757514c");
	assert_id("runtime: 2s\nrate: 500/s\n", "x6313007b5f500e0c");
	assert_id("tasks: 1000\nrate: 500/s\narrival: poisson\n", "x87e9127c788fb49b");
	assert_id(
		"tasks: 1000\nrate: 0.1/s\narrival: poisson\ntimeout: 100h\n", "x4def5fe450cfdcab");
}

static void test_loads_are_multiplied(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, NAP "executors: [thread, process]\n"
				   "workers: [1, 2]\n"
				   "runtime: [1s, 2s]\n"
				   "rate: { from: 100/s, to: 300/s, step: 100/s }\n"
				   "arrival: [constant, poisson]\n");
	assert_int_equal(fixture.plan.experiment_count, 2 * 2 * 2 * 3 * 2);
	assert_int_equal(fixture.plan.merged, 0);
	const struct experiment *experiments = fixture.plan.experiments;
	is_load(&experiments[0], 100, second, 100, ARRIVAL_CONSTANT);
	is_load(&experiments[1], 100, second, 100, ARRIVAL_POISSON);
	is_load(&experiments[2], 200, second, 200, ARRIVAL_CONSTANT);
	is_load(&experiments[6], 200, 2 * second, 100, ARRIVAL_CONSTANT);
	for (uint32_t i = 0; i < fixture.plan.experiment_count; i++)
		for (uint32_t j = 0; j < i; j++)
			assert_int_not_equal(experiments[i].id, experiments[j].id);
	fixture_release(&fixture);
}

static void test_a_runtime_has_no_tasks(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, NAP "executors: thread\nruntime: 5s\nworkers: 1\n");
	is_load(only(&fixture), 0, 5 * second, 0, ARRIVAL_CONSTANT);
	fixture_release(&fixture);
}

/* 0.3/s for a second is less than one task; 2.9999999 tasks are three. */
static void test_tasks_of_an_open_loop_are_rounded(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, NAP "executors: thread\nworkers: 1\n"
				   "runtime: [1s, 10s]\nrate: 0.3/s\n");
	is_load(&fixture.plan.experiments[0], 1, second, 0.3, ARRIVAL_CONSTANT);
	is_load(&fixture.plan.experiments[1], 3, 10 * second, 0.3, ARRIVAL_CONSTANT);
	fixture_release(&fixture);
}

static void test_rules_ask_about_loads(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, NAP "executors: thread\nworkers: 1\n"
				   "runtime: [1s, 2s]\nrate: [100/s, 200/s]\n"
				   "arrival: [constant, poisson]\n"
				   "exclude:\n"
				   "  - { runtime: '>1s', rate: '>=0.2/m', arrival: poisson }\n"
				   "  - { rate: [200/s, 300/s], runtime: 1000ms }\n"
				   "  - { tasks: 100 }\n");
	assert_int_equal(fixture.plan.excluded, 2 + 2 + 2);
	assert_int_equal(fixture.plan.experiment_count, 2);
	is_load(&fixture.plan.experiments[0], 200, 2 * second, 100, ARRIVAL_CONSTANT);
	is_load(&fixture.plan.experiments[1], 400, 2 * second, 200, ARRIVAL_CONSTANT);
	assert_string_equal(fixture.warnings, "");
	fixture_release(&fixture);
}

/* A closed loop has no rate and no arrival, and with a runtime no tasks; `!=` included. */
static void test_a_missing_key_never_matches(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, NAP "executors: thread\nworkers: 1\nruntime: 1s\n"
				   "exclude:\n"
				   "  - { rate: '!=5/s' }\n"
				   "  - { arrival: constant }\n"
				   "  - { tasks: '<100' }\n");
	assert_int_equal(fixture.plan.experiment_count, 1);
	assert_non_null(strstr(fixture.warnings, "test.yaml:6:5: warning: this exclude"));
	assert_non_null(strstr(fixture.warnings, "test.yaml:7:5: warning: this exclude"));
	assert_non_null(strstr(fixture.warnings, "test.yaml:8:5: warning: this exclude"));
	fixture_release(&fixture);
}

static void test_overrides_set_loads(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture,
		NAP "executors: [sequential, thread, process, pipe]\nworkers: 2\ntasks: 50\n"
		    "overrides:\n"
		    "  - { when: { executor: thread }, set: { runtime: 3s } }\n"
		    "  - { when: { executor: process }, set: { rate: 10/s } }\n"
		    "  - { when: { executor: pipe }, set: { runtime: 3s, rate: 20/s } }\n"
		    "  - { when: { executor: pipe, tasks: 50 }, set: { rate: 30/s } }\n"
		    "  - { when: { executor: sequential }, set: { runtime: 9s } }\n"
		    "  - { when: { executor: sequential }, set: { tasks: 7 } }\n");
	const struct experiment *experiments = fixture.plan.experiments;
	is_load(&experiments[0], 7, 0, 0, ARRIVAL_CONSTANT);
	is_load(&experiments[1], 0, 3 * second, 0, ARRIVAL_CONSTANT);
	is_load(&experiments[2], 50, 0, 10, ARRIVAL_CONSTANT);
	is_load(&experiments[3], 90, 3 * second, 30, ARRIVAL_CONSTANT);
	assert_string_equal(fixture.warnings, "");
	fixture_release(&fixture);
}

static void test_includes_take_over_what_they_do_not_say(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture,
		NAP "executors: thread\nworkers: 2\nruntime: 1s\n"
		    "include:\n"
		    "  - { workload: nap, executor: sequential, tasks: 3 }\n"
		    "  - { workload: nap, executor: process }\n"
		    "  - { workload: nap, executor: pipe, rate: 5/s, arrival: poisson }\n"
		    "  - { workload: nap, executor: async, tasks: 9, rate: [5/s, 6/s] }\n");
	const struct experiment *experiments = fixture.plan.experiments;
	assert_int_equal(fixture.plan.experiment_count, 6);
	is_load(&experiments[0], 0, second, 0, ARRIVAL_CONSTANT);
	is_load(&experiments[1], 3, 0, 0, ARRIVAL_CONSTANT);
	is_load(&experiments[2], 0, second, 0, ARRIVAL_CONSTANT);
	is_load(&experiments[3], 5, second, 5, ARRIVAL_POISSON);
	is_load(&experiments[4], 9, 0, 5, ARRIVAL_CONSTANT);
	is_load(&experiments[5], 9, 0, 6, ARRIVAL_CONSTANT);
	fixture_release(&fixture);
}

static void test_only_the_same_load_is_merged(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, NAP "executors: sequential\nworkers: [1, 2, 3]\n"
				   "runtime: [1s, 2s]\nrate: [5/s, 10/s]\n"
				   "arrival: [constant, poisson]\n");
	assert_int_equal(fixture.plan.experiment_count, 8);
	assert_int_equal(fixture.plan.merged, 16);
	fixture_release(&fixture);
}

static void test_baselines_have_the_same_load(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, NAP "executors: [thread, sequential]\nworkers: [2, 4]\n"
				   "runtime: [1s, 2s]\nrate: [5/s, 10/s]\n"
				   "arrival: [constant, poisson]\n");
	for (uint32_t i = 0; i < fixture.plan.experiment_count; i++) {
		const struct experiment *own = &fixture.plan.experiments[i];
		const struct experiment *baseline = &fixture.plan.experiments[own->baseline];
		assert_string_equal(baseline->executor->label, "sequential");
		is_load(baseline, own->tasks, (int64_t)own->runtime_ns, own->rate, own->arrival);
	}
	fixture_release(&fixture);
}

/* A few tasks are no measure of two seconds, nor a closed loop of an open one. */
static void test_other_loads_are_no_baseline(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture,
		NAP "executors: thread\nworkers: [4, 2]\nruntime: 2s\n"
		    "include:\n"
		    "  - { workload: nap, executor: sequential, tasks: 3 }\n"
		    "  - { workload: nap, executor: process, rate: 5/s, workers: 3 }\n");
	const struct experiment *experiments = fixture.plan.experiments;
	assert_int_equal(experiments[0].baseline, 1); /* the fewest workers */
	assert_int_equal(experiments[1].baseline, 1);
	assert_int_equal(experiments[2].baseline, 2);
	assert_int_equal(experiments[3].baseline, 3);
	fixture_release(&fixture);
}

static void test_estimate(void **state)
{
	(void)state;
	struct fixture fixture;
	struct estimate estimate;
	fixture_make(&fixture,
		"workloads: { sum: { type: count }, nap: { type: sleep, duration: 2s } }\n"
		"executors: thread\nworkers: 2\nrepeat: 1\nruntime: 4s\n"
		"include:\n"
		"  - { workload: sum, executor: process, rate: 2/s, tasks: 20 }\n"
		"  - { workload: nap, executor: process, rate: 2/s, tasks: 20 }\n");
	plan_estimate(&fixture.plan, NULL, &estimate);
	assert_int_equal(estimate.unknown_runs, 0);
	/* the runtime twice, nineteen gaps between arrivals, and twenty naps of two at a time */
	assert_int_equal(2 * estimate.known_ns, (8 + 8 + 19 + 40) * second);
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

/* Where overrides decide, only the plan knows which cells go wrong. */
static void test_cells_that_cannot_end(void **state)
{
	(void)state;
	struct fixture fixture;
	assert_fails(NAP "executors: [process, thread]\nworkers: 2\nruntime: 90s\noverrides:\n"
			 "  - { when: { executor: process }, set: { timeout: 2m } }\n",
		"nap under thread with workers 2: a run takes 90s, but the timeout ends it after "
		"1m; write for instance timeout: 3m");
	assert_fails(NAP "executors: thread\nworkers: 2\nruntime: 1000h\ntimeout: 1000h\n"
			 "overrides: { when: { workers: 2 }, set: { rate: 0.01/s } }\n",
		"; shorten it");
	assert_fails(NAP "executors: thread\nworkers: 2\nruntime: 30s\noverrides:\n"
			 "  - { when: { executor: thread }, set: { rate: 10000000/s } }\n",
		"300000000 tasks arrive at 10000000/s; one run may have 100000000 at most");
	fixture_make(&fixture, NAP "executors: thread\nruntime: 90s\noverrides:\n"
				   "  - { when: { executor: thread }, set: { timeout: 2m } }\n");
	fixture_release(&fixture);
}

static void test_too_many_loads(void **state)
{
	(void)state;
	assert_fails(NAP "executors: thread\nworkers: 1\ntasks: { from: 1, to: 5000, step: 1 }\n"
			 "rate: { from: 1000/s, to: 6000/s, step: 1/s }\n",
		"25005000 cells, more than the 10000000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids_are_stable),
		cmocka_unit_test(test_loads_are_multiplied),
		cmocka_unit_test(test_a_runtime_has_no_tasks),
		cmocka_unit_test(test_tasks_of_an_open_loop_are_rounded),
		cmocka_unit_test(test_rules_ask_about_loads),
		cmocka_unit_test(test_a_missing_key_never_matches),
		cmocka_unit_test(test_overrides_set_loads),
		cmocka_unit_test(test_includes_take_over_what_they_do_not_say),
		cmocka_unit_test(test_only_the_same_load_is_merged),
		cmocka_unit_test(test_baselines_have_the_same_load),
		cmocka_unit_test(test_other_loads_are_no_baseline),
		cmocka_unit_test(test_estimate),
		cmocka_unit_test(test_cells_that_cannot_end),
		cmocka_unit_test(test_too_many_loads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
