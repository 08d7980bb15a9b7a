/* What a workload's mapping says it is: a type of the registry, or a file of one that stands for
 * files. */
#include "scenario/check.h"
#include "script/find.h"

#include <string.h>

static void add_type(struct check *check, const struct workload *type)
{
	for (size_t i = 0; i < check->type_count; i++)
		if (check->types[i] == type)
			return;
	check->types = memory_grow(check->types, check->type_count, &check->type_capacity,
		sizeof(const struct workload *));
	check->types[check->type_count++] = type;
}

/* The workload that a file holds; one that several name is opened once. */
static const struct workload *open_file(
	struct check *check, const struct workload *type, const struct node *node, const char *path)
{
	struct err err;
	for (size_t i = 0; i < check->type_count; i++)
		if (check->types[i]->source && !strcmp(check->types[i]->source, path) &&
			!strcmp(check->types[i]->name, type->name))
			return check->types[i];
	const struct workload *opened = type->open(path, check->arena, &err);
	if (!opened)
		diag_err(check->diag, node->place, &err);
	return opened;
}

/* A type that stands for files → that of the file which `script` names; NULL: reported. */
static const struct workload *read_script(
	struct check *check, const struct workload *type, const struct node *map, const char *what)
{
	static const struct section section = {.what = "", .keys = workload_file_keys};
	const struct pair *pair = section_find(check, &section, map, SCRIPT_KEY);
	const struct node *node = pair ? pair->value : NULL;
	if (!node || node_is_empty(node)) {
		diag_error(check->diag, node ? node->place : map->place,
			"%s has no '" SCRIPT_KEY "'; write the Lua file that its tasks are in",
			what);
		return NULL;
	}
	if (!check_kind(check, node, NODE_SCALAR, "a workload's script"))
		return NULL;
	struct text folder, path;
	const struct workload *opened = NULL;
	text_init(&folder);
	text_init(&path);
	find_folder(check->scenario->path, &folder);
	if (find_script(node->text, text_get(&folder), "", &path))
		opened = open_file(check, type, node, text_get(&path));
	else
		diag_error(check->diag, node->place, "there is no script '%.100s'; looked for %s",
			node->text, text_get(&path));
	text_release(&folder);
	text_release(&path);
	return opened;
}

/* `node` is the type that is unknown, or NULL; `workload` may be called like the one it is. */
static void report_type(
	struct check *check, const struct pair *workload, const struct node *node, const char *what)
{
	const char *name = workload->key->text;
	bool named = workload_find(name);
	struct names names = {0};
	for (size_t i = 0; workload_registry()[i]; i++)
		names_add(&names, workload_registry()[i]->name);
	names_add(&names, "and those of a plugin, with --plugin FILE.so");
	if (!node)
		names_report(check, workload->value->place, &names, "", "%s has no 'type'%s%s",
			what, named ? "; write type: " : "", named ? name : "");
	else
		names_report(check, node->place, &names, node->text,
			"unknown workload type '%.60s'", node->text);
}

const struct workload *workload_type(
	struct check *check, const struct pair *workload, const char *what)
{
	static const struct section section = {.what = "", .keys = workload_keys};
	const struct node *map = workload->value;
	const struct pair *pair = section_find(check, &section, map, "type");
	const struct node *node = pair ? pair->value : NULL;
	bool missing = !node || node_is_empty(node);
	if (!missing && !check_kind(check, node, NODE_SCALAR, "a workload's type"))
		return NULL;
	const struct workload *type = missing ? NULL : workload_find(node->text);
	if (type && type->open)
		type = read_script(check, type, map, what);
	else if (!type)
		report_type(check, workload, missing ? NULL : node, what);
	if (type)
		add_type(check, type);
	return type;
}
