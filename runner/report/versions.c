/* The parts of the program; libraries are asked for the version that runs. */
#include "report/versions.h"

#include "base/version.h"
#include "engine/image.h"
#include "plugin/plugin.h"
#include "report/utf8.h"

#include <csv.h>
#include <gnu/libc-version.h>
#include <inttypes.h>
#include <lua.h>
#include <stdio.h>
#include <string.h>
#include <uv.h>
#include <yaml.h>

static void conrun_version(struct text *out)
{
	text_add(out, CONRUN_VERSION);
}

static void yaml_version(struct text *out)
{
	text_add(out, yaml_get_version_string());
}

static void lua_version_text(struct text *out)
{
	text_add(out, LUA_VERSION_MAJOR "." LUA_VERSION_MINOR "." LUA_VERSION_RELEASE);
}

static void jansson_version(struct text *out)
{
	text_add(out, jansson_version_str());
}

static void uv_version_text(struct text *out)
{
	text_add(out, uv_version_string());
}

/* It does not say which one runs; what it was built with. */
static void csv_version(struct text *out)
{
	text_addf(out, "%d.%d.%d", CSV_MAJOR, CSV_MINOR, CSV_RELEASE);
}

static void libc_version(struct text *out)
{
	text_add(out, gnu_get_libc_version());
}

static void compiler(struct text *out)
{
	text_add(out, CONRUN_COMPILER);
}

static void build_type(struct text *out)
{
	text_add(out, CONRUN_BUILD_TYPE);
}

static void optional_parts(struct text *out)
{
	text_add(out, *CONRUN_OPTIONAL_PARTS ? CONRUN_OPTIONAL_PARTS : "none");
}

/* Eight bytes at a time, as the program is megabytes long; the rest of a file counts as well. */
static uint64_t hash_file(uint64_t hash, const char *path)
{
	uint64_t words[4096];
	FILE *file = fopen(path, "re");
	if (!file)
		return hash;
	size_t got;
	while ((memset(words, 0, sizeof(words)), got = fread(words, 1, sizeof(words), file)) > 0)
		for (size_t i = 0; i < (got + sizeof(*words) - 1) / sizeof(*words); i++)
			hash = (hash ^ words[i]) * UINT64_C(0x100000001b3); /* as FNV-1a's step */
	fclose(file);
	return hash;
}

static uint64_t hash_plugins(uint64_t hash)
{
	size_t count;
	const struct plugin *plugins = plugin_list(&count);
	for (size_t i = 0; i < count; i++)
		hash = text_hash(hash, &plugins[i].version, sizeof(plugins[i].version));
	return hash;
}

/* Two builds differ in it; of the program, of the one that its hosts execute, and of the plugins,
 * whose workloads are as much a part of it as its own. All are read once: run.json asks when a
 * session begins and when it ends. */
static void binary(struct text *out)
{
	static uint64_t hash;
	if (!hash) {
		image_find_host();
		hash = hash_file(TEXT_HASH_START, "/proc/self/exe");
		hash = hash_file(hash, image_host_path());
		hash = hash_plugins(hash);
	}
	text_addf(out, "%016" PRIx64, hash);
}

const struct part version_parts[] = {
	{"conrun", conrun_version},
	{"libyaml", yaml_version},
	{"lua", lua_version_text},
	{"jansson", jansson_version},
	{"libuv", uv_version_text},
	{"libcsv", csv_version},
	{"libc", libc_version},
	{"compiler", compiler},
	{"build", build_type},
	{"optional parts", optional_parts},
	{"binary", binary},
	{NULL, NULL},
};

json_t *versions_json(void)
{
	json_t *json = json_object();
	struct text version;
	text_init(&version);
	for (const struct part *part = version_parts; part->name; part++) {
		text_clear(&version);
		part->version(&version);
		json_object_set_new(json, part->name, json_string(text_get(&version)));
	}
	text_release(&version);
	return json;
}

json_t *versions_plugins_json(void)
{
	size_t count;
	const struct plugin *plugins = plugin_list(&count);
	json_t *array = json_array();
	for (size_t i = 0; i < count; i++) {
		char hash[17];
		snprintf(hash, sizeof(hash), "%016" PRIx64, plugins[i].version);
		json_t *json = json_object();
		json_object_set_new(json, "file", utf8_json(plugins[i].path));
		json_object_set_new(json, "hash", json_string(hash));
		json_array_append_new(array, json);
	}
	return array;
}
