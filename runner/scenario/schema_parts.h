/* The parts of the schema, one a file; see schema.h. What they return is the caller's. */
#ifndef SCENARIO_SCHEMA_PARTS_H
#define SCENARIO_SCHEMA_PARTS_H

#include "scenario/check.h"

#include <jansson.h>

/* ---- JSON: schema_json.c ---- */

/* An object of keys and values, a NULL behind them; it takes the values. */
json_t *schema_object(const char *key, ...) __attribute__((sentinel));

/* "#/definitions/…" */
json_t *schema_reference(const char *name);

/* `item`, or a list of at least so many: by the type of what is there, or in words that editors
 * propose. Both take the item. */
json_t *schema_or_list(json_t *item, int least);
json_t *schema_words_or_list(json_t *item);

/* { type: object, properties, required, additionalProperties: false }; takes the properties. */
json_t *schema_mapping(json_t *properties, json_t *required);

void schema_describe(json_t *schema, const char *text);

/* { properties: { name: not that } }, with what an editor says where it is there all the same. */
json_t *schema_forbid(const char *name, const char *message);

/* ---- one value: schema_scalar.c ---- */

/* `before`: a regular expression of what may stand before it. */
json_t *schema_scalar(const struct option *option, const char *before);

/* Text of any kind, or by a pattern. */
json_t *schema_text(const char *pattern);

/* Is a bare 0 a value of this quantity? */
bool schema_allows_zero(const struct option *option);

/* ---- values: schema_value.c ---- */

/* One value of an option; of one that holds a list that list. */
json_t *schema_value(const struct option *option);

/* What to try for it: a value, a list of them, a range. */
json_t *schema_choices(const struct option *option);

/* What a rule compares it to: a value, one with `>` before it, a list. */
json_t *schema_compared(const struct option *option);

/* Says what the option is about: its help, type, range and default. */
void schema_describe_option(json_t *schema, const struct option *option);

/* Adds what schema_choices refers to: values of the options that can be tried, and ranges. */
void schema_add_values(json_t *definitions);

/* ---- sections: schema_section.c ---- */

/* Where a workload is a file, nobody but the file knows the names and values of its parameters. */
enum schema_scope { SCOPE_KNOWN, SCOPE_OPEN };

/* A definition that there is one of for each scope. */
void schema_define(json_t *definitions, const char *name, enum schema_scope scope, json_t *schema);
json_t *schema_in_scope(const char *name, enum schema_scope scope);

/* The value of a key. */
json_t *schema_form(const struct form *form, enum schema_scope scope);

/* Adds the properties of keys and options. `take` says how options are read. */
void schema_add_keys(json_t *properties, const struct key *keys, enum schema_scope scope);
void schema_add_options(
	json_t *properties, const struct option *options, json_t *(*make)(const struct option *));

/* Defines the sections that stand in lists. */
void schema_add_items(json_t *definitions, enum schema_scope scope);

/* The names that must be there. */
json_t *schema_required(const struct key *keys, const struct option *options);

/* A load has tasks or a runtime, not both. */
void schema_add_load_rule(json_t *mapping);

/* Does what the key holds depend on what the workloads' parameters are? */
bool schema_depends(const struct key *key);

/* ---- workloads and executors: schema_types.c; rules: schema_rules.c ---- */

json_t *schema_workload_type(void);
json_t *schema_executor_type(void);
json_t *schema_executor_named(void);
void schema_add_types(json_t *definitions);

/* Defines a rule and an include. */
void schema_add_rules(json_t *definitions, enum schema_scope scope);

/* Holds where every workload's parameters are known. */
json_t *schema_if_known(void);

#endif
