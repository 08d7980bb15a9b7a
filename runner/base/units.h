/*
 * Numbers and quantities as people write them: `1_000`, `1.5s`, `64KiB`, `500/s`, `3%`. One
 * table per dimension holds its units; parsing, formatting and messages follow from it.
 */
#ifndef BASE_UNITS_H
#define BASE_UNITS_H

#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct unit {
	const char *name; /* NULL ends the table */
	int64_t factor;
};

struct dimension {
	const char *noun;  /* "duration" */
	const char *usual; /* what a number without a unit most likely meant */
	struct unit units[12];
};

extern const struct dimension dimension_duration; /* factor: nanoseconds */
extern const struct dimension dimension_size;     /* factor: bytes */
extern const struct dimension dimension_rate;     /* factor: seconds */
extern const struct dimension dimension_percent;  /* factor: parts of 1 */

/* A decimal number with its digit separators removed. */
enum { NUMBER_MOST = 64 };
struct number {
	char digits[NUMBER_MOST]; /* as strtod reads it */
	bool fraction;            /* has a point or an exponent */
	const char *rest;         /* what follows it in the text */
};

/* Reads `[+-]digits[.digits][e[+-]digits]` from the front of a text; false if there is none. */
bool number_scan(const char *text, struct number *number);

/*
 * Exact: a quantity that is no whole number of the base unit, or negative, is an error. One
 * that does not fit is INT64_MAX with `*overflow` set.
 */
int units_parse_whole(const struct dimension *dimension, const char *text, int64_t *value,
	bool *overflow, struct err *err);

/* Per second, or a fraction of 1. */
int units_parse_real(
	const struct dimension *dimension, const char *text, double *value, struct err *err);

/* In the largest unit that is exact. */
void units_format_whole(const struct dimension *dimension, int64_t value, struct text *out);

/* The shortest decimals, without exponent, that read back as number × 10^shift exactly. */
void number_format(double number, int shift, struct text *out);

#endif
