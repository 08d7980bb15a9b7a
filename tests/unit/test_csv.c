/* CSV as other programs read it: RFC 4180 quoting, formulas kept as text, plain numbers. */
#include "report/csv.h"
#include "report/csv_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_row(
	void (*add)(struct csv_row *, const char *), const char *field, const char *expected)
{
	struct csv_row csv;
	csv_row_init(&csv);
	add(&csv, field);
	assert_string_equal(text_get(&csv.line), expected);
	csv_row_release(&csv);
}

static void quotes_only_where_needed(void **state)
{
	(void)state;
	assert_row(csv_row_field, "", "");
	assert_row(csv_row_field, "plain words", "plain words");
	assert_row(csv_row_field, "a,b", "\"a,b\"");
	assert_row(csv_row_field, "say \"hi\"", "\"say \"\"hi\"\"\"");
	assert_row(csv_row_field, "\"", "\"\"\"\"");
	assert_row(csv_row_field, "two\nlines", "\"two\nlines\"");
	assert_row(csv_row_field, "return\r", "\"return\r\"");
	assert_row(csv_row_field, "-1.5", "-1.5");
}

static void formulas_become_text(void **state)
{
	(void)state;
	assert_row(csv_row_text, "=1+1", "\"'=1+1\"");
	assert_row(csv_row_text, "+1", "\"'+1\"");
	assert_row(csv_row_text, "-1", "\"'-1\"");
	assert_row(csv_row_text, "@SUM(\"A1\")", "\"'@SUM(\"\"A1\"\")\"");
	assert_row(csv_row_text, "\tx", "\"'\tx\"");
	assert_row(csv_row_text, "a=1", "a=1");
	assert_row(csv_row_text, "", "");
}

static void text_is_made_utf8(void **state)
{
	(void)state;
	assert_row(csv_row_text, "gr\xC3\xBC\xC3\x9F", "gr\xC3\xBC\xC3\x9F");
	assert_row(csv_row_text,
		"bad\xFF"
		"end",
		"bad\xEF\xBF\xBD"
		"end");
	assert_row(csv_row_text, "\xC3", "\xEF\xBF\xBD");
}

static void lines_have_commas_and_crlf(void **state)
{
	(void)state;
	struct csv_row csv;
	csv_row_init(&csv);
	csv_row_field(&csv, "");
	csv_row_field(&csv, "");
	csv_row_field(&csv, "x");
	csv_row_end(&csv);
	assert_string_equal(text_get(&csv.line), ",,x\r\n");
	csv_row_clear(&csv);
	csv_row_field(&csv, "y");
	csv_row_end(&csv);
	assert_string_equal(text_get(&csv.line), "y\r\n");
	csv_row_release(&csv);
}

static void assert_seconds(uint64_t ns, const char *expected)
{
	struct text text;
	text_init(&text);
	csv_seconds(&text, ns);
	assert_string_equal(text_get(&text), expected);
	text_release(&text);
}

static void seconds_are_exact(void **state)
{
	(void)state;
	assert_seconds(0, "0");
	assert_seconds(1, "0.000000001");
	assert_seconds(1500000000, "1.5");
	assert_seconds(2000000000, "2");
	assert_seconds(1016000123, "1.016000123");
	assert_seconds(UINT64_MAX, "18446744073.709551615");
}

static void assert_ratio(double ratio, const char *expected)
{
	struct text text;
	text_init(&text);
	csv_ratio(&text, ratio);
	assert_string_equal(text_get(&text), expected);
	text_release(&text);
}

static void ratios_have_no_exponent(void **state)
{
	(void)state;
	assert_ratio(0, "0");
	assert_ratio(1, "1");
	assert_ratio(2.0 / 3, "0.666666667");
	assert_ratio(31234567.891234, "31234567.9");
	assert_ratio(1e15, "1000000000000000");
	assert_ratio(984.123456789, "984.123457");
}

static void semicolons_go_with_decimal_commas(void **state)
{
	(void)state;
	struct csv_row csv;
	csv_row_init(&csv);
	csv.dialect = DIALECT_SEMICOLON;
	csv_row_field(&csv, "0.25");
	csv_row_field(&csv, "-12.5");
	csv_row_field(&csv, "7");
	csv_row_field(&csv, "1.2.3");
	csv_row_text(&csv, "0.5");
	csv_row_text(&csv, "a;b");
	csv_row_text(&csv, "a,b");
	csv_row_end(&csv);
	assert_string_equal(text_get(&csv.line), "0,25;-12,5;7;1.2.3;0.5;\"a;b\";a,b\r\n");
	csv_row_release(&csv);
}

static void plain_numbers(void **state)
{
	(void)state;
	static const char *const numbers[] = {"0", "-1", "12.5", "007"};
	static const char *const others[] = {
		"", "-", ".5", "5.", "1e3", "1,5", "0x10", " 1", "1 ", "nan", "+1", "1.2.3"};
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		assert_true(csv_is_number(numbers[i]));
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		assert_false(csv_is_number(others[i]));
}

static void figures_get_their_point_back(void **state)
{
	(void)state;
	static const char *const cases[][2] = {{"0,25", "0.25"}, {"-12,5", "-12.5"}, {"7", "7"},
		{"a,b", "a,b"}, {"1,2,3", "1,2,3"}, {"1.5,2", "1.5,2"}, {",5", ",5"}, {"", ""}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char field[16];
		snprintf(field, sizeof(field), "%s", cases[i][0]);
		csv_point(field, strlen(field));
		assert_string_equal(field, cases[i][1]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotes_only_where_needed),
		cmocka_unit_test(formulas_become_text),
		cmocka_unit_test(text_is_made_utf8),
		cmocka_unit_test(lines_have_commas_and_crlf),
		cmocka_unit_test(seconds_are_exact),
		cmocka_unit_test(ratios_have_no_exponent),
		cmocka_unit_test(semicolons_go_with_decimal_commas),
		cmocka_unit_test(plain_numbers),
		cmocka_unit_test(figures_get_their_point_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
