#include "commands/entry.h"

#include "commands/availability.h"
#include "commands/example.h"
#include "report/table.h"

enum { WIDE = 1000, NAME_WIDTH = 16 };

static void add_type(const struct option *option, struct text *out)
{
	text_addf(out, option->list ? "list of %ss" : "%s", option_type_name(option));
}

/* An empty text would not be seen. */
static void add_default(const struct option *option, struct text *out)
{
	const char *fallback = option->list ? "[]" : option->fallback;
	text_add(out, !fallback ? "required" : *fallback ? fallback : "\"\"");
}

static void add_name(const struct option *option, struct text *out)
{
	text_addf(out, "  %s", option->name);
}

static const struct {
	const char *title;
	void (*add)(const struct option *option, struct text *out);
} option_columns[] = {
	{"  option", add_name},
	{"type", add_type},
	{"default", add_default},
	{"allowed", option_format_range},
	{"meaning", option_meaning},
};

enum { OPTION_COLUMNS = sizeof(option_columns) / sizeof(option_columns[0]) };

static void add_options(const struct option *options, struct text *out)
{
	if (option_count(options) == 0)
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
	text_add(out, "\n");
	table_print(&table, WIDE, false, out);
	text_release(&cell);
	table_release(&table);
}

static void add_metrics(const struct metric *metrics, const char *option, struct text *out)
{
	if (!metrics || !metrics->name)
		return;
	text_addf(out, "\n  metrics, columns of their own%s%s:\n", option ? ", with " : "",
		option ? option : "");
	for (const struct metric *metric = metrics; metric->name; metric++)
		text_addf(out, "  %-*s%s\n", NAME_WIDTH, metric->name, metric->help);
}

void entry_workload(const char *name, const struct workload *type, struct text *out)
{
	text_addf(out, "%s (workload%s%s): %s\n  one task: %s\n", name,
		type->source ? ", type " : "", type->source ? type->name : "", type->summary,
		type->operation);
	if (type->plugin)
		text_addf(out, "  from the plugin %s\n", type->plugin);
	if (type->runs_programs)
		text_add(out, "  it runs programs: only with --allow-exec\n");
	availability_add(type, "  ", out);
	add_options(type->params, out);
	add_metrics(type->metrics, NULL, out);
	text_add(out, "\n");
	example_workload(type, type->source ? name : NULL, out);
}

void entry_executor(const struct executor *type, struct text *out)
{
	text_addf(out, "%s (executor): %s\n  its wait times cover: %s\n", type->name, type->summary,
		type->wait);
	add_options(type->options, out);
	add_metrics(type->metrics, type->metrics_option, out);
	text_add(out, "\n");
	example_executor(type, out);
}
