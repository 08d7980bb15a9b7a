#include "engine/spec.h"

#include "engine/pace.h"
#include "plugin/plugin.h"
#include "script/state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add_pair(struct text *out, const char *prefix, const char *key, const char *value)
{
	text_add(out, prefix);
	text_add_bytes(out, key, strlen(key) + 1);
	text_add_bytes(out, value, strlen(value) + 1);
}

static void add_number(struct text *out, const char *key, uint64_t number)
{
	char digits[24];
	snprintf(digits, sizeof(digits), "%" PRIu64, number);
	add_pair(out, "", key, digits);
}

static void add_item(
	struct text *out, const char *prefix, const struct option *option, union value value)
{
	struct option item = *option;
	struct text spelled;
	item.list = false;
	text_init(&spelled);
	option_format(&item, value, &spelled);
	add_pair(out, prefix, option->name, text_get(&spelled));
	text_release(&spelled);
}

static void add_values(
	struct text *out, const char *prefix, const struct option *table, const union value *values)
{
	for (size_t i = 0; table && table[i].name; i++) {
		if (!table[i].list)
			add_item(out, prefix, &table[i], values[i]);
		for (size_t k = 0; table[i].list && k < values[i].list->count; k++)
			add_item(out, prefix, &table[i], values[i].list->items[k]);
	}
}

void spec_write(
	const struct experiment *experiment, uint64_t seed, const char *scratch, struct text *out)
{
	const struct workload *workload = experiment->workload->type;
	add_number(out, "allow_all", state_allows_all());
	if (workload->plugin)
		add_pair(out, "", "plugin", workload->plugin);
	add_pair(out, "", "workload", workload->name);
	add_pair(out, "", "folder", experiment->workload->folder);
	if (workload->source)
		add_pair(out, "", "source", workload->source);
	if (workload->source || workload->plugin)
		add_number(out, "version", workload->version);
	add_values(out, "param.", workload->params, experiment->workload->values);
	add_pair(out, "", "executor", experiment->executor->type->name);
	add_values(
		out, "option.", experiment->executor->type->options, experiment->executor->values);
	add_number(out, "workers", experiment->workers);
	add_number(out, "tasks", pace_tasks(experiment));
	add_number(out, "seed", seed);
	add_pair(out, "", "scratch", scratch);
}

/* What is being read. */
struct reader {
	struct spec *spec;
	struct arena *arena;
	union value *params, *options;
};

static union value *defaults(struct arena *arena, const struct option *table)
{
	size_t count = table ? option_count(table) : 0;
	union value *values = arena_alloc(arena, (count + 1) * sizeof(*values));
	for (size_t i = 0; i < count; i++) {
		if (table[i].list)
			values[i].list = arena_alloc(arena, sizeof(*values[i].list));
		else if (table[i].fallback)
			values[i] = option_default(&table[i]);
	}
	return values;
}

static void append_item(struct arena *arena, union value *list, union value item)
{
	const struct option_list *old = list->list;
	struct option_list *longer = arena_alloc(arena, sizeof(*longer));
	union value *items = arena_alloc(arena, (old->count + 1) * sizeof(*items));
	if (old->count)
		memcpy(items, old->items, old->count * sizeof(*items));
	items[old->count] = item;
	*longer = (struct option_list){old->count + 1, items};
	list->list = longer;
}

static int read_value(struct reader *reader, const struct option *table, union value *values,
	const char *name, const char *text, struct err *err)
{
	const struct option *option = table ? option_find(table, name) : NULL;
	union value value;
	if (!option)
		return err_set(err, "a run's spec has an unknown option '%s'", name);
	if (option_parse(option, text, reader->arena, &value, err) != 0)
		return -1;
	if (option->list)
		append_item(reader->arena, &values[option - table], value);
	else
		values[option - table] = value;
	return 0;
}

/* The program that wrote the spec has it too; a fresh image has not. */
static int read_plugin(struct reader *reader, const char *path, struct err *err)
{
	(void)reader;
	return plugin_load(path, err);
}

static int read_workload(struct reader *reader, const char *name, struct err *err)
{
	struct spec *spec = reader->spec;
	spec->workload.name = name;
	spec->workload.type = workload_find(name);
	if (!spec->workload.type)
		return err_set(err, "a run's spec names an unknown workload '%s'", name);
	reader->params = defaults(reader->arena, spec->workload.type->params);
	spec->workload.values = reader->params;
	return 0;
}

static int read_folder(struct reader *reader, const char *folder, struct err *err)
{
	(void)err;
	reader->spec->workload.folder = folder;
	return 0;
}

/* The workload named before it stands for files; this is the one. */
static int read_source(struct reader *reader, const char *path, struct err *err)
{
	struct spec *spec = reader->spec;
	if (!spec->workload.type || !spec->workload.type->open)
		return err_set(err, "a run's spec has a file for a workload that takes none");
	spec->workload.type = spec->workload.type->open(path, reader->arena, err);
	if (!spec->workload.type)
		return -1;
	reader->params = defaults(reader->arena, spec->workload.type->params);
	spec->workload.values = reader->params;
	return 0;
}

static int read_version(struct reader *reader, const char *version, struct err *err)
{
	const struct workload *type = reader->spec->workload.type;
	const char *file = !type ? NULL : type->plugin ? type->plugin : type->source;
	if (file && type->version == strtoull(version, NULL, 10))
		return 0;
	return err_set(err, "%s has changed since the scenario was read",
		file ? file : "the workload's file");
}

static int read_executor(struct reader *reader, const char *name, struct err *err)
{
	struct spec *spec = reader->spec;
	spec->executor.label = name;
	spec->executor.type = executor_find(name);
	if (!spec->executor.type)
		return err_set(err, "a run's spec names an unknown executor '%s'", name);
	reader->options = defaults(reader->arena, spec->executor.type->options);
	spec->executor.values = reader->options;
	return 0;
}

static int read_workers(struct reader *reader, const char *value, struct err *err)
{
	(void)err;
	reader->spec->experiment.workers = (uint32_t)strtoul(value, NULL, 10);
	return 0;
}

static int read_tasks(struct reader *reader, const char *value, struct err *err)
{
	(void)err;
	reader->spec->experiment.tasks = strtoull(value, NULL, 10);
	return 0;
}

static int read_seed(struct reader *reader, const char *value, struct err *err)
{
	(void)err;
	reader->spec->seed = strtoull(value, NULL, 10);
	return 0;
}

static int read_scratch(struct reader *reader, const char *value, struct err *err)
{
	(void)err;
	reader->spec->scratch = value;
	return 0;
}

static int read_allowed(struct reader *reader, const char *value, struct err *err)
{
	(void)reader, (void)err;
	if (*value == '1')
		state_allow_all();
	return 0;
}

static const struct {
	const char *name;
	int (*read)(struct reader *reader, const char *value, struct err *err);
} keys[] = {
	{"plugin", read_plugin},
	{"workload", read_workload},
	{"folder", read_folder},
	{"source", read_source},
	{"version", read_version},
	{"executor", read_executor},
	{"workers", read_workers},
	{"tasks", read_tasks},
	{"seed", read_seed},
	{"scratch", read_scratch},
	{"allow_all", read_allowed},
};

static int read_pair(struct reader *reader, const char *key, const char *value, struct err *err)
{
	struct spec *spec = reader->spec;
	if (strncmp(key, "param.", 6) == 0 && spec->workload.type)
		return read_value(
			reader, spec->workload.type->params, reader->params, key + 6, value, err);
	if (strncmp(key, "option.", 7) == 0 && spec->executor.type)
		return read_value(
			reader, spec->executor.type->options, reader->options, key + 7, value, err);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(keys[i].name, key) == 0)
			return keys[i].read(reader, value, err);
	return err_set(err, "a run's spec has an unknown key '%s'", key);
}

int spec_read(
	struct spec *spec, const char *bytes, size_t length, struct arena *arena, struct err *err)
{
	struct reader reader = {.spec = spec, .arena = arena};
	const char *end = bytes + length;
	*spec = (struct spec){
		.experiment = {.workload = &spec->workload, .executor = &spec->executor}};
	while (bytes < end) {
		const char *value = bytes + strlen(bytes) + 1;
		if (read_pair(&reader, bytes, value, err) != 0)
			return -1;
		bytes = value + strlen(value) + 1;
	}
	if (!spec->workload.type || !spec->executor.type)
		return err_set(err, "a run's spec is incomplete");
	return 0;
}
