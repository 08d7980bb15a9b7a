/* Expressions about rows: which names they use, and what they come to. */
#include "script/claim.h"
#include "script/scan.h"
#include "script/slips.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void add_name(void *arg, const char *name, size_t length)
{
	struct text *names = arg;
	text_addf(names, "%.*s ", (int)length, name);
}

/* `names` are in order, a space behind each. */
static void assert_names(const char *text, const char *names)
{
	struct text found, copy;
	text_init(&found);
	text_init(&copy);
	scan_expression(text, add_name, &found, &copy);
	assert_string_equal(text_get(&found), names);
	text_release(&found);
	text_release(&copy);
}

static void names_are_found(void **state)
{
	(void)state;
	assert_names("", "");
	assert_names("a", "a ");
	assert_names("a_1<b2 and not(c)or d==nil", "a_1 b2 c d ");
	assert_names("true and false or nil", "");
	assert_names("a + a", "a a ");
	assert_names("(function(x) local y = x return y end)()", "x y x y ");
	assert_names("{k = v}", "k v ");
	assert_names("_ENV", "_ENV ");
}

static void fields_and_methods_are_no_names(void **state)
{
	(void)state;
	assert_names("a.b.c", "a ");
	assert_names("a:b(c)", "a c ");
	assert_names("a . b", "a ");
	assert_names("a .--[[x]] b", "a ");
	assert_names("a..b", "a b ");
	assert_names("a .. b", "a b ");
	assert_names("a.b..c", "a c ");
	assert_names("f(...)", "f ");
}

static void strings_and_comments_hide_names(void **state)
{
	(void)state;
	assert_names("a == 'b c'", "a ");
	assert_names("a == \"b 'c'\" and d", "a d ");
	assert_names("a == 'it\\'s b' and c", "a c ");
	assert_names("a == [[b ]] c]] and d", "a c d ");
	assert_names("a == [==[b ]] c]==] and d", "a d ");
	assert_names("t[a]", "t a ");
	assert_names("a -- b\n + c", "a c ");
	assert_names("a --[[ b\n ]] + c", "a c ");
	assert_names("a == 'b", "a ");
	assert_names("a == 'b\\", "a ");
	assert_names("a == [[b", "a ");
	assert_names("--", "");
}

static void numbers_are_no_names(void **state)
{
	(void)state;
	assert_names("1e5 + 0x1p4 + 3.5e-7 + .5e+3 + 0xAp-2", "");
	assert_names("1 .. a", "a ");
	assert_names("a-1", "a ");
	assert_names("2*a", "a ");
}

static void assert_copy(const char *text, const char *expected)
{
	struct text names, copy;
	text_init(&names);
	text_init(&copy);
	scan_expression(text, add_name, &names, &copy);
	assert_string_equal(text_get(&copy), expected);
	text_release(&names);
	text_release(&copy);
}

static void large_integers_stay_integers(void **state)
{
	(void)state;
	assert_copy("a == 9223372036854775807", "a == 9223372036854775807");
	assert_copy("a == 9223372036854775808", "a == 0x8000000000000000");
	assert_copy("a==18446744073709551615 or b", "a==0xffffffffffffffff or b");
	assert_copy("a == 18446744073709551616", "a == 18446744073709551616");
	assert_copy("'9223372036854775808'", "'9223372036854775808'");
}

static void assert_slip(const char *text, const char *advice)
{
	struct text found;
	text_init(&found);
	assert_int_equal(slips_find(text, &found), *advice != '\0');
	assert_string_equal(text_get(&found), advice);
	text_release(&found);
}

static void slips_are_told_from_what_is_right(void **state)
{
	(void)state;
	assert_slip("a == 1 and b <= 2 or c ~= 'x = 5ms' and d >= 3 -- = 5ms", "");
	assert_slip("a % 5 == 1 and b5ms < 0x1F and c < 1e3 and d[[=]] < .5", "");
	assert_slip("a % 5 % (b) % c", "");
	assert_slip("a == 'b' and c=2", "write == instead of =");
	assert_slip("!a", "write not instead of !");
	assert_slip("a => b", "write >= instead of =>");
	assert_slip("a < 1.5us", "columns are in seconds: write 0.0000015 instead of 1.5us");
	assert_slip("a<2m and b", "columns are in seconds: write 120 instead of 2m");
	assert_slip("(a < 3%)", "columns are in shares of 1: write 0.03 instead of 3%");
	assert_slip("a < 3% and b", "columns are in shares of 1: write 0.03 instead of 3%");
	assert_slip("a < 3parsecs", "");
}

/* ---- claims ---- */

struct fixture {
	struct state state;
	struct arena arena;
};

static int set_up(void **state)
{
	struct fixture *fixture = memory_alloc(sizeof(*fixture));
	struct err err;
	arena_init(&fixture->arena);
	assert_int_equal(state_open(&fixture->state, "", &err), 0);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	state_close(&fixture->state);
	arena_release(&fixture->arena);
	free(fixture);
	return 0;
}

/* What the names of these tests stand for. */
static struct claim_value value_of(const char *name)
{
	static const struct {
		const char *name;
		struct claim_value value;
	} values[] = {
		{"two", {DATUM_NUMBER, "2"}},
		{"half", {DATUM_NUMBER, "0.5"}},
		{"none", {DATUM_NUMBER, ""}},
		{"large", {DATUM_NUMBER, "18446744073709551615"}},
		{"yes", {DATUM_BOOL, "true"}},
		{"no", {DATUM_BOOL, "false"}},
		{"neither", {DATUM_BOOL, ""}},
		{"word", {DATUM_TEXT, "crashed"}},
		{"empty", {DATUM_TEXT, ""}},
	};
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		if (strcmp(values[i].name, name) == 0)
			return values[i].value;
	fail_msg("no value for '%s'", name);
	return (struct claim_value){0};
}

static enum claim_verdict test(void **state, const char *text, struct err *err)
{
	struct fixture *fixture = *state;
	struct claim claim;
	struct claim_value values[8];
	if (claim_compile(&claim, &fixture->state, &fixture->arena, text, err))
		fail_msg("%s: %s", text, err->text);
	assert_true(claim.name_count <= 8);
	for (size_t i = 0; i < claim.name_count; i++)
		values[i] = value_of(claim.names[i]);
	return claim_test(&claim, values, err);
}

static void assert_holds(void **state, const char *text)
{
	struct err err = {.text = ""};
	if (test(state, text, &err) != CLAIM_HOLDS)
		fail_msg("%s does not hold %s", text, err.text);
}

static void assert_why(void **state, const char *text, const char *why)
{
	struct err err = {.text = ""};
	assert_int_equal(test(state, text, &err), CLAIM_CANNOT_TELL);
	if (!strstr(err.text, why))
		fail_msg("%s: '%s' has no '%s'", text, err.text, why);
}

static void claims_hold_or_fail(void **state)
{
	struct err err;
	assert_holds(state, "two == 2 and half < 1");
	assert_holds(state, "two // 1 == 2 and 2 ^ two == 4");
	assert_holds(state, "word == 'crashed' and empty == ''");
	assert_holds(state, "word:find('^crash') ~= nil");
	assert_holds(state, "yes and not no");
	assert_holds(state, "large == 18446744073709551615");
	assert_holds(state, "large == 0xffffffffffffffff");
	assert_holds(state, "true");
	assert_holds(state, "two == 2 -- it is");
	assert_int_equal(test(state, "two > 2", &err), CLAIM_FAILS);
	assert_int_equal(test(state, "large == 18446744073709551614", &err), CLAIM_FAILS);
}

static void unknown_figures_are_named(void **state)
{
	struct err err;
	assert_why(state, "none < 1", "none is unknown");
	assert_why(state, "two > 1 and none + 1 > 2", "none is unknown");
	assert_why(state, "neither or none < 1", "neither, none are unknown");
	/* What does not need it does not suffer. */
	assert_holds(state, "two == 2 or none < 1");
	assert_holds(state, "none == nil");
	assert_int_equal(test(state, "none == 1", &err), CLAIM_FAILS);
}

static void what_is_no_answer_is_said(void **state)
{
	assert_why(state, "two", "a number, not true or false");
	assert_why(state, "two < word", "attempt to compare");
	assert_why(state, "(function() while true do end end)()", "takes too long");
	assert_why(state, "('x'):rep(1 << 40) == ''", "");
}

static void faults_are_found_at_once(void **state)
{
	struct fixture *fixture = *state;
	struct claim claim;
	struct err err;
	static const char *const wrong[] = {
		"", "two <", "two = 2", "two two", "'", "two <> 2", "return two", "two; two"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(
			claim_compile(&claim, &fixture->state, &fixture->arena, wrong[i], &err),
			-1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_found),
		cmocka_unit_test(fields_and_methods_are_no_names),
		cmocka_unit_test(strings_and_comments_hide_names),
		cmocka_unit_test(numbers_are_no_names),
		cmocka_unit_test(large_integers_stay_integers),
		cmocka_unit_test(slips_are_told_from_what_is_right),
		cmocka_unit_test_setup_teardown(claims_hold_or_fail, set_up, tear_down),
		cmocka_unit_test_setup_teardown(unknown_figures_are_named, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_no_answer_is_said, set_up, tear_down),
		cmocka_unit_test_setup_teardown(faults_are_found_at_once, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
