/* One value, as YAML's own typing leaves it: `10` is an integer, `true` a boolean, and all else is
 * text that a pattern describes. */
#include "base/units.h"
#include "scenario/schema_parts.h"
#include "script/expr.h"

#define DIGITS   "[0-9]+(_[0-9]+)*"
#define DECIMAL  DIGITS "([.]" DIGITS ")?"
#define EXPONENT "([eE][-+]?[0-9]{1,4})?"

/* What an editor says of a value that is none. */
static const char *const messages[] = {
	[OPTION_INTEGER] = "an integer, such as 8 or 2*ncpu",
	[OPTION_NUMBER] = "a number, such as 8 or 0.5",
	[OPTION_DURATION] = "a duration has a unit: 10ms, 1.5s or 2m",
	[OPTION_SIZE] = "a size has a unit: 64KiB, 1MiB or 500kB",
	[OPTION_RATE] = "a rate has a unit: 500/s or 30/m",
	[OPTION_PERCENT] = "a percentage has a unit: 3% or 0.5%",
};

static const struct quantity {
	const struct dimension *dimension;
	const char *exponent; /* where it is held as a real number */
} quantities[] = {
	[OPTION_DURATION] = {&dimension_duration, ""},
	[OPTION_SIZE] = {&dimension_size, ""},
	[OPTION_RATE] = {&dimension_rate, EXPONENT},
	[OPTION_PERCENT] = {&dimension_percent, EXPONENT},
};

/* ---- the patterns, without their ends ---- */

/* Digits, or what Lua makes of the names that an expression may use; at its ends is no operator
 * that needs something there. */
static void add_integer_pattern(struct text *pattern)
{
	struct text names;
	text_init(&names);
	for (size_t i = 0; expr_name(i); i++)
		text_addf(&names, "%s|", expr_name(i));
	text_addf(pattern,
		"%s[0-9]|(%snot|[-+~(0-9])(%sand|or|not|[-+*/%%^()<>=~&|. _0-9])*(%s[0-9)])",
		text_get(&names), text_get(&names), text_get(&names), text_get(&names));
	text_release(&names);
}

static void add_quantity_pattern(const struct quantity *quantity, struct text *pattern)
{
	text_addf(pattern, "[+]?" DECIMAL "%s(", quantity->exponent);
	for (const struct unit *unit = quantity->dimension->units; unit->name; unit++)
		text_addf(
			pattern, "%s%s", unit == quantity->dimension->units ? "" : "|", unit->name);
	text_add(pattern, ")");
}

bool schema_allows_zero(const struct option *option)
{
	union value value;
	struct err err;
	return !option_parse(option, "0", NULL, &value, &err);
}

static void add_pattern(const struct option *option, struct text *pattern)
{
	if (option->type == OPTION_INTEGER)
		add_integer_pattern(pattern);
	else if (option->type == OPTION_NUMBER)
		text_add(pattern, "[-+]?" DECIMAL EXPONENT);
	else if (option->type == OPTION_BOOL)
		text_add(pattern, "true|false");
	else
		add_quantity_pattern(&quantities[option->type], pattern);
	if (option->type >= OPTION_DURATION && schema_allows_zero(option))
		text_add(pattern, "|0");
}

/* ---- one value ---- */

static json_t *words(const char *const *names)
{
	json_t *array = json_array();
	for (; *names; names++)
		json_array_append_new(array, json_string(*names));
	return schema_object("enum", array, NULL);
}

json_t *schema_text(const char *pattern)
{
	json_t *text = json_pack("{s[ss]}", "type", "string", "number");
	if (pattern)
		json_object_set_new(text, "pattern", json_string(pattern));
	return text;
}

static void add_bound(
	json_t *schema, const char *key, const struct option *option, const char *bound)
{
	union value value;
	struct err err;
	if (!bound || option_parse(option, bound, NULL, &value, &err))
		return;
	bool integer = option->type == OPTION_INTEGER;
	json_object_set_new(
		schema, key, integer ? json_integer(value.integer) : json_real(value.number));
}

static json_t *patterned(const struct option *option, const char *before, const char *plain)
{
	struct text pattern;
	text_init(&pattern);
	text_addf(&pattern, "^%s(", before);
	add_pattern(option, &pattern);
	text_add(&pattern, ")$");
	json_t *type = plain ? json_pack("[ss]", plain, "string") : json_string("string");
	json_t *schema = json_pack("{sossss*}", "type", type, "pattern", text_get(&pattern),
		"errorMessage", option->type == OPTION_BOOL ? NULL : messages[option->type]);
	text_release(&pattern);
	return schema;
}

static json_t *number_schema(const struct option *option, const char *before)
{
	json_t *schema =
		patterned(option, before, option->type == OPTION_INTEGER ? "integer" : "number");
	struct option unbound = *option;
	unbound.min = unbound.max = NULL;
	add_bound(schema, "minimum", &unbound, option->min);
	add_bound(schema, "maximum", &unbound, option->max);
	return schema;
}

static json_t *quantity_schema(const struct option *option, const char *before)
{
	json_t *schema = patterned(option, before, NULL);
	if (!schema_allows_zero(option))
		return schema;
	return schema_object(
		"if", schema_object("const", json_integer(0), NULL), "else", schema, NULL);
}

json_t *schema_scalar(const struct option *option, const char *before)
{
	switch (option->type) {
	case OPTION_BOOL:
		return patterned(option, "", "boolean");
	case OPTION_ENUM:
		return words(option->choices);
	case OPTION_TEXT:
		return schema_text(NULL);
	case OPTION_INTEGER:
	case OPTION_NUMBER:
		return number_schema(option, before);
	case OPTION_DURATION:
	case OPTION_SIZE:
	case OPTION_RATE:
	case OPTION_PERCENT:
		return quantity_schema(option, before);
	}
	return json_object();
}
