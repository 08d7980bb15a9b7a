/*
 * After https://docs.kernel.org/admin-guide/cputopology.html: two CPUs are in the same socket or
 * core where the kernel gives them the same list of neighbours.
 */
#include "report/topology.h"

#include "base/memory.h"
#include "report/probe.h"

#include <stdlib.h>
#include <string.h>

#define CPUS "/sys/devices/system/cpu"

/* Different lines, each once, in their order. */
struct names {
	char **items;
	size_t count, capacity;
};

static void names_add(struct names *lines, const char *line)
{
	for (size_t i = 0; i < lines->count; i++)
		if (strcmp(lines->items[i], line) == 0)
			return;
	if (lines->count == lines->capacity) {
		lines->capacity = 2 * lines->capacity + 8;
		lines->items = memory_resize(lines->items, lines->capacity, sizeof(*lines->items));
	}
	lines->items[lines->count] = strdup(line);
	lines->count += lines->items[lines->count] != NULL;
}

static void names_release(struct names *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		free(lines->items[i]);
	free(lines->items);
}

/* The different lines that this file of the online CPUs has. */
static void of_cpus(const char *file, struct names *lines)
{
	struct text online, path, line;
	text_init(&online);
	text_init(&path);
	text_init(&line);
	probe_line(CPUS "/online", "", &online);
	for (long cpu = -1; probe_next(text_get(&online), &cpu);) {
		text_clear(&path);
		text_clear(&line);
		text_addf(&path, CPUS "/cpu%ld/%s", cpu, file);
		if (probe_line(text_get(&path), "", &line))
			names_add(lines, text_get(&line));
	}
	text_release(&online);
	text_release(&path);
	text_release(&line);
}

static json_t *different_json(const char *file)
{
	struct names lines = {.items = NULL};
	of_cpus(file, &lines);
	json_t *json = lines.count ? json_integer((json_int_t)lines.count) : json_null();
	names_release(&lines);
	return json;
}

static json_int_t count_list(const char *list)
{
	json_int_t count = 0;
	for (long at = -1; probe_next(list, &at);)
		count++;
	return count;
}

static json_t *count_json(const char *path)
{
	struct text list;
	text_init(&list);
	bool found = probe_line(path, "", &list) && list.length;
	json_t *json = found ? json_integer(count_list(text_get(&list))) : json_null();
	text_release(&list);
	return json;
}

/* ---- caches ---- */

/* "48K" */
static json_t *bytes_json(const char *path)
{
	struct text line;
	char *end = NULL;
	text_init(&line);
	json_t *json = json_null();
	if (probe_line(path, "", &line)) {
		long long size = strtoll(text_get(&line), &end, 10);
		int shift = *end == 'K' ? 10 : *end == 'M' ? 20 : *end == 'G' ? 30 : 0;
		json = json_integer((json_int_t)(size << shift));
	}
	text_release(&line);
	return json;
}

static void add_part(json_t *cache, const char *name, json_t *(*make)(const char *path), size_t at,
	const char *file)
{
	struct text path;
	text_init(&path);
	text_addf(&path, CPUS "/cpu0/cache/index%zu/%s", at, file);
	json_object_set_new(cache, name, make(text_get(&path)));
	text_release(&path);
}

static json_t *word_json(const char *path)
{
	return probe_line_json(path, "");
}

/* Those of the first CPU; on a machine with two kinds of cores others may have others. */
static json_t *caches_json(void)
{
	json_t *array = json_array();
	for (size_t i = 0;; i++) {
		json_t *cache = json_object();
		add_part(cache, "level", probe_number_json, i, "level");
		add_part(cache, "type", word_json, i, "type");
		add_part(cache, "size_bytes", bytes_json, i, "size");
		add_part(cache, "shared_by_cpus", count_json, i, "shared_cpu_list");
		if (json_is_null(json_object_get(cache, "level"))) {
			json_decref(cache);
			return array;
		}
		json_array_append_new(array, cache);
	}
}

json_t *topology_json(void)
{
	json_t *json = json_object();
	json_object_set_new(json, "sockets", different_json("topology/core_siblings_list"));
	json_object_set_new(json, "cores", different_json("topology/thread_siblings_list"));
	json_object_set_new(json, "threads", count_json(CPUS "/online"));
	json_object_set_new(json, "numa_nodes", count_json("/sys/devices/system/node/online"));
	json_object_set_new(json, "caches", caches_json());
	return json;
}

json_t *governor_json(void)
{
	struct names lines = {.items = NULL};
	struct text names;
	text_init(&names);
	of_cpus("cpufreq/scaling_governor", &lines);
	for (size_t i = 0; i < lines.count; i++)
		text_addf(&names, "%s%s", i ? ", " : "", lines.items[i]);
	json_t *json = names.length ? json_string(text_get(&names)) : json_null();
	text_release(&names);
	names_release(&lines);
	return json;
}
