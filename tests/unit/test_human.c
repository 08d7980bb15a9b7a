/* What people read: figures with units, aligned tables that fit, text cut by code points. */
#include "report/human.h"
#include "report/table.h"
#include "report/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void assert_text(struct text *text, const char *expected)
{
	assert_string_equal(text_get(text), expected);
	text_release(text);
}

static void times_have_the_unit_that_fits(void **state)
{
	static const struct {
		double seconds;
		const char *expected;
	} cases[] = {{1.0163, "1.02 s"}, {0.98, "980 ms"}, {0.0000123, "12.3 µs"}, {0, "0 ns"},
		{31e-9, "31.0 ns"}, {0.9999, "1.00 s"}, {101.6, "102 s"}, {0.5e-9, "0.500 ns"},
		{4000, "1h 6m"}};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct text text;
		text_init(&text);
		human_seconds(&text, cases[i].seconds, 3);
		assert_text(&text, cases[i].expected);
	}
}

static void other_figures(void **state)
{
	struct text text;
	(void)state;
	text_init(&text);
	human_rate(&text, 31.2e6);
	text_add(&text, "|");
	human_rate(&text, 984);
	text_add(&text, "|");
	human_bytes(&text, 3.5 * 1024 * 1024);
	text_add(&text, "|");
	human_count(&text, 412345);
	text_add(&text, "|");
	human_count(&text, 5e10);
	text_add(&text, "|");
	human_number(&text, 0.01234, 3);
	assert_text(&text, "31.2 M/s|984 /s|3.50 MiB|412345|50.0 G|0.0123");
}

static void spans(void **state)
{
	struct text text;
	(void)state;
	text_init(&text);
	human_span(&text, 640000000);
	text_add(&text, "|");
	human_span(&text, UINT64_C(59900000000));
	text_add(&text, "|");
	human_span(&text, UINT64_C(92000000000));
	text_add(&text, "|");
	human_span(&text, UINT64_C(7500000000000));
	assert_text(&text, "0.6s|1m 0s|1m 32s|2h 5m");
}

static void make_table(struct table *table)
{
	static const char *const cells[] = {
		"thread", "980 ms", "1.00", "process", "1.02 s", "0.96"};
	table_init(table);
	table_column(table, "executor", TABLE_ALWAYS, true);
	table_column(table, "time", 90, false);
	table_column(table, "speedup", 50, false);
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++)
		table_cell(table, cells[i], TABLE_PLAIN);
}

static void tables_align_numbers_at_their_units(void **state)
{
	struct table table;
	struct text out;
	(void)state;
	text_init(&out);
	make_table(&table);
	table_print(&table, 80, false, &out);
	assert_text(&out, "executor     time  speedup\n"
			  "thread     980 ms     1.00\n"
			  "process   1.02 s      0.96\n");
	table_release(&table);
}

static void narrow_tables_drop_the_least_important(void **state)
{
	struct table table;
	struct text out;
	(void)state;
	text_init(&out);
	make_table(&table);
	table_print(&table, 20, false, &out);
	assert_text(&out, "executor     time\n"
			  "thread     980 ms\n"
			  "process   1.02 s\n");
	table_release(&table);
}

static void tables_know_constants_and_colour(void **state)
{
	struct table table;
	struct text out;
	(void)state;
	text_init(&out);
	table_init(&table);
	table_column(&table, "a", TABLE_ALWAYS, true);
	table_column(&table, "empty", TABLE_ALWAYS, true);
	table_column(&table, "b", TABLE_ALWAYS, true);
	const char *const cells[] = {"same", "", "x", "same", "", "y"};
	for (size_t i = 0; i < 6; i++)
		table_cell(&table, cells[i], i == 5 ? TABLE_RED : TABLE_PLAIN);
	assert_string_equal(table_constant(&table, 0), "same");
	assert_null(table_constant(&table, 2));
	table_print(&table, 80, true, &out);
	assert_text(&out, "a     b\nsame  x\nsame  \033[31my\033[0m\n");
	table_release(&table);
}

static void long_words_are_cut_by_code_points(void **state)
{
	struct table table;
	struct text out;
	(void)state;
	text_init(&out);
	table_init(&table);
	table_column(&table, "name", TABLE_ALWAYS, true);
	table_cell(&table, "äöüäöüäöüäöüäöü", TABLE_PLAIN);
	table_print(&table, 12, false, &out);
	assert_text(&out, "name\näöüäöüäöüäö…\n");
	table_release(&table);
	assert_int_equal(utf8_width("a·×"), 3);
	assert_int_equal(utf8_bytes("a·×", 2), 3);
	assert_int_equal(utf8_bytes("a", 5), 1);
}

static void lines_hold_no_control_characters(void **state)
{
	struct text text;
	(void)state;
	text_init(&text);
	utf8_add_line(&text, "red\033[31m\nnext\x7f");
	assert_text(&text, "red [31m next ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_have_the_unit_that_fits),
		cmocka_unit_test(other_figures),
		cmocka_unit_test(spans),
		cmocka_unit_test(tables_align_numbers_at_their_units),
		cmocka_unit_test(narrow_tables_drop_the_least_important),
		cmocka_unit_test(tables_know_constants_and_colour),
		cmocka_unit_test(long_words_are_cut_by_code_points),
		cmocka_unit_test(lines_hold_no_control_characters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
