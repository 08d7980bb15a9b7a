/* Values to try: "a list means try each"; see check.h. */
#include "scenario/check.h"

#include <stdlib.h>

static bool read_scalar(struct check *check, const struct option *option,
	const struct node *node, union value *value)
{
	struct err err;
	if (!check_kind(check, node, NODE_SCALAR, option->name))
		return false;
	if (!option_parse(option, node->text, check->arena, value, &err))
		return true;
	diag_err(check->diag, node->place, &err);
	return false;
}

/* A single value stands for the list that holds it alone. */
static bool read_list(struct check *check, const struct option *option, const struct node *node,
	union value *value)
{
	const struct node *const *from = node->kind == NODE_LIST ? node->items : &node;
	struct option_list *list = arena_alloc(check->arena, sizeof(*list));
	list->count = node->kind == NODE_LIST ? node->count : 1;
	union value *items = arena_alloc(check->arena, list->count * sizeof(*items));
	bool good = true;
	for (size_t i = 0; i < list->count; i++)
		good &= read_scalar(check, option, from[i], &items[i]);
	list->items = items;
	value->list = list;
	return good;
}

bool value_read(struct check *check, const struct option *option, const struct node *node,
	union value *value)
{
	return option->list ? read_list(check, option, node, value)
			    : read_scalar(check, option, node, value);
}

void values_add(struct values *values, union value value, const struct node *node)
{
	values->items = memory_grow(
		values->items, values->count, &values->capacity, sizeof(*values->items));
	values->items[values->count++] = (struct value_at){value, node};
}

static void add_value(struct check *check, const struct option *option, const struct node *node,
	struct values *values)
{
	union value value;
	if (node->kind == NODE_MAP && !option->list)
		range_read(check, option, node, values);
	else if (value_read(check, option, node, &value))
		values_add(values, value, node);
}

/* For an option that holds a list, only a list of lists is a list to try. */
static bool is_to_try(const struct option *option, const struct node *node)
{
	if (node->kind != NODE_LIST)
		return false;
	return !option->list || (node->count && node->items[0]->kind == NODE_LIST);
}

static void collect(struct check *check, const struct option *option, const struct node *node,
	struct values *values)
{
	if (!is_to_try(option, node)) {
		add_value(check, option, node, values);
		return;
	}
	if (!node->count)
		diag_error(check->diag, node->place, "'%s' has an empty list; list what to try",
			option->name);
	for (size_t i = 0; i < node->count; i++) {
		if (!option->list || check_kind(check, node->items[i], NODE_LIST, option->name))
			add_value(check, option, node->items[i], values);
	}
}

static int by_value(const void *a, const void *b, void *option)
{
	const struct value_at *const *x = a, *const *y = b;
	int order = option_compare(option, (*x)->value, (*y)->value);
	return order ? order : (*x > *y) - (*x < *y);
}

static bool is_ascending(const struct option *option, const struct values *values)
{
	for (size_t i = 1; i < values->count; i++) {
		if (option_compare(
			    option, values->items[i - 1].value, values->items[i].value) >= 0)
			return false;
	}
	return true;
}

/* Marks all but the first of equal values by taking their node away. */
static void mark_repeated(
	struct check *check, const struct option *option, struct values *values)
{
	struct value_at **sorted =
		memory_resize(NULL, values->count, sizeof(struct value_at *));
	for (size_t i = 0; i < values->count; i++)
		sorted[i] = &values->items[i];
	qsort_r(sorted, values->count, sizeof(struct value_at *), by_value, (void *)option);
	for (size_t i = 1; i < values->count; i++) {
		if (!option_equal(option, sorted[i - 1]->value, sorted[i]->value))
			continue;
		struct text text;
		text_init(&text);
		option_format(option, sorted[i]->value, &text);
		diag_warning(check->diag, sorted[i]->node->place,
			"'%s' has %.60s more than once; it is tried once", option->name,
			text_get(&text));
		text_release(&text);
		sorted[i]->node = NULL;
	}
	free(sorted);
}

void choices_read(struct check *check, const struct option *option, const struct node *node,
	struct choices *choices)
{
	struct values values = {0};
	collect(check, option, node, &values);
	if (!is_ascending(option, &values))
		mark_repeated(check, option, &values);
	union value *kept = arena_alloc(check->arena, values.count * sizeof(*kept));
	*choices = (struct choices){.values = kept, .given = true, .place = node->place};
	for (size_t i = 0; i < values.count; i++) {
		if (values.items[i].node)
			kept[choices->count++] = values.items[i].value;
	}
	free(values.items);
}

struct choices *choices_defaults(struct check *check, const struct option *table)
{
	size_t count = option_count(table);
	struct choices *choices = arena_alloc(check->arena, count * sizeof(*choices));
	for (size_t i = 0; i < count; i++) {
		if (!table[i].fallback && !table[i].list)
			continue;
		union value *value = arena_alloc(check->arena, sizeof(*value));
		*value = option_default(&table[i]);
		choices[i] = (struct choices){.count = 1, .values = value};
	}
	return choices;
}
