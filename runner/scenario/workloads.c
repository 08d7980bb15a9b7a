/* The section `workloads`: names, each with a type and what to try for its parameters. */
#include "scenario/check.h"

#include <stdlib.h>
#include <string.h>

const struct workload_entry *workload_entry_find(const struct check *check, const char *name)
{
	size_t low = 0, high = check->scenario->workload_count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(name, check->by_name[middle]->name);
		if (!order)
			return check->by_name[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const struct workload_entry *workload_named(struct check *check, const struct node *node)
{
	struct names names = {0};
	if (!check_kind(check, node, NODE_SCALAR, "a workload's name"))
		return NULL;
	const struct workload_entry *entry = workload_entry_find(check, node->text);
	if (entry)
		return entry;
	for (size_t i = 0; i < check->scenario->workload_count; i++)
		names_add(&names, check->scenario->workloads[i].name);
	names_report(check, node->place, &names, node->text,
		"this scenario has no workload '%.60s'", node->text);
	return NULL;
}

/* ---- what the workload itself checks ---- */

/* The number of combinations, or more than `most`; 0: some parameter has no value. */
static size_t combinations(const struct choices *choices, size_t count, size_t most)
{
	size_t product = 1;
	for (size_t i = 0; i < count; i++) {
		product *= choices[i].count;
		if (product > most)
			return most + 1;
	}
	return product;
}

struct trial {
	const struct workload *type;
	const struct choices *choices;
	size_t count;
	size_t *chosen; /* which value of each */
	union value *values;
	void *params;
};

static int try_chosen(const struct trial *trial, struct err *err)
{
	for (size_t i = 0; i < trial->count; i++)
		trial->values[i] = trial->choices[i].values[trial->chosen[i]];
	option_store(trial->type->params, trial->values, trial->params);
	return trial->type->check(trial->params, err);
}

/* Steps to the next combination as an odometer does; false after the last. */
static bool advance(struct trial *trial)
{
	for (size_t i = 0; i < trial->count; i++) {
		if (++trial->chosen[i] < trial->choices[i].count)
			return true;
		trial->chosen[i] = 0;
	}
	return false;
}

static int try_all(struct trial *trial, struct err *err)
{
	int result;
	do
		result = try_chosen(trial, err);
	while (!result && advance(trial));
	return result;
}

static int try_each_alone(struct trial *trial, struct err *err)
{
	for (size_t i = 0; i < trial->count; i++) {
		for (size_t j = 0; j < trial->choices[i].count; j++) {
			trial->chosen[i] = j;
			if (try_chosen(trial, err))
				return -1;
		}
		trial->chosen[i] = 0;
	}
	return 0;
}

void workload_check(struct check *check, struct place place, const struct workload *type,
	const struct choices *choices)
{
	size_t count = option_count(type->params);
	size_t all = combinations(choices, count, CHECK_COMBINATIONS_MOST);
	if (!type->check || !all)
		return;
	struct trial trial = {type, choices, count, NULL, NULL, NULL};
	trial.chosen = memory_alloc(count * sizeof(size_t));
	trial.values = memory_alloc(count * sizeof(union value));
	trial.params = memory_alloc(type->params_bytes);
	bool affordable = all <= CHECK_COMBINATIONS_MOST && all <= check->combinations_left;
	if (affordable)
		check->combinations_left -= all;
	struct err err;
	if (affordable ? try_all(&trial, &err) : try_each_alone(&trial, &err))
		diag_err(check->diag, place, &err);
	free(trial.chosen);
	free(trial.values);
	free(trial.params);
}

/* ---- the section ---- */

/* Names stand in CSV cells, rules and labels: short, and without what those would have to
 * quote. */
#define NOT_IN_NAMES " \\t\\r\\n,;:\"'`|\\[\\](){}<>=!*&\\\\/"
const char workload_name_pattern[] = "^[^-+@." NOT_IN_NAMES "][^" NOT_IN_NAMES "]{0,63}$";

static void check_name(struct check *check, const struct node *key)
{
	size_t length = strlen(key->text);
	if (length && length <= NAME_MOST_BYTES &&
		!strpbrk(key->text, " \t\r\n,;:\"'`|[](){}<>=!*&\\/") &&
		!strchr("-+@.", key->text[0]))
		return;
	diag_error(check->diag, key->place,
		"'%.60s' is no name for a workload; use up to %d letters, digits, '_', '-' and "
		"'.'",
		key->text, NAME_MOST_BYTES);
}

#define TYPE_KEY                                                                                   \
	{                                                                                          \
		"type", "what its tasks do; `conrun list` has them all", true, NULL,               \
		{                                                                                  \
			.kind = FORM_WORKLOAD_TYPE                                                 \
		}                                                                                  \
	}

const struct key workload_keys[] = {TYPE_KEY, {0}};

const struct key workload_file_keys[] = {
	TYPE_KEY,
	{SCRIPT_KEY, "the file that its tasks are in", true, NULL, {.kind = FORM_TEXT}},
	{0},
};

/* The type that is named where a mapping belongs, or one for an example. */
static const char *type_meant(const struct node *node)
{
	if (node->kind == NODE_LIST && node->count)
		node = node->items[0];
	if (node->kind == NODE_MAP)
		node = node_find(node, "type");
	return node && node->kind == NODE_SCALAR && workload_find(node->text) ? node->text
									      : "sleep";
}

static void read_workload(
	struct check *check, const struct pair *pair, struct workload_entry *entry)
{
	*entry = (struct workload_entry){.name = arena_text(check->arena, pair->key->text),
		.folder = check->folder,
		.place = pair->key->place};
	const char *what = arena_format(check->scratch, "workload '%.60s'", entry->name);
	check_name(check, pair->key);
	if (!check_kind(check, pair->value, NODE_MAP, what)) {
		check_advise(check, pair->value, "write it as %.60s: { type: %s }", entry->name,
			type_meant(pair->value));
		return;
	}
	entry->type = workload_type(check, pair, what);
	if (!entry->type)
		return;
	const struct section section = {
		.what = arena_format(check->scratch, "%s (type %s)", what, entry->type->name),
		.home = HOME_WORKLOAD,
		.keys = entry->type->source ? workload_file_keys : workload_keys,
		.options = entry->type->params,
		.take = section_take_choices};
	struct choices *choices = choices_defaults(check, entry->type->params);
	entry->choices = choices;
	section_read(check, &section, pair->value, choices);
	workload_check(check, pair->key->place, entry->type, choices);
}

static int by_name(const void *a, const void *b)
{
	const struct workload_entry *const *x = a, *const *y = b;
	return strcmp((*x)->name, (*y)->name);
}

/* A key of the scenario, one level too deep: a workload of that name would have a type. */
static bool is_stray(const struct pair *pair)
{
	const struct node *value = pair->value;
	return elsewhere_is_top_level(pair->key->text) &&
	       (value->kind != NODE_MAP || !node_find(value, "type"));
}

/* How many of the pairs behind an empty workload are its own, for want of indentation: `type`, and
 * what cannot be a workload. */
static size_t count_outdented(const struct pair *pairs, size_t count)
{
	size_t own = 0;
	if (!node_is_empty(pairs[0].value) || count < 2 || strcmp(pairs[1].key->text, "type"))
		return 0;
	while (own + 1 < count && !node_is_empty(pairs[own + 1].value) &&
		pairs[own + 1].value->kind != NODE_MAP && !is_stray(&pairs[own + 1]))
		own++;
	return own;
}

/* Reads such a workload as if they stood below it. */
static void read_outdented(
	struct check *check, const struct pair *pairs, size_t own, struct workload_entry *entry)
{
	struct node *map = arena_alloc(check->scratch, sizeof(*map));
	*map = (struct node){.kind = NODE_MAP, .place = pairs[1].key->place, .text = ""};
	node_keep_pairs(map, pairs + 1, own);
	diag_error(check->diag, pairs[1].key->place,
		"'type' stands beside workload '%.60s', not below it; indent it and what belongs "
		"to "
		"it",
		pairs[0].key->text);
	read_workload(check, &(struct pair){pairs[0].key, map}, entry);
}

static size_t read_workloads(
	struct check *check, const struct node *node, struct workload_entry *entries)
{
	static const struct section section = {.what = "'workloads'", .home = HOME_WORKLOAD};
	size_t count = 0, own = 0;
	for (size_t i = 0; i < node->count; i += 1 + own) {
		const struct pair *pairs = node->pairs + i;
		own = count_outdented(pairs, node->count - i);
		if (own)
			read_outdented(check, pairs, own, &entries[count++]);
		else if (is_stray(pairs))
			elsewhere_report(check, &section, pairs);
		else
			read_workload(check, pairs, &entries[count++]);
	}
	return count;
}

void workloads_read(struct check *check, const struct node *node, void *into)
{
	struct scenario *scenario = into;
	if (!check_kind(check, node, NODE_MAP, "'workloads'")) {
		check_advise(check, node, "write it as workloads: { NAME: { type: %s } }",
			type_meant(node));
		return;
	}
	if (!node->count)
		diag_error(check->diag, node->place, "'workloads' is empty; name at least one");
	struct workload_entry *entries = arena_alloc(check->arena, node->count * sizeof(*entries));
	check->by_name = arena_alloc(check->scratch, node->count * sizeof(*check->by_name));
	size_t count = read_workloads(check, node, entries);
	for (size_t i = 0; i < count; i++)
		check->by_name[i] = &entries[i];
	if (count)
		qsort(check->by_name, count, sizeof(*check->by_name), by_name);
	scenario->workloads = entries;
	scenario->workload_count = count;
}
