/* Figures for people. Every scale is a table of units, the largest first. */
#include "report/human.h"

#include <inttypes.h>
#include <math.h>

struct unit {
	double size;
	const char *name;
};

static const struct unit seconds_units[] = {
	{1, " s"}, {1e-3, " ms"}, {1e-6, " µs"}, {1e-9, " ns"}};
static const struct unit rate_units[] = {
	{1e9, " G/s"}, {1e6, " M/s"}, {1e3, " k/s"}, {1, " /s"}};
static const struct unit bytes_units[] = {
	{1 << 30, " GiB"}, {1 << 20, " MiB"}, {1 << 10, " KiB"}, {1, " B"}};
static const struct unit count_units[] = {{1e12, " T"}, {1e9, " G"}, {1e6, " M"}, {1, ""}};

enum { UNITS = 4 };

void human_number(struct text *out, double number, int digits)
{
	/* As it will be rounded: 0.9996 has the digits of 1. What is below 10^-6 is called 0.
	 */
	double size = fabs(number) * (1 + 0.5 * pow(10, -digits));
	bool zero = size < 1e-6;
	int whole = zero ? digits : (int)floor(log10(size)) + 1;
	text_addf(out, "%.*f", digits > whole ? digits - whole : 0, zero ? 0 : number);
}

/* The unit is the largest that leaves at least 1, after rounding to what is shown. */
static void scaled(struct text *out, double value, int digits, const struct unit *units)
{
	double shown = 1 - 0.5 * pow(10, -digits);
	const struct unit *unit = units;
	while (unit < units + UNITS - 1 && fabs(value) < unit->size * shown)
		unit++;
	human_number(out, value / unit->size, digits);
	text_add(out, unit->name);
}

void human_seconds(struct text *out, double seconds, int digits)
{
	if (seconds >= 1000)
		human_span(out, (uint64_t)(seconds * 1e9));
	else
		scaled(out, seconds, digits, seconds_units);
}

void human_rate(struct text *out, double per_s)
{
	scaled(out, per_s, 3, rate_units);
}

void human_bytes(struct text *out, double bytes)
{
	scaled(out, bytes, 3, bytes_units);
}

void human_count(struct text *out, double count)
{
	if (fabs(count) < 1e7 && count == floor(count))
		text_addf(out, "%.0f", count);
	else
		scaled(out, count, 3, count_units);
}

void human_span(struct text *out, uint64_t ns)
{
	uint64_t seconds = (ns + 500000000u) / 1000000000u;
	if (ns < 10000000000u)
		text_addf(out, "%.1fs", (double)ns / 1e9);
	else if (seconds < 60)
		text_addf(out, "%" PRIu64 "s", seconds);
	else if (seconds < 3600)
		text_addf(out, "%" PRIu64 "m %" PRIu64 "s", seconds / 60, seconds % 60);
	else if (seconds < 86400)
		text_addf(out, "%" PRIu64 "h %" PRIu64 "m", seconds / 3600, seconds / 60 % 60);
	else
		text_addf(
			out, "%" PRIu64 "d %" PRIu64 "h", seconds / 86400, seconds / 3600 % 24);
}
