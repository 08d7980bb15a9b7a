/* `conrun list`: what the registries hold, from the tables that scenarios are checked by. */
#include "commands/command.h"
#include "commands/entry.h"
#include "commands/overview.h"
#include "executors/executor.h"
#include "report/dictionary.h"
#include "script/find.h"
#include "workloads/workload.h"

#include <stdio.h>
#include <string.h>

enum { NAMES_MOST = 256 };

static enum exit_code unknown(const char *name, struct err *err)
{
	const char *names[NAMES_MOST] = {"columns"};
	size_t count = 1;
	for (size_t i = 0; workload_registry[i] && count < NAMES_MOST; i++)
		names[count++] = workload_registry[i]->name;
	for (size_t i = 0; executor_registry[i] && count < NAMES_MOST; i++)
		names[count++] = executor_registry[i]->name;
	const char *nearest = text_nearest(name, names, count);
	if (nearest)
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
	if (is_script(name))
		return add_script(name, out, err);
	if (strcmp(name, "columns") == 0)
		dictionary_print(out);
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

const struct command command_list = {
	.name = "list",
	.usage = "[NAME|FILE.lua|columns]",
	.summary = "workloads, executors and the columns of the results",
	.help = "Without a name: all workloads and executors, and the libraries that conrun can "
		"do\n"
		"without. With one: its options with type, default, range and meaning, and an\n"
		"example to paste; a Lua script is listed by its file. 'columns': the dictionary\n"
		"of columns as Markdown.\n",
	.flags = FLAG_BIT(FLAG_ALLOW_EXEC),
	.operands_most = 1,
	.run = run,
};
