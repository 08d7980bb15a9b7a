/* The section `executors`: types, alone or with what to try for their options. */
#include "scenario/check.h"

#include <stdlib.h>
#include <string.h>

static void mark_used(struct check *check, const struct executor *type)
{
	for (size_t i = 0; executor_registry[i]; i++)
		check->executor_used[i] |= executor_registry[i] == type;
}

static const struct executor *find_type(struct check *check, const struct node *node)
{
	if (!check_kind(check, node, NODE_SCALAR, "an executor's type"))
		return NULL;
	const struct executor *type = executor_find(node->text);
	if (type) {
		mark_used(check, type);
		return type;
	}
	struct names names = {0};
	for (size_t i = 0; executor_registry[i]; i++)
		names_add(&names, executor_registry[i]->name);
	names_report(
		check, node->place, &names, node->text, "unknown executor '%.60s'", node->text);
	return NULL;
}

/* What one executor entry needs while its types are read one by one. */
struct drafting {
	const struct node *map; /* NULL: a bare name */
	struct executor_list *list;
};

const struct key executor_keys[] = {
	{"type", "how tasks are run; `conrun list` has them all", true, NULL,
		{.kind = FORM_EXECUTOR_TYPE}},
	{0},
};

static void read_options(struct check *check, const struct executor *type, const struct node *map,
	struct choices *choices)
{
	const struct section section = {
		.what = arena_format(check->scratch, "executor %s", type->name),
		.home = HOME_EXECUTOR,
		.keys = executor_keys,
		.options = type->options,
		.take = section_take_choices};
	section_read(check, &section, map, choices);
}

static void read_one_type(struct check *check, const struct node *node, void *into)
{
	struct drafting *drafting = into;
	const struct executor *type = find_type(check, node);
	if (!type)
		return;
	struct choices *choices = choices_defaults(check, type->options);
	if (drafting->map)
		read_options(check, type, drafting->map, choices);
	struct executor_list *list = drafting->list;
	list->items = memory_grow(list->items, list->count, &list->capacity, sizeof(*list->items));
	list->items[list->count++] = (struct executor_entry){type, choices, node->place};
}

static void read_entry(struct check *check, const struct node *node, void *into)
{
	struct drafting drafting = {node->kind == NODE_MAP ? node : NULL, into};
	if (!drafting.map) {
		if (check_kind(check, node, NODE_SCALAR, "an executor"))
			read_one_type(check, node, &drafting);
		return;
	}
	static const struct section section = {.what = "", .keys = executor_keys};
	const struct pair *pair = section_find(check, &section, node, "type");
	const struct node *type = pair ? pair->value : NULL;
	if (!type || node_is_empty(type) || (type->kind == NODE_LIST && !type->count))
		diag_error(check->diag, node->place,
			"an executor with options needs its type: { type: thread_pool, … }");
	else
		check_each(check, type, read_one_type, &drafting);
}

void executor_list_read(struct check *check, const struct node *node, struct executor_list *list)
{
	if (node->kind == NODE_LIST && !node->count)
		diag_error(check->diag, node->place,
			"the list of executors is empty; name at least one");
	check_each(check, node, read_entry, list);
}

void executors_read(struct check *check, const struct node *node, void *into)
{
	struct scenario *scenario = into;
	struct executor_list list = {0};
	executor_list_read(check, node, &list);
	struct executor_entry *entries = arena_alloc(check->arena, list.count * sizeof(*entries));
	for (size_t i = 0; i < list.count; i++)
		entries[i] = list.items[i];
	scenario->executors = entries;
	scenario->executor_count = list.count;
	free(list.items);
}
