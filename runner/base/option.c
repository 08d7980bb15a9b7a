/* Option tables: text → typed value → text; see option.h. Quantities are read in units.c. */
#include "base/option.h"

#include "base/units.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int (*option_parse_integer_hook)(const char *text, int64_t *value, struct err *err);

static const struct type {
	const char *name;
	const char *suffix; /* of its CSV column */
} types[] = {
	[OPTION_BOOL] = {"boolean", ""},
	[OPTION_INTEGER] = {"integer", ""},
	[OPTION_NUMBER] = {"number", ""},
	[OPTION_DURATION] = {"duration", "_s"},
	[OPTION_SIZE] = {"size", "_bytes"},
	[OPTION_RATE] = {"rate", "_per_s"},
	[OPTION_PERCENT] = {"percentage", "_share"},
	[OPTION_ENUM] = {"choice", ""},
	[OPTION_TEXT] = {"text", ""},
};

size_t option_count(const struct option *table)
{
	size_t count = 0;
	while (table && table[count].name)
		count++;
	return count;
}

const struct option *option_find(const struct option *table, const char *name)
{
	for (; table && table->name; table++) {
		if (!strcmp(table->name, name))
			return table;
	}
	return NULL;
}

const char *option_type_name(const struct option *option)
{
	return types[option->type].name;
}

/* ---- text → value ---- */

static bool among(const char *text, const char *const *words)
{
	for (; *words; words++) {
		if (!strcmp(text, *words))
			return true;
	}
	return false;
}

static int parse_bool(const char *text, int64_t *value, struct err *err)
{
	static const char *const yes[] = {
		"yes", "on", "1", "y", "True", "TRUE", "Yes", "On", "YES", "ON", NULL};
	static const char *const no[] = {
		"no", "off", "0", "n", "False", "FALSE", "No", "Off", "NO", "OFF", NULL};
	*value = !strcmp(text, "true");
	if (*value || !strcmp(text, "false"))
		return 0;
	const char *remedy = among(text, yes)  ? "true"
			     : among(text, no) ? "false"
					       : "true or false";
	return err_set(err, "'%.60s' is not a boolean; write %s", text, remedy);
}

static int too_large(
	const struct option *option, const char *text, const char *most, struct err *err)
{
	return err_set(err, "'%.60s' is too large; the largest allowed for %s is %s", text,
		option->name, option->max ? option->max : most);
}

/* Beyond a bound of the table. Of an expression it shows what it came to: 1-10 is no range. */
static int out_of_range(const struct option *option, const char *text, union value value,
	bool large, struct err *err)
{
	struct number number;
	char result[32] = "";
	if (option->type == OPTION_INTEGER && (!number_scan(text, &number) || *number.rest))
		snprintf(result, sizeof(result), " = %lld", (long long)value.integer);
	return err_set(err, "'%.60s'%s is too %s; the %s allowed for %s is %s", text, result,
		large ? "large" : "small", large ? "largest" : "smallest", option->name,
		large ? option->max : option->min);
}

/* "2ncpu" */
static bool is_product(const struct number *number)
{
	char product[2 * NUMBER_MOST];
	int64_t value;
	struct err err;
	bool name = (*number->rest | ' ') >= 'a' && (*number->rest | ' ') <= 'z';
	if (!name || !option_parse_integer_hook)
		return false;
	snprintf(product, sizeof(product), "%s*%.40s", number->digits, number->rest);
	return !option_parse_integer_hook(product, &value, &err);
}

/* "1e7" and "1.0" are numbers, "1,000" is how some write one: name the integer that was meant.
 */
static int explain_integer(const char *text, const struct number *number, struct err *err)
{
	double meant = strtod(number->digits, NULL);
	if (is_product(number))
		return err_set(err, "'%.60s' is not an integer; write %s*%.40s", text,
			number->digits, number->rest);
	if (!*number->rest && meant == floor(meant) && fabs(meant) < 1e18)
		return err_set(err, "'%.60s' is not an integer; write %.0f", text, meant);
	if (!*number->rest)
		return err_set(err, "'%.60s' is not a whole number; round it", text);
	if (*number->rest == ',' || *number->rest == '\'')
		return err_set(err, "'%.60s' is not an integer; separate digits with _", text);
	return err_set(err, "'%.60s' is not an integer; write digits, such as 1_000", text);
}

static int parse_integer(
	const struct option *option, const char *text, int64_t *value, struct err *err)
{
	struct number number;
	bool scanned = number_scan(text, &number);
	if (scanned && !*number.rest && !number.fraction) {
		errno = 0;
		*value = strtoll(number.digits, NULL, 10);
		if (!errno)
			return 0;
		if (*value > 0)
			return too_large(option, text, "9223372036854775807", err);
		return err_set(err, "'%.60s' is too small for an integer", text);
	}
	bool expression = strpbrk(text, "+-*/%^()") ||
			  strpbrk(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
	/* A number with letters behind it has a unit, and is no expression. */
	bool quantity = scanned && !strpbrk(number.rest, " +-*/%^()");
	if (expression && !quantity && option_parse_integer_hook)
		return option_parse_integer_hook(text, value, err);
	if (scanned)
		return explain_integer(text, &number, err);
	return err_set(err, "'%.60s' is not an integer; write digits, such as 1_000", text);
}

static int parse_number(
	const struct option *option, const char *text, double *value, struct err *err)
{
	struct number number;
	if (!number_scan(text, &number) || *number.rest)
		return err_set(err, "'%.60s' is not a number; write for instance 1.5", text);
	*value = strtod(number.digits, NULL);
	return isfinite(*value) ? 0 : too_large(option, text, "1.7e308", err);
}

static int parse_quantity(
	const struct option *option, const char *text, int64_t *value, struct err *err)
{
	bool duration = option->type == OPTION_DURATION, overflow;
	const struct dimension *dimension = duration ? &dimension_duration : &dimension_size;
	if (units_parse_whole(dimension, text, value, &overflow, err))
		return -1;
	return overflow ? too_large(option, text, duration ? "2562047h" : "8388607TiB", err) : 0;
}

static int parse_enum(
	const struct option *option, const char *text, int64_t *value, struct err *err)
{
	struct text names;
	size_t count = 0;
	text_init(&names);
	for (; option->choices[count]; count++) {
		if (!strcmp(option->choices[count], text)) {
			*value = (int64_t)count;
			text_release(&names);
			return 0;
		}
		text_addf(&names, "%s%s", count ? ", " : "", option->choices[count]);
	}
	const char *nearest = text_nearest(text, option->choices, count);
	err_set(err, "'%.60s' is no value of %s%s%s%s; allowed: %s", text, option->name,
		nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "",
		text_get(&names));
	text_release(&names);
	return -1;
}

static int parse_typed(const struct option *option, const char *text, struct arena *arena,
	union value *value, struct err *err)
{
	switch (option->type) {
	case OPTION_BOOL:
		return parse_bool(text, &value->integer, err);
	case OPTION_INTEGER:
		return parse_integer(option, text, &value->integer, err);
	case OPTION_NUMBER:
		return parse_number(option, text, &value->number, err);
	case OPTION_DURATION:
	case OPTION_SIZE:
		return parse_quantity(option, text, &value->integer, err);
	case OPTION_RATE:
		return units_parse_real(&dimension_rate, text, &value->number, err);
	case OPTION_PERCENT:
		return units_parse_real(&dimension_percent, text, &value->number, err);
	case OPTION_ENUM:
		return parse_enum(option, text, &value->integer, err);
	case OPTION_TEXT:
		break;
	}
	value->text = arena ? arena_text(arena, text) : text;
	return 0;
}

static bool is_real(const struct option *option)
{
	return option->type == OPTION_NUMBER || option->type == OPTION_RATE ||
	       option->type == OPTION_PERCENT;
}

static int compare(const struct option *option, union value a, union value b)
{
	if (option->type == OPTION_TEXT)
		return strcmp(a.text, b.text);
	if (is_real(option))
		return (a.number > b.number) - (a.number < b.number);
	return (a.integer > b.integer) - (a.integer < b.integer);
}

/* Bounds are the table's own text: one that does not parse is a fault of the program. */
static union value parse_own(const struct option *option, const char *text)
{
	union value value = {0};
	struct err err;
	if (parse_typed(option, text, NULL, &value, &err))
		abort();
	return value;
}

int option_parse(const struct option *option, const char *text, struct arena *arena,
	union value *value, struct err *err)
{
	*value = (union value){0};
	if (parse_typed(option, text, arena, value, err))
		return -1;
	if (option->max && compare(option, *value, parse_own(option, option->max)) > 0)
		return out_of_range(option, text, *value, true, err);
	if (option->min && compare(option, *value, parse_own(option, option->min)) < 0)
		return out_of_range(option, text, *value, false, err);
	return 0;
}

/* ---- values ---- */

union value option_default(const struct option *option)
{
	static const struct option_list empty;
	if (option->list)
		return (union value){.list = &empty};
	return parse_own(option, option->fallback);
}

bool option_is_default(const struct option *option, union value value)
{
	if (!option->fallback && !option->list)
		return false;
	return option_equal(option, value, option_default(option));
}

bool option_equal(const struct option *option, union value a, union value b)
{
	return option_compare(option, a, b) == 0;
}

int option_compare(const struct option *option, union value a, union value b)
{
	if (!option->list)
		return compare(option, a, b);
	for (size_t i = 0; i < a.list->count && i < b.list->count; i++) {
		int order = compare(option, a.list->items[i], b.list->items[i]);
		if (order)
			return order;
	}
	return (a.list->count > b.list->count) - (a.list->count < b.list->count);
}

static void store(const struct option *option, union value value, void *member)
{
	if (option->list)
		*(struct option_list *)member = *value.list;
	else if (option->type == OPTION_BOOL)
		*(bool *)member = value.integer != 0;
	else if (option->type == OPTION_ENUM)
		*(int *)member = (int)value.integer;
	else if (option->type == OPTION_TEXT)
		*(const char **)member = value.text;
	else if (is_real(option))
		*(double *)member = value.number;
	else
		*(int64_t *)member = value.integer;
}

void option_store(const struct option *table, const union value *values, void *params)
{
	for (size_t i = 0; table && table[i].name; i++)
		store(&table[i], values[i], (char *)params + table[i].offset);
}

/* ---- value → text ---- */

void option_format_range(const struct option *option, struct text *out)
{
	for (size_t i = 0; option->choices && option->choices[i]; i++)
		text_addf(out, "%s%s", i ? ", " : "", option->choices[i]);
	if (option->min && option->max)
		text_addf(out, "%s … %s", option->min, option->max);
	else if (option->min)
		text_addf(out, "≥ %s", option->min);
	else if (option->max)
		text_addf(out, "≤ %s", option->max);
}

void option_format_duration(int64_t ns, struct text *out)
{
	units_format_whole(&dimension_duration, ns, out);
}

void option_format_size(int64_t bytes, struct text *out)
{
	units_format_whole(&dimension_size, bytes, out);
}

void option_format_number(double number, struct text *out)
{
	/* A double holds 15 significant decimal digits; what is printed past them is not
	 * measured. */
	int whole = fabs(number) < 1 ? 1 : (int)log10(fabs(number)) + 1;
	int decimals = whole > 15 ? 0 : whole > 6 ? 15 - whole : 9;
	char buffer[400];
	size_t length = (size_t)snprintf(buffer, sizeof(buffer), "%.*f", decimals, number);
	while (decimals && buffer[length - 1] == '0')
		length--;
	if (decimals && buffer[length - 1] == '.')
		length--;
	bool minus_zero = length == 2 && buffer[0] == '-' && buffer[1] == '0';
	text_add_bytes(out, buffer + minus_zero, length - minus_zero);
}

/* Per second, or per minute where only that comes out: `1/m`. */
static void format_rate(double per_s, struct text *out)
{
	enum { PLAIN_MOST = 15 };
	struct text plain;
	double per_m = round(per_s * 60);
	text_init(&plain);
	number_format(per_s, 0, &plain);
	bool minute = plain.length > PLAIN_MOST && per_m / 60 == per_s;
	number_format(minute ? per_m : per_s, 0, out);
	text_add(out, minute ? "/m" : "/s");
	text_release(&plain);
}

static void format_scalar(const struct option *option, union value value, struct text *out)
{
	switch (option->type) {
	case OPTION_BOOL:
		text_add(out, value.integer ? "true" : "false");
		return;
	case OPTION_INTEGER:
		text_addf(out, "%lld", (long long)value.integer);
		return;
	case OPTION_DURATION:
		option_format_duration(value.integer, out);
		return;
	case OPTION_SIZE:
		option_format_size(value.integer, out);
		return;
	case OPTION_ENUM:
		text_add(out, option->choices[value.integer]);
		return;
	case OPTION_TEXT:
		text_add(out, value.text);
		return;
	case OPTION_NUMBER:
		number_format(value.number, 0, out);
		return;
	case OPTION_RATE:
		format_rate(value.number, out);
		return;
	case OPTION_PERCENT:
		number_format(value.number, 2, out);
		text_add(out, "%");
		return;
	}
}

/* In a list, text that would not come back as one item is quoted. */
static void format_item(const struct option *option, union value value, struct text *out)
{
	if (option->type != OPTION_TEXT ||
		(*value.text && !strpbrk(value.text, ",[]{}\"'\\:# \t\n"))) {
		format_scalar(option, value, out);
		return;
	}
	text_add(out, "\"");
	for (const char *at = value.text; *at; at++)
		text_addf(out, "%s%c", *at == '"' || *at == '\\' ? "\\" : "", *at);
	text_add(out, "\"");
}

void option_format(const struct option *option, union value value, struct text *out)
{
	if (!option->list) {
		format_scalar(option, value, out);
		return;
	}
	text_add(out, "[");
	for (size_t i = 0; i < value.list->count; i++) {
		text_add(out, i ? ", " : "");
		format_item(option, value.list->items[i], out);
	}
	text_add(out, "]");
}

/* Nanoseconds as seconds, exactly: no double is between. */
static void csv_seconds(int64_t ns, struct text *out)
{
	const int64_t second = 1000000000;
	char buffer[40];
	size_t length = (size_t)snprintf(buffer, sizeof(buffer), "%lld.%09lld",
		(long long)(ns / second), (long long)(ns % second));
	while (buffer[length - 1] == '0')
		length--;
	if (buffer[length - 1] == '.')
		length--;
	text_add_bytes(out, buffer, length);
}

static void csv_scalar(const struct option *option, union value value, struct text *out)
{
	if (option->type == OPTION_DURATION)
		csv_seconds(value.integer, out);
	else if (option->type == OPTION_SIZE)
		text_addf(out, "%lld", (long long)value.integer);
	else if (is_real(option))
		option_format_number(value.number, out);
	else
		format_scalar(option, value, out);
}

void option_csv(const struct option *option, union value value, struct text *out)
{
	if (!option->list) {
		csv_scalar(option, value, out);
		return;
	}
	for (size_t i = 0; i < value.list->count; i++) {
		text_add(out, i ? " " : "");
		csv_scalar(option, value.list->items[i], out);
	}
}

void option_column(const struct option *option, struct text *out)
{
	const char *suffix = types[option->type].suffix;
	size_t name = strlen(option->name), tail = strlen(suffix);
	/* `bytes` and `wait_s` say it already. */
	bool has = tail && (!strcmp(option->name, suffix + 1) ||
				   (name > tail && !strcmp(option->name + name - tail, suffix)));
	text_addf(out, "%s%s", option->name, has ? "" : suffix);
}
