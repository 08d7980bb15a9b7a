/* Problems as they are written: sorted, bounded, with the caret in the right place. */
#include "scenario/diag.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;

static struct place at(int line, int column)
{
	return (struct place){.line = line, .column = column};
}

static void starts(struct diag *diag, const char *text)
{
	diag_init(diag, &arena, "x.yaml", text, strlen(text));
}

static void reads(struct diag *diag, const char *expected)
{
	struct text out;
	text_init(&out);
	diag_format(diag, false, &out);
	assert_string_equal(text_get(&out), expected);
	text_release(&out);
	diag_release(diag);
}

static void a_problem_has_its_line_a_caret_and_a_note(void **state)
{
	(void)state;
	struct diag diag;
	starts(&diag, "tasks: 1\nworker: [1, 2]\n");
	diag_error(&diag, at(2, 9), "no '%s' here", "list");
	diag_note(&diag, "allowed: %d", 1);
	diag_warning(&diag, at(1, 1), "odd");
	assert_int_equal(diag.errors, 1);
	reads(&diag, "x.yaml:1:1: warning: odd\n"
		     "    1 | tasks: 1\n"
		     "      | ^\n"
		     "x.yaml:2:9: error: no 'list' here\n"
		     "    2 | worker: [1, 2]\n"
		     "      |         ^\n"
		     "      = allowed: 1\n");
}

static void an_error_from_below_brings_its_note(void **state)
{
	(void)state;
	struct diag diag;
	struct err err = {"'x' is no value of y; did you mean 'z'?; allowed: z, w"};
	starts(&diag, "y: x\n");
	diag_err(&diag, at(1, 4), &err);
	reads(&diag, "x.yaml:1:4: error: 'x' is no value of y; did you mean 'z'?\n"
		     "    1 | y: x\n"
		     "      |    ^\n"
		     "      = allowed: z, w\n");
}

static void no_place_means_no_line(void **state)
{
	(void)state;
	struct diag diag;
	starts(&diag, "");
	diag_error(&diag, at(0, 0), "no such file");
	reads(&diag, "x.yaml: error: no such file\n");
}

static void problems_are_sorted_unique_and_few(void **state)
{
	(void)state;
	struct diag diag;
	starts(&diag, "");
	for (int line = 50; line > 0; line--) {
		diag_error(&diag, at(line, 2), "second");
		diag_error(&diag, at(line, 1), "first");
		diag_error(&diag, at(line, 1), "first");
	}
	struct text out;
	text_init(&out);
	diag_format(&diag, false, &out);
	assert_ptr_equal(
		strstr(text_get(&out), "x.yaml:1:1: error: first\nx.yaml:1:2: error: second\n"
				       "x.yaml:2:1: error: first\n"),
		text_get(&out));
	assert_non_null(strstr(text_get(&out), "x.yaml:10:2: error: second\n… and 80 more\n"));
	text_release(&out);
	diag_release(&diag);
}

static void colour_frames_the_same_words(void **state)
{
	(void)state;
	struct diag diag;
	struct text out;
	starts(&diag, "a\n");
	diag_error(&diag, at(1, 1), "bad");
	text_init(&out);
	diag_format(&diag, true, &out);
	assert_non_null(strstr(text_get(&out), "\033[1;31merror:\033[0m"));
	assert_non_null(strstr(text_get(&out), "\033[1;32m^\033[0m"));
	text_release(&out);
	diag_release(&diag);
}

/* Nothing from a file can move the cursor of whoever reads the message. */
static void what_is_not_visible_is_replaced(void **state)
{
	(void)state;
	struct diag diag;
	starts(&diag, "a: \x1b[31m\xc2\x9b\xff.\n");
	diag_error(&diag, at(1, 4), "bad '%s'", "\x1b[2J\n");
	reads(&diag, "x.yaml:1:4: error: bad '?[2J?'\n"
		     "    1 | a: ?[31m??.\n"
		     "      |    ^\n");
}

static void excerpt_is(const char *text, struct place place, const char *expected)
{
	struct diag diag;
	struct text out;
	starts(&diag, text);
	text_init(&out);
	diag_excerpt(&diag, place, false, &out);
	assert_string_equal(text_get(&out), expected);
	text_release(&out);
}

static void the_caret_knows_tabs_and_wide_characters(void **state)
{
	(void)state;
	excerpt_is("a:\t1\n", at(1, 4), "    1 | a:      1\n      |         ^\n");
	excerpt_is("größe: x", at(1, 8), "    1 | größe: x\n      |        ^\n");
	excerpt_is("名前: x", at(1, 5), "    1 | 名前: x\n      |       ^\n");
	excerpt_is(
		"e\xcc\x81: x", at(1, 5), "    1 | e\xcc\x81: x\n      |    ^\n");
	excerpt_is("a\r\nb\rc\n", at(3, 1), "    3 | c\n      | ^\n");
	excerpt_is("a\n\nb", at(2, 1), "");
	excerpt_is("a\n", at(9, 1), "");
	/* Behind the end of the line. */
	excerpt_is("ab\n", at(1, 3), "    1 | ab\n      |   ^\n");
}

static void long_lines_are_cut_around_the_caret(void **state)
{
	(void)state;
	char line[400];
	memset(line, 'z', 300);
	memcpy(line + 300, "!", 2);
	memset(line + 301, 'y', 98);
	line[399] = '\0';
	struct diag diag;
	struct text out;
	starts(&diag, line);
	text_init(&out);
	diag_excerpt(&diag, at(1, 301), false, &out);
	const char *shown = text_get(&out), *caret = strchr(strchr(shown, '\n'), '^');
	assert_int_equal(strncmp(shown, "    1 | …zzz", strlen("    1 | …zzz")), 0);
	assert_non_null(strstr(shown, "yyy…\n"));
	/* `…` takes 3 bytes and 1 cell. */
	size_t target = (size_t)(strchr(shown, '!') - shown) - 2;
	assert_int_equal((size_t)(caret - strchr(shown, '\n')) - 1, target);
	text_release(&out);
}

static void bytes_have_places(void **state)
{
	(void)state;
	const char *text = "ab\r\nö!\n\nx";
	struct place place = diag_place(text, strlen(text), 6);
	assert_int_equal(place.line, 2);
	assert_int_equal(place.column, 2);
	place = diag_place(text, strlen(text), strlen(text) - 1);
	assert_int_equal(place.line, 4);
	assert_int_equal(place.column, 1);
}

static int end_of(const char *text, int column)
{
	struct diag diag;
	starts(&diag, text);
	return diag_end_column(&diag, (struct place){.line = 1, .column = column});
}

/* The first column behind what begins at a column. */
static void what_is_meant_has_an_end(void **state)
{
	(void)state;
	assert_int_equal(end_of("worker: 1\n", 1), 7);
	assert_int_equal(end_of("worker: 10 # some\n", 9), 11);
	assert_int_equal(end_of("name: two words, a comma\n", 7), 25);
	assert_int_equal(end_of("a: [one, two]\n", 5), 8);
	assert_int_equal(end_of("a: [one, two]\n", 10), 13);
	assert_int_equal(end_of("a: [one, [b, \"]\"], c] # d\n", 4), 22);
	assert_int_equal(end_of("a: { b: [1, 2], c: 'it''s }' }\n", 4), 31);
	assert_int_equal(end_of("a: { b: 'it''s', c: 1 }\n", 9), 16);
	assert_int_equal(end_of("a: \"x\\\"y\" # z\n", 4), 10);
	assert_int_equal(end_of("größe: äöü\n", 8), 11);
	assert_int_equal(end_of("a: {b: 1,\n", 4), 10);
	assert_int_equal(end_of("url: http://x:80/\n", 6), 18);
	/* Nothing is there. */
	assert_int_equal(end_of("a:\n", 3), 3);
	assert_int_equal(end_of("a: 1\n", 9), 9);
}

static int setup(void **state)
{
	(void)state;
	arena_init(&arena);
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
		cmocka_unit_test(a_problem_has_its_line_a_caret_and_a_note),
		cmocka_unit_test(an_error_from_below_brings_its_note),
		cmocka_unit_test(no_place_means_no_line),
		cmocka_unit_test(problems_are_sorted_unique_and_few),
		cmocka_unit_test(colour_frames_the_same_words),
		cmocka_unit_test(what_is_not_visible_is_replaced),
		cmocka_unit_test(the_caret_knows_tabs_and_wide_characters),
		cmocka_unit_test(long_lines_are_cut_around_the_caret),
		cmocka_unit_test(bytes_have_places),
		cmocka_unit_test(what_is_meant_has_an_end),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
