/* Sections: mappings by their tables of keys and options. */
#include "scenario/schema_parts.h"

#include <string.h>

static bool is_tried(const struct section *section)
{
	return section->take == section_take_choices;
}

static json_t *section_schema(const struct section *section, enum schema_scope scope)
{
	json_t *properties = json_object();
	schema_add_keys(properties, section->keys, scope);
	schema_add_options(
		properties, section->options, is_tried(section) ? schema_choices : schema_value);
	const struct option *must = section->partial ? NULL : section->options;
	json_t *schema = schema_mapping(properties, schema_required(section->keys, must));
	if (json_object_get(properties, load_options[LOAD_RUNTIME].name))
		schema_add_load_rule(schema);
	return schema;
}

static json_t *value_form(const struct form *form, enum schema_scope scope)
{
	json_t *value = schema_value(form->option);
	if (!form->section)
		return value;
	return schema_object("if", json_pack("{ss}", "type", "object"), "then",
		section_schema(form->section, scope), "else", value, NULL);
}

/* A section that stands in lists is defined by the noun that messages have: "an override". */
static const char *item_name(const struct section *section)
{
	return strchr(section->what, ' ') + 1;
}

void schema_add_items(json_t *definitions, enum schema_scope scope)
{
	for (const struct key *key = scenario_keys; key->name; key++) {
		const struct section *section = key->form.section;
		if (section && key->form.list)
			schema_define(definitions, item_name(section), scope,
				section_schema(section, scope));
	}
}

json_t *schema_form(const struct form *form, enum schema_scope scope)
{
	switch (form->kind) {
	case FORM_VALUE:
		return value_form(form, scope);
	case FORM_CHOICES:
		return schema_choices(form->option);
	case FORM_TEXT:
		return schema_text(form->pattern);
	case FORM_SECTION:
		return form->list ? schema_in_scope(item_name(form->section), scope)
				  : section_schema(form->section, scope);
	case FORM_RULE:
		return schema_in_scope("rule", scope);
	case FORM_INCLUDE:
		return schema_in_scope("include", scope);
	case FORM_WORKLOADS:
		return schema_reference("workloads");
	case FORM_WORKLOAD_TYPE:
		return schema_workload_type();
	case FORM_EXECUTORS:
		return schema_reference("executor");
	case FORM_EXECUTOR_TYPE:
		return schema_executor_type();
	case FORM_SAME:
		break;
	}
	return json_object();
}

/* What an editor writes behind the key: the first of these types. NULL: the schema itself tells. */
static json_t *types_of(const struct form *form)
{
	if (form->list && form->kind == FORM_TEXT)
		return json_pack("[sss]", "array", "string", "number");
	if (form->list && form->kind != FORM_EXECUTORS)
		return json_pack("[ss]", "array", "object");
	return form->kind == FORM_RULE || form->kind == FORM_WORKLOADS ? json_string("object")
								       : NULL;
}

static json_t *key_schema(const struct key *key, enum schema_scope scope)
{
	const struct form *form = &key->form;
	json_t *schema = schema_form(form, scope);
	if (form->list)
		schema = form->kind == FORM_EXECUTORS ? schema_words_or_list(schema)
						      : schema_or_list(schema, 0);
	json_t *types = types_of(form);
	if (types)
		json_object_set_new(schema, "type", types);
	if (form->option)
		schema_describe_option(schema, form->option);
	else
		schema_describe(schema, key->help);
	return schema;
}

void schema_add_keys(json_t *properties, const struct key *keys, enum schema_scope scope)
{
	for (; keys->name; keys++)
		json_object_set_new(properties, keys->name, key_schema(keys, scope));
}

void schema_add_options(
	json_t *properties, const struct option *options, json_t *(*make)(const struct option *))
{
	for (; options && options->name; options++) {
		json_t *schema = make(options);
		schema_describe_option(schema, options);
		json_object_set_new(properties, options->name, schema);
	}
}

json_t *schema_required(const struct key *keys, const struct option *options)
{
	json_t *names = json_array();
	for (; keys->name; keys++)
		if (keys->required)
			json_array_append_new(names, json_string(keys->name));
	for (; options && options->name; options++)
		if (!options->fallback && !options->list)
			json_array_append_new(names, json_string(options->name));
	return names;
}

void schema_add_load_rule(json_t *mapping)
{
	json_object_set_new(
		mapping, "if", json_pack("{s[s]}", "required", load_options[LOAD_TASKS].name));
	json_object_set_new(mapping, "then",
		schema_forbid(load_options[LOAD_RUNTIME].name,
			"'tasks' and 'runtime' are both given; write one of them"));
}

bool schema_depends(const struct key *key)
{
	if (key->form.kind == FORM_RULE || key->form.kind == FORM_INCLUDE)
		return true;
	const struct key *inner = key->form.section ? key->form.section->keys : NULL;
	for (; inner && inner->name; inner++)
		if (schema_depends(inner))
			return true;
	return false;
}
