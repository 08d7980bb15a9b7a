/* Medians, and the ranks of the interval against exact binomials computed elsewhere. */
#include "stats/order_statistics.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

/* clang-format off: it needs what stands before it. */
#include <cmocka.h>
/* clang-format on */

/* The largest r with 1 - 2 P(B < r) >= 0.95, B binomial(n, 1/2), in rational arithmetic. */
static const size_t expected_ranks[] = {0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 5, 5,
	5, 6, 6, 6, 7, 7, 8, 8, 8, 9, 9, 10, 10, 10, 11, 11, 12, 12, 13, 13, 13, 14};

static void test_ranks(void **state)
{
	(void)state;
	for (size_t n = 0; n < sizeof(expected_ranks) / sizeof(expected_ranks[0]); n++)
		assert_int_equal(interval_rank(n), expected_ranks[n]);
	assert_int_equal(interval_rank(50), 18);
	assert_int_equal(interval_rank(100), 40);
	assert_int_equal(interval_rank(1000), 469);
	assert_int_equal(interval_rank(5000), 2431);
}

static void test_median(void **state)
{
	(void)state;
	double values[] = {9, 1, 4, 2, 7};
	values_sort(values, 5);
	assert_true(sorted_median(values, 5) == 4);
	assert_true(sorted_median(values, 4) == 3);
	assert_true(sorted_median(values, 2) == 1.5);
	assert_true(sorted_median(values, 1) == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ranks),
		cmocka_unit_test(test_median),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
