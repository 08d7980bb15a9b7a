/* The section `include`: whole cells, added after exclusion. */
#include "scenario/check.h"

#include <stdlib.h>
#include <string.h>

/* An include while it is read: its workload's choices can be replaced. */
struct draft {
	struct include *include;
	struct choices *choices;
};

static void take_choices(struct check *check, const struct option *option, size_t index,
	const struct node *value, void *into)
{
	struct draft *draft = into;
	section_take_choices(check, option, index, value, draft->choices);
}

static void read_workers(struct check *check, const struct node *node, void *into)
{
	struct draft *draft = into;
	choices_read(check, &workers_option, node, &draft->include->workers);
}

static void read_executors(struct check *check, const struct node *node, void *into)
{
	struct draft *draft = into;
	struct executor_list list = {0};
	executor_list_read(check, node, &list);
	struct executor_entry *entries = arena_alloc(check->arena, list.count * sizeof(*entries));
	for (size_t i = 0; i < list.count; i++)
		entries[i] = list.items[i];
	draft->include->executors = entries;
	draft->include->executor_count = list.count;
	free(list.items);
}

/* A copy of the scenario's workload, with choices of its own. */
static struct choices *copy_workload(
	struct check *check, const struct workload_entry *entry, struct include *include)
{
	size_t count = option_count(entry->type->params);
	struct workload_entry *copy = arena_alloc(check->arena, sizeof(*copy));
	struct choices *choices = arena_alloc(check->arena, count * sizeof(*choices));
	for (size_t i = 0; i < count; i++)
		choices[i] = entry->choices[i];
	*copy = *entry;
	copy->choices = choices;
	include->workload = copy;
	return choices;
}

#define LOAD(key)                                                                                  \
	{                                                                                          \
		.kind = FORM_CHOICES, .option = &load_options[LOAD_##key]                          \
	}

const struct key include_keys[] = {
	{"workload", "a workload of this scenario, by its name", true, NULL, {.kind = FORM_TEXT}},
	{"executor", "an executor, or a list of them", true, read_executors,
		{.kind = FORM_EXECUTORS, .list = true}},
	{"workers", "instead of the scenario's", false, read_workers,
		{.kind = FORM_CHOICES, .option = &workers_option}},
	{"tasks", "instead of the scenario's tasks or runtime", false, NULL, LOAD(TASKS)},
	{"runtime", "instead of the scenario's tasks or runtime", false, NULL, LOAD(RUNTIME)},
	{"rate", "instead of the scenario's", false, NULL, LOAD(RATE)},
	{"arrival", "instead of the scenario's", false, NULL, LOAD(ARRIVAL)},
	{0},
};

/* `into` is the next include of the array to be filled. */
static void read_include(struct check *check, const struct node *node, void *into)
{
	struct include **next = into;
	struct include *include = (*next)++;
	if (!check_kind(check, node, NODE_MAP, "an include"))
		return;
	static const struct section known = {.what = "", .keys = include_keys};
	const struct pair *pair = section_find(check, &known, node, "workload");
	const struct node *name = pair ? pair->value : NULL;
	const struct workload_entry *entry = NULL;
	if (name && !node_is_empty(name))
		entry = workload_named(check, name);
	include->place = node->place;
	include->workers = check->scenario->workers;
	include->loads = check->scenario->loads;
	loads_read(check, node, &include->loads);
	if (!entry || !entry->type) {
		if (!name || node_is_empty(name))
			diag_error(check->diag, node->place,
				"an include has no 'workload'; name one of this scenario");
		return;
	}
	struct draft draft = {include, copy_workload(check, entry, include)};
	const struct section section = {
		.what = arena_format(check->scratch, "an include of workload '%s'", entry->name),
		.home = HOME_INCLUDE,
		.keys = include_keys,
		.options = entry->type->params,
		.take = take_choices,
		.partial = true};
	section_read(check, &section, node, &draft);
	workload_check(check, node->place, entry->type, draft.choices);
}

void includes_read(struct check *check, const struct node *node, void *into)
{
	struct scenario *scenario = into;
	size_t count = node->kind == NODE_LIST ? node->count : 1;
	struct include *includes = arena_alloc(check->arena, count * sizeof(*includes));
	struct include *next = includes;
	check_each(check, node, read_include, &next);
	scenario->includes = includes;
	scenario->include_count = count;
}
