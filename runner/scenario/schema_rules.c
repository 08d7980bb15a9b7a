/*
 * Rules and includes: they speak of the options of all workloads and executors that the scenario
 * has. Which these are is left to the reader; the schema knows all that there are, unless there is
 * a workload that is a file, whose parameters have names of their own.
 */
#include "scenario/rules.h"
#include "scenario/schema_parts.h"

#include <string.h>

json_t *schema_if_known(void)
{
	json_t *files = json_array();
	for (const struct workload *const *type = workload_registry(); *type; type++)
		if ((*type)->open)
			json_array_append_new(files, json_string((*type)->name));
	return json_pack("{s{s{s{s{s{s{so}}}}}}}", "properties", "workloads",
		"additionalProperties", "properties", "type", "not", "enum", files);
}

/* ---- options of one name, of many tables ---- */

struct pool {
	json_t *properties;
	json_t *(*make)(const struct option *option);
};

static bool contains(const json_t *array, const json_t *item)
{
	for (size_t i = 0; i < json_array_size(array); i++)
		if (json_equal(json_array_get(array, i), item))
			return true;
	return false;
}

/* What a name means in one table, beside what it means in others: any of them will do. */
static void add_meaning(json_t *either, json_t *meaning)
{
	json_t *parts = json_object_get(meaning, "anyOf");
	for (size_t i = 0; i < json_array_size(parts); i++)
		add_meaning(either, json_array_get(parts, i));
	if (!parts && !contains(either, meaning))
		json_array_append(either, meaning);
}

static void pool_add(struct pool *pool, const struct option *table, bool lists, bool suggest)
{
	for (; table && table->name; table++) {
		if (table->list && !lists)
			continue;
		json_t *known = json_object_get(pool->properties, table->name);
		if (!known) {
			known = json_pack("{sssbs[]}", "description", table->help, "doNotSuggest",
				!suggest, "anyOf");
			json_object_set_new(pool->properties, table->name, known);
		}
		json_t *meaning = pool->make(table);
		add_meaning(json_object_get(known, "anyOf"), meaning);
		json_decref(meaning);
	}
}

static void pool_add_workloads(struct pool *pool, bool lists)
{
	for (const struct workload *const *type = workload_registry(); *type; type++)
		if (!(*type)->open)
			pool_add(pool, (*type)->params, lists, false);
}

/* ---- rules ---- */

static json_t *own_schema(const struct rule_own *own)
{
	json_t *schema;
	if (own->option)
		schema = schema_compared(own->option);
	else if (own->key == RULE_EXECUTOR)
		schema = schema_executor_named();
	else if (own->key == RULE_TYPE)
		schema = schema_words_or_list(schema_workload_type());
	else
		schema = schema_or_list(schema_text(NULL), 1);
	json_object_set_new(schema, "type", json_pack("[sss]", "string", "number", "array"));
	schema_describe(schema, own->help ? own->help : own->option->help);
	return schema;
}

static json_t *rule_schema(enum schema_scope scope)
{
	struct pool pool = {json_object(), schema_compared};
	if (scope == SCOPE_KNOWN) {
		pool_add_workloads(&pool, false);
		for (size_t i = 0; executor_registry[i]; i++)
			pool_add(&pool, executor_registry[i]->options, false, true);
	}
	for (const struct rule_own *own = rule_own; own->name; own++)
		json_object_set_new(pool.properties, own->name, own_schema(own));
	return schema_object("type", json_string("object"), "minProperties", json_integer(1),
		"properties", pool.properties, "additionalProperties",
		json_boolean(scope == SCOPE_OPEN), NULL);
}

/* ---- includes ---- */

static json_t *include_schema(enum schema_scope scope)
{
	struct pool pool = {json_object(), schema_choices};
	if (scope == SCOPE_KNOWN)
		pool_add_workloads(&pool, true);
	schema_add_keys(pool.properties, include_keys, scope);
	json_t *schema = schema_mapping(pool.properties, schema_required(include_keys, NULL));
	json_object_set_new(schema, "additionalProperties", json_boolean(scope == SCOPE_OPEN));
	schema_add_load_rule(schema);
	return schema;
}

void schema_add_rules(json_t *definitions, enum schema_scope scope)
{
	schema_define(definitions, "rule", scope, rule_schema(scope));
	schema_define(definitions, "include", scope, include_schema(scope));
}
