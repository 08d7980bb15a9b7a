#include "scenario/schema_parts.h"

#include <stdarg.h>
#include <string.h>

json_t *schema_object(const char *key, ...)
{
	json_t *object = json_object();
	va_list args;
	va_start(args, key);
	for (; key; key = va_arg(args, const char *))
		json_object_set_new(object, key, va_arg(args, json_t *));
	va_end(args);
	return object;
}

json_t *schema_reference(const char *name)
{
	return schema_object("$ref", json_sprintf("#/definitions/%s", name), NULL);
}

static const char *suffix_of(enum schema_scope scope)
{
	return scope == SCOPE_OPEN ? "_beside_files" : "";
}

void schema_define(json_t *definitions, const char *name, enum schema_scope scope, json_t *schema)
{
	struct text text;
	text_init(&text);
	text_addf(&text, "%s%s", name, suffix_of(scope));
	json_object_set_new(definitions, text_get(&text), schema);
	text_release(&text);
}

json_t *schema_in_scope(const char *name, enum schema_scope scope)
{
	return schema_object(
		"$ref", json_sprintf("#/definitions/%s%s", name, suffix_of(scope)), NULL);
}

static json_t *list_of(json_t *item, int least)
{
	json_t *list = json_pack("{ssso}", "type", "array", "items", item);
	if (least)
		json_object_set_new(list, "minItems", json_integer(least));
	return list;
}

static json_t *if_type(const char *type, json_t *then, json_t *otherwise)
{
	return schema_object("if", schema_object("type", json_string(type), NULL), "then", then,
		"else", otherwise, NULL);
}

json_t *schema_or_list(json_t *item, int least)
{
	return if_type("array", list_of(json_incref(item), least), item);
}

json_t *schema_words_or_list(json_t *item)
{
	json_t *either = json_array();
	json_array_append(either, item);
	json_array_append_new(either, list_of(item, 1));
	return schema_object("anyOf", either, NULL);
}

json_t *schema_mapping(json_t *properties, json_t *required)
{
	return schema_object("type", json_string("object"), "properties", properties, "required",
		required, "additionalProperties", json_false(), NULL);
}

/* Nothing is said of a null: that is refused in any case. */
json_t *schema_forbid(const char *name, const char *message)
{
	return json_pack("{s{s{sbssss}}}", "properties", name, "doNotSuggest", 1, "type", "null",
		"errorMessage", message);
}

/* In front of what is there, for those who read the file; beside a $ref nothing else counts. */
void schema_describe(json_t *schema, const char *text)
{
	json_t *described = schema_object("description", json_string(text), NULL);
	json_t *reference = json_object_get(schema, "$ref");
	if (reference) {
		json_object_set_new(described, "allOf", json_pack("[{sO}]", "$ref", reference));
		json_object_del(schema, "$ref");
	}
	json_object_update(described, schema);
	json_object_clear(schema);
	json_object_update(schema, described);
	json_decref(described);
}
