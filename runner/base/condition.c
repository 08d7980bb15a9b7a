/*
 * Conditions on an option's value, `NAME=VALUE|VALUE` or `NAME!=VALUE`: where another option has an
 * effect. Compared as text: a value has one spelling.
 */
#include "base/option.h"

#include <string.h>

struct condition {
	size_t name_length;
	bool negated;
	const char *values; /* with | between them */
};

static struct condition take_apart(const char *condition)
{
	size_t length = strcspn(condition, "!=");
	bool negated = condition[length] == '!';
	return (struct condition){length, negated, condition + length + (negated ? 2 : 1)};
}

/* The next of the values, and how long it is; NULL behind the last. */
static const char *next_value(const char **at, size_t *length)
{
	const char *value = *at;
	if (!value)
		return NULL;
	*length = strcspn(value, "|");
	*at = value[*length] ? value + *length + 1 : NULL;
	return value;
}

const struct option *option_of_condition(const char *condition, const struct option *table)
{
	size_t length = take_apart(condition).name_length;
	for (const struct option *option = table; option && option->name; option++)
		if (strlen(option->name) == length && !strncmp(option->name, condition, length))
			return option;
	return NULL;
}

bool option_holds(const char *condition, const struct option *table, const union value *values)
{
	const struct option *option = option_of_condition(condition, table);
	struct condition parts = take_apart(condition);
	if (!option)
		return false;
	struct text spelled;
	size_t length;
	bool found = false;
	text_init(&spelled);
	option_format(option, values[option - table], &spelled);
	for (const char *value; !found && (value = next_value(&parts.values, &length));)
		found = length == spelled.length && !strncmp(value, text_get(&spelled), length);
	text_release(&spelled);
	return found != parts.negated;
}

const char *option_of_executor(const char *condition)
{
	static const char prefix[] = "executor.";
	size_t length = strlen(prefix);
	return strncmp(condition, prefix, length) ? NULL : condition + length;
}

void option_condition_words(const char *condition, struct text *out)
{
	const char *of_executor = option_of_executor(condition);
	if (of_executor) {
		text_add(out, "the executor's ");
		condition = of_executor;
	}
	struct condition parts = take_apart(condition);
	bool empty = !*parts.values || !strcmp(parts.values, "[]");
	text_add_bytes(out, condition, parts.name_length);
	if (empty) {
		text_add(out, parts.negated ? " is given" : " is not given");
		return;
	}
	size_t length;
	const char *before = parts.negated ? " is not " : " is ";
	for (const char *value; (value = next_value(&parts.values, &length)); before = " or ") {
		text_add(out, before);
		text_add_bytes(out, value, length);
	}
}

void option_meaning(const struct option *option, struct text *out)
{
	text_add(out, option->help);
	if (!option->when)
		return;
	text_add(out, "; only where ");
	option_condition_words(option->when, out);
}
