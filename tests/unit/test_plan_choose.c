/* What the command line chooses of a plan: filters, a quick round, and where values come from. */
#include "plan/expand.h"
#include "plan/quick.h"
#include "plan_fixture.h"

#define FILE_TEXT                                                                                  \
	"workloads: { a: { type: sleep, duration: [1ms, 2ms] }, b: { type: count, n: 9 } }\n"      \
	"executors: [sequential, { type: thread, gil: [false, true] }]\n"                          \
	"workers: [1, 8]\n"                                                                        \
	"tasks: [5, 100]\n"                                                                        \
	"warmup: 2\n"                                                                              \
	"overrides:\n"                                                                             \
	"  - { when: { gil: true, tasks: 100 }, set: { repeat: 9, timeout: 5s } }\n"               \
	"baseline: { executor: sequential, tasks: 100 }\n"

struct chosen {
	struct scenario scenario;
	struct plan plan;
	struct text told;
	struct diag_sink sink;
	int result;
};

static void take(struct diag *diag, void *context)
{
	struct text *told = context;
	if (diag->count)
		diag_format(diag, false, told);
}

static void choose(struct chosen *chosen, struct reading reading, const char *filter)
{
	struct err err;
	const char *filters[] = {filter, NULL};
	*chosen = (struct chosen){.sink = {take, &chosen->told}};
	reading.sink = &chosen->sink;
	reading.filters = filters;
	reading.filter_count = filter != NULL;
	chosen->result = scenario_parse(
		&chosen->scenario, "it.yaml", FILE_TEXT, strlen(FILE_TEXT), &reading);
	if (chosen->result)
		return;
	chosen->result = plan_make(&chosen->plan, &chosen->scenario, &err);
	if (chosen->result)
		scenario_release(&chosen->scenario);
}

static void release(struct chosen *chosen)
{
	if (chosen->result == 0) {
		plan_release(&chosen->plan);
		scenario_release(&chosen->scenario);
	}
	text_release(&chosen->told);
}

/* How many experiments a filter leaves of the 30. */
static void leaves(const char *filter, uint32_t count)
{
	struct chosen chosen;
	choose(&chosen, (struct reading){.quick = false}, filter);
	if (chosen.result)
		fail_msg("%s: %s", filter, text_get(&chosen.told));
	if (chosen.plan.experiment_count != count)
		fail_msg("'%s' leaves %u, not %u", filter, chosen.plan.experiment_count, count);
	assert_int_equal(chosen.plan.filtered + count, 30);
	release(&chosen);
}

static void refuses(const char *filter, const char *expected)
{
	struct chosen chosen;
	choose(&chosen, (struct reading){.quick = false}, filter);
	assert_int_equal(chosen.result, -1);
	if (!strstr(text_get(&chosen.told), expected))
		fail_msg("'%s' is not in:\n%s", expected, text_get(&chosen.told));
	release(&chosen);
}

static void words_are_tests_of_the_cells(void **state)
{
	(void)state;
	leaves("executor=sequential", 6);
	leaves("executor!=sequential", 24);
	leaves("executor=thread[gil],sequential", 18);
	leaves("workers=8", 12);
	leaves("workers>1 tasks<100", 6);
	leaves("  workers >= 8   tasks != 5", 6);
	leaves("duration=2ms", 10);
	leaves("duration>1ms", 10);
}

static void words_must_be_right(void **state)
{
	(void)state;
	refuses("thread", "--filter thread:1: error: 'thread' is no condition");
	refuses("workers=", ":9: error: a value is missing in 'workers='");
	refuses("workers=1,", "a value is missing");
	refuses("wrokers=1", "error: unknown key 'wrokers' in a filter");
	refuses("executor=async", ":10: error: this scenario has no executor 'async'");
	refuses("executor>thread", "'executor' has no order");
	refuses("workers>1,8", "'workers' is compared with 2 values");
	refuses("duration=2", "error: ");
	refuses(" ", "error: a filter has 1 to 100 conditions");
}

static void it_is_said_why_nothing_is_left(void **state)
{
	(void)state;
	refuses("executor=thread workers>8", "workers>8:17: error: no cell has workers>8");
	refuses("executor=thread workers>8", "= there is: workers 1, 8\n");
	refuses("executor=sequential gil=true", "error: no cell matches all of this filter");
	refuses("executor=sequential gil=true",
		"without executor=sequential it would be 12, without gil=true it would be 6");
}

static void one_of_several_may_be_left_out(void **state)
{
	(void)state;
	static const char *const filters[] = {"executor=async", "workers=99", "nokey=1"};
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++) {
		struct chosen chosen;
		choose(&chosen, (struct reading){.several = true}, filters[i]);
		assert_int_equal(chosen.result, 0);
		assert_int_equal(chosen.plan.experiment_count, 0);
		assert_string_equal(text_get(&chosen.told), "");
		release(&chosen);
	}
}

static void a_quick_plan_is_short(void **state)
{
	(void)state;
	struct chosen chosen;
	choose(&chosen, (struct reading){.quick = true}, NULL);
	assert_int_equal(chosen.result, 0);
	assert_string_equal(chosen.scenario.name, "it-quick");
	for (uint32_t i = 0; i < chosen.plan.experiment_count; i++) {
		const struct experiment *cell = &chosen.plan.experiments[i];
		assert_int_equal(cell->repeat, 1);
		assert_int_equal(cell->repeat_least, 1);
		assert_int_equal(cell->warmup, 0);
		/* A tenth of 5 or 100, and at least one for each of 1 or 8. */
		assert_true(cell->tasks == (cell->workers == 8 ? 8 : 1) || cell->tasks == 10 ||
			    (cell->tasks == 5 && cell->workers == 8));
		/* The rule means the tasks that the scenario has. */
		assert_int_equal(chosen.plan.experiments[cell->baseline].tasks, 10);
	}
	assert_int_equal(chosen.plan.run_count, chosen.plan.experiment_count);
	release(&chosen);
}

static void equal_quick_cells_become_one(void **state)
{
	(void)state;
	struct fixture fixture;
	struct reading reading = {.quick = true};
	static const char text[] = "workloads: { a: { type: noop } }\nexecutors: [thread]\n"
				   "workers: 4\ntasks: [10, 20, 40, 50]\n";
	assert_int_equal(
		scenario_parse(&fixture.scenario, "x.yaml", text, strlen(text), &reading), 0);
	assert_int_equal(plan_make(&fixture.plan, &fixture.scenario, &fixture.err), 0);
	assert_int_equal(fixture.plan.experiment_count, 2); /* 4 and 5 */
	assert_int_equal(fixture.plan.merged, 2);
	fixture_release(&fixture);
}

static void a_short_run_is_not_made_longer(void **state)
{
	(void)state;
	struct fixture fixture;
	fixture_make(&fixture, "workloads: { a: { type: noop } }\nexecutors: [thread]\n"
			       "workers: 64\ntasks: 3\ninclude:\n"
			       "  - { workload: a, executor: async, workers: 1, runtime: 50ms }\n"
			       "  - { workload: a, executor: async, workers: 1, runtime: 5s, "
			       "rate: 100/s }\n");
	struct experiment *cells = fixture.plan.experiments;
	assert_int_equal(quick_experiment(1, &cells[0]).tasks, 3);
	assert_int_equal(quick_experiment(1, &cells[1]).runtime_ns, 50000000);
	assert_int_equal(quick_experiment(1, &cells[2]).runtime_ns, 500000000);
	assert_int_equal(quick_experiment(1, &cells[2]).tasks, 50);
	/* What nothing changes keeps its id. */
	assert_int_equal(quick_experiment(1, &cells[0]).id, cells[0].id);
	assert_int_equal(quick_experiment(1, &cells[1]).id, cells[1].id);
	fixture_release(&fixture);
}

static void an_origin_is_where_the_values_are(void **state)
{
	(void)state;
	struct chosen chosen;
	static const char *const sets[] = {"workers=[1,8]"};
	struct origin origin;
	choose(&chosen, (struct reading){.sets = sets, .set_count = 1},
		"gil=true tasks=100 workers=8");
	assert_int_equal(chosen.result, 0);
	plan_find_origin(&chosen.plan, &chosen.plan.experiments[0], &origin);
	assert_null(origin.include);
	assert_string_equal(origin.workload->name, "a");
	assert_int_equal(origin.executor->place.line, 2);
	assert_int_equal(origin.workers->place.source, 1);
	assert_int_equal(origin.load.tasks, 100);
	assert_non_null(origin.by.repeat);
	assert_int_equal(origin.by.repeat->place.line, 7);
	assert_null(origin.by.warmup);
	release(&chosen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_tests_of_the_cells),
		cmocka_unit_test(words_must_be_right),
		cmocka_unit_test(it_is_said_why_nothing_is_left),
		cmocka_unit_test(one_of_several_may_be_left_out),
		cmocka_unit_test(a_quick_plan_is_short),
		cmocka_unit_test(equal_quick_cells_become_one),
		cmocka_unit_test(a_short_run_is_not_made_longer),
		cmocka_unit_test(an_origin_is_where_the_values_are),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
