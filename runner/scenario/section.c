/* Reading a mapping by its tables; see check.h. */
#include "scenario/check.h"

#include <string.h>

bool check_kind(
	struct check *check, const struct node *node, enum node_kind kind, const char *what)
{
	static const char *const kinds[] = {
		[NODE_SCALAR] = "a single value",
		[NODE_LIST] = "a list",
		[NODE_MAP] = "a mapping (key: value)",
	};
	if (node->kind == kind && !(kind == NODE_SCALAR && node_is_empty(node)))
		return true;
	if (node->kind != NODE_BROKEN)
		diag_error(check->diag, node->place, "%s must be %s, not %s", what, kinds[kind],
			node_kind_name(node));
	return false;
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

/* The pair of a key, if a value was written; says so if the key is missing or has none. */
static const struct node *given(struct check *check, const struct section *section,
	const struct node *map, const char *name, bool required)
{
	const struct pair *pair = node_pair(map, name);
	if (!pair && required)
		diag_error(check->diag, map->place, "%s has no '%s'", section->what, name);
	if (!pair || pair->value->kind == NODE_BROKEN)
		return NULL;
	if (!node_is_empty(pair->value))
		return pair->value;
	diag_error(check->diag, pair->key->place,
		"'%s' has no value; one is expected behind it", name);
	return NULL;
}

static void report_unknown(
	struct check *check, const struct section *section, const struct node *key)
{
	struct names names = {0};
	if (elsewhere_report(check, section, key))
		return;
	for (const struct key *known = section->keys; known->name; known++)
		names_add(&names, known->name);
	for (const struct option *option = section->options; option && option->name; option++)
		names_add(&names, option->name);
	names_report(check, key->place, &names, key->text, "unknown key '%.60s' in %s",
		key->text, section->what);
}

bool section_read(
	struct check *check, const struct section *section, const struct node *node, void *into)
{
	if (!check_kind(check, node, NODE_MAP, section->what))
		return false;
	for (const struct key *key = section->keys; key->name; key++) {
		const struct node *value =
			given(check, section, node, key->name, key->required);
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
			report_unknown(check, section, key);
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
