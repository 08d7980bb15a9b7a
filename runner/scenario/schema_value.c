/* Values of options: what to try for them, what rules compare them to, and what editors say about
 * them. */
#include "scenario/rules.h"
#include "scenario/schema_parts.h"

#include <string.h>

/* What stands before the name of what is tried: one item of it, what rules compare to it. */
#define ONE      "one_"
#define COMPARED "compared_"

/* What the range of a type is called among the definitions. */
static const char *const ranges[] = {
	[OPTION_INTEGER] = "range_of_integers",
	[OPTION_NUMBER] = "range_of_numbers",
	[OPTION_DURATION] = "range_of_durations",
	[OPTION_SIZE] = "range_of_sizes",
	[OPTION_RATE] = "range_of_rates",
	[OPTION_PERCENT] = "range_of_percentages",
};

/* ---- several ---- */

static bool has_words(const struct option *option)
{
	return option->type == OPTION_BOOL || option->type == OPTION_ENUM;
}

/* A word of a command may be one that YAML takes for a boolean: [true]. */
static json_t *list_item(const struct option *option)
{
	json_t *item = schema_scalar(option, "");
	if (option->type == OPTION_TEXT)
		json_array_append_new(json_object_get(item, "type"), json_string("boolean"));
	return item;
}

static json_t *list_value(const struct option *option)
{
	json_t *item = list_item(option);
	json_t *items = schema_object("items", json_incref(item), NULL);
	return schema_object(
		"if", json_pack("{ss}", "type", "array"), "then", items, "else", item, NULL);
}

json_t *schema_value(const struct option *option)
{
	return option->list ? list_value(option) : schema_scalar(option, "");
}

/* A list of lists where the first item is one. */
static json_t *list_choices(const struct option *option)
{
	json_t *item = list_item(option);
	json_t *inner = schema_object("type", json_string("array"), "items", item, NULL);
	json_t *outer = schema_object("items", inner, "minItems", json_integer(1), NULL);
	json_t *plain = schema_object("items", json_incref(item), NULL);
	return schema_object("if", json_pack("{ss}", "type", "array"), "then",
		json_pack("{s[oo]}", "anyOf", plain, outer), "else", json_incref(item), NULL);
}

/* Options that take the same values have the same name: duration_or_0, integer_1_to_100. */
static void add_name(const struct option *option, struct text *name)
{
	text_add(name, option_type_name(option));
	if (option->type >= OPTION_DURATION)
		text_add(name, schema_allows_zero(option) ? "_or_0" : "");
	else if (option->min && option->max)
		text_addf(name, "_%s_to_%s", option->min, option->max);
	else if (option->min || option->max)
		text_addf(name, "_%s_%s", option->min ? "from" : "to",
			option->min ? option->min : option->max);
}

static json_t *refer(const char *prefix, const struct option *option)
{
	struct text name;
	text_init(&name);
	text_add(&name, prefix);
	add_name(option, &name);
	json_t *reference = schema_reference(text_get(&name));
	text_release(&name);
	return reference;
}

static void define(
	json_t *definitions, const char *prefix, const struct option *option, json_t *schema)
{
	struct text name;
	text_init(&name);
	text_add(&name, prefix);
	add_name(option, &name);
	json_object_set_new(definitions, text_get(&name), schema);
	text_release(&name);
}

json_t *schema_choices(const struct option *option)
{
	if (option->list)
		return list_choices(option);
	if (has_words(option))
		return schema_words_or_list(schema_scalar(option, ""));
	if (!range_allowed(option))
		return schema_or_list(schema_scalar(option, ""), 1);
	json_t *choices = refer("", option);
	json_object_set_new(
		choices, "type", json_pack("[ssss]", "string", "number", "array", "object"));
	return choices;
}

json_t *schema_compared(const struct option *option)
{
	if (has_words(option))
		return schema_words_or_list(schema_scalar(option, ""));
	return rule_compares(option) ? refer(COMPARED, option)
				     : schema_or_list(schema_scalar(option, ""), 1);
}

/* ---- ranges ---- */

static json_t *range_schema(const struct option *option)
{
	json_t *properties = json_object();
	for (const struct key *key = range_keys; key->name; key++) {
		bool same = key->form.kind == FORM_SAME;
		json_t *part = schema_scalar(same ? option : key->form.option, "");
		schema_describe(part, key->help);
		json_object_set_new(properties, key->name, part);
	}
	json_t *range = schema_mapping(properties, schema_required(range_keys, NULL));
	json_object_set_new(range, "if", json_pack("{s[s]}", "required", "step"));
	json_object_set_new(range, "then",
		schema_forbid("factor", "a range has either a 'step' or a 'factor'"));
	json_object_set_new(range, "else", json_pack("{s[s]}", "required", "factor"));
	return range;
}

static json_t *one_schema(const struct option *option)
{
	return schema_object("if", json_pack("{ss}", "type", "object"), "then",
		schema_reference(ranges[option->type]), "else", schema_scalar(option, ""), NULL);
}

static json_t *compared_schema(const struct option *option)
{
	json_t *list = json_pack(
		"{sssiso}", "type", "array", "minItems", 1, "items", schema_scalar(option, ""));
	return schema_object("if", json_pack("{ss}", "type", "array"), "then", list, "else",
		schema_scalar(option, "((>=|<=|!=|>|<) *)?"), NULL);
}

static void add_tried(json_t *definitions, const struct option *table)
{
	for (; table && table->name; table++) {
		if (table->list || !range_allowed(table))
			continue;
		define(definitions, "", table, schema_or_list(refer(ONE, table), 1));
		define(definitions, ONE, table, one_schema(table));
		define(definitions, COMPARED, table, compared_schema(table));
	}
}

void schema_add_values(json_t *definitions)
{
	const struct option workers[] = {workers_option, OPTION_END};
	add_tried(definitions, workers);
	add_tried(definitions, load_options);
	for (const struct workload *const *type = workload_registry(); *type; type++)
		add_tried(definitions, (*type)->params);
	for (const struct executor *const *type = executor_registry; *type; type++)
		add_tried(definitions, (*type)->options);
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		const struct option option = {.name = ranges[i], .type = (enum option_type)i};
		if (ranges[i])
			json_object_set_new(definitions, ranges[i], range_schema(&option));
	}
}

/* ---- descriptions ---- */

/* As JSON has it, so that editors insert it as it would be written. */
static json_t *default_json(const struct option *option)
{
	union value value = option_default(option);
	bool plain = strspn(option->fallback, "0123456789_-") == strlen(option->fallback);
	if (option->type == OPTION_BOOL)
		return json_boolean(value.integer);
	if (plain && option->type == OPTION_NUMBER)
		return json_real(value.number);
	if (plain && option->type != OPTION_TEXT && option->type != OPTION_ENUM)
		return json_integer(option->type == OPTION_INTEGER ? value.integer : 0);
	return json_string(option->fallback);
}

void schema_describe_option(json_t *schema, const struct option *option)
{
	struct text text;
	text_init(&text);
	option_meaning(option, &text);
	text_addf(&text, "\n\n%s%s%s", option->list ? "list of " : "", option_type_name(option),
		option->list ? "s" : "");
	if (option->choices || option->min || option->max)
		text_add(&text, ", ");
	option_format_range(option, &text);
	if (option->fallback && *option->fallback)
		text_addf(&text, "; default: %s", option->fallback);
	schema_describe(schema, text_get(&text));
	if (option->fallback && *option->fallback)
		json_object_set_new(schema, "default", default_json(option));
	else if (option->example && !option->list)
		json_object_set_new(schema, "examples", json_pack("[s]", option->example));
	text_release(&text);
}
