/* The keys of a scenario's top level. */
#include "scenario/check.h"

static void read_workers(struct check *check, const struct node *node, void *into)
{
	struct scenario *scenario = into;
	choices_read(check, &workers_option, node, &scenario->workers);
}

#define LOAD(key)                                                                                  \
	{                                                                                          \
		.kind = FORM_CHOICES, .option = &load_options[LOAD_##key]                          \
	}

/* In the order of reading: rules are checked against all workloads and executors there are. The
 * load is read first of all. */
const struct key scenario_keys[] = {
	{"name", "names its results; by default as the file", false, name_read,
		{.kind = FORM_TEXT, .pattern = scenario_name_pattern}},
	{"workloads", "what tasks do: names, each with a type and its parameters", true,
		workloads_read, {.kind = FORM_WORKLOADS}},
	{"executors", "how tasks are run: types, alone or with options", true, executors_read,
		{.kind = FORM_EXECUTORS, .list = true}},
	{"workers", "the most tasks in flight at once; by default ncpu", false, read_workers,
		{.kind = FORM_CHOICES, .option = &workers_option}},
	{"tasks", "tasks of one run; by default 100", false, NULL, LOAD(TASKS)},
	{"runtime", "instead of tasks: as many as fit into a time", false, NULL, LOAD(RUNTIME)},
	{"rate", "an open loop: tasks arrive so often", false, NULL, LOAD(RATE)},
	{"arrival", "with a rate: constant or poisson", false, NULL, LOAD(ARRIVAL)},
	{"include", "whole cells, added after exclusion", false, includes_read,
		{.kind = FORM_INCLUDE, .list = true}},
	{"exclude", "rules: cells to drop", false, excludes_read,
		{.kind = FORM_RULE, .list = true}},
	{"overrides", "rules with settings for the cells that match", false, overrides_read,
		{.kind = FORM_SECTION, .list = true, .section = &override_section}},
	{"baseline", "a rule: what speed-ups refer to", false, baseline_read, {.kind = FORM_RULE}},
	{"expect", "rules with Lua expressions that must be true of the rows that match", false,
		expects_read, {.kind = FORM_SECTION, .list = true, .section = &expect_section}},
	{"hooks", "Lua files that add columns and tables", false, hooks_read,
		{.kind = FORM_TEXT, .list = true}},
	{"repeat", "runs of each experiment, or { min, max, until_ci }", false, repeats_read,
		{.kind = FORM_VALUE, .option = &repeat_option, .section = &repeats_section}},
	{"output", "files that are not written by default", false, output_read,
		{.kind = FORM_SECTION, .section = &output_section}},
	{0},
};
