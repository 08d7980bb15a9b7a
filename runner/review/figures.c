/* A column's unit is the end of its name. */
#include "review/figures.h"

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

struct unit {
	const char *ending;
	void (*add)(struct text *out, double number);
};

static const struct unit units[] = {{"_per_s", human_rate}, {"_s", add_seconds},
	{"_bytes", human_bytes}, {"_share", add_share}, {"speedup", add_ratio},
	{"efficiency", add_ratio}, {"", human_count}};

void figure_number(struct text *out, const char *column, double number)
{
	size_t length = strlen(column);
	const struct unit *unit = units;
	for (size_t own; (own = strlen(unit->ending)) > length ||
			 strcmp(column + length - own, unit->ending) != 0;)
		unit++;
	unit->add(out, number);
}

void figure_field(struct text *out, const char *column, const char *field)
{
	char *end;
	double number = strtod(field, &end);
	if (*field && !*end && isfinite(number))
		figure_number(out, column, number);
	else
		text_add(out, field);
}
