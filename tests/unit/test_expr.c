/* Integer expressions: what they give, and that none can hang, grow or reach out. */
#include "base/option.h"
#include "script/expr.h"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void gives(const char *text, int64_t expected)
{
	int64_t value = -1;
	struct err err = {""};
	if (expr_integer(text, &value, &err))
		fail_msg("%s: %s", text, err.text);
	assert_true(value == expected);
}

static void refuses(const char *text, const char *message)
{
	int64_t value;
	struct err err = {""};
	assert_int_equal(expr_integer(text, &value, &err), -1);
	if (!strstr(err.text, message))
		fail_msg("%s: %s", text, err.text);
}

static void ncpu_is_what_this_process_may_use(void **state)
{
	(void)state;
	cpu_set_t all, one;
	assert_int_equal(sched_getaffinity(0, sizeof(all), &all), 0);
	assert_int_equal(expr_ncpu(), CPU_COUNT(&all));
	CPU_ZERO(&one);
	for (int cpu = 0; cpu < CPU_SETSIZE && !CPU_COUNT(&one); cpu++) {
		if (CPU_ISSET(cpu, &all))
			CPU_SET(cpu, &one);
	}
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	assert_int_equal(expr_ncpu(), 1);
	gives("8*ncpu", 8);
	assert_int_equal(sched_setaffinity(0, sizeof(all), &all), 0);
}

static void expressions_are_evaluated(void **state)
{
	(void)state;
	int64_t ncpu = expr_ncpu();
	gives("ncpu", ncpu);
	gives("2*ncpu", 2 * ncpu);
	gives(" ncpu // 2 + 1 ", ncpu / 2 + 1);
	gives("(ncpu + 3) % 2", (ncpu + 3) % 2);
	gives("2^10", 1024);
	gives("-ncpu", -ncpu);
}

static void only_whole_numbers(void **state)
{
	(void)state;
	refuses("1/2", "'1/2' is 0.5 here, not a whole number; divide with //");
	refuses("1/0", "not a whole number");
	refuses("'10'", "is a string, not an integer");
	refuses("nil", "is a nil, not an integer");
	refuses("{}", "is a table, not an integer");
	refuses("2^70", "not a whole number");
}

static void mistakes_are_named(void **state)
{
	(void)state;
	refuses("2*ncp", "'ncp' is not known; an expression may use ncpu");
	refuses("2**3", "unexpected symbol near '*'");
	refuses("1, 2", "is not an integer");
	refuses("", "is not an integer");
	refuses("ncpu//0", "is not an integer: attempt to ");
	refuses("return 1", "is not an integer");
	refuses("error({})", "'error' is not known");
}

static void nothing_hangs_grows_or_reaches_out(void **state)
{
	(void)state;
	refuses("(function() while true do end end)()", "it takes too long");
	refuses("(function() local s = 'x' while true do s = s .. s end end)()",
		"not enough memory");
	refuses("(function() local function f() return 1 + f() end return f() end)()",
		"is not an integer");
	refuses("os.exit(1)", "'os' is not known");
	refuses("('x'):rep(1000000)", "is not an integer");
	refuses("_G.x", "'_G' is not known");
	refuses("\x1bLua", "is not an integer");
	char deep[201];
	memset(deep, '(', 200);
	deep[200] = '\0';
	refuses(deep, "is not an integer");
	char text[400];
	memset(text, '1', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	refuses(text, "is too long for an expression; the most is 200 characters");
	/* What one expression sets is gone in the next. */
	gives("(function() ncpu = 77 return ncpu end)()", 77);
	gives("ncpu", expr_ncpu());
}

static void options_take_expressions_once_installed(void **state)
{
	(void)state;
	static const struct option option = {.name = "n", .type = OPTION_INTEGER};
	union value value;
	struct err err;
	option_parse_integer_hook = NULL;
	assert_int_equal(option_parse(&option, "2*3", NULL, &value, &err), -1);
	expr_install();
	assert_int_equal(option_parse(&option, "2*3", NULL, &value, &err), 0);
	assert_int_equal(value.integer, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ncpu_is_what_this_process_may_use),
		cmocka_unit_test(expressions_are_evaluated),
		cmocka_unit_test(only_whole_numbers),
		cmocka_unit_test(mistakes_are_named),
		cmocka_unit_test(nothing_hangs_grows_or_reaches_out),
		cmocka_unit_test(options_take_expressions_once_installed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
