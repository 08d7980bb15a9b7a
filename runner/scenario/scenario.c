/* Text → checked scenario: the top level, and the order of the steps; see scenario.h. */
#include "scenario/scenario.h"

#include "scenario/check.h"
#include "scenario/load.h"
#include "script/expr.h"
#include "script/find.h"

#include <stdlib.h>
#include <string.h>

static void read_workers(struct check *check, const struct node *node, void *into)
{
	struct scenario *scenario = into;
	choices_read(check, &workers_option, node, &scenario->workers);
}

/* In the order of reading: rules are checked against all workloads and executors there are. The
 * load is read first of all. */
const struct key scenario_keys[] = {
	{"name", "names its results; by default as the file", false, name_read},
	{"workloads", "what tasks do: names, each with a type and its parameters", true,
		workloads_read},
	{"executors", "how tasks are run: types, alone or with options", true, executors_read},
	{"workers", "the most tasks in flight at once; by default ncpu", false, read_workers},
	{"tasks", "tasks of one run; by default 100", false, NULL},
	{"runtime", "instead of tasks: as many as fit into a time", false, NULL},
	{"rate", "an open loop: tasks arrive so often", false, NULL},
	{"arrival", "with a rate: constant or poisson", false, NULL},
	{"include", "whole cells, added after exclusion", false, includes_read},
	{"exclude", "rules: cells to drop", false, excludes_read},
	{"overrides", "rules with settings for the cells that match", false, overrides_read},
	{"baseline", "a rule: what speed-ups refer to", false, baseline_read},
	{"expect", "rules with Lua expressions that must be true of the rows that match", false,
		expects_read},
	{"hooks", "Lua files that add columns and tables", false, hooks_read},
	{"repeat", "runs of each experiment, or { min, max, until_ci }", false, repeats_read},
	{"output", "files that are not written by default", false, output_read},
	{0},
};

static void set_defaults(struct check *check)
{
	struct scenario *scenario = check->scenario;
	union value *workers = arena_alloc(check->arena, sizeof(*workers));
	workers->integer = expr_ncpu();
	scenario->workers = (struct choices){.count = 1, .values = workers};
	loads_defaults(check, &scenario->loads);
	settings_defaults(scenario);
}

static bool *one_for_each(struct arena *arena, const void *const *registry)
{
	size_t count = 0;
	while (registry[count])
		count++;
	return arena_alloc(arena, (count + 1) * sizeof(bool));
}

static void check_loads(struct check *check)
{
	loads_check(check, &check->scenario->loads);
	for (size_t i = 0; i < check->scenario->include_count; i++)
		loads_check(check, &check->scenario->includes[i].loads);
}

static void read_top(struct check *check, const struct node *root)
{
	static const struct section section = {.what = "the scenario",
		.home = HOME_TOP,
		.keys = scenario_keys,
		.options = scenario_settings,
		.take = section_take_value};
	check->executor_used =
		one_for_each(check->scratch, (const void *const *)executor_registry);
	set_defaults(check);
	loads_read(check, root, &check->scenario->loads);
	section_read(check, &section, root, check->scenario);
	if (!node_find(root, "name"))
		name_default(check);
	check_loads(check);
}

static void report_empty(struct diag *diag)
{
	diag_error(diag, (struct place){1, 1}, "the scenario is empty; the shortest one is:");
	diag_note(diag, "\n"
			"workloads: { nap: { type: sleep, duration: 10ms } }\n"
			"executors: [thread]\n\n");
}

static void read_scenario(struct check *check)
{
	struct scenario *scenario = check->scenario;
	if (!load_check_text(check->diag))
		return;
	const struct node *root =
		node_parse(scenario->text, scenario->text_length, check->scratch, check->diag);
	if (root && !node_is_empty(root)) {
		if (check_kind(check, root, NODE_MAP, "the scenario"))
			read_top(check, root);
	} else if (!check->diag->errors) {
		report_empty(check->diag);
	}
}

static const char *folder_of(struct arena *arena, const char *path)
{
	struct text folder;
	text_init(&folder);
	find_folder(path, &folder);
	const char *copy = folder.length ? arena_text(arena, text_get(&folder)) : ".";
	text_release(&folder);
	return copy;
}

int scenario_parse(struct scenario *scenario, const char *path, const char *text, size_t length)
{
	struct arena scratch;
	struct diag diag;
	*scenario = (struct scenario){0};
	arena_init(&scenario->arena);
	arena_init(&scratch);
	load_skip_mark(&text, &length);
	scenario->path = arena_text(&scenario->arena, path);
	scenario->text = arena_copy(&scenario->arena, text, length);
	scenario->text_length = length;
	diag_init(&diag, &scratch, scenario->path, scenario->text, length);

	struct check check = {.scenario = scenario,
		.arena = &scenario->arena,
		.scratch = &scratch,
		.diag = &diag,
		.folder = folder_of(&scenario->arena, path),
		.values_left = CHECK_VALUES_MOST,
		.combinations_left = CHECK_COMBINATIONS_TOTAL};
	read_scenario(&check);
	free(check.types);
	diag_print(&diag);
	bool failed = diag.errors > 0;
	diag_release(&diag);
	arena_release(&scratch);
	if (failed)
		scenario_release(scenario);
	return failed ? -1 : 0;
}

void scenario_release(struct scenario *scenario)
{
	arena_release(&scenario->arena);
	*scenario = (struct scenario){0};
}
