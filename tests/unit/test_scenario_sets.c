/* `--set`: values of the command line in the tree, before it is checked. */
#include "executors/executor.h"
#include "scenario/scenario.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define FILE_TEXT                                                                                  \
	"workloads:\n"                                                                             \
	"  a: &nap { type: sleep, duration: 1ms }\n"                                               \
	"  b: *nap\n"                                                                              \
	"  v1.2: { type: count, n: 5 }\n"                                                          \
	"executors: [thread, { type: async }]\n"                                                   \
	"tasks: 10\n"

enum { SETS_MOST = 4 };

static struct scenario scenario;
static struct text told; /* the problems, as they are written */

static void take(struct diag *diag, void *context)
{
	(void)context;
	if (diag->count)
		diag_format(diag, false, &told);
}

static const struct diag_sink sink = {take, NULL};

static int parse(const char *text, const char *const *sets)
{
	struct reading reading = {.sets = sets, .sink = &sink};
	while (reading.set_count < SETS_MOST && sets[reading.set_count])
		reading.set_count++;
	text_clear(&told);
	return scenario_parse(&scenario, "it.yaml", text, strlen(text), &reading);
}

static const struct scenario *good(const char *const *sets)
{
	if (parse(FILE_TEXT, sets) != 0)
		fail_msg("%s", text_get(&told));
	assert_string_equal(text_get(&told), "");
	return &scenario;
}

static void refused(const char *text, const char *const *sets, const char *expected)
{
	assert_int_equal(parse(text, sets), -1);
	if (!strstr(text_get(&told), expected))
		fail_msg("'%s' is not in:\n%s", expected, text_get(&told));
}

#define SETS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void values_take_the_place_of_the_files(void **state)
{
	(void)state;
	const struct scenario *it = good(SETS("workers=[1, 8]", "tasks=20", "tasks=30"));
	assert_int_equal(it->workers.count, 2);
	assert_int_equal(it->workers.values[1].integer, 8);
	assert_int_equal(it->loads.of[LOAD_TASKS].values[0].integer, 30);
	assert_int_equal(it->workers.place.source, 1);
	assert_int_equal(it->workers.place.column, 9);
	scenario_release(&scenario);
}

static void an_anchor_changes_only_where_it_was_asked_for(void **state)
{
	(void)state;
	const struct scenario *it = good(SETS("workloads.b.duration=2s"));
	const struct option *params = it->workloads[0].type->params;
	size_t duration = (size_t)(option_find(params, "duration") - params);
	assert_int_equal(it->workloads[0].choices[duration].values[0].integer, 1000000);
	assert_int_equal(it->workloads[1].choices[duration].values[0].integer, 2000000000);
	scenario_release(&scenario);
}

static void names_may_have_dots(void **state)
{
	(void)state;
	const struct scenario *it = good(SETS("workloads.v1.2.n=7"));
	assert_int_equal(it->workload_count, 3);
	assert_int_equal(it->workloads[2].choices[0].values[0].integer, 7);
	scenario_release(&scenario);
}

static void lists_have_places_and_executors_types(void **state)
{
	(void)state;
	const struct scenario *it = good(SETS(
		"executors.0.gil=true", "executors.async.pin=spread", "executors.2=sequential"));
	const struct option *options = it->executors[0].type->options;
	size_t gil = (size_t)(option_find(options, "gil") - options);
	assert_int_equal(it->executor_count, 3);
	assert_true(it->executors[0].choices[gil].values[0].integer);
	assert_string_equal(it->executors[2].type->name, "sequential");
	scenario_release(&scenario);
}

static void what_is_missing_is_made(void **state)
{
	(void)state;
	const struct scenario *it =
		good(SETS("repeat.until_ci=5%", "repeat.max=9", "output.tasks=true"));
	assert_int_equal(it->repeat.max, 9);
	assert_true(it->output.tasks);
	scenario_release(&scenario);
	it = good(SETS("executors=null", "executors.0=thread", "exclude.0.workers=7",
		"exclude.1.workers=8"));
	assert_int_equal(it->executor_count, 1);
	assert_int_equal(it->exclude_count, 2);
	scenario_release(&scenario);
	assert_int_equal(parse("", SETS("workloads.x.type=noop", "executors=[thread]")), 0);
	assert_string_equal(scenario.workloads[0].name, "x");
	scenario_release(&scenario);
}

static void null_takes_out(void **state)
{
	(void)state;
	const struct scenario *it =
		good(SETS("workloads.v1.2=null", "executors.0=~", "tasks=null"));
	assert_int_equal(it->workload_count, 2);
	assert_int_equal(it->executor_count, 1);
	assert_int_equal(it->loads.of[LOAD_TASKS].values[0].integer, 100);
	scenario_release(&scenario);
	refused(FILE_TEXT, SETS("taks=null"),
		"--set taks=null:1: error: there is no 'taks' to take out; did you mean 'tasks'?");
}

static void a_runtime_takes_the_place_of_tasks(void **state)
{
	(void)state;
	const struct scenario *it = good(SETS("runtime=2s"));
	assert_int_equal(it->loads.of[LOAD_TASKS].values[0].integer, 0);
	assert_int_equal(it->loads.of[LOAD_RUNTIME].values[0].integer, 2000000000);
	scenario_release(&scenario);
	refused(FILE_TEXT, SETS("tasks=5", "runtime=2s"), "'tasks' and 'runtime' are both given");
}

static void problems_have_their_place_in_the_option(void **state)
{
	(void)state;
	refused(FILE_TEXT, SETS("workers=[1,a]"),
		"--set workers=[1,a]:12: error: 'a' is not an integer");
	refused(FILE_TEXT, SETS("workers=[1,a]"),
		"    1 | workers=[1,a]\n"
		"      |            ^\n");
	refused(FILE_TEXT, SETS("worker=1"),
		"--set worker=1:1: error: unknown key 'worker' in "
		"the scenario; did you mean 'workers'?");
	refused(FILE_TEXT, SETS("workloads.a.duratoin=1s"),
		"1s:13: error: unknown key 'duratoin' in workload 'a' (type sleep); did you mean "
		"'duration'?");
	refused(FILE_TEXT, SETS("workloads.größe.type=x"), "type=x:22: error: unknown workload");
	refused(FILE_TEXT, SETS("workers=[1"), "--set workers=[1:11: error: expected ',' or ']'");
}

static void paths_that_lead_nowhere(void **state)
{
	(void)state;
	refused(FILE_TEXT, SETS("executors.5.gil=true"),
		":11: error: 'executors' is a list of 2; write the place of one of them");
	refused(FILE_TEXT, SETS("hooks.1=scaling"), ":7: error: 'hooks' is a list of 0; ");
	refused(FILE_TEXT, SETS("tasks.x=1"), ":7: error: 'tasks' is a single value");
	refused(FILE_TEXT, SETS("a..b=1"), ":3: error: a key is missing here");
	refused(FILE_TEXT, SETS("name="), ":5: error: a value is missing behind the '='");
	refused(FILE_TEXT, SETS("name"), "--set name:1: error: not KEY=VALUE");
	refused(FILE_TEXT, SETS("name=\xff"), ":6: error: the byte 0xff is not UTF-8");
	refused("- 1\n", SETS("name=x"), "it.yaml:1:1: error: the scenario must be a mapping");
}

static void deep_paths_end(void **state)
{
	(void)state;
	char path[1024] = "";
	for (size_t i = 0; i + 4 < sizeof(path); i += 2)
		memcpy(path + i, "a.", 3);
	memcpy(path + strlen(path), "a=1", 4);
	refused(FILE_TEXT, SETS(path), "nested too deep; the most is 64 levels");
}

static int release(void **state)
{
	(void)state;
	text_release(&told);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_take_the_place_of_the_files),
		cmocka_unit_test(an_anchor_changes_only_where_it_was_asked_for),
		cmocka_unit_test(names_may_have_dots),
		cmocka_unit_test(lists_have_places_and_executors_types),
		cmocka_unit_test(what_is_missing_is_made),
		cmocka_unit_test(null_takes_out),
		cmocka_unit_test(a_runtime_takes_the_place_of_tasks),
		cmocka_unit_test(problems_have_their_place_in_the_option),
		cmocka_unit_test(paths_that_lead_nowhere),
		cmocka_unit_test(deep_paths_end),
	};
	return cmocka_run_group_tests(tests, NULL, release);
}
