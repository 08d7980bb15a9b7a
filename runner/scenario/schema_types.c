/* Workloads and executors: what else may stand in a mapping follows from its `type`. */
#include "scenario/schema_parts.h"

/* A word of many, each with a line of its own in the editor's list. */
struct words {
	json_t *names, *meanings;
};

static struct words words_make(void)
{
	return (struct words){json_array(), json_array()};
}

static void words_add(struct words *words, const char *name, const char *summary)
{
	json_array_append_new(words->names, json_string(name));
	json_array_append_new(words->meanings, json_string(summary));
}

static json_t *words_end(struct words *words)
{
	return schema_object("enum", words->names, "enumDescriptions", words->meanings, NULL);
}

json_t *schema_workload_type(void)
{
	struct words words = words_make();
	for (const struct workload *const *type = workload_registry(); *type; type++)
		words_add(&words, (*type)->name, (*type)->summary);
	return words_end(&words);
}

static json_t *executor_word(void)
{
	struct words words = words_make();
	for (const struct executor *const *type = executor_registry; *type; type++)
		words_add(&words, (*type)->name, (*type)->summary);
	return words_end(&words);
}

json_t *schema_executor_type(void)
{
	return schema_words_or_list(executor_word());
}

/* In a rule: a type, or the label of one with its options. */
json_t *schema_executor_named(void)
{
	struct text pattern;
	text_init(&pattern);
	for (size_t i = 0; executor_registry[i]; i++)
		text_addf(&pattern, "%s%s", i ? "|" : "^(", executor_registry[i]->name);
	text_add(&pattern, ")\\[.*$");
	json_t *either = json_pack(
		"[o{ssss}]", executor_word(), "type", "string", "pattern", text_get(&pattern));
	text_release(&pattern);
	return schema_words_or_list(schema_object("anyOf", either, NULL));
}

static json_t *if_type_is(json_t *is, json_t *then)
{
	json_t *condition = json_pack(
		"{sss{so}s[s]}", "type", "object", "properties", "type", is, "required", "type");
	return schema_object("if", condition, "then", then, NULL);
}

/* ---- workloads ---- */

/* Of a type that stands for files: the parameters are the file's own. */
static json_t *file_schema(void)
{
	json_t *properties = json_object();
	schema_add_keys(properties, workload_file_keys, SCOPE_KNOWN);
	return schema_object("properties", properties, "required",
		schema_required(workload_file_keys, NULL), NULL);
}

static json_t *workload_schema(const struct workload *type)
{
	if (type->open)
		return file_schema();
	json_t *properties = json_object();
	json_object_set_new(properties, "type", json_true());
	schema_add_options(properties, type->params, schema_choices);
	return schema_mapping(properties, schema_required(workload_keys, type->params));
}

static json_t *workload_switch(void)
{
	json_t *cases = json_array(), *properties = json_object();
	for (const struct workload *const *type = workload_registry(); *type; type++)
		json_array_append_new(cases, if_type_is(json_pack("{ss}", "const", (*type)->name),
						     workload_schema(*type)));
	schema_add_keys(properties, workload_keys, SCOPE_KNOWN);
	return schema_object("type", json_string("object"), "properties", properties, "required",
		schema_required(workload_keys, NULL), "allOf", cases, NULL);
}

static json_t *workloads_schema(void)
{
	json_t *names = schema_text(workload_name_pattern);
	json_object_set_new(names, "title", json_string("name"));
	schema_describe(names, "a workload's name, as rules and results call it");
	return schema_object("type", json_string("object"), "minProperties", json_integer(1),
		"propertyNames", names, "additionalProperties", schema_reference("workload"), NULL);
}

/* ---- executors ---- */

static json_t *executor_schema(const struct executor *type)
{
	json_t *properties = json_object();
	json_object_set_new(properties, "type", json_true());
	schema_add_options(properties, type->options, schema_choices);
	return schema_mapping(properties, schema_required(executor_keys, type->options));
}

/* With a list of types a mapping may say what all of them have. */
static json_t *names_type(const struct executor *type)
{
	return json_pack("{s[{ss}{sss{ss}}]}", "anyOf", "const", type->name, "type", "array",
		"contains", "const", type->name);
}

static json_t *executor_switch(void)
{
	json_t *cases = json_array(), *properties = json_object();
	for (const struct executor *const *type = executor_registry; *type; type++)
		json_array_append_new(cases, if_type_is(names_type(*type), executor_schema(*type)));
	schema_add_keys(properties, executor_keys, SCOPE_KNOWN);
	return schema_object("type", json_string("object"), "properties", properties, "required",
		schema_required(executor_keys, NULL), "allOf", cases, NULL);
}

void schema_add_types(json_t *definitions)
{
	json_object_set_new(definitions, "workloads", workloads_schema());
	json_object_set_new(definitions, "workload", workload_switch());
	json_object_set_new(definitions, "executor",
		json_pack("{s[oo]}", "anyOf", executor_word(), executor_switch()));
}
