/* Every line says what it is for; what may be wanted next stands there as a comment. */
#include "commands/draft.h"

#include "commands/example.h"

#include <string.h>

enum { COMMENT_COLUMN = 28, WIDTH = 98 };

static size_t width_of(const char *text, size_t length)
{
	size_t width = 0;
	for (size_t i = 0; i < length; i++)
		width += ((unsigned char)text[i] & 0xc0) != 0x80;
	return width;
}

static void add_spaces(size_t count, struct text *out)
{
	while (count--)
		text_add(out, " ");
}

/* A comment, broken between words, where the line is `column` characters long already. */
static void add_comment(const char *comment, size_t column, struct text *out)
{
	size_t start = column, at = column;
	for (const char *word = comment; *word; word += strspn(word, " ")) {
		size_t length = strcspn(word, " "), width = width_of(word, length);
		if (at > start && at + 1 + width > WIDTH) {
			text_add(out, "\n");
			add_spaces(start, out);
			at = start;
		}
		text_add(out, at == start ? "# " : " ");
		text_add_bytes(out, word, length);
		at += width + (at == start ? 2 : 1);
		word += length;
	}
	text_add(out, "\n");
}

static void add_line(const char *line, const char *comment, struct text *out)
{
	size_t width = width_of(line, strlen(line));
	text_add(out, line);
	if (!*comment) {
		text_add(out, "\n");
		return;
	}
	size_t column = width < COMMENT_COLUMN ? COMMENT_COLUMN : width + 1;
	add_spaces(column - width, out);
	add_comment(comment, column, out);
}

/* ---- the parts ---- */

/* With what is not good about it, and how to have a better one. */
static void add_schema(const struct draft *draft, struct text *out)
{
	const char *lack = draft->type->plugin     ? "does not know the plugin"
			   : *draft->schema != '.' ? "is on this machine alone"
						   : NULL;
	text_addf(out, "# yaml-language-server: $schema=%s\n", draft->schema);
	if (lack) {
		text_addf(out,
			"# That schema %s. For one beside this file, ./conrun.schema.json:\n"
			"#   conrun schema ",
			lack);
		example_plugin(draft->type, out);
		text_add(out, "> conrun.schema.json\n");
	}
	text_add(out, "#\n");
}

static void add_head(const struct draft *draft, struct text *out)
{
	if (*draft->schema)
		add_schema(draft, out);
	text_addf(out,
		"# An experiment. Each workload is run by each executor with each number of "
		"workers:\n"
		"#   conrun plan %s%s\n"
		"# shows what that comes to, and\n"
		"#   conrun %s%s\n"
		"# runs it. Wherever one value stands, a list means \"try each\".%s\n\n",
		draft->flags, draft->path, draft->flags, draft->path,
		*draft->schema ? " With the line at the top\n"
				 "# an editor completes and checks what is written here."
			       : "");
	add_line("description: Which executor is best for this work, and with how many workers?",
		"", out);
}

/* Does its help tell of all its values? */
static bool explains(const struct option *option)
{
	for (size_t i = 0; option->choices[i]; i++)
		if (!strstr(option->help, option->choices[i]))
			return false;
	return true;
}

static void add_range(const struct option *option, struct text *out)
{
	if (option->choices ? explains(option) : !option->min && !option->max)
		return;
	text_add(out, " (");
	option_format_range(option, out);
	text_add(out, ")");
}

static void add_option(const struct option *option, const struct workload *type, struct text *out)
{
	struct text line, meaning;
	text_init(&line);
	text_init(&meaning);
	text_addf(&line, "    %s%s: ", example_gives(option, type) ? "" : "# ", option->name);
	example_add_value(option, &line);
	option_meaning(option, &meaning);
	add_range(option, &meaning);
	add_line(text_get(&line), text_get(&meaning), out);
	text_release(&line);
	text_release(&meaning);
}

static void add_script(const struct draft *draft, struct text *out)
{
	struct text line;
	text_init(&line);
	text_addf(&line, "    script: %s", draft->script);
	text_add(out, "  task:\n");
	add_line("    type: lua", draft->type->summary, out);
	add_line(text_get(&line), "beside this file", out);
	add_line("    steps: [100_000, 400_000]", "its own parameter: how far a task counts", out);
	text_release(&line);
}

static void add_workload(const struct draft *draft, struct text *out)
{
	const struct workload *type = draft->type;
	text_add(out,
		"\n# What a task does: a name of your own, a type (`conrun list` has them all) and "
		"its parameters\n# (`conrun list ");
	example_plugin(type, out);
	text_addf(out, "%s`). There may be more than one.\nworkloads:\n",
		draft->script ? draft->script : type->name);
	if (draft->script) {
		add_script(draft, out);
		return;
	}
	struct text line;
	text_init(&line);
	text_addf(&line, "    type: %s", type->name);
	text_addf(out, "  %s:\n", type->name);
	add_line(text_get(&line), type->summary, out);
	for (const struct option *option = type->params; option && option->name; option++)
		add_option(option, type, out);
	text_release(&line);
}

static void add_executors(const struct draft *draft, struct text *out)
{
	text_add(out,
		"\n# How tasks are run. One with options is a mapping: { type: thread_pool, gil: "
		"[false, true] }.\nexecutors:\n");
	for (size_t i = 0; i < draft->executor_count; i++) {
		struct text line;
		text_init(&line);
		text_addf(&line, "  - %s", draft->executors[i]->name);
		add_line(text_get(&line), draft->executors[i]->summary, out);
		text_release(&line);
	}
}

/* Speed-ups refer to one worker at a time: all tasks in a row, if that is among them. */
static void add_baseline(const struct draft *draft, struct text *out)
{
	const struct executor *first = draft->executors[0];
	for (size_t i = 0; i < draft->executor_count; i++)
		if (draft->executors[i]->ignores_workers)
			first = draft->executors[i];
	struct text line;
	text_init(&line);
	text_addf(&line, "baseline: { executor: %s%s }", first->name,
		first->ignores_workers ? "" : ", workers: 1");
	add_line(text_get(&line), "what speed-ups refer to", out);
	text_release(&line);
}

/* The last executor that can have several workers, or NULL. */
static const struct executor *with_workers(const struct draft *draft)
{
	for (size_t i = draft->executor_count; i-- > 0;)
		if (!draft->executors[i]->ignores_workers)
			return draft->executors[i];
	return NULL;
}

static void add_size(const struct draft *draft, struct text *out)
{
	text_add(out, "\n");
	if (with_workers(draft))
		add_line("workers: [1, 2, 4]",
			"the most tasks in flight at once; ncpu and 2*ncpu are numbers too, and so "
			"is { from: 1, to: 64, factor: 2 }",
			out);
	add_line("tasks: 12",
		"of one run. Or runtime: 5s, as many as fit; with rate: 500/s they arrive so often",
		out);
	add_line("repeat: 6", "runs of each experiment; from 6 on a median has its interval", out);
	add_line("timeout: 30s", "the longest that one run may take", out);
	add_baseline(draft, out);
}

/* Some of its cells can be meant only where there is more than one number of workers. */
static void add_rules(const struct draft *draft, struct text *out)
{
	const struct executor *executor = with_workers(draft);
	struct text rule;
	if (!executor)
		return;
	text_init(&rule);
	text_addf(&rule, "#   - { executor: %s, workers: \">2\" }", executor->name);
	add_line("# exclude:", "cells that are not to be run", out);
	add_line(text_get(&rule), "", out);
	add_line("# overrides:", "other settings for some cells", out);
	add_line("#   - { when: { workers: 2 }, set: { tasks: 100 } }", "", out);
	text_release(&rule);
}

static void add_rest(const struct draft *draft, struct text *out)
{
	if (draft->type->group != GROUP_FAULT)
		text_add(out,
			"\n# What must be true of every row of the results, in Lua; if it is not, "
			"conrun exits with 3.\nexpect:\n"
			"  - { name: all is done, that: 'status == \"ok\" and tasks_failed == 0' "
			"}\n");
	text_add(out, "\n# What else there is, to be taken out of its comment:\n");
	add_rules(draft, out);
	add_line("# warmup: 1", "runs before those that count", out);
	add_line("# budget: 10m", "the longest that all runs may take together", out);
	add_line("# hooks: [scaling]", "a law of scaling, fitted to the results; Lua files", out);
	add_line("# output: { tasks: true }", "tasks.csv, with a row for each task", out);
}

void draft_scenario(const struct draft *draft, struct text *out)
{
	add_head(draft, out);
	add_workload(draft, out);
	add_executors(draft, out);
	add_size(draft, out);
	add_rest(draft, out);
}

void draft_script(const struct draft *draft, struct text *out)
{
	text_addf(out,
		"-- A task for conrun: `conrun list %s` shows its parameters.\n"
		"return {\n"
		"  summary = \"adds up numbers\",\n"
		"\n"
		"  -- What a scenario can say beside `script`; a list there tries each.\n"
		"  params = {\n"
		"    steps = { type = \"integer\", default = 100000, min = 1, help = \"how far a "
		"task "
		"counts\" },\n"
		"  },\n"
		"\n"
		"  -- Figures of its own: columns of the results, summed over all tasks.\n"
		"  metrics = { additions = \"sum\" },\n"
		"\n"
		"  -- Once for each worker, before the clock runs. What it returns is handed to "
		"its "
		"tasks.\n"
		"  setup = function(w)\n"
		"    return { steps = w.params.steps }\n"
		"  end,\n"
		"\n"
		"  -- One task. Its value is to depend on nothing but the index and the "
		"parameters: the\n"
		"  -- sum of all values must be the same under every executor. w.sleep(\"10ms\") "
		"waits.\n"
		"  task = function(state, index, w)\n"
		"    local sum = index\n"
		"    for step = 1, state.steps do\n"
		"      sum = sum + step\n"
		"    end\n"
		"    w.additions(state.steps)\n"
		"    return sum\n"
		"  end,\n"
		"}\n",
		draft->script);
}
