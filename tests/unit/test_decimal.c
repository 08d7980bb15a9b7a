/* Numbers as text beside what printf makes of them. */
#include "report/decimal.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static const uint64_t edges[] = {0, 1, 9, 10, 11, 99, 100, 101, 999, 1000, 1001, 9999, 10000, 65535,
	99999, 100000, 999999, 1000000, 123456789, 999999999, 1000000000, 1000000001, 4294967295,
	4294967296, 59999999999, UINT64_C(9007199254740993), UINT64_MAX - 1, UINT64_MAX};

static void check(char *(*write)(char *, uint64_t), uint64_t number, const char *expected)
{
	char text[DECIMAL_MOST + 1];
	char *end = write(text, number);
	assert_true(end <= text + DECIMAL_MOST);
	*end = '\0';
	assert_string_equal(text, expected);
}

static void check_all(uint64_t number)
{
	char expected[64];
	snprintf(expected, sizeof(expected), "%" PRIu64, number);
	check(decimal_count, number, expected);
	snprintf(expected, sizeof(expected), "%" PRIu64 ".%09" PRIu64, number / 1000000000,
		number % 1000000000);
	check(decimal_seconds, number, expected);
	snprintf(
		expected, sizeof(expected), "%" PRIu64 ".%03" PRIu64, number / 1000, number % 1000);
	check(decimal_microseconds, number, expected);
}

static void test_edges(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++)
		check_all(edges[i]);
}

static void test_many(void **state)
{
	(void)state;
	for (uint64_t number = 7, i = 0; i < 20000; i++, number = number * 6364136223846793005u + 1)
		check_all(number >> i % 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
