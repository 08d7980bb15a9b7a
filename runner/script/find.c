#include "script/find.h"

#include "base/version.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SCENARIO_SUFFIX ".yaml"

enum { PATH_MOST_BYTES = 4096 };

/* The program's own folder, or "" where that is not known. */
static void own_folder(struct text *folder)
{
	char path[PATH_MOST_BYTES];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
	path[length > 0 ? length : 0] = '\0';
	find_folder(path, folder);
}

/* A program that was built and not installed has a file beside it that names its source: what is
 * installed must not know of a place on the machine that it was built on. */
static void read_source(const char *own, struct text *source)
{
	struct text path;
	char line[PATH_MOST_BYTES];
	text_init(&path);
	text_addf(&path, "%s/" CONRUN_SOURCE_FILE, own);
	FILE *file = fopen(text_get(&path), "re");
	if (file && fgets(line, sizeof(line), file))
		text_add_bytes(source, line, strcspn(line, "\n"));
	if (file)
		fclose(file);
	text_release(&path);
}

/* Calls `each` for every data folder, until it says true. */
static bool for_each_data(bool (*each)(const char *data, void *arg), void *arg)
{
	struct text own, source, beside;
	const char *given = getenv("CONRUN_DATA");
	text_init(&own);
	text_init(&source);
	text_init(&beside);
	own_folder(&own);
	read_source(text_get(&own), &source);
	text_addf(&beside, "%s/" CONRUN_DATA_FROM_BIN, text_get(&own));
	const char *const folders[] = {
		given ? given : "", text_get(&source), text_get(&beside), CONRUN_INSTALLED_DATA};
	bool ended = false;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]) && !ended; i++)
		ended = *folders[i] && each(folders[i], arg);
	text_release(&own);
	text_release(&source);
	text_release(&beside);
	return ended;
}

struct search {
	const char *name, *under;
	struct text *path, looked;
};

static bool is_file(const char *path)
{
	struct stat file;
	return stat(path, &file) == 0 && S_ISREG(file.st_mode);
}

static bool try(struct search *search, const char *folder, const char *under)
{
	text_clear(search->path);
	text_addf(search->path, "%s%s%s%s%s", folder, *folder ? "/" : "", under, *under ? "/" : "",
		search->name);
	if (is_file(text_get(search->path)))
		return true;
	text_addf(
		&search->looked, "%s%s", search->looked.length ? ", " : "", text_get(search->path));
	return false;
}

/* In a folder of a data folder; one that is not there is no news to whoever reads where it was
 * looked for. */
static bool try_in(struct search *search, const char *data, const char *in)
{
	struct text inner;
	struct stat folder;
	text_init(&inner);
	text_addf(&inner, "%s%s%s", data, *in ? "/" : "", in);
	bool found = stat(text_get(&inner), &folder) == 0 &&
		     try(search, text_get(&inner), search->under);
	text_release(&inner);
	return found;
}

static bool try_lua(const char *data, void *arg)
{
	return try_in(arg, data, "lua");
}

static bool try_scenarios(const char *data, void *arg)
{
	return try_in(arg, data, "scenarios");
}

static bool try_data(const char *data, void *arg)
{
	return try_in(arg, data, "");
}

/* Where it was not found, the path tells where it was looked for. */
static bool end_search(struct search *search, bool found)
{
	if (!found) {
		text_clear(search->path);
		text_add(search->path, text_get(&search->looked));
	}
	text_release(&search->looked);
	return found;
}

bool find_script(const char *name, const char *folder, const char *under, struct text *path)
{
	struct search search = {name, under, path, {0}};
	bool absolute = name[0] == '/';
	return end_search(&search, try(&search, absolute ? "" : folder, "") ||
					   (!absolute && for_each_data(try_lua, &search)));
}

bool find_data(const char *name, struct text *path)
{
	struct search search = {name, "", path, {0}};
	return end_search(&search, for_each_data(try_data, &search));
}

bool find_scenario(const char *name, struct text *path)
{
	struct text file;
	text_init(&file);
	text_addf(&file, "%s" SCENARIO_SUFFIX, name);
	struct search search = {text_get(&file), "", path, {0}};
	bool bare = *name && !strpbrk(name, "/.");
	bool found = end_search(&search, bare && for_each_data(try_scenarios, &search));
	text_release(&file);
	return found;
}

struct listing {
	void (*each)(const char *name, void *arg);
	void *arg;
};

static bool list_scenarios(const char *data, void *arg)
{
	const struct listing *listing = arg;
	struct text folder;
	struct dirent **entries;
	text_init(&folder);
	text_addf(&folder, "%s/scenarios", data);
	int count = scandir(text_get(&folder), &entries, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		char *suffix = strstr(entries[i]->d_name, SCENARIO_SUFFIX);
		if (suffix && strcmp(suffix, SCENARIO_SUFFIX) == 0) {
			*suffix = '\0';
			listing->each(entries[i]->d_name, listing->arg);
		}
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	text_release(&folder);
	return false;
}

void find_scenarios(void (*each)(const char *name, void *arg), void *arg)
{
	struct listing listing = {each, arg};
	for_each_data(list_scenarios, &listing);
}

void find_folder(const char *path, struct text *folder)
{
	const char *slash = strrchr(path, '/');
	text_clear(folder);
	if (slash)
		text_add_bytes(folder, path, slash > path ? (size_t)(slash - path) : 1);
}

static bool add_template(const char *data, void *arg)
{
	text_addf(arg, ";%s/lua/?.lua;%s/lua/?/init.lua", data, data);
	return false;
}

void find_templates(const char *folder, struct text *templates)
{
	const char *variable = getenv("LUA_PATH_5_4");
	if (!variable)
		variable = getenv("LUA_PATH");
	text_clear(templates);
	if (!*folder)
		folder = ".";
	text_addf(templates, "%s/?.lua;%s/?/init.lua", folder, folder);
	for_each_data(add_template, templates);
	if (variable)
		text_addf(templates, ";%s", variable);
}
