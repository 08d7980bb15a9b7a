/* Good scenarios: what the text means. What is wrong in bad ones is tested with tests/bad. */
#include "scenario/scenario.h"
#include "script/expr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define NAP    "workloads: { nap: { type: sleep, duration: 10ms } }\n"
#define THREAD "executors: [thread]\n"

static struct scenario scenario;

static const struct scenario *parsed(const char *text)
{
	scenario_release(&scenario);
	if (scenario_parse(&scenario, "folder/it.yaml", text, strlen(text), NULL))
		fail_msg("no good scenario:\n%s", text);
	return &scenario;
}

static void is_axis(struct choices axis, size_t count, const int64_t *values)
{
	assert_int_equal(axis.count, count);
	for (size_t i = 0; i < count; i++)
		assert_true(axis.values[i].integer == values[i]);
}

#define IS_AXIS(axis, ...)                                                                     \
	is_axis(axis, sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t),                      \
		(int64_t[]){__VA_ARGS__})

static const struct choices *param(const char *workload, const char *name)
{
	for (size_t i = 0; i < scenario.workload_count; i++) {
		const struct workload_entry *entry = &scenario.workloads[i];
		if (!strcmp(entry->name, workload))
			return &entry->choices[option_find(entry->type->params, name) -
					       entry->type->params];
	}
	fail_msg("no workload %s", workload);
	return NULL;
}

static void the_shortest_scenario_has_the_defaults(void **state)
{
	(void)state;
	const struct scenario *it = parsed(NAP THREAD);
	assert_string_equal(it->path, "folder/it.yaml");
	assert_string_equal(it->name, "it");
	assert_string_equal(it->description, "");
	assert_int_equal(it->workload_count, 1);
	assert_string_equal(it->workloads[0].name, "nap");
	assert_string_equal(it->workloads[0].type->name, "sleep");
	assert_int_equal(it->workloads[0].place.line, 1);
	assert_int_equal(it->executor_count, 1);
	assert_string_equal(it->executors[0].type->name, "thread");
	assert_int_equal(it->executors[0].place.line, 2);
	IS_AXIS(it->workers, expr_ncpu());
	IS_AXIS(it->loads.of[LOAD_TASKS], 100);
	assert_int_equal(it->repeat.min, 3);
	assert_int_equal(it->repeat.max, 3);
	assert_int_equal(it->warmup, 0);
	assert_int_equal(it->order, ORDER_SHUFFLE);
	assert_int_equal(it->seed, 1);
	assert_true(it->timeout_ns == INT64_C(60000000000));
	assert_int_equal(it->budget_ns, 0);
	assert_null(it->baseline);
	assert_false(it->output.tasks || it->output.trace);
	assert_int_equal(it->exclude_count + it->include_count + it->override_count, 0);
}

static void settings_are_taken(void **state)
{
	(void)state;
	const struct scenario *it = parsed(
		"name: some_name-1.2\ndescription: 'What: is it?'\n" NAP THREAD
		"repeat: 10\nwarmup: 2\norder: batch\nseed: 42\ntimeout: 1.5s\nbudget: 20m\n"
		"output: { tasks: true }\ntasks: 1_000\nworkers: 2*ncpu\n");
	assert_string_equal(it->name, "some_name-1.2");
	assert_string_equal(it->description, "What: is it?");
	assert_int_equal(it->repeat.min, 10);
	assert_int_equal(it->repeat.max, 10);
	assert_int_equal(it->warmup, 2);
	assert_int_equal(it->order, ORDER_BATCH);
	assert_int_equal(it->seed, 42);
	assert_int_equal(it->timeout_ns, 1500000000);
	assert_true(it->budget_ns == INT64_C(1200000000000));
	assert_true(it->output.tasks && !it->output.trace);
	IS_AXIS(it->loads.of[LOAD_TASKS], 1000);
	IS_AXIS(it->workers, 2 * expr_ncpu());
}

static void a_list_means_try_each(void **state)
{
	(void)state;
	const struct scenario *it = parsed(
		"workloads:\n  nap: { type: sleep, duration: [10ms, 1s] }\n"
		"executors: [{ type: [thread_pool, process_pool], chunk: [1, 64] }, process]\n"
		"workers: [1, ncpu, 10, 1]\ntasks: [5]\n");
	const struct choices *duration = param("nap", "duration");
	assert_int_equal(duration->count, 2);
	assert_true(duration->given);
	assert_int_equal(duration->values[0].integer, 10000000);
	assert_int_equal(duration->values[1].integer, 1000000000);
	const struct choices *jitter = param("nap", "jitter");
	assert_int_equal(jitter->count, 1);
	assert_false(jitter->given);
	assert_int_equal(it->executor_count, 3);
	assert_string_equal(it->executors[0].type->name, "thread_pool");
	assert_string_equal(it->executors[1].type->name, "process_pool");
	assert_string_equal(it->executors[2].type->name, "process");
	size_t chunk = (size_t)(option_find(it->executors[1].type->options, "chunk") -
				it->executors[1].type->options);
	assert_int_equal(it->executors[1].choices[chunk].count, 2);
	assert_int_equal(it->executors[1].choices[chunk].values[1].integer, 64);
	/* The second 1 is dropped, and ncpu may be 1 or 10. */
	size_t distinct = expr_ncpu() == 1 || expr_ncpu() == 10 ? 2 : 3;
	assert_int_equal(it->workers.count, distinct);
}

static void a_list_of_lists_for_what_is_a_list(void **state)
{
	(void)state;
	parsed("workloads:\n  one: { type: sleep, cycle: [1s, 2s, 1s] }\n"
	       "  two: { type: sleep, cycle: [[1s, 2s], [3s]] }\n"
	       "  three: { type: sleep, cycle: 4s }\n"
	       "  same: { type: sleep, cycle: [[1s], [2s], [1s]] }\n" THREAD);
	assert_int_equal(param("one", "cycle")->count, 1);
	assert_int_equal(param("one", "cycle")->values[0].list->count, 3);
	assert_int_equal(param("two", "cycle")->count, 2);
	assert_int_equal(param("two", "cycle")->values[0].list->count, 2);
	assert_true(
		param("two", "cycle")->values[1].list->items[0].integer == INT64_C(3000000000));
	assert_int_equal(param("three", "cycle")->count, 1);
	assert_int_equal(param("three", "cycle")->values[0].list->count, 1);
	assert_int_equal(param("same", "cycle")->count, 2);
}

static void ranges_hold_both_ends(void **state)
{
	(void)state;
	IS_AXIS(parsed(NAP THREAD "workers: { from: 1, to: 64, factor: 2 }\n")->workers, 1, 2,
		4, 8, 16, 32, 64);
	IS_AXIS(parsed(NAP THREAD "workers: { from: 1, to: 9, step: 4 }\n")->workers, 1, 5, 9);
	IS_AXIS(parsed(NAP THREAD "workers: { from: 1, to: 8, step: 4 }\n")->workers, 1, 5);
	IS_AXIS(parsed(NAP THREAD "workers: { from: 5, to: 5, step: 4 }\n")->workers, 5);
	IS_AXIS(parsed(NAP THREAD "workers: [100, { from: 1, to: 3, step: 1 }, 7]\n")->workers,
		100, 1, 2, 3, 7);
	/* A small factor must not stand still or repeat itself. */
	IS_AXIS(parsed(NAP THREAD "tasks: { from: 1, to: 10, factor: 1.5 }\n")
			->loads.of[LOAD_TASKS],
		1, 2, 3, 5, 8);
	IS_AXIS(parsed(NAP THREAD "tasks: { from: 1, to: 1_000_000_000_000, factor: 1000000 }\n")
			->loads.of[LOAD_TASKS],
		1, 1000000, INT64_C(1000000000000));
	assert_int_equal(parsed(NAP THREAD "tasks: { from: 1, to: 1000000, step: 1 }\n")
				 ->loads.of[LOAD_TASKS]
				 .count,
		1000000);
}

static void ranges_of_quantities(void **state)
{
	(void)state;
	parsed("workloads:\n  nap: { type: sleep, duration: { from: 1ms, to: 1s, factor: 10 "
	       "},\n"
	       "         jitter: { from: 10%, to: 30%, step: 10% } }\n" THREAD);
	const struct choices *duration = param("nap", "duration"),
			     *jitter = param("nap", "jitter");
	assert_int_equal(duration->count, 4);
	assert_int_equal(duration->values[3].integer, 1000000000);
	assert_int_equal(jitter->count, 3);
	assert_true(jitter->values[1].number == 0.2);
	assert_true(jitter->values[2].number == 0.3);
}

static void nothing_is_typed_by_guessing(void **state)
{
	(void)state;
	const struct scenario *it = parsed("name: 007\ndescription: no\nworkloads: { yes: { "
					   "type: noop }, null: { type: noop } }\n"
					   "executors: thread\ntasks: 007\n");
	assert_string_equal(it->name, "007");
	assert_string_equal(it->description, "no");
	assert_string_equal(it->workloads[0].name, "yes");
	assert_string_equal(it->workloads[1].name, "null");
	IS_AXIS(it->loads.of[LOAD_TASKS], 7);
}

static void anchors_and_merges(void **state)
{
	(void)state;
	parsed("workloads:\n"
	       "  nap: &nap { type: sleep, duration: &d 5ms, jitter: 1% }\n"
	       "  one: { <<: *nap, duration: 7ms }\n"
	       "  two: { duration: 8ms, <<: [{ jitter: 2% }, *nap] }\n"
	       "  three: { type: sleep, duration: [*d, 6ms] }\n" THREAD);
	assert_int_equal(param("one", "duration")->values[0].integer, 7000000);
	assert_true(param("one", "jitter")->values[0].number == 0.01);
	assert_int_equal(param("two", "duration")->values[0].integer, 8000000);
	assert_true(param("two", "jitter")->values[0].number == 0.02);
	assert_int_equal(param("three", "duration")->values[0].integer, 5000000);
}

static void a_name_anchored_again_is_the_newer_one(void **state)
{
	(void)state;
	parsed("workloads:\n  a: { type: sleep, duration: &d 5ms }\n"
	       "  b: { type: sleep, duration: *d }\n  c: { type: sleep, duration: &d 6ms }\n"
	       "  e: { type: sleep, duration: *d }\n" THREAD);
	assert_int_equal(param("b", "duration")->values[0].integer, 5000000);
	assert_int_equal(param("e", "duration")->values[0].integer, 6000000);
}

static void is_test(const struct rule_test *test, enum rule_key key, enum rule_op op,
	size_t count, const char *first)
{
	assert_int_equal(test->key, key);
	assert_int_equal(test->op, op);
	assert_int_equal(test->count, count);
	assert_string_equal(test->texts[0], first);
}

static void rules_are_tests(void **state)
{
	(void)state;
	const struct scenario *it = parsed(
		"workloads: { nap: { type: sleep }, sum: { type: count } }\n"
		"executors: [thread, { type: thread_pool, chunk: [1, 64] }]\n"
		"exclude:\n"
		"  - { workload: [nap, sum], executor: 'thread_pool[chunk=64]', workers: '> "
		"32' }\n"
		"  - { type: count, tasks: '<=ncpu', duration: '>=10ms', chunk: [1, 64] }\n"
		"baseline: { executor: thread, workers: [1, 2], pin: none }\n");
	assert_int_equal(it->exclude_count, 2);
	const struct rule *rule = &it->excludes[0];
	assert_int_equal(rule->count, 3);
	assert_int_equal(rule->place.line, 4);
	assert_int_equal(rule->place.column, 5);
	is_test(&rule->tests[0], RULE_WORKLOAD, RULE_EQUAL, 2, "nap");
	is_test(&rule->tests[1], RULE_EXECUTOR, RULE_EQUAL, 1, "thread_pool[chunk=64]");
	is_test(&rule->tests[2], RULE_WORKERS, RULE_MORE, 1, "32");
	assert_int_equal(rule->tests[2].values[0].integer, 32);
	rule = &it->excludes[1];
	is_test(&rule->tests[0], RULE_TYPE, RULE_EQUAL, 1, "count");
	is_test(&rule->tests[1], RULE_TASKS, RULE_AT_MOST, 1, "ncpu");
	assert_int_equal(rule->tests[1].values[0].integer, expr_ncpu());
	is_test(&rule->tests[2], RULE_OPTION, RULE_AT_LEAST, 1, "10ms");
	assert_string_equal(rule->tests[2].option, "duration");
	is_test(&rule->tests[3], RULE_OPTION, RULE_EQUAL, 2, "1");
	assert_non_null(it->baseline);
	is_test(&it->baseline->tests[1], RULE_WORKERS, RULE_EQUAL, 2, "1");
	assert_int_equal(it->baseline->tests[1].values[1].integer, 2);
	is_test(&it->baseline->tests[2], RULE_OPTION, RULE_EQUAL, 1, "none");
}

static void includes_narrow_their_workload(void **state)
{
	(void)state;
	const struct scenario *it = parsed(
		"workloads: { nap: { type: sleep, duration: [1ms, 2ms], jitter: 5% } }\n" THREAD
		"workers: [1, 2]\ntasks: 50\ninclude:\n"
		"  - { workload: nap, executor: sequential, workers: 1, tasks: [3, 4], "
		"duration: 9ms }\n"
		"  - { workload: nap, executor: [process, { type: thread_pool, chunk: 8 }] }\n"
		"baseline: { executor: sequential }\n");
	assert_int_equal(it->include_count, 2);
	const struct include *include = &it->includes[0];
	size_t duration = (size_t)(option_find(include->workload->type->params, "duration") -
				   include->workload->type->params);
	assert_string_equal(include->workload->name, "nap");
	assert_int_equal(include->workload->choices[duration].count, 1);
	assert_int_equal(include->workload->choices[duration].values[0].integer, 9000000);
	assert_int_equal(include->executor_count, 1);
	IS_AXIS(include->workers, 1);
	IS_AXIS(include->loads.of[LOAD_TASKS], 3, 4);
	assert_int_equal(param("nap", "duration")->count, 2);
	include = &it->includes[1];
	assert_int_equal(include->workload->choices[duration].count, 2);
	assert_int_equal(include->executor_count, 2);
	IS_AXIS(include->workers, 1, 2);
	IS_AXIS(include->loads.of[LOAD_TASKS], 50);
}

static void loads_are_tried(void **state)
{
	(void)state;
	const struct scenario *it = parsed(NAP THREAD
		"runtime: [1s, 500ms]\nrate: [10/s, 1/m]\narrival: [poisson, constant]\n"
		"exclude: [{ rate: '<5/s', runtime: [1s, 2s], arrival: poisson, tasks: 1 }]\n");
	IS_AXIS(it->loads.of[LOAD_TASKS], 0);
	IS_AXIS(it->loads.of[LOAD_RUNTIME], 1000000000, 500000000);
	IS_AXIS(it->loads.of[LOAD_ARRIVAL], ARRIVAL_POISSON, ARRIVAL_CONSTANT);
	assert_int_equal(loads_count(&it->loads), 8);
	struct load load = loads_at(&it->loads, 5);
	assert_int_equal(load.runtime_ns, 500000000);
	assert_true(load.rate == 10);
	assert_int_equal(load.arrival, ARRIVAL_CONSTANT);
	assert_int_equal(load.tasks, 5);
	assert_true(loads_at(&it->loads, 2).rate == 1 / 60.0);
	const struct rule_test *tests = it->excludes[0].tests;
	is_test(&tests[0], RULE_RATE, RULE_LESS, 1, "5/s");
	assert_true(tests[0].values[0].number == 5);
	is_test(&tests[1], RULE_RUNTIME, RULE_EQUAL, 2, "1s");
	assert_true(tests[1].values[1].integer == 2000000000);
	is_test(&tests[2], RULE_ARRIVAL, RULE_EQUAL, 1, "poisson");
	assert_int_equal(tests[2].values[0].integer, ARRIVAL_POISSON);
}

static void overrides_set_what_they_name(void **state)
{
	(void)state;
	const struct scenario *it =
		parsed(NAP THREAD "overrides:\n  - when: { executor: thread }\n    set: { "
				  "timeout: 2m, tasks: 5 }\n");
	assert_int_equal(it->override_count, 1);
	assert_int_equal(it->overrides[0].when.count, 1);
	assert_true(it->overrides[0].set.timeout_ns == INT64_C(120000000000));
	assert_int_equal(it->overrides[0].set.tasks, 5);
	assert_int_equal(it->overrides[0].set.runtime_ns, -1);
	assert_true(it->overrides[0].set.rate == -1);
	assert_int_equal(it->overrides[0].set.repeat, -1);
	assert_int_equal(it->overrides[0].set.warmup, -1);
}

static void one_item_needs_no_list(void **state)
{
	(void)state;
	const struct scenario *it = parsed(
		NAP "executors: { type: thread_pool, chunk: 4 }\n"
		    "exclude: { workers: 3 }\ninclude: { workload: nap, executor: thread }\n"
		    "overrides: { when: { workers: 1 }, set: { repeat: 1 } }\n");
	assert_int_equal(it->executor_count, 1);
	assert_int_equal(it->exclude_count, 1);
	assert_int_equal(it->include_count, 1);
	assert_int_equal(it->override_count, 1);
}

static void marks_and_line_ends_do_not_matter(void **state)
{
	(void)state;
	const struct scenario *it =
		parsed("\xef\xbb\xbf%YAML 1.2\r\n---\r\n" NAP "\r\n" THREAD "...\r\n");
	assert_int_equal(it->executors[0].place.line, 5);
}

static void the_scenario_owns_what_it_holds(void **state)
{
	(void)state;
	char text[] = "name: mine\n" NAP THREAD "exclude: { workload: nap, workers: 7 }\n";
	char path[] = "some/path.yaml";
	scenario_release(&scenario);
	assert_int_equal(scenario_parse(&scenario, path, text, strlen(text), NULL), 0);
	memset(text, 'x', sizeof(text) - 1);
	memset(path, 'x', sizeof(path) - 1);
	assert_string_equal(scenario.name, "mine");
	assert_string_equal(scenario.path, "some/path.yaml");
	assert_string_equal(scenario.workloads[0].name, "nap");
	assert_string_equal(scenario.excludes[0].tests[0].texts[0], "nap");
	assert_int_equal(strncmp(scenario.text, "name: mine\n", 11), 0);
	assert_int_equal(scenario.text_length, sizeof(text) - 1);
}

static int setup(void **state)
{
	(void)state;
	expr_install();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	scenario_release(&scenario);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shortest_scenario_has_the_defaults),
		cmocka_unit_test(settings_are_taken),
		cmocka_unit_test(a_list_means_try_each),
		cmocka_unit_test(a_list_of_lists_for_what_is_a_list),
		cmocka_unit_test(ranges_hold_both_ends),
		cmocka_unit_test(ranges_of_quantities),
		cmocka_unit_test(nothing_is_typed_by_guessing),
		cmocka_unit_test(anchors_and_merges),
		cmocka_unit_test(a_name_anchored_again_is_the_newer_one),
		cmocka_unit_test(rules_are_tests),
		cmocka_unit_test(includes_narrow_their_workload),
		cmocka_unit_test(loads_are_tried),
		cmocka_unit_test(overrides_set_what_they_name),
		cmocka_unit_test(one_item_needs_no_list),
		cmocka_unit_test(marks_and_line_ends_do_not_matter),
		cmocka_unit_test(the_scenario_owns_what_it_holds),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
