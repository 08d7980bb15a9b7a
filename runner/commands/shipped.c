#include "commands/shipped.h"

#include "scenario/load.h"
#include "script/find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool shipped_is_file(const char *word)
{
	struct text path;
	text_init(&path);
	text_addf(&path, "%s.yaml", word);
	bool is_file = access(word, F_OK) == 0 || access(text_get(&path), F_OK) == 0;
	text_release(&path);
	return is_file;
}

bool shipped_find(const char *word, struct text *path)
{
	return !shipped_is_file(word) && find_scenario(word, path);
}

bool shipped_is_scenario(const char *word)
{
	struct text path;
	text_init(&path);
	bool found = load_ending(word) || shipped_find(word, &path);
	text_release(&path);
	return found;
}

struct names {
	struct arena *arena;
	const char **items; /* owned */
	size_t count, capacity;
};

static void add(const char *name, void *arg)
{
	struct names *names = arg;
	names->items =
		memory_grow(names->items, names->count, &names->capacity, sizeof(*names->items));
	names->items[names->count++] = arena_text(names->arena, name);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *const *shipped_names(struct arena *arena, size_t *count)
{
	struct names names = {.arena = arena};
	find_scenarios(add, &names);
	if (names.count)
		qsort(names.items, names.count, sizeof(*names.items), by_name);
	const char **once = arena_alloc(arena, (names.count + 1) * sizeof(*once));
	*count = 0;
	for (size_t i = 0; i < names.count; i++)
		if (i == 0 || strcmp(names.items[i], names.items[i - 1]) != 0)
			once[(*count)++] = names.items[i];
	free(names.items);
	return once;
}

/* What stands behind `description:`, as scenarios of the gallery have it: on one line, unquoted. */
static void add_description(const char *path, struct text *out)
{
	static const char key[] = "description: ";
	char line[1024];
	FILE *file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, key, strlen(key)) == 0)
			text_add_bytes(
				out, line + strlen(key), strcspn(line + strlen(key), "\r\n"));
	if (file)
		fclose(file);
}

void shipped_list(struct text *out)
{
	struct arena arena;
	struct text path;
	size_t count;
	arena_init(&arena);
	text_init(&path);
	const char *const *names = shipped_names(&arena, &count);
	text_add(out, count ? "scenarios that come with conrun:\n" : "no scenarios were found\n");
	for (size_t i = 0; i < count; i++) {
		if (!find_scenario(names[i], &path))
			continue;
		text_addf(out, "  %-22s", names[i]);
		add_description(text_get(&path), out);
		text_add(out, "\n");
	}
	struct text folder;
	text_init(&folder);
	find_folder(text_get(&path), &folder);
	if (count)
		text_addf(out, "\n'conrun %s' runs one; their files are in %s\n", names[count - 1],
			text_get(&folder));
	text_release(&folder);
	text_release(&path);
	arena_release(&arena);
}
