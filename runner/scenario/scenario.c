/* Text → checked scenario: the top level, and the order of the steps; see scenario.h. */
#include "scenario/scenario.h"

#include "scenario/asked.h"
#include "scenario/check.h"
#include "scenario/load.h"
#include "script/expr.h"
#include "script/find.h"

#include <stdlib.h>
#include <string.h>

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

static struct place place_of(const struct node *root, const char *key)
{
	const struct node *node = node_find(root, key);
	return node ? node->place : (struct place){0};
}

static void note_places(struct scenario *scenario, const struct node *root)
{
	scenario->name_at = place_of(root, "name");
	scenario->repeat_at = place_of(root, "repeat");
	scenario->warmup_at = place_of(root, "warmup");
	scenario->order_at = place_of(root, "order");
	scenario->seed_at = place_of(root, "seed");
	scenario->timeout_at = place_of(root, "timeout");
	scenario->budget_at = place_of(root, "budget");
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
	check->executor_used = one_for_each(check->scratch, (const void *const *)executor_registry);
	set_defaults(check);
	loads_read(check, root, &check->scenario->loads);
	section_read(check, &section, root, check->scenario);
	if (!node_find(root, "name"))
		name_default(check);
	if (check->scenario->reading.quick)
		name_quick(check);
	note_places(check->scenario, root);
	filters_read(check);
	check_loads(check);
}

static void report_empty(struct diag *diag)
{
	diag_error(diag, (struct place){.line = 1, .column = 1},
		"the scenario is empty; the shortest one is:");
	diag_note(diag, "\n"
			"workloads: { nap: { type: sleep, duration: 10ms } }\n"
			"executors: [thread]\n\n");
}

static void read_scenario(struct check *check)
{
	struct scenario *scenario = check->scenario;
	if (!load_check_text(check->diag, 0))
		return;
	const struct node *root =
		node_parse(scenario->text, scenario->text_length, check->scratch, check->diag);
	if (root || !check->diag->errors)
		root = sets_apply(check, root);
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

int scenario_parse(struct scenario *scenario, const char *path, const char *text, size_t length,
	const struct reading *reading)
{
	struct arena scratch;
	struct diag diag;
	*scenario = (struct scenario){0};
	if (reading)
		scenario->reading = *reading;
	arena_init(&scenario->arena);
	arena_init(&scratch);
	load_skip_mark(&text, &length);
	scenario->path = arena_text(&scenario->arena, path);
	scenario->text = arena_copy(&scenario->arena, text, length);
	scenario->text_length = length;
	asked_sources(scenario);
	scenario_diag(scenario, &scratch, &diag);

	struct check check = {.scenario = scenario,
		.arena = &scenario->arena,
		.scratch = &scratch,
		.diag = &diag,
		.folder = folder_of(&scenario->arena, path),
		.values_left = CHECK_VALUES_MOST,
		.combinations_left = CHECK_COMBINATIONS_TOTAL};
	read_scenario(&check);
	free(check.types);
	diag_publish(&diag, scenario->reading.sink);
	bool failed = diag.errors > 0;
	diag_release(&diag);
	arena_release(&scratch);
	if (failed)
		scenario_release(scenario);
	return failed ? -1 : 0;
}

void scenario_diag(const struct scenario *scenario, struct arena *arena, struct diag *diag)
{
	diag_init(diag, arena, scenario->path, scenario->text, scenario->text_length);
	diag->sources = scenario->sources;
	diag->source_count = scenario->source_count;
}

void scenario_release(struct scenario *scenario)
{
	arena_release(&scenario->arena);
	*scenario = (struct scenario){0};
}
