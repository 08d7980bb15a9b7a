#include "commands/words.h"

#include "commands/help.h"
#include "commands/list.h"
#include "commands/shipped.h"
#include "executors/executor.h"
#include "report/columns.h"
#include "scenario/check.h"
#include "workloads/workload.h"

#include <string.h>

void words_commands(word_take *take, void *context)
{
	for (const struct command *const *command = command_registry; *command; command++)
		take((*command)->name, (*command)->summary, context);
}

static void topics(word_take *take, void *context)
{
	take(HELP_SCENARIO, "what a scenario can say", context);
	words_commands(take, context);
}

static void scenarios(word_take *take, void *context)
{
	struct arena arena;
	size_t count;
	arena_init(&arena);
	const char *const *names = shipped_names(&arena, &count);
	for (size_t i = 0; i < count; i++)
		take(names[i], "a scenario that comes with conrun", context);
	arena_release(&arena);
}

static void workloads(word_take *take, void *context)
{
	for (const struct workload *const *type = workload_registry(); *type; type++)
		take((*type)->name, (*type)->summary, context);
}

static void executors(word_take *take, void *context)
{
	for (const struct executor *const *type = executor_registry; *type; type++)
		take((*type)->name, (*type)->summary, context);
}

static void listed(word_take *take, void *context)
{
	for (const struct list_topic *topic = list_topics; topic->name; topic++)
		take(topic->name, topic->help, context);
	workloads(take, context);
	executors(take, context);
}

static void figures(word_take *take, void *context)
{
	for (const struct column *column = column_table; column->name || column->group; column++) {
		const char *unit = column->name ? strrchr(column->name, '_') : NULL;
		if (unit && strcmp(unit, "_s") == 0 && column->in[COLUMNS_RUNS].get)
			take(column->name, column->meaning, context);
	}
}

static void keys(word_take *take, void *context)
{
	for (const struct key *key = scenario_keys; key->name; key++)
		take(key->name, key->help, context);
	for (const struct option *option = scenario_settings; option->name; option++)
		take(option->name, option->help, context);
}

static const char *const scenario_files[] = {".yaml", ".yml", NULL};
static const char *const lua_files[] = {".lua", NULL};
static const char *const plugin_files[] = {".so", NULL};

const struct words_place words_places[] = {
	[WORDS_UNSAID] = {.name = NULL},
	[WORDS_SCENARIOS] = {"scenarios", .each = scenarios, .suffixes = scenario_files,
		.folders = true},
	[WORDS_SESSIONS] = {"sessions", .suffixes = scenario_files, .folders = true,
		.sessions = true},
	[WORDS_NEW_NAME] = {.name = NULL},
	[WORDS_LISTED] = {"listed", .each = listed, .suffixes = lua_files, .folders = true},
	[WORDS_TOPICS] = {"topics", .each = topics},
	[WORDS_FOLDER] = {"folder", .folders = true},
	[WORDS_PLUGIN] = {"plugin", .suffixes = plugin_files, .folders = true},
	[WORDS_WORKLOAD] = {"workload", .each = workloads},
	[WORDS_EXECUTORS] = {"executors", .each = executors, .list = true},
	[WORDS_FIGURE] = {"figure", .each = figures},
	[WORDS_KEY_VALUE] = {"key", .each = keys, .assigned = true},
	[WORDS_COUNT] = {.name = NULL},
};

struct search {
	const char *word;
	size_t length;
	bool found;
};

static void compare(const char *word, const char *help, void *context)
{
	struct search *search = context;
	(void)help;
	search->found |=
		strlen(word) == search->length && strncmp(word, search->word, search->length) == 0;
}

bool words_has(enum words place, const char *word, size_t length)
{
	struct search search = {.word = word, .length = length};
	if (words_places[place].each)
		words_places[place].each(compare, &search);
	return search.found;
}
