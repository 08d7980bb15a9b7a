/* `conrun list`: what the registries hold, from the tables that scenarios are checked by. */
#include "commands/list.h"

#include "commands/command.h"
#include "commands/entry.h"
#include "commands/overview.h"
#include "commands/shipped.h"
#include "commands/words.h"
#include "executors/executor.h"
#include "report/dictionary.h"
#include "script/find.h"
#include "workloads/workload.h"

#include <stdio.h>
#include <string.h>

enum { NAMES_MOST = 256 };

const struct list_topic list_topics[] = {
	{"workloads", "what tasks can do", overview_workloads},
	{"executors", "how tasks can be run", overview_executors},
	{"columns", "the columns of the results", dictionary_print},
	{"scenarios", "the scenarios that come with conrun", shipped_list},
	{NULL, NULL, NULL},
};

struct names {
	const char *items[NAMES_MOST];
	size_t count;
};

static void take_name(const char *name, const char *help, void *context)
{
	struct names *names = context;
	(void)help;
	if (names->count < NAMES_MOST)
		names->items[names->count++] = name;
}

static enum exit_code unknown(const char *name, struct err *err)
{
	struct names names = {.count = 0};
	words_places[WORDS_LISTED].each(take_name, &names);
	const char *nearest = text_nearest(name, names.items, names.count);
	if (shipped_is_scenario(name))
		err_set(err, "'%s' is a scenario; see 'conrun plan %s'", name, name);
	else if (nearest)
		err_set(err, "unknown workload or executor '%s'; did you mean '%s'?", name,
			nearest);
	else
		err_set(err, "unknown workload or executor '%s'; see 'conrun list'", name);
	return EXIT_USAGE;
}

static bool is_script(const char *name)
{
	const char *dot = strrchr(name, '.');
	return dot && strcmp(dot, ".lua") == 0;
}

/* A script is found as a scenario in the current folder would find it. */
static enum exit_code add_script(const char *name, struct text *out, struct err *err)
{
	const struct workload *script = NULL;
	struct arena arena;
	struct text path;
	arena_init(&arena);
	text_init(&path);
	if (find_script(name, "", "", &path))
		script = workload_find("lua")->open(text_get(&path), &arena, err);
	else
		err_set(err, "there is no script '%s'; looked for %s", name, text_get(&path));
	if (script)
		entry_workload(name, script, out);
	text_release(&path);
	arena_release(&arena);
	return script ? EXIT_OK : EXIT_USAGE;
}

static enum exit_code add_named(const char *name, struct text *out, struct err *err)
{
	const struct workload *workload = workload_find(name);
	const struct executor *executor = executor_find(name);
	const struct list_topic *topic = list_topics;
	if (is_script(name))
		return add_script(name, out, err);
	while (topic->name && strcmp(topic->name, name) != 0)
		topic++;
	if (topic->name)
		topic->add(out);
	else if (workload)
		entry_workload(name, workload, out);
	else if (executor)
		entry_executor(executor, out);
	else
		return unknown(name, err);
	return EXIT_OK;
}

static enum exit_code run(const struct invocation *invocation, struct err *err)
{
	enum exit_code code = EXIT_OK;
	struct text out;
	text_init(&out);
	if (invocation->operand_count == 0)
		overview_add(&out);
	else
		code = add_named(invocation->operands[0], &out, err);
	fputs(text_get(&out), stdout);
	text_release(&out);
	return code;
}

static const struct example examples[] = {
	{"conrun list", "what there is"},
	{"conrun list thread_pool", "one of it: its options, and an example"},
	{"conrun list scenarios", "what can be run at once"},
	{"conrun list lua/tasks/parse.lua", "the parameters of a script"},
	{"conrun list primes | sed -n '/^# an example/,$p' > primes.yaml",
		"a scenario to begin with"},
	{NULL, NULL},
};

const struct command command_list = {
	.name = "list",
	.usage = "[NAME|FILE.lua|TOPIC]",
	.summary = "workloads, executors and the columns of the results",
	.help = "Without a name: all workloads and executors, and the libraries that conrun can "
		"do\n"
		"without. With one: its options with type, default, range and meaning, and an\n"
		"example to paste; a Lua script is listed by its file. TOPIC is 'workloads' or\n"
		"'executors', to list these alone; 'columns', the dictionary of columns as\n"
		"Markdown; 'scenarios', those that come with conrun, which run by their names.\n",
	.flags = FLAG_BIT(FLAG_ALLOW_EXEC) | FLAG_BIT(FLAG_PLUGIN),
	.examples = examples,
	.operands = WORDS_LISTED,
	.operands_most = 1,
	.run = run,
};
