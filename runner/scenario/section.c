/* Reading a mapping by its tables; see check.h. */
#include "scenario/check.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool check_kind(struct check *check, const struct node *node, enum node_kind kind, const char *what)
{
	static const char *const kinds[] = {
		[NODE_SCALAR] = "a single value",
		[NODE_LIST] = "a list",
		[NODE_MAP] = "a mapping (key: value)",
	};
	if (node->kind == kind && !(kind == NODE_SCALAR && node_is_empty(node)))
		return true;
	if (node->kind != NODE_BROKEN)
		diag_error(check->diag, node->place, "%s must be %s, not %s%s", what, kinds[kind],
			node_kind_name(node),
			kind == NODE_MAP && node_tight_key(node) ? "; write a blank behind the ':'"
								 : "");
	return false;
}

void check_advise(struct check *check, const struct node *node, const char *format, ...)
{
	char advice[400];
	va_list args;
	if (node->kind == NODE_BROKEN)
		return;
	va_start(args, format);
	vsnprintf(advice, sizeof(advice), format, args);
	va_end(args);
	diag_note(check->diag, "%s", advice);
}

void check_each(struct check *check, const struct node *node,
	void (*each)(struct check *, const struct node *, void *), void *into)
{
	if (node->kind != NODE_LIST) {
		each(check, node, into);
		return;
	}
	for (size_t i = 0; i < node->count; i++)
		each(check, node->items[i], into);
}

static const struct key *find_key(const struct section *section, const char *name)
{
	for (const struct key *key = section->keys; key->name; key++) {
		if (!strcmp(key->name, name))
			return key;
	}
	return NULL;
}

static void report_required(struct check *check, const struct section *section,
	const struct node *map, const char *name)
{
	const struct key *key = find_key(section, name);
	const struct option *option = option_find(section->options, name);
	diag_error(check->diag, map->place, "%s has no '%s'", section->what, name);
	diag_note(check->diag, "write it: %s: …, %s", name, key ? key->help : option->help);
}

static void add_known(const struct section *section, struct names *names)
{
	for (const struct key *known = section->keys; known->name; known++)
		names_add(names, known->name);
	for (const struct option *option = section->options; option && option->name; option++)
		names_add(names, option->name);
}

static const struct pair *find_misspelt(struct check *check, const struct section *section,
	const struct node *map, const char *name)
{
	enum { READ_MOST = 100 }; /* keys: more are no slip */
	struct names names = {0};
	const struct pair *found = NULL;
	add_known(section, &names);
	for (size_t i = 0; i < map->count && i < READ_MOST && !found; i++) {
		const char *nearest = diag_nearest(
			check->diag, map->pairs[i].key->text, names.items, names.count);
		if (nearest && !strcmp(nearest, name))
			found = &map->pairs[i];
	}
	free(names.items);
	return found;
}

const struct pair *section_find(struct check *check, const struct section *section,
	const struct node *map, const char *name)
{
	const struct pair *pair = node_pair(map, name);
	return pair ? pair : find_misspelt(check, section, map, name);
}

static const struct pair *find_stray(const struct check *check, const char *name)
{
	const struct stray *stray = check->strays;
	while (stray && strcmp(stray->pair->key->text, name))
		stray = stray->next;
	return stray ? stray->pair : NULL;
}

/* The pair of a key that must be there; says so if it is not, nor anything that was meant by it. */
static const struct pair *find_required(struct check *check, const struct section *section,
	const struct node *map, const char *name)
{
	const struct pair *pair = section_find(check, section, map, name);
	if (!pair && section->home == HOME_TOP)
		pair = find_stray(check, name);
	if (!pair)
		report_required(check, section, map, name);
	return pair;
}

/* The pair of a key, if a value was written; says so if the key is missing or has none. */
static const struct node *given(struct check *check, const struct section *section,
	const struct node *map, const char *name, bool required)
{
	const struct pair *pair =
		required ? find_required(check, section, map, name) : node_pair(map, name);
	if (!pair || pair->value->kind == NODE_BROKEN)
		return NULL;
	if (!node_is_empty(pair->value))
		return pair->value;
	diag_error(check->diag, pair->key->place, "'%s' has no value; one is expected behind it",
		name);
	return NULL;
}

static void report_unknown(
	struct check *check, const struct section *section, const struct pair *pair)
{
	struct names names = {0};
	const struct node *key = pair->key;
	if (elsewhere_report(check, section, pair))
		return;
	add_known(section, &names);
	names_report(check, key->place, &names, key->text, "unknown key '%.60s' in %s", key->text,
		section->what);
}

bool section_read(
	struct check *check, const struct section *section, const struct node *node, void *into)
{
	if (!check_kind(check, node, NODE_MAP, section->what))
		return false;
	for (const struct key *key = section->keys; key->name; key++) {
		const struct node *value = given(check, section, node, key->name, key->required);
		if (value && key->read)
			key->read(check, value, into);
	}
	for (size_t i = 0; i < option_count(section->options); i++) {
		const struct option *option = &section->options[i];
		bool required = !option->fallback && !option->list && !section->partial;
		const struct node *value = given(check, section, node, option->name, required);
		if (value)
			section->take(check, option, i, value, into);
	}
	for (size_t i = 0; i < node->count; i++) {
		const struct node *key = node->pairs[i].key;
		if (!find_key(section, key->text) && !option_find(section->options, key->text))
			report_unknown(check, section, &node->pairs[i]);
	}
	return true;
}

void section_take_value(struct check *check, const struct option *option, size_t index,
	const struct node *value, void *into)
{
	(void)index;
	const struct option one[] = {*option, OPTION_END};
	union value typed;
	if (value_read(check, option, value, &typed))
		option_store(one, &typed, into);
}

void section_take_choices(struct check *check, const struct option *option, size_t index,
	const struct node *value, void *into)
{
	struct choices *choices = into;
	choices_read(check, option, value, &choices[index]);
}
