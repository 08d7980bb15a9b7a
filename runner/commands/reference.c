#include "commands/reference.h"

#include "base/units.h"
#include "executors/executor.h"
#include "scenario/rules.h"
#include "script/expr.h"
#include "workloads/workload.h"

/* ---- options and keys ---- */

static void add_range(const struct option *option, struct text *out)
{
	struct text range;
	text_init(&range);
	if (option)
		option_format_range(option, &range);
	if (range.length)
		text_addf(out, "; %s", text_get(&range));
	text_release(&range);
}

/* `tasks of one run; 1 … 1000; by default 100` */
static void add_option(struct document *document, const struct option *option, bool partial)
{
	struct text name, type, text;
	text_init(&name);
	text_init(&type);
	text_init(&text);
	text_addf(&name, "%s:", option->name);
	text_addf(&type, option->list ? "list of %ss" : "%s", option_type_name(option));
	option_meaning(option, &text);
	add_range(option, &text);
	if (option->fallback && *option->fallback)
		text_addf(&text, "; by default %s", option->fallback);
	else if (!option->fallback && !option->list && !partial)
		text_add(&text, "; required");
	document_item(document, text_get(&name), text_get(&type), text_get(&text));
	text_release(&name);
	text_release(&type);
	text_release(&text);
}

static void add_options(struct document *document, const struct option *options, bool partial)
{
	for (; options && options->name; options++)
		add_option(document, options, partial);
}

static const char *word_of(const struct form *form)
{
	static const char *const words[] = {
		[FORM_SAME] = "value",
		[FORM_TEXT] = "text",
		[FORM_SECTION] = "mapping",
		[FORM_RULE] = "rule",
		[FORM_INCLUDE] = "mapping",
		[FORM_WORKLOADS] = "mapping",
		[FORM_WORKLOAD_TYPE] = "type",
		[FORM_EXECUTORS] = "type or mapping",
		[FORM_EXECUTOR_TYPE] = "type",
	};
	return form->option ? option_type_name(form->option) : words[form->kind];
}

static void add_keys(struct document *document, const struct key *keys);

static void add_section(struct document *document, const struct section *section)
{
	document_enter(document);
	add_keys(document, section->keys);
	add_options(document, section->options, section->partial);
	document_leave(document);
}

static void add_include(struct document *document)
{
	document_enter(document);
	add_keys(document, include_keys);
	document_item(document, "…", NULL, "any parameter of the workload, instead of its own");
	document_leave(document);
}

static void add_key(struct document *document, const struct key *key)
{
	struct text name, text;
	text_init(&name);
	text_init(&text);
	text_addf(&name, "%s:", key->name);
	text_addf(&text, "%s%s%s", key->help, key->form.list ? "; one, or a list of them" : "",
		key->required ? "; required" : "");
	add_range(key->form.option, &text);
	document_item(document, text_get(&name), word_of(&key->form), text_get(&text));
	if (key->form.kind == FORM_INCLUDE)
		add_include(document);
	else if (key->form.section)
		add_section(document, key->form.section);
	text_release(&name);
	text_release(&text);
}

static void add_keys(struct document *document, const struct key *keys)
{
	for (; keys && keys->name; keys++)
		add_key(document, keys);
}

void reference_keys(struct document *document)
{
	document_heading(document, "KEYS");
	document_paragraph(document,
		"A scenario is a YAML file, a mapping with these keys. `workloads` and `executors` "
		"are all that it needs. Wherever one value is expected, a list means: try each. "
		"Everything is multiplied; then `exclude` drops cells, and `include` adds some.");
	add_keys(document, scenario_keys);
	add_options(document, scenario_settings, false);
}

/* ---- values ---- */

static void add_units(struct document *document, const struct dimension *dimension)
{
	struct text units;
	text_init(&units);
	for (const struct unit *unit = dimension->units; unit->name; unit++)
		text_addf(&units, "%s%s", unit == dimension->units ? "" : ", ", unit->name);
	document_item(document, dimension->noun, NULL, text_get(&units));
	text_release(&units);
}

static void add_rules(struct document *document)
{
	document_part(document, "Rules");
	document_paragraph(document,
		"A rule is a mapping; a cell matches it if it passes all of its tests. Each tests "
		"one of these, or an option of the scenario's workloads and executors, against a "
		"value, a list of values of which one must match, or, where it has an order, a "
		"comparison in quotes: `\">32\"`, `\"<=10ms\"`, `\"!=4\"`.");
	for (const struct rule_own *own = rule_own; own->name; own++)
		document_item(document, own->name, NULL, own->help ? own->help : own->option->help);
}

void reference_values(struct document *document)
{
	struct text names;
	text_init(&names);
	text_add(
		&names, "Whole numbers can be calculated as in Lua, `2*ncpu` or `ncpu//2`, where ");
	for (size_t i = 0; expr_name(i); i++)
		text_addf(&names, "%s`%s`", i ? ", " : "", expr_name(i));
	document_heading(document, "VALUES");
	document_paragraph(document,
		"What has a dimension is written with its unit, without a blank: `10ms`, `64KiB` "
		"(1024), `64kB` (1000), `500/s`, `3%`.");
	add_units(document, &dimension_duration);
	add_units(document, &dimension_size);
	add_units(document, &dimension_rate);
	add_units(document, &dimension_percent);
	text_add(&names, " are known. Digits may be separated: `1_000_000`.");
	document_paragraph(document, text_get(&names));
	document_part(document, "Ranges");
	document_paragraph(document, "In place of a list, a mapping with these keys:");
	add_keys(document, range_keys);
	add_rules(document);
	text_release(&names);
}

/* ---- workloads and executors ---- */

static void add_metrics(struct document *document, const struct metric *metrics)
{
	if (!metrics || !metrics->name)
		return;
	document_paragraph(document, "Columns of its own:");
	for (const struct metric *metric = metrics; metric->name; metric++)
		document_item(document, metric->name, NULL, metric->help);
}

static void add_workload(struct document *document, const struct workload *type)
{
	struct text text;
	text_init(&text);
	document_part(document, type->name);
	text_addf(&text, "%s. One task: %s.%s", type->summary, type->operation,
		type->runs_programs ? " It runs programs: only with `--allow-exec`." : "");
	document_paragraph(document, text_get(&text));
	if (type->open)
		add_keys(document, workload_file_keys);
	add_options(document, type->params, false);
	add_metrics(document, type->metrics);
	text_release(&text);
}

void reference_workloads(struct document *document)
{
	document_heading(document, "WORKLOADS");
	document_paragraph(document,
		"A workload has a name of your choice, a `type`, and the parameters of that type.");
	for (const struct workload *const *type = workload_registry(); *type; type++)
		add_workload(document, *type);
}

static void add_executor(struct document *document, const struct executor *type)
{
	struct text text;
	text_init(&text);
	document_part(document, type->name);
	text_addf(&text, "%s. Its wait times cover: %s.", type->summary, type->wait);
	document_paragraph(document, text_get(&text));
	add_options(document, type->options, false);
	add_metrics(document, type->metrics);
	text_release(&text);
}

void reference_executors(struct document *document)
{
	document_heading(document, "EXECUTORS");
	document_paragraph(document,
		"An executor is the name of its type, or a mapping with the `type` and its "
		"options.");
	for (const struct executor *const *type = executor_registry; *type; type++)
		add_executor(document, *type);
}

/* ---- examples ---- */

void reference_examples(struct document *document)
{
	document_heading(document, "EXAMPLES");
	document_paragraph(document, "The shortest that is of use:");
	document_lines(document, "workloads: { nap: { type: sleep, duration: 10ms } }\n"
				 "executors: [thread, thread_pool, process, async]\n"
				 "workers: [1, 10, 100]\n"
				 "tasks: 1000\n");
	document_paragraph(document, "One that says more:");
	document_lines(document, "name: two_kinds\n"
				 "description: Does waiting scale where counting does not?\n"
				 "workloads:\n"
				 "  wait:  { type: sleep, duration: [1ms, 10ms] }\n"
				 "  count: { type: count, n: 1_000_000 }\n"
				 "executors:\n"
				 "  - sequential\n"
				 "  - { type: thread_pool, gil: [false, true] }\n"
				 "  - { type: process, start: [fork, spawn] }\n"
				 "workers: { from: 1, to: 4*ncpu, factor: 2 }\n"
				 "tasks: 100\n"
				 "exclude:\n"
				 "  - { workload: wait, executor: sequential }\n"
				 "overrides:\n"
				 "  - when: { executor: process }\n"
				 "    set:  { timeout: 2m }\n"
				 "repeat: { min: 6, max: 30, until_ci: 3% }\n"
				 "expect:\n"
				 "  - { that: \"tasks_failed == 0\" }\n"
				 "hooks: [scaling]\n"
				 "output: { tasks: true }\n");
}
