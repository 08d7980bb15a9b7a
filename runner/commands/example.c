#include "commands/example.h"

#include "base/pasted.h"

#include <string.h>

const char *example_value(const struct option *option)
{
	static const char *const of_type[] = {
		[OPTION_BOOL] = "true",
		[OPTION_INTEGER] = "1",
		[OPTION_NUMBER] = "1",
		[OPTION_DURATION] = "10ms",
		[OPTION_SIZE] = "64KiB",
		[OPTION_RATE] = "100/s",
		[OPTION_PERCENT] = "10%",
		[OPTION_TEXT] = "text",
	};
	bool has_default = option->fallback && *option->fallback;
	const char *const candidates[] = {has_default ? option->fallback : option->example,
		option->fallback, option->list ? "[]" : NULL, option->min, option->max,
		option->type == OPTION_ENUM ? option->choices[0] : of_type[option->type]};
	size_t i = 0;
	while (!candidates[i])
		i++;
	return candidates[i];
}

/* By default it is nothing: what a scenario says by leaving it out. */
static bool is_empty(const struct option *option)
{
	return option->list || (option->fallback && !*option->fallback);
}

static const union value *values_of(const struct option *table, struct arena *arena)
{
	size_t count = option_count(table);
	union value *values = arena_alloc(arena, (count + 1) * sizeof(*values));
	for (size_t i = 0; i < count; i++) {
		const struct option *option = &table[i];
		struct err err;
		if (option->list || option->fallback)
			values[i] = option_default(option);
		else
			option_parse(option, example_value(option), arena, &values[i], &err);
	}
	return values;
}

void *example_params(const struct workload *type, struct arena *arena)
{
	void *params = arena_alloc(arena, type->params_bytes);
	option_store(type->params, values_of(type->params, arena), params);
	return params;
}

/* Of some workloads the defaults do not suffice: then what is empty must be given. */
static bool must_give(const struct workload *type)
{
	struct arena arena;
	struct err err;
	arena_init(&arena);
	bool must = type->check && type->check(example_params(type, &arena), &err) != 0;
	arena_release(&arena);
	return must;
}

/* As YAML has it: text that could be taken for something else is quoted. */
static void add_text(const char *value, struct text *out)
{
	if (*value && !strpbrk(value, "#&*!|>%@`{}[],?:\"'\\ \t\n") && *value != '-') {
		text_add(out, value);
		return;
	}
	text_add(out, "\"");
	for (; *value; value++)
		text_addf(out, "%s%c", *value == '"' || *value == '\\' ? "\\" : "", *value);
	text_add(out, "\"");
}

void example_add_value(const struct option *option, struct text *out)
{
	if (option->type == OPTION_TEXT && !option->list)
		add_text(example_value(option), out);
	else
		text_add(out, example_value(option));
}

static bool is_given(const struct option *option, const struct option *table, bool give_all)
{
	struct arena arena;
	bool given = !is_empty(option) || (give_all && option->example);
	arena_init(&arena);
	if (given && option->when)
		given = option_holds(option->when, table, values_of(table, &arena));
	arena_release(&arena);
	return given;
}

bool example_gives(const struct option *option, const struct workload *type)
{
	return is_given(option, type->params, must_give(type));
}

static void add_options(
	const struct option *options, bool give_all, const char *indent, struct text *out)
{
	for (const struct option *option = options; option && option->name; option++) {
		bool given = is_given(option, options, give_all);
		text_addf(out, "%s%s%s: ", indent, given ? "" : "# ", option->name);
		example_add_value(option, out);
		text_add(out, "\n");
	}
}

static void add_heading(const char *name, const char *flags, struct text *out)
{
	text_addf(out, "# an example: save it as %s.yaml, then: conrun %s%s.yaml\n", name, flags,
		name);
}

void example_plugin(const struct workload *type, struct text *out)
{
	if (!type->plugin)
		return;
	text_add(out, "--plugin ");
	pasted_word(type->plugin, out);
	text_add(out, " ");
}

void example_flags(const struct workload *type, struct text *out)
{
	example_plugin(type, out);
	if (type->runs_programs)
		text_add(out, "--allow-exec ");
}

static void add_workload_heading(const struct workload *type, struct text *out)
{
	struct text flags;
	text_init(&flags);
	example_flags(type, &flags);
	add_heading(type->name, text_get(&flags), out);
	text_release(&flags);
}

void example_workload(const struct workload *type, const char *script, struct text *out)
{
	add_workload_heading(type, out);
	text_addf(out, "workloads:\n  %s:\n    type: %s\n", type->name, type->name);
	if (script) {
		text_add(out, "    script: ");
		add_text(script, out);
		text_add(out, "\n");
	}
	add_options(type->params, must_give(type), "    ", out);
	text_add(out, "executors: [sequential, thread_pool, process_pool]\n"
		      "workers: 2\n"
		      "tasks: 10\n");
}

void example_executor(const struct executor *type, struct text *out)
{
	add_heading(type->name, "", out);
	text_addf(out,
		"workloads:\n  nap: { type: sleep, duration: 10ms }\nexecutors:\n  - type: %s\n",
		type->name);
	add_options(type->options, false, "    ", out);
	text_addf(out, "%stasks: 10\n", type->ignores_workers ? "" : "workers: [1, 2]\n");
}
