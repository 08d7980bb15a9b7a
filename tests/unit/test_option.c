/* Option tables: every type, range, default, spelling, CSV and column. */
#include "base/option.h"
#include "script/expr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *const syncs[] = {"none", "mutex", "spinlock", NULL};

struct params {
	bool on;
	int64_t n;
	double ratio;
	int64_t wait, bytes;
	double rate, share;
	int sync;
	const char *path;
	struct option_list cycle;
};

enum { ON, N, RATIO, WAIT, BYTES, RATE, SHARE, SYNC, PATH, CYCLE };

#define AT(member) .offset = offsetof(struct params, member)

static const struct option table[] = {
	[ON] = {.name = "on", .type = OPTION_BOOL, AT(on), .fallback = "true"},
	[N] = {.name = "n",
		.type = OPTION_INTEGER,
		AT(n),
		.fallback = "10_000",
		.min = "-5",
		.max = "1_000_000"},
	[RATIO] = {.name = "ratio", .type = OPTION_NUMBER, AT(ratio), .fallback = "0.5"},
	[WAIT] = {.name = "wait", .type = OPTION_DURATION, AT(wait), .fallback = "10ms"},
	[BYTES] = {.name = "bytes", .type = OPTION_SIZE, AT(bytes), .fallback = "64KiB"},
	[RATE] = {.name = "rate", .type = OPTION_RATE, AT(rate), .fallback = "500/s"},
	[SHARE] = {.name = "jitter",
		.type = OPTION_PERCENT,
		AT(share),
		.fallback = "0",
		.max = "100%"},
	[SYNC] = {.name = "sync",
		.type = OPTION_ENUM,
		AT(sync),
		.choices = syncs,
		.fallback = "mutex"},
	[PATH] = {.name = "path", .type = OPTION_TEXT, AT(path)},
	[CYCLE] = {.name = "cycle", .type = OPTION_DURATION, .list = true, AT(cycle)},
	OPTION_END,
};

static struct arena arena;

static union value parsed(const struct option *option, const char *text)
{
	union value value;
	struct err err = {""};
	if (option_parse(option, text, &arena, &value, &err))
		fail_msg("'%s' as %s: %s", text, option->name, err.text);
	return value;
}

static void refuses(const struct option *option, const char *text, const char *message)
{
	union value value;
	struct err err = {""};
	assert_int_equal(option_parse(option, text, &arena, &value, &err), -1);
	if (!strstr(err.text, message))
		fail_msg("'%s' as %s: %s, not %s", text, option->name, err.text, message);
}

static void is_written(
	const struct option *option, union value value, const char *text, const char *csv)
{
	struct text out;
	text_init(&out);
	option_format(option, value, &out);
	assert_string_equal(text_get(&out), text);
	text_clear(&out);
	option_csv(option, value, &out);
	assert_string_equal(text_get(&out), csv);
	text_release(&out);
}

static void tables_are_searched(void **state)
{
	(void)state;
	assert_int_equal(option_count(table), 10);
	assert_int_equal(option_count(NULL), 0);
	assert_ptr_equal(option_find(table, "wait"), &table[WAIT]);
	assert_null(option_find(table, "weight"));
	assert_null(option_find(NULL, "wait"));
}

static void booleans(void **state)
{
	(void)state;
	assert_int_equal(parsed(&table[ON], "true").integer, 1);
	assert_int_equal(parsed(&table[ON], "false").integer, 0);
	refuses(&table[ON], "yes", "'yes' is not a boolean; write true");
	refuses(&table[ON], "off", "write false");
	refuses(&table[ON], "1", "write true");
	refuses(&table[ON], "maybe", "write true or false");
	is_written(&table[ON], parsed(&table[ON], "false"), "false", "false");
}

static void integers(void **state)
{
	(void)state;
	static const struct option any = {.name = "any", .type = OPTION_INTEGER};
	assert_int_equal(parsed(&any, "007").integer, 7);
	assert_int_equal(parsed(&any, "+5").integer, 5);
	assert_int_equal(parsed(&any, "-10_000_000").integer, -10000000);
	assert_true(parsed(&any, "9223372036854775807").integer == INT64_MAX);
	assert_true(parsed(&any, "-9223372036854775808").integer == INT64_MIN);
	refuses(&any, "9223372036854775808",
		"is too large; the largest allowed for any is 9223372036854775807");
	refuses(&any, "-9223372036854775809", "is too small");
	refuses(&any, "1e7", "'1e7' is not an integer; write 10000000");
	refuses(&any, "2.0", "write 2");
	refuses(&any, "1.5", "'1.5' is not a whole number");
	refuses(&any, "1,000", "separate digits with _");
	refuses(&any, "1:30", "'1:30' is not an integer");
	refuses(&any, "10ms", "'10ms' is not an integer");
	refuses(&any, "_1", "not an integer");
	refuses(&any, "1_", "not an integer");
	refuses(&any, "1__0", "not an integer");
	refuses(&any, "", "not an integer");
	refuses(&any, " 1", "not an integer");
	refuses(&table[N], "-6", "'-6' is too small; the smallest allowed for n is -5");
	refuses(&table[N], "1000001", "is too large; the largest allowed for n is 1_000_000");
	is_written(&any, parsed(&any, "-1_0"), "-10", "-10");
}

static void expressions(void **state)
{
	(void)state;
	assert_int_equal(parsed(&table[N], "ncpu").integer, expr_ncpu());
	assert_int_equal(parsed(&table[N], "2*ncpu + 1").integer, 2 * expr_ncpu() + 1);
	assert_int_equal(parsed(&table[N], "2*3").integer, 6);
	refuses(&table[N], "1000*1001", "'1000*1001' = 1001000 is too large; the largest allowed for n is 1_000_000");
	refuses(&table[N], "1-10", "'1-10' = -9 is too small; the smallest allowed for n is -5");
	refuses(&table[N], "2ncpu", "'2ncpu' is not an integer; write 2*ncpu");
	refuses(&table[N], "2cpu", "'2cpu' is not an integer; write digits");
	refuses(&table[N], "1 2", "'1 2' is not an integer; write digits");
	refuses(&table[N], "nocpu", "'nocpu' is not known; an expression may use ncpu");
}

static void numbers(void **state)
{
	(void)state;
	assert_true(parsed(&table[RATIO], "0.1").number == 0.1);
	assert_true(parsed(&table[RATIO], "-1_000.5").number == -1000.5);
	assert_true(parsed(&table[RATIO], "1e7").number == 1e7);
	refuses(&table[RATIO], "nan", "'nan' is not a number");
	refuses(&table[RATIO], "inf", "is not a number");
	refuses(&table[RATIO], "0x10", "is not a number");
	refuses(&table[RATIO], "1e999", "'1e999' is too large");
	refuses(&table[RATIO], ".5", "is not a number");
	is_written(&table[RATIO], parsed(&table[RATIO], "1e22"), "10000000000000000000000",
		"10000000000000000000000");
	is_written(&table[RATIO], parsed(&table[RATIO], "1e-12"), "0.000000000001", "0");
	is_written(&table[RATIO], parsed(&table[RATIO], "-0.0"), "0", "0");
}

static void durations(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t ns;
		const char *written, *csv;
	} cases[] = {
		{"0", 0, "0s", "0"},
		{"0.0", 0, "0s", "0"},
		{"7ns", 7, "7ns", "0.000000007"},
		{"3us", 3000, "3us", "0.000003"},
		{"3µs", 3000, "3us", "0.000003"},
		{"10ms", 10000000, "10ms", "0.01"},
		{"1.5s", 1500000000, "1500ms", "1.5"},
		{"90s", INT64_C(90000000000), "90s", "90"},
		{"2m", INT64_C(120000000000), "2m", "120"},
		{"0.5h", INT64_C(1800000000000), "30m", "1800"},
		{"1_000s", INT64_C(1000000000000), "1000s", "1000"},
		{"0.000000001s", 1, "1ns", "0.000000001"},
		{"1.000000000000000s", 1000000000, "1s", "1"},
		{"2562047h", INT64_C(9223369200000000000), "2562047h", "9223369200"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		union value value = parsed(&table[WAIT], cases[i].text);
		assert_true(value.integer == cases[i].ns);
		is_written(&table[WAIT], value, cases[i].written, cases[i].csv);
	}
}

static void durations_that_are_none(void **state)
{
	(void)state;
	refuses(&table[WAIT], "30", "'30' has no unit; write 30s");
	refuses(&table[WAIT], "30 s", "'30 s' has a space in it; write 30s");
	refuses(&table[WAIT], "30 sec", "'30 sec' has a space in it; write 30s");
	refuses(&table[WAIT], "1m30s", "'1m30s' has more than one unit; write 90s");
	refuses(&table[WAIT], "1h30m0.5s", "write 5400500ms");
	refuses(&table[WAIT], "1m30", "'1m30' has no unit of a duration; allowed: ");
	refuses(&table[WAIT], "1m-3s", "has no unit of a duration; ");
	refuses(&table[WAIT], "2562047h2562047h", "has no unit of a duration; ");
	refuses(&table[WAIT], "1S", "did you mean 's'?; allowed: ns, us");
	refuses(&table[WAIT], "5sec", "did you mean 's'?; allowed: ns, us, µs, ms, s, m, h");
	refuses(&table[WAIT], "-1s", "'-1s' is negative; a duration is not");
	refuses(&table[WAIT], "soon", "'soon' is not a duration; write for instance 10s");
	refuses(&table[WAIT], "1.5ns", "'1.5ns' is finer than 1ns");
	refuses(&table[WAIT], "0.00000000000000000000000000000001h", "is finer than 1ns");
	refuses(&table[WAIT], "1e3s", "has an exponent");
	refuses(&table[WAIT], "2562048h",
		"is too large; the largest allowed for wait is 2562047h");
	refuses(&table[WAIT], "99999999999999999999999999999999999999h", "is too large");
	refuses(&table[WAIT], "", "is not a duration");
}

static void sizes(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t bytes;
		const char *written;
	} cases[] = {
		{"0", 0, "0B"},
		{"512B", 512, "512B"},
		{"64KiB", 65536, "64KiB"},
		{"64kB", 64000, "64kB"},
		{"1.5MiB", 1572864, "1536KiB"},
		{"2MB", 2000000, "2MB"},
		{"3GiB", INT64_C(3221225472), "3GiB"},
		{"3GB", INT64_C(3000000000), "3GB"},
		{"1TB", INT64_C(1000000000000), "1TB"},
		{"1TiB", INT64_C(1099511627776), "1TiB"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		union value value = parsed(&table[BYTES], cases[i].text);
		assert_true(value.integer == cases[i].bytes);
		char csv[32];
		snprintf(csv, sizeof(csv), "%lld", (long long)cases[i].bytes);
		is_written(&table[BYTES], value, cases[i].written, csv);
	}
	refuses(&table[BYTES], "64", "'64' has no unit; write 64KiB");
	refuses(&table[BYTES], "64KB", "did you mean 'kB'?");
	refuses(&table[BYTES], "64sec", "'64sec' has no unit of a size; allowed");
	refuses(&table[BYTES], "8388608TiB", "is too large; the largest allowed for bytes is ");
	refuses(&table[BYTES], "0.3B", "'0.3B' is finer than 1B");
}

static void rates_and_percentages(void **state)
{
	(void)state;
	assert_true(parsed(&table[RATE], "500/s").number == 500);
	assert_true(parsed(&table[RATE], "90/m").number == 1.5);
	refuses(&table[RATE], "500", "'500' has no unit; write 500/s");
	is_written(&table[RATE], parsed(&table[RATE], "90/m"), "1.5/s", "1.5");
	is_written(&table[RATE], parsed(&table[RATE], "1/m"), "1/m", "0.016666667");
	is_written(&table[RATE], parsed(&table[RATE], "100/m"), "100/m", "1.666666667");
	assert_true(parsed(&table[SHARE], "3%").number == 0.03);
	assert_true(parsed(&table[SHARE], "33.3%").number == 0.333);
	assert_true(parsed(&table[SHARE], "0").number == 0);
	refuses(&table[SHARE], "3", "'3' has no unit; write 3%");
	refuses(&table[SHARE], "0.05", "'0.05' has no unit; write 5% (or 0.05%, if that is meant)");
	refuses(&table[SHARE], "101%",
		"'101%' is too large; the largest allowed for jitter is 100%");
	is_written(&table[SHARE], parsed(&table[SHARE], "3%"), "3%", "0.03");
	is_written(&table[SHARE], parsed(&table[SHARE], "0.25%"), "0.25%", "0.0025");
}

static void choices_and_text(void **state)
{
	(void)state;
	assert_int_equal(parsed(&table[SYNC], "spinlock").integer, 2);
	refuses(&table[SYNC], "mutx",
		"'mutx' is no value of sync; did you mean 'mutex'?; allowed: none, mutex, "
		"spinlock");
	refuses(&table[SYNC], "", "allowed: none, mutex");
	is_written(&table[SYNC], parsed(&table[SYNC], "none"), "none", "none");
	char text[] = "007";
	union value value = parsed(&table[PATH], text);
	text[0] = 'x';
	assert_string_equal(value.text, "007");
	is_written(&table[PATH], value, "007", "007");
}

static void lists(void **state)
{
	(void)state;
	union value items[2] = {parsed(&table[CYCLE], "1s"), parsed(&table[CYCLE], "20ms")};
	const struct option_list both = {2, items}, first = {1, items}, none = {0, NULL};
	union value value = {.list = &both};
	is_written(&table[CYCLE], value, "[1s, 20ms]", "1 0.02");
	is_written(&table[CYCLE], option_default(&table[CYCLE]), "[]", "");
	assert_true(option_is_default(&table[CYCLE], (union value){.list = &none}));
	assert_false(option_is_default(&table[CYCLE], value));
	assert_true(option_compare(&table[CYCLE], value, (union value){.list = &first}) > 0);

	static const struct option command = {
		.name = "command", .type = OPTION_TEXT, .list = true};
	union value words[3] = {{.text = "echo"}, {.text = "a, \"b\""}, {.text = ""}};
	const struct option_list line = {3, words};
	is_written(&command, (union value){.list = &line}, "[echo, \"a, \\\"b\\\"\", \"\"]",
		"echo a, \"b\" ");
}

static void defaults(void **state)
{
	(void)state;
	assert_int_equal(option_default(&table[N]).integer, 10000);
	assert_int_equal(option_default(&table[WAIT]).integer, 10000000);
	assert_int_equal(option_default(&table[SYNC]).integer, 1);
	assert_true(option_is_default(&table[BYTES], parsed(&table[BYTES], "65536B")));
	assert_false(option_is_default(&table[BYTES], parsed(&table[BYTES], "64kB")));
	assert_false(option_is_default(&table[PATH], (union value){.text = ""}));
	assert_true(option_equal(
		&table[PATH], (union value){.text = "a"}, parsed(&table[PATH], "a")));
}

static void values_are_stored_by_their_offsets(void **state)
{
	(void)state;
	const struct option_list list = {1, &(union value){.integer = 9}};
	const union value values[] = {[ON] = {.integer = 1},
		[N] = {.integer = 2},
		[RATIO] = {.number = 3.5},
		[WAIT] = {.integer = 4},
		[BYTES] = {.integer = 5},
		[RATE] = {.number = 6.5},
		[SHARE] = {.number = 0.75},
		[SYNC] = {.integer = 2},
		[PATH] = {.text = "p"},
		[CYCLE] = {.list = &list}};
	struct params params = {0};
	option_store(table, values, &params);
	assert_true(params.on && params.n == 2 && params.ratio == 3.5 && params.wait == 4);
	assert_true(params.bytes == 5 && params.rate == 6.5 && params.share == 0.75);
	assert_true(params.sync == 2 && params.cycle.count == 1);
	assert_int_equal(params.cycle.items[0].integer, 9);
	assert_string_equal(params.path, "p");
	option_store(NULL, NULL, &params);
}

static void columns_carry_the_unit(void **state)
{
	(void)state;
	static const char *const columns[] = {"on", "n", "ratio", "wait_s", "bytes",
		"rate_per_s", "jitter_share", "sync", "path", "cycle_s"};
	for (size_t i = 0; table[i].name; i++) {
		struct text out;
		text_init(&out);
		option_column(&table[i], &out);
		assert_string_equal(text_get(&out), columns[i]);
		text_release(&out);
	}
	static const struct option size = {.name = "file", .type = OPTION_SIZE};
	struct text out;
	text_init(&out);
	option_column(&size, &out);
	assert_string_equal(text_get(&out), "file_bytes");
	text_release(&out);
}

/* The spelling of any value reads back as that value. */
static void spellings_read_back(void **state)
{
	(void)state;
	static const double numbers[] = {0.1, 1.0 / 3, 0.07, 123456.789, 1e-9, 5e-324, 1.7e308,
		1e15, 0.29, 0.57, 2.0 / 3 * 100};
	static const int64_t integers[] = {0, 1, 999, 1000, 1024, 1536, 3600000000000,
		86400000000001, INT64_MAX, 1 << 20, 1500000000};
	struct text out;
	text_init(&out);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		static const struct option reals[] = {{.name = "n", .type = OPTION_NUMBER},
			{.name = "r", .type = OPTION_RATE},
			{.name = "p", .type = OPTION_PERCENT}};
		for (size_t j = 0; j < 3; j++) {
			if (j && (numbers[i] > 1e30 || numbers[i] < 1e-30))
				continue; /* more digits than anyone writes with a unit */
			text_clear(&out);
			option_format(&reals[j], (union value){.number = numbers[i]}, &out);
			if (out.length < 50)
				assert_true(
					parsed(&reals[j], text_get(&out)).number == numbers[i]);
		}
	}
	for (size_t i = 0; i < sizeof(integers) / sizeof(integers[0]); i++) {
		static const int kinds[] = {WAIT, BYTES};
		for (size_t j = 0; j < 2; j++) {
			text_clear(&out);
			option_format(
				&table[kinds[j]], (union value){.integer = integers[i]}, &out);
			assert_true(parsed(&table[kinds[j]], text_get(&out)).integer ==
				    integers[i]);
		}
	}
	text_release(&out);
}

static void numbers_for_csv(void **state)
{
	(void)state;
	static const struct {
		double number;
		const char *text;
	} cases[] = {
		{0, "0"},
		{-0.0, "0"},
		{1, "1"},
		{-1.5, "-1.5"},
		{0.1, "0.1"},
		{0.1 + 0.2, "0.3"},
		{1.0 / 3, "0.333333333"},
		{123456789.1, "123456789.1"},
		{1e15, "1000000000000000"},
		{100, "100"},
		{1e-10, "0"},
		{-1e-10, "0"},
		{999999.9999999999, "1000000"},
		{18446744073709551616.0, "18446744073709551616"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct text out;
		text_init(&out);
		option_format_number(cases[i].number, &out);
		assert_string_equal(text_get(&out), cases[i].text);
		text_release(&out);
	}
}

static void types_have_names(void **state)
{
	(void)state;
	assert_string_equal(option_type_name(&table[WAIT]), "duration");
	assert_string_equal(option_type_name(&table[SYNC]), "choice");
	assert_string_equal(option_type_name(&table[PATH]), "text");
}

static int setup(void **state)
{
	(void)state;
	arena_init(&arena);
	expr_install();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_are_searched),
		cmocka_unit_test(booleans),
		cmocka_unit_test(integers),
		cmocka_unit_test(expressions),
		cmocka_unit_test(numbers),
		cmocka_unit_test(durations),
		cmocka_unit_test(durations_that_are_none),
		cmocka_unit_test(sizes),
		cmocka_unit_test(rates_and_percentages),
		cmocka_unit_test(choices_and_text),
		cmocka_unit_test(lists),
		cmocka_unit_test(defaults),
		cmocka_unit_test(values_are_stored_by_their_offsets),
		cmocka_unit_test(columns_carry_the_unit),
		cmocka_unit_test(spellings_read_back),
		cmocka_unit_test(numbers_for_csv),
		cmocka_unit_test(types_have_names),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
