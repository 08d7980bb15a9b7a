/* Numbers and quantities; see units.h. */
#include "base/units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KI INT64_C(1024)

const struct dimension dimension_duration = {"duration", "s",
	{
		{"ns", 1},
		{"us", 1000},
		{"µs", 1000},
		{"ms", 1000000},
		{"s", 1000000000},
		{"m", 60 * INT64_C(1000000000)},
		{"h", 3600 * INT64_C(1000000000)},
		{NULL, 0},
	}};

const struct dimension dimension_size = {"size", "KiB",
	{
		{"B", 1},
		{"kB", 1000},
		{"KiB", KI},
		{"MB", 1000000},
		{"MiB", KI *KI},
		{"GB", 1000000000},
		{"GiB", KI *KI *KI},
		{"TB", INT64_C(1000000000000)},
		{"TiB", KI *KI *KI *KI},
		{NULL, 0},
	}};

const struct dimension dimension_rate = {"rate", "/s", {{"/s", 1}, {"/m", 60}, {NULL, 0}}};

const struct dimension dimension_percent = {"percentage", "%", {{"%", 100}, {NULL, 0}}};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Takes digits with single underscores between them; false if there is none or no room. */
static bool scan_digits(const char **text, char *digits, size_t *used)
{
	const char *at = *text;
	if (!is_digit(*at))
		return false;
	for (; is_digit(*at) || (*at == '_' && is_digit(at[1])); at++) {
		if (*at == '_')
			continue;
		if (*used >= NUMBER_MOST - 8) /* the exponent's room */
			return false;
		digits[(*used)++] = *at;
	}
	*text = at;
	return true;
}

/* An `e` that no digits follow belongs to what comes after the number. */
static void scan_exponent(struct number *number, size_t *used)
{
	const char *at = number->rest + 1;
	char sign = *at == '-' || *at == '+' ? *at++ : '+';
	size_t length = strspn(at, "0123456789");
	if (!length || length > 4)
		return;
	number->digits[(*used)++] = 'e';
	number->digits[(*used)++] = sign;
	memcpy(number->digits + *used, at, length);
	*used += length;
	number->rest = at + length;
	number->fraction = true;
}

bool number_scan(const char *text, struct number *number)
{
	size_t used = 0;
	*number = (struct number){.rest = text};
	if (*number->rest == '-' || *number->rest == '+')
		number->digits[used++] = *number->rest++;
	if (!scan_digits(&number->rest, number->digits, &used))
		return false;
	if (number->rest[0] == '.' && is_digit(number->rest[1])) {
		number->digits[used++] = '.';
		number->rest++;
		number->fraction = true;
		if (!scan_digits(&number->rest, number->digits, &used))
			return false;
	}
	if (*number->rest == 'e' || *number->rest == 'E')
		scan_exponent(number, &used);
	number->digits[used] = '\0';
	return true;
}

static const struct unit *unit_find(const struct dimension *dimension, const char *name)
{
	const struct unit *unit = dimension->units;
	while (unit->name && strcmp(unit->name, name))
		unit++;
	return unit->name ? unit : NULL;
}

/* What units are called elsewhere. */
static const struct {
	const char *word, *unit;
} words[] = {
	{"nsec", "ns"},
	{"usec", "us"},
	{"msec", "ms"},
	{"sec", "s"},
	{"secs", "s"},
	{"second", "s"},
	{"seconds", "s"},
	{"min", "m"},
	{"mins", "m"},
	{"minute", "m"},
	{"minutes", "m"},
	{"hr", "h"},
	{"hour", "h"},
	{"hours", "h"},
	{"byte", "B"},
	{"bytes", "B"},
	{"/sec", "/s"},
	{"/min", "/m"},
	{"percent", "%"},
};

/* The unit that was most likely meant, or NULL. */
static const char *unit_meant(const struct dimension *dimension, const char *unit)
{
	const char *candidates[12];
	size_t count = 0;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!strcmp(words[i].word, unit) && unit_find(dimension, words[i].unit))
			return words[i].unit;
	}
	for (; dimension->units[count].name; count++)
		candidates[count] = dimension->units[count].name;
	return text_nearest(unit, candidates, count);
}

/* `1m30s`: the sum of its parts, in one unit; false if it is something else. */
static bool add_sum(const struct dimension *dimension, const char *text, struct text *out)
{
	int64_t sum = 0, part;
	bool overflow = false;
	struct err err;
	while (*text && !overflow) {
		struct number number;
		char quantity[2 * NUMBER_MOST];
		if (!number_scan(text, &number))
			return false;
		size_t unit = strcspn(number.rest, "0123456789");
		size_t length = (size_t)(number.rest - text) + unit;
		snprintf(quantity, sizeof(quantity), "%.*s", (int)length, text);
		if (!unit || units_parse_whole(dimension, quantity, &part, &overflow, &err))
			return false;
		overflow |= __builtin_add_overflow(sum, part, &sum);
		text += length;
	}
	if (!overflow)
		units_format_whole(dimension, sum, out);
	return !overflow;
}

static int unknown_unit(
	const struct dimension *dimension, const char *text, const char *unit, struct err *err)
{
	struct text names, sum;
	text_init(&names);
	text_init(&sum);
	for (const struct unit *known = dimension->units; known->name; known++)
		text_addf(&names, "%s%s", known == dimension->units ? "" : ", ", known->name);
	const char *meant = unit_meant(dimension, unit);
	if (strpbrk(unit, "0123456789") && add_sum(dimension, text, &sum))
		err_set(err, "'%.60s' has more than one unit; write %s", text, text_get(&sum));
	else
		err_set(err, "'%.60s' has no unit of a %s%s%s%s; allowed: %s", text,
			dimension->noun, meant ? "; did you mean '" : "", meant ? meant : "",
			meant ? "'?" : "", text_get(&names));
	text_release(&names);
	text_release(&sum);
	return -1;
}

/* A share of 1 is as likely meant as a percentage: what is written decides, not a guess. */
static int missing_unit(const struct dimension *dimension, const char *text,
	const struct number *number, struct err *err)
{
	double bare = strtod(number->digits, NULL);
	if (dimension != &dimension_percent || bare < 0 || bare >= 1)
		return err_set(
			err, "'%.60s' has no unit; write %.60s%s", text, text, dimension->usual);
	struct text share;
	text_init(&share);
	number_format(bare, 2, &share);
	err_set(err, "'%.60s' has no unit; write %.60s%% (or %.60s%%, if that is meant)", text,
		text_get(&share), text);
	text_release(&share);
	return -1;
}

static int spaced_unit(const struct dimension *dimension, const char *text,
	const struct number *number, struct err *err)
{
	const char *unit = number->rest + strspn(number->rest, " ");
	const char *meant = unit_meant(dimension, unit);
	return err_set(err, "'%.60s' has a space in it; write %.*s%.20s", text,
		(int)(number->rest - text), text, meant ? meant : unit);
}

static int find_unit(const struct dimension *dimension, const char *text,
	const struct number *number, int64_t *factor, struct err *err)
{
	const char *unit = number->rest;
	if (!*unit && strtod(number->digits, NULL) == 0) {
		*factor = 1;
		return 0;
	}
	if (!*unit)
		return missing_unit(dimension, text, number, err);
	if (*unit == ' ')
		return spaced_unit(dimension, text, number, err);
	const struct unit *known = unit_find(dimension, unit);
	if (!known)
		return unknown_unit(dimension, text, unit, err);
	*factor = known->factor;
	return 0;
}

static int scan_quantity(const struct dimension *dimension, const char *text, struct number *number,
	int64_t *factor, struct err *err)
{
	if (!number_scan(text, number))
		return err_set(err, "'%.60s' is not a %s; write for instance 10%s", text,
			dimension->noun, dimension->usual);
	if (find_unit(dimension, text, number, factor, err))
		return -1;
	if (strchr(number->digits, '-'))
		return err_set(err, "'%.60s' is negative; a %s is not", text, dimension->noun);
	return 0;
}

/* The digits without their point, of which `scale` stood behind it; false if they are too many.
 */
static bool exact_digits(const char *digits, unsigned __int128 *mantissa, int *scale)
{
	/* 10^25 × the largest factor stays below 2^128. */
	const unsigned __int128 most = (unsigned __int128)1000000000000 * 10000000000000;
	bool point = false;
	*mantissa = 0;
	*scale = 0;
	for (; *digits; digits++) {
		point |= *digits == '.';
		if (!is_digit(*digits))
			continue;
		*mantissa = *mantissa * 10 + (unsigned)(*digits - '0');
		*scale += point;
		if (*mantissa >= most)
			return false;
	}
	return true;
}

int units_parse_whole(const struct dimension *dimension, const char *text, int64_t *value,
	bool *overflow, struct err *err)
{
	struct number number;
	int64_t factor;
	if (scan_quantity(dimension, text, &number, &factor, err))
		return -1;
	if (strchr(number.digits, 'e'))
		return err_set(err, "'%.60s' has an exponent; write the number out", text);

	unsigned __int128 amount;
	int scale;
	bool fits = exact_digits(number.digits, &amount, &scale);
	if (fits)
		amount *= (unsigned __int128)factor;
	for (; fits && scale > 0 && amount % 10 == 0; scale--)
		amount /= 10;
	if (scale)
		return err_set(
			err, "'%.60s' is finer than 1%s; round it", text, dimension->units[0].name);
	*overflow = !fits || amount > INT64_MAX;
	*value = *overflow ? INT64_MAX : (int64_t)amount;
	return 0;
}

int units_parse_real(
	const struct dimension *dimension, const char *text, double *value, struct err *err)
{
	struct number number;
	int64_t factor;
	if (scan_quantity(dimension, text, &number, &factor, err))
		return -1;
	/* A shifted point reads back exactly what number_format wrote; a division would not. */
	if (factor == 100 && !strchr(number.digits, 'e')) {
		size_t used = strlen(number.digits);
		snprintf(number.digits + used, sizeof(number.digits) - used, "e-2");
		factor = 1;
	}
	*value = strtod(number.digits, NULL) / (double)factor;
	return 0;
}

void units_format_whole(const struct dimension *dimension, int64_t value, struct text *out)
{
	const struct unit *best = dimension->units;
	for (const struct unit *unit = best; unit->name; unit++) {
		if (unit->factor > best->factor && value % unit->factor == 0)
			best = unit;
	}
	if (value == 0)
		best = dimension == &dimension_duration ? &dimension->units[4] : dimension->units;
	text_addf(out, "%lld%s", (long long)(value / best->factor), best->name);
}

/* Writes digits d1d2d3… with the point behind the first `point` of them. */
static void add_decimals(const char *digits, int point, struct text *out)
{
	int count = (int)strlen(digits);
	if (point <= 0)
		text_add(out, "0.");
	for (int i = point; i < 0; i++)
		text_add(out, "0");
	for (int i = 0; i < count; i++) {
		if (i && i == point)
			text_add(out, ".");
		text_add_bytes(out, digits + i, 1);
	}
	for (int i = count; i < point; i++)
		text_add(out, "0");
}

void number_format(double number, int shift, struct text *out)
{
	char buffer[40], digits[24];
	int precision = 0;
	if (number == 0) {
		text_add(out, "0");
		return;
	}
	do
		snprintf(buffer, sizeof(buffer), "%.*e", precision, number);
	while (strtod(buffer, NULL) != number && ++precision < 17);

	/* buffer is -d.ddde±xx */
	const char *at = buffer;
	if (*at == '-')
		text_add_bytes(out, at++, 1);
	size_t count = 0;
	for (; *at && *at != 'e'; at++) {
		if (is_digit(*at))
			digits[count++] = *at;
	}
	digits[count] = '\0';
	add_decimals(digits, (int)strtol(at + 1, NULL, 10) + 1 + shift, out);
}
