/* See inputs.h. */
#include "commands/inputs.h"

#include "commands/shipped.h"
#include "scenario/check.h"
#include "scenario/load.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- files and folders ---- */

struct paths {
	const char **items; /* owned until they are the inputs' */
	size_t count, capacity;
};

static void add_path(struct paths *paths, const char *path)
{
	paths->items =
		memory_grow(paths->items, paths->count, &paths->capacity, sizeof(*paths->items));
	paths->items[paths->count++] = path;
}

static bool is_folder(const char *path)
{
	struct stat stat_of;
	return stat(path, &stat_of) == 0 && S_ISDIR(stat_of.st_mode);
}

/* Hidden files are what editors and systems leave beside the real ones. */
static bool is_scenario(const char *name)
{
	return name[0] != '.' && load_ending(name);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int add_folder(struct arena *arena, struct paths *paths, const char *folder, struct err *err)
{
	size_t before = paths->count, length = strlen(folder);
	DIR *dir = opendir(folder);
	if (!dir)
		return err_errno(err, errno, "cannot read the folder '%s'", folder);
	while (length > 1 && folder[length - 1] == '/')
		length--;
	for (struct dirent *entry; (entry = readdir(dir));) {
		const char *path = arena_format(arena, "%.*s%s%s", (int)length, folder,
			folder[length - 1] == '/' ? "" : "/", entry->d_name);
		if (is_scenario(entry->d_name) && !is_folder(path))
			add_path(paths, path);
	}
	closedir(dir);
	if (paths->count == before)
		return err_set(err,
			"the folder '%s' has no scenario (*.yaml, *.yml); name a file, or write "
			"one: "
			"conrun init",
			folder);
	qsort(paths->items + before, paths->count - before, sizeof(*paths->items), by_text);
	return 0;
}

/* A bare name that is no file may be a scenario that comes with conrun. */
static const char *resolve(
	struct inputs *inputs, const char *operand, const struct invocation *invocation)
{
	const char *found = operand;
	struct text path;
	text_init(&path);
	if (shipped_find(operand, &path)) {
		found = arena_text(&inputs->arena, text_get(&path));
		if (!invocation_has(invocation, FLAG_QUIET))
			fprintf(stderr, "conrun: note: %s is %s\n", operand, found);
	}
	text_release(&path);
	return found;
}

static bool is_script(const char *operand)
{
	const char *dot = strrchr(operand, '.');
	return dot && strcmp(dot, ".lua") == 0;
}

/* What its owner wants: to see what it takes, or a scenario that runs it. */
static int refuse_script(const char *script, struct err *err)
{
	return err_set(err,
		"'%s' is a Lua script and no scenario; see 'conrun list %s', or write both: conrun "
		"init NAME --lua",
		script, script);
}

static int add_operands(struct inputs *inputs, struct paths *paths,
	const struct invocation *invocation, struct err *err)
{
	for (size_t i = 0; i < invocation->operand_count; i++) {
		const char *operand = invocation->operands[i];
		if (is_script(operand))
			return refuse_script(operand, err);
		if (!is_folder(operand))
			add_path(paths, resolve(inputs, operand, invocation));
		else if (add_folder(&inputs->arena, paths, operand, err))
			return -1;
	}
	return 0;
}

/* ---- what is asked of them ---- */

static int check_set(const char *set, struct err *err)
{
	if (strchr(set, '=') > set)
		return 0;
	return err_set(
		err, "'--set %s' is not KEY=VALUE; write for instance --set 'workers=[1,8]'", set);
}

static int check_repeat(struct arena *arena, const char *count, struct err *err)
{
	union value value;
	if (option_parse(&repeat_option, count, arena, &value, err))
		return err_prefix(err, "option '--repeat': ");
	return 0;
}

/* One option of the command line; those that are about something else are nobody's concern. */
static int add_option(struct inputs *inputs, const struct given *given, const char **sets,
	const char **filters, struct err *err)
{
	struct reading *reading = &inputs->reading;
	switch (given->flag) {
	case FLAG_SET:
		sets[reading->set_count++] = given->value;
		return check_set(given->value, err);
	case FLAG_REPEAT:
		reading->repeat_fixed = true;
		sets[reading->set_count++] =
			arena_format(&inputs->arena, "repeat=%s", given->value);
		return check_repeat(&inputs->arena, given->value, err);
	case FLAG_FILTER:
		filters[reading->filter_count++] = given->value;
		return 0;
	case FLAG_QUICK:
		reading->quick = true;
		return 0;
	default:
		return 0;
	}
}

static int add_options(struct inputs *inputs, const struct invocation *invocation, struct err *err)
{
	size_t bytes = invocation->given_count * sizeof(char *);
	const char **sets = arena_alloc(&inputs->arena, bytes);
	const char **filters = arena_alloc(&inputs->arena, bytes);
	inputs->reading.sets = sets;
	inputs->reading.filters = filters;
	inputs->reading.known = arena_alloc(&inputs->arena, invocation->given_count * sizeof(bool));
	for (size_t i = 0; i < invocation->given_count; i++)
		if (add_option(inputs, &invocation->given[i], sets, filters, err))
			return -1;
	return 0;
}

int inputs_make(struct inputs *inputs, const struct invocation *invocation, struct err *err)
{
	struct paths paths = {0};
	*inputs = (struct inputs){0};
	arena_init(&inputs->arena);
	int failed = add_options(inputs, invocation, err) ||
		     add_operands(inputs, &paths, invocation, err);
	inputs->paths = paths.items;
	inputs->count = paths.count;
	inputs->reading.several = paths.count > 1;
	return failed ? -1 : 0;
}

const char *inputs_again(const struct inputs *inputs)
{
	for (size_t i = 0; i < inputs->count; i++)
		if (strcmp(inputs->paths[i], "-") != 0)
			return inputs->paths[i];
	return inputs->paths[0];
}

void inputs_release(struct inputs *inputs)
{
	free((void *)inputs->paths);
	arena_release(&inputs->arena);
}
