#include "script/find.h"

#include "base/version.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDERS_MOST = 8, PATH_MOST_BYTES = 4096 };

/* The program's own folder, or "" where that is not known. */
static void own_folder(struct text *folder)
{
	char path[PATH_MOST_BYTES];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);
	path[length > 0 ? length : 0] = '\0';
	find_folder(path, folder);
}

/* Calls `each` for every data folder's lua, until it says true. */
static bool for_each_data(bool (*each)(const char *lua, void *arg), void *arg)
{
	struct text given, beside;
	const char *variable = getenv("CONRUN_DATA");
	text_init(&given);
	text_init(&beside);
	if (variable && *variable)
		text_addf(&given, "%s/lua", variable);
	own_folder(&beside);
	text_add(&beside, "/../share/conrun/lua");
	const char *const folders[] = {text_get(&given), text_get(&beside),
		CONRUN_INSTALLED_DATA "/lua", CONRUN_SOURCE "/lua"};
	bool ended = false;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]) && !ended; i++)
		ended = *folders[i] && each(folders[i], arg);
	text_release(&given);
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

static bool try_data(const char *lua, void *arg)
{
	struct search *search = arg;
	struct stat folder;
	/* One that is not there is no news to whoever reads where it was looked for. */
	return stat(lua, &folder) == 0 && try(search, lua, search->under);
}

bool find_script(const char *name, const char *folder, const char *under, struct text *path)
{
	struct search search = {name, under, path, {0}};
	bool absolute = name[0] == '/';
	bool found = try(&search, absolute ? "" : folder, "") ||
		     (!absolute && for_each_data(try_data, &search));
	if (!found) {
		text_clear(path);
		text_add(path, text_get(&search.looked));
	}
	text_release(&search.looked);
	return found;
}

void find_folder(const char *path, struct text *folder)
{
	const char *slash = strrchr(path, '/');
	text_clear(folder);
	if (slash)
		text_add_bytes(folder, path, slash > path ? (size_t)(slash - path) : 1);
}

static bool add_template(const char *lua, void *arg)
{
	text_addf(arg, ";%s/?.lua;%s/?/init.lua", lua, lua);
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
