#include "plugin/plugin.h"

#include "base/memory.h"
#include "base/text.h"
#include "workloads/plugin.h"

#include <dlfcn.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define BUILD_AGAIN "; build it again with this conrun's headers (pkg-config --cflags conrun)"

static struct plugin *plugins;
static size_t plugin_count, plugin_capacity;

const struct plugin *plugin_list(size_t *count)
{
	*count = plugin_count;
	return plugins;
}

static bool is_loaded(const char *path)
{
	for (size_t i = 0; i < plugin_count; i++)
		if (strcmp(plugins[i].path, path) == 0)
			return true;
	return false;
}

static int hash_file(const char *path, uint64_t *hash, struct err *err)
{
	char bytes[16384];
	size_t got;
	struct stat status;
	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
		return err_set(err,
			"the plugin '%s' is no file; name the shared object that was built", path);
	FILE *file = fopen(path, "re");
	if (!file)
		return err_errno(err, errno, "cannot read the plugin '%s'", path);
	*hash = TEXT_HASH_START;
	while ((got = fread(bytes, 1, sizeof(bytes), file)) > 0)
		*hash = text_hash(*hash, bytes, got);
	int failed = ferror(file) ? err_errno(err, errno, "cannot read the plugin '%s'", path) : 0;
	fclose(file);
	return failed;
}

static int check_abi(const struct conrun_abi *abi, struct err *err)
{
	static const struct conrun_abi own = CONRUN_ABI;
	static const struct {
		const char *name;
		size_t offset;
	} sizes[] = {
		{"struct workload", offsetof(struct conrun_abi, workload_bytes)},
		{"struct option", offsetof(struct conrun_abi, option_bytes)},
		{"struct metric", offsetof(struct conrun_abi, metric_bytes)},
		{"struct needs", offsetof(struct conrun_abi, needs_bytes)},
		{"struct job", offsetof(struct conrun_abi, job_bytes)},
		{"struct worker", offsetof(struct conrun_abi, worker_bytes)},
		{"struct async_call", offsetof(struct conrun_abi, call_bytes)},
		{"struct err", offsetof(struct conrun_abi, err_bytes)},
		{"union value", offsetof(struct conrun_abi, value_bytes)},
		{"struct option_list", offsetof(struct conrun_abi, list_bytes)},
		{"struct text", offsetof(struct conrun_abi, text_bytes)},
		{"struct arena", offsetof(struct conrun_abi, arena_bytes)},
	};
	/* What lies behind the number is known only where that is the same. */
	if (abi->number != own.number)
		return err_set(err,
			"it was built for ABI %" PRIu32 " and this is %" PRIu32 BUILD_AGAIN,
			abi->number, own.number);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		uint32_t bytes, wanted;
		memcpy(&bytes, (const char *)abi + sizes[i].offset, sizeof(bytes));
		memcpy(&wanted, (const char *)&own + sizes[i].offset, sizeof(wanted));
		if (bytes != wanted)
			return err_set(err,
				"its %s has %" PRIu32
				" bytes and this conrun's %" PRIu32 BUILD_AGAIN,
				sizes[i].name, bytes, wanted);
	}
	return 0;
}

/* Two of one plugin may not have the same name either. */
static int check_workloads(const struct conrun_plugin *plugin, struct err *err)
{
	const struct workload *const *workloads = plugin->workloads;
	size_t count = 0;
	while (count < PLUGIN_WORKLOADS_MOST && workloads[count])
		count++;
	if (!count || workloads[count])
		return err_set(err, "it has %s workloads; name 1 to %d in its conrun_plugin",
			count ? "too many" : "no", PLUGIN_WORKLOADS_MOST);
	for (size_t i = 0; i < count; i++) {
		if (table_check(workloads[i], err) != 0)
			return -1;
		for (size_t k = 0; k < i; k++)
			if (strcmp(workloads[i]->name, workloads[k]->name) == 0)
				return err_set(err, "it has two workloads '%s'; rename one",
					workloads[i]->name);
	}
	return 0;
}

/* Its own tables are const, and what the program adds to them is not the author's business. */
static void add(const struct conrun_plugin *plugin, const char *path, uint64_t version)
{
	for (size_t i = 0; plugin->workloads[i]; i++) {
		struct workload *workload = memory_alloc(sizeof(*workload));
		*workload = *plugin->workloads[i];
		workload->group = GROUP_PLUGIN;
		workload->opens_libraries = true;
		workload->version = version;
		workload->plugin = path;
		workload_add(workload);
	}
	plugins = memory_grow(plugins, plugin_count, &plugin_capacity, sizeof(*plugins));
	plugins[plugin_count++] = (struct plugin){path, version};
}

/* What a shared object says it brings, checked; NULL: the error says what is wrong. */
static const struct conrun_plugin *read_plugin(void *handle, const char *path, struct err *err)
{
	const struct conrun_plugin *plugin = dlsym(handle, "conrun_plugin");
	if (!plugin) {
		err_set(err,
			"'%.300s' is no plugin: it does not define conrun_plugin; see "
			"workloads/plugin.h",
			path);
		return NULL;
	}
	if (check_abi(&plugin->abi, err) == 0 && check_workloads(plugin, err) == 0)
		return plugin;
	err_prefix(err, "cannot use the plugin '%.200s': ", path);
	return NULL;
}

/* `path` is kept where it could be loaded. */
static int load(const char *path, struct err *err)
{
	uint64_t version;
	if (hash_file(path, &version, err) != 0)
		return -1;
	void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!handle)
		return err_set(err,
			"cannot load the plugin: %.300s; build it with -fPIC -shared, linked with "
			"all that it calls besides conrun",
			dlerror());
	const struct conrun_plugin *plugin = read_plugin(handle, path, err);
	if (!plugin) {
		dlclose(handle);
		return -1;
	}
	add(plugin, path, version);
	return 0;
}

int plugin_load(const char *path, struct err *err)
{
	char *whole = realpath(path, NULL);
	if (!whole) {
		err_errno(err, errno, "cannot open the plugin '%.200s'", path);
		return err_remedy(err, "write for instance --plugin ./mine.so");
	}
	if (is_loaded(whole)) {
		free(whole);
		return 0;
	}
	int failed = load(whole, err);
	if (failed)
		free(whole);
	return failed;
}
