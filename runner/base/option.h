/*
 * Option tables. Every workload, executor and scenario section lists its options in one such
 * table, and that table alone drives parsing, checking, sweeps, `conrun list`, the docs and the
 * CSV columns.
 *
 * A value is text in the file and is typed by the option that expects it, never by guessing.
 * Dimensioned types carry their unit: durations `10ms`, sizes `64KiB` (1024) or `64kB` (1000),
 * rates `500/s`, percentages `3%`; a bare number there is an error that names the spelling
 * (a bare 0 is allowed).
 */
#ifndef BASE_OPTION_H
#define BASE_OPTION_H

#include "base/err.h"
#include "base/memory.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a value is held in union value; in a parameter struct; its base unit and CSV suffix. */
enum option_type {
	OPTION_BOOL,     /* integer; bool */
	OPTION_INTEGER,  /* integer; int64_t */
	OPTION_NUMBER,   /* number; double */
	OPTION_DURATION, /* integer; int64_t; nanoseconds, in CSV seconds: _s */
	OPTION_SIZE,     /* integer; int64_t; bytes: _bytes */
	OPTION_RATE,     /* number; double; per second: _per_s */
	OPTION_PERCENT,  /* number; double; a fraction of 1: _share */
	OPTION_ENUM,     /* integer, the index; int */
	OPTION_TEXT,     /* text; const char * */
};

struct option {
	const char *name;
	enum option_type type;
	bool list;     /* the value itself is a list; held as `list`, struct option_list */
	size_t offset; /* of the member in the parameter struct */
	/* The default, as a user would write it; NULL: must be given. A list's is always NULL
	 * and means the empty list. */
	const char *fallback;
	const char *min, *max;      /* inclusive, as a user would write them; NULL: no bound */
	const char *const *choices; /* OPTION_ENUM: NULL-terminated */
	/* Where alone it has an effect, by the value of another option of its table: `kind=shm`,
	 * `kernel=naive|blocked`, `host!=`, `cycle=[]`; with `executor.` in front, of the
	 * executor's table. Values as option_format has them. NULL: everywhere. */
	const char *when;
	/* What a scenario could say, for `conrun list`; a list with its brackets. Of one that must
	 * be given or has an empty default; NULL where the default is example enough. */
	const char *example;
	const char *help;           /* one line, lower case, no full stop */
};

/* Tables end with an option whose name is NULL. */
#define OPTION_END {.name = NULL}

union value {
	int64_t integer;
	double number;
	const char *text;
	const struct option_list *list;
};

struct option_list {
	size_t count;
	const union value *items;
};

size_t option_count(const struct option *table);
const struct option *option_find(const struct option *table, const char *name); /* or NULL */

/*
 * Text → value. Integers also take the expressions that `option_parse_integer_hook` accepts
 * (`ncpu`, `2*ncpu`). Text values are copied into `arena`. The error names what is allowed:
 * the type's spelling, the range, the choices with the nearest one.
 * For a list option this parses one item.
 */
int option_parse(const struct option *option, const char *text, struct arena *arena,
	union value *value, struct err *err);

/* Set once by main: evaluates an integer expression; -1 with an error if it is none. */
extern int (*option_parse_integer_hook)(const char *text, int64_t *value, struct err *err);

/* The table's default. The option must have one (or be a list). */
union value option_default(const struct option *option);
bool option_is_default(const struct option *option, union value value);
bool option_equal(const struct option *option, union value a, union value b);

/* Their order: <0, 0, >0. Numbers by size, text by its bytes, lists item by item. */
int option_compare(const struct option *option, union value a, union value b);

/* Value → its canonical spelling, as a user would write it: `10ms`, `64KiB`, `[1s, 2s]`. */
void option_format(const struct option *option, union value value, struct text *out);

/* Value → CSV: base unit, no unit sign, `.` decimals, no exponent. */
void option_csv(const struct option *option, union value value, struct text *out);

/* The CSV column's name: the option's with its base unit, `duration_s`. */
void option_column(const struct option *option, struct text *out);

/* Writes a table's values into a parameter struct by their offsets. Borrows text and lists. */
void option_store(const struct option *table, const union value *values, void *params);

/* Does a condition such as `when` hold? Not where the table has no such option. */
bool option_holds(const char *condition, const struct option *table, const union value *values);

/* A condition on an executor's option without its prefix; NULL: it is on one of its own table. */
const char *option_of_executor(const char *condition);

/* The option that a condition is about, or NULL. */
const struct option *option_of_condition(const char *condition, const struct option *table);

/* `kind is shm`, `kernel is naive or blocked`, `host is given`, `cycle is not given`, `the
 * executor's gil is true`. */
void option_condition_words(const char *condition, struct text *out);

/* Its help, and where alone it has an effect: `the exit code; only where kind is exit`. */
void option_meaning(const struct option *option, struct text *out);

/* "duration", "integer", …: the type's name in messages and docs. */
const char *option_type_name(const struct option *option);

/* What is allowed, as far as the table says: `1 … 100`, `≥ 0`, `mutex, spinlock`. */
void option_format_range(const struct option *option, struct text *out);

/* Formats a duration / a size in the largest unit that is exact: `1.5s` is 1500ms. */
void option_format_duration(int64_t ns, struct text *out);
void option_format_size(int64_t bytes, struct text *out);

/* A number as CSV wants it: up to 9 decimals as far as a double has them, no exponent. */
void option_format_number(double number, struct text *out);

#endif
