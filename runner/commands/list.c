/* `conrun list`: what the registries hold, from the tables that scenarios are checked by. */
#include "base/text.h"
#include "commands/command.h"
#include "executors/executor.h"
#include "report/dictionary.h"
#include "report/table.h"
#include "script/find.h"
#include "workloads/workload.h"

#include <stdio.h>
#include <string.h>

enum { NAMES_MOST = 256, WIDE = 1000, NAME_WIDTH = 16 };

static void print_all(void)
{
	printf("workloads:\n");
	for (const struct workload *const *type = workload_registry; *type; type++)
		printf("  %-*s%s\n", NAME_WIDTH, (*type)->name, (*type)->summary);
	printf("\nexecutors:\n");
	for (const struct executor *const *type = executor_registry; *type; type++)
		printf("  %-*s%s\n", NAME_WIDTH, (*type)->name, (*type)->summary);
	printf("\n'conrun list NAME' shows one with its options; 'conrun list columns' the "
	       "columns "
	       "of the results\n");
}

/* `1 … 100`, `mutex, spinlock`, `≥ 0` */
static void add_range(const struct option *option, struct text *out)
{
	for (size_t i = 0; option->choices && option->choices[i]; i++)
		text_addf(out, "%s%s", i ? ", " : "", option->choices[i]);
	if (option->min && option->max)
		text_addf(out, "%s … %s", option->min, option->max);
	else if (option->min)
		text_addf(out, "≥ %s", option->min);
	else if (option->max)
		text_addf(out, "≤ %s", option->max);
}

static void add_type(const struct option *option, struct text *out)
{
	text_addf(out, option->list ? "list of %ss" : "%s", option_type_name(option));
}

static void add_default(const struct option *option, struct text *out)
{
	text_add(out, option->fallback ? option->fallback : option->list ? "[]" : "required");
}

static void add_name(const struct option *option, struct text *out)
{
	text_addf(out, "  %s", option->name);
}

static void add_help(const struct option *option, struct text *out)
{
	text_add(out, option->help);
}

static const struct {
	const char *title;
	void (*add)(const struct option *option, struct text *out);
} option_columns[] = {
	{"  option", add_name},
	{"type", add_type},
	{"default", add_default},
	{"allowed", add_range},
	{"meaning", add_help},
};

enum { OPTION_COLUMNS = sizeof(option_columns) / sizeof(option_columns[0]) };

static void print_options(const struct option *options)
{
	if (!options || !options->name)
		return;
	struct table table;
	struct text cell;
	table_init(&table);
	text_init(&cell);
	for (size_t i = 0; i < OPTION_COLUMNS; i++)
		table_column(&table, option_columns[i].title, TABLE_ALWAYS, true);
	for (const struct option *option = options; option->name; option++)
		for (size_t i = 0; i < OPTION_COLUMNS; i++) {
			text_clear(&cell);
			option_columns[i].add(option, &cell);
			table_cell(&table, text_get(&cell), TABLE_PLAIN);
		}
	text_clear(&cell);
	table_print(&table, WIDE, false, &cell);
	printf("\n%s", text_get(&cell));
	text_release(&cell);
	table_release(&table);
}

static void print_metrics(const struct metric *metrics, const char *option)
{
	if (!metrics)
		return;
	printf("\n  metrics, columns of their own%s%s:\n", option ? ", with " : "",
		option ? option : "");
	for (const struct metric *metric = metrics; metric->name; metric++)
		printf("  %-*s%s\n", NAME_WIDTH, metric->name, metric->help);
}

static void print_workload(const char *name, const struct workload *type)
{
	printf("%s (workload%s%s): %s\n  one task: %s\n", name, type->source ? ", type " : "",
		type->source ? type->name : "", type->summary, type->operation);
	print_options(type->params);
	print_metrics(type->metrics, NULL);
}

static void print_executor(const struct executor *type)
{
	printf("%s (executor): %s\n  its wait times cover: %s\n", type->name, type->summary,
		type->wait);
	print_options(type->options);
	print_metrics(type->metrics, type->metrics_option);
}

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
static enum exit_code print_script(const char *name, struct err *err)
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
		print_workload(name, script);
	text_release(&path);
	arena_release(&arena);
	return script ? EXIT_OK : EXIT_USAGE;
}

static void print_columns(void)
{
	struct text dictionary;
	text_init(&dictionary);
	dictionary_print(&dictionary);
	fputs(text_get(&dictionary), stdout);
	text_release(&dictionary);
}

static enum exit_code run(const struct invocation *invocation, struct err *err)
{
	if (invocation->operand_count == 0) {
		print_all();
		return EXIT_OK;
	}
	const char *name = invocation->operands[0];
	if (is_script(name))
		return print_script(name, err);
	const struct workload *workload = workload_find(name);
	const struct executor *executor = executor_find(name);
	bool columns = strcmp(name, "columns") == 0;
	if (!workload && !executor && !columns)
		return unknown(name, err);
	if (columns)
		print_columns();
	if (workload)
		print_workload(name, workload);
	if (executor)
		print_executor(executor);
	return EXIT_OK;
}

const struct command command_list = {
	.name = "list",
	.usage = "[NAME|FILE.lua|columns]",
	.summary = "workloads, executors and the columns of the results",
	.help = "Without a name: all workloads and executors. With one: its options with "
		"type,\n"
		"default, range and meaning; a Lua script is listed by its file. 'columns': the\n"
		"dictionary of columns as Markdown.\n",
	.flags = FLAG_ALLOW_EXEC,
	.operands_most = 1,
	.run = run,
};
