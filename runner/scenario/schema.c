#include "scenario/schema.h"

#include "scenario/schema_parts.h"

static json_t *definitions(void)
{
	json_t *all = json_object();
	schema_add_types(all);
	for (enum schema_scope scope = SCOPE_KNOWN; scope <= SCOPE_OPEN; scope++) {
		schema_add_items(all, scope);
		schema_add_rules(all, scope);
	}
	schema_add_values(all);
	return all;
}

/* The keys whose values depend on the workloads, with what they can be in this scope. */
static json_t *dependent(enum schema_scope scope)
{
	json_t *properties = json_object();
	for (const struct key *key = scenario_keys; key->name; key++) {
		const struct key one[] = {*key, {0}};
		if (schema_depends(key))
			schema_add_keys(properties, one, scope);
	}
	return json_pack("{so}", "properties", properties);
}

static json_t *properties(void)
{
	json_t *all = json_object();
	for (const struct key *key = scenario_keys; key->name; key++) {
		const struct key one[] = {*key, {0}};
		if (schema_depends(key))
			json_object_set_new(all, key->name,
				json_pack("{sssb}", "description", key->help, "doNotSuggest", 1));
		else
			schema_add_keys(all, one, SCOPE_KNOWN);
	}
	schema_add_options(all, scenario_settings, schema_value);
	return all;
}

json_t *schema_make(void)
{
	json_t *schema = schema_object("$schema",
		json_string("http://json-schema.org/draft-07/schema#"), "title",
		json_string("conrun scenario"), "description",
		json_string("A concurrency experiment. Wherever one value is expected, a list "
			    "means \"try each\"."),
		NULL);
	json_t *top = schema_mapping(properties(), schema_required(scenario_keys, NULL));
	json_object_update(schema, top);
	json_decref(top);
	schema_add_load_rule(schema);
	json_object_set_new(schema, "allOf",
		json_pack("[{sososo}{s{s{s[s]}}so}]", "if", schema_if_known(), "then",
			dependent(SCOPE_KNOWN), "else", dependent(SCOPE_OPEN), "if", "not",
			"required", load_options[LOAD_RATE].name, "then",
			schema_forbid(load_options[LOAD_ARRIVAL].name, "'arrival' needs a rate")));
	json_object_set_new(schema, "definitions", definitions());
	return schema;
}
