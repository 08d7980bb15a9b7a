/* A column's unit is the end of its name. */
#include "review/figures.h"

#include "base/option.h"
#include "report/human.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void add_seconds(struct text *out, double seconds)
{
	human_seconds(out, seconds, 4);
}

static void add_share(struct text *out, double share)
{
	text_addf(out, "%.1f %%", 100 * share);
}

static void add_ratio(struct text *out, double ratio)
{
	human_number(out, ratio, 3);
}

static void give_rate(struct text *out, double per_s)
{
	static const struct option rate = {.type = OPTION_RATE};
	option_format(&rate, (union value){.number = per_s}, out);
}

static void give_duration(struct text *out, double seconds)
{
	option_format_duration(llround(seconds * 1e9), out);
}

static void give_size(struct text *out, double bytes)
{
	option_format_size(llround(bytes), out);
}

static void give_share(struct text *out, double share)
{
	static const struct option percent = {.type = OPTION_PERCENT};
	option_format(&percent, (union value){.number = share}, out);
}

static void give_number(struct text *out, double number)
{
	option_format_number(number, out);
}

struct unit {
	const char *ending;
	void (*add)(struct text *out, double number);
	void (*give)(struct text *out, double number);
};

/* clang-format off */
static const struct unit units[] = {
	{"_per_s", human_rate, give_rate},
	{"_s", add_seconds, give_duration},
	{"_bytes", human_bytes, give_size},
	{"_share", add_share, give_share},
	{"speedup", add_ratio, add_ratio},
	{"efficiency", add_ratio, add_ratio},
	{"", human_count, give_number},
};
/* clang-format on */

static const struct unit *unit_of(const char *column)
{
	size_t length = strlen(column);
	const struct unit *unit = units;
	for (size_t own; (own = strlen(unit->ending)) > length ||
			 strcmp(column + length - own, unit->ending) != 0;)
		unit++;
	return unit;
}

void figure_number(struct text *out, const char *column, double number)
{
	unit_of(column)->add(out, number);
}

void figure_name(struct text *out, const char *column)
{
	const char *ending = unit_of(column)->ending;
	size_t length = strlen(column), unit = *ending == '_' ? strlen(ending) : 0;
	text_add_bytes(out, column, length - unit);
}

static void add_field(
	struct text *out, const char *field, void (*add)(struct text *out, double number))
{
	char *end;
	double number = strtod(field, &end);
	if (*field && !*end && isfinite(number))
		add(out, number);
	else
		text_add(out, field);
}

void figure_field(struct text *out, const char *column, const char *field)
{
	add_field(out, field, unit_of(column)->add);
}

void figure_given(struct text *out, const char *column, const char *field)
{
	add_field(out, field, unit_of(column)->give);
}
