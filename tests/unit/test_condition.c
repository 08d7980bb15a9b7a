/* Where alone an option has an effect: conditions on the value of another one, and those that the
 * tables have. */
#include "base/option.h"
#include "executors/executor.h"
#include "workloads/workload.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* clang-format off: it needs what stands before it. */
#include <cmocka.h>
/* clang-format on */

static const char *const kinds[] = {"pipe", "shm", "tcp", NULL};

static const struct option table[] = {
	{.name = "kind", .type = OPTION_ENUM, .choices = kinds, .fallback = "pipe"},
	{.name = "host", .type = OPTION_TEXT, .fallback = ""},
	{.name = "gil", .type = OPTION_BOOL, .fallback = "false"},
	{.name = "cycle", .type = OPTION_DURATION, .list = true},
	OPTION_END,
};

static const union value second = {.integer = 1000000000};
static const struct option_list none = {0, NULL}, one = {1, &second};

static void values_decide(void **state)
{
	(void)state;
	union value values[] = {{.integer = 1}, {.text = ""}, {.integer = 0}, {.list = &none}};
	assert_true(option_holds("kind=shm", table, values));
	assert_true(option_holds("kind=pipe|shm", table, values));
	assert_true(option_holds("kind!=pipe", table, values));
	assert_false(option_holds("kind=pipe|tcp", table, values));
	assert_false(option_holds("kind!=tcp|shm", table, values));
	assert_false(option_holds("kind=sh", table, values));
	assert_true(option_holds("host=", table, values));
	assert_false(option_holds("host!=", table, values));
	assert_true(option_holds("gil=false", table, values));
	assert_true(option_holds("cycle=[]", table, values));
	values[1].text = "shm";
	values[3].list = &one;
	assert_true(option_holds("host!=", table, values));
	assert_false(option_holds("cycle=[]", table, values));
}

/* Nothing is known of what a table does not have: the condition does not hold, whatever it says. */
static void other_tables_do_not_hold(void **state)
{
	(void)state;
	assert_false(option_holds("gil=true", NULL, NULL));
	assert_false(option_holds("gi=true", table, NULL));
	assert_false(option_holds("gills!=true", table, NULL));
	assert_null(option_of_condition("gi=true", table));
	assert_ptr_equal(option_of_condition("gil=true", table), &table[2]);
}

static void reads(const char *condition, const char *expected)
{
	struct text out;
	text_init(&out);
	option_condition_words(condition, &out);
	assert_string_equal(text_get(&out), expected);
	text_release(&out);
}

static void people_can_read_them(void **state)
{
	(void)state;
	reads("kind=shm", "kind is shm");
	reads("kind!=shm", "kind is not shm");
	reads("kernel=naive|blocked", "kernel is naive or blocked");
	reads("host=", "host is not given");
	reads("host!=", "host is given");
	reads("cycle=[]", "cycle is not given");
	reads("executor.gil=true", "the executor's gil is true");
}

/* The values behind the sign are spelled as option_format does. */
static void check_values(const char *condition, const struct option *option)
{
	struct arena arena;
	char copy[200];
	const char *values = strchr(condition, '=') + 1;
	arena_init(&arena);
	snprintf(copy, sizeof(copy), "%s", option->list ? "" : values);
	for (char *value = copy, *next; *value; value = next) {
		union value typed;
		struct text spelled;
		struct err err = {""};
		next = value + strcspn(value, "|");
		if (*next)
			*next++ = '\0';
		if (option_parse(option, value, &arena, &typed, &err) != 0)
			fail_msg("%s: %s", condition, err.text);
		text_init(&spelled);
		option_format(option, typed, &spelled);
		assert_string_equal(text_get(&spelled), value);
		text_release(&spelled);
	}
	arena_release(&arena);
}

static size_t check_table(const struct option *own)
{
	size_t count = 0;
	for (const struct option *option = own; option && option->name; option++) {
		const struct option *found = NULL;
		const char *when = option->when;
		if (!when)
			continue;
		const char *theirs = option_of_executor(when);
		for (size_t i = 0; theirs && !found && executor_registry[i]; i++)
			found = option_of_condition(theirs, executor_registry[i]->options);
		if (!theirs)
			found = option_of_condition(when, own);
		if (!found || found == option)
			fail_msg("%s: '%s' is about nothing", option->name, when);
		check_values(theirs ? theirs : when, found);
		count++;
	}
	return count;
}

static void the_tables_have_good_ones(void **state)
{
	(void)state;
	size_t count = 0;
	for (size_t i = 0; workload_registry()[i]; i++)
		count += check_table(workload_registry()[i]->params);
	for (size_t i = 0; executor_registry[i]; i++)
		count += check_table(executor_registry[i]->options);
	assert_true(count > 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_decide),
		cmocka_unit_test(other_tables_do_not_hold),
		cmocka_unit_test(people_can_read_them),
		cmocka_unit_test(the_tables_have_good_ones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
