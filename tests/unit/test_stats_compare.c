/*
 * What comparing rests on, against SciPy 1.10.1. Tests of ranks:
 *
 *   from scipy.stats import mannwhitneyu
 *   mannwhitneyu(a, b, method='exact').pvalue        # without ties
 *   mannwhitneyu(a, b, method='asymptotic').pvalue   # with ties, or large
 *
 * The bootstrap, by going through all draws, or with 200,000 of them:
 *
 *   sorted(numpy.median(y) / numpy.median(x) for x in itertools.product(a, repeat=len(a))
 *          for y in itertools.product(b, repeat=len(b)))
 *   bootstrap((a, b), lambda p, q, axis: numpy.median(q, axis=axis) / numpy.median(p, axis=axis),
 *             method='percentile', n_resamples=200000)
 */
#include "stats/bootstrap.h"
#include "stats/holm.h"
#include "stats/order_statistics.h"
#include "stats/rank_test.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define COUNT(array)                           (sizeof(array) / sizeof((array)[0]))
#define assert_near(value, expected, relative) assert_float_equal((value) / (expected), 1, relative)

static void assert_p(
	const double *a, size_t a_count, const double *b, size_t b_count, double expected)
{
	assert_near(rank_test(a, a_count, b, b_count), expected, 1e-9);
	assert_near(rank_test(b, b_count, a, a_count), expected, 1e-9);
}

static void exact_without_ties(void **state)
{
	(void)state;
	static const double low[] = {1.1, 2.2, 3.3, 4.4}, high[] = {5.1, 6.2, 7.3, 8.4};
	static const double term[] = {0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46};
	static const double early[] = {1.15, 0.88, 0.90, 0.74, 1.21};
	static const double few[] = {1, 2, 3, 4, 5.5}, more[] = {2.5, 3.5, 4.5, 6, 7, 8, 9};
	static const double outer[] = {1, 4}, inner[] = {2, 3};
	assert_p(low, 4, high, 4, 0.02857142857142857);
	assert_p(term, COUNT(term), early, COUNT(early), 0.2544122544122544);
	assert_p(few, COUNT(few), more, COUNT(more), 0.07323232323232323);
	assert_p(outer, 2, inner, 2, 1);
}

static void exact_up_to_49(void **state)
{
	(void)state;
	double a[49], b[49];
	for (int i = 0; i < 49; i++) {
		a[i] = i * 7 % 101;
		b[i] = a[i] + 12.5;
	}
	assert_p(a, 49, b, 49, 0.05300894257682888);
	for (int i = 0; i < 49; i++)
		b[i] = a[i] + 0.5;
	assert_p(a, 49, b, 49, 0.8652103571528188);
}

static void approximate_with_ties_or_many(void **state)
{
	(void)state;
	static const double a[] = {1, 2, 2, 3, 3, 3, 4}, b[] = {2, 3, 4, 4, 5, 5};
	static const double c[] = {1, 1, 2}, d[] = {1, 2, 2}, e[] = {1, 4, 2}, f[] = {2, 3, 3};
	double many[60], others[70];
	for (int i = 0; i < 60; i++)
		many[i] = i * 37 % 211;
	for (int i = 0; i < 70; i++)
		others[i] = i * 37 % 211 + 20.5;
	assert_p(a, COUNT(a), b, COUNT(b), 0.07826242947714618);
	assert_p(c, COUNT(c), d, COUNT(d), 0.6192567541768621);
	assert_p(e, COUNT(e), f, COUNT(f), 0.8221867672380183);
	assert_p(many, 60, others, 70, 0.06474102454998953);
}

static void nothing_to_tell_is_one(void **state)
{
	(void)state;
	static const double same[] = {3, 3, 3, 3, 3, 3};
	assert_true(rank_test(same, 6, same, 6) == 1);
	assert_true(rank_test(same, 0, same, 6) == 1);
	assert_true(rank_test(same, 1, same, 1) == 1);
}

static void least_is_what_apart_gives(void **state)
{
	(void)state;
	static const double low[] = {1, 2, 3, 4, 5, 6}, high[] = {11, 12, 13, 14, 15, 16};
	for (size_t a = 1; a <= 6; a++)
		for (size_t b = 1; b <= 6; b++)
			assert_near(rank_test(low, a, high, b), rank_test_least(a, b), 1e-12);
	assert_near(rank_test_least(4, 4), 2.0 / 70, 1e-12);
	assert_near(rank_test_least(3, 3), 0.1, 1e-12);
	assert_true(rank_test_least(0, 9) == 1 && rank_test_least(1, 1) == 1);
}

/* Worked by hand, as R's p.adjust(p, "holm") does it:
 * 0.005·5, 0.01·4, 0.03·3, then 0.04·2 = 0.08 is raised to 0.09, then 0.6·1. */
static void holm_steps_down(void **state)
{
	(void)state;
	static const double p[] = {0.01, 0.04, 0.03, 0.005, 0.6};
	static const double expected[] = {0.04, 0.09, 0.09, 0.025, 0.6};
	double adjusted[5], large[] = {0.7, 0.9};
	holm_adjust(p, 5, adjusted);
	for (size_t i = 0; i < 5; i++)
		assert_near(adjusted[i], expected[i], 1e-12);
	holm_adjust(large, 2, adjusted);
	assert_true(adjusted[0] == 1 && adjusted[1] == 1);
	holm_adjust(large, 0, adjusted);
}

static void bootstrap_of_all_draws(void **state)
{
	(void)state;
	static const double odd_a[] = {1, 1.1, 1.3, 1.6, 2.0}, odd_b[] = {2, 2.2, 2.5};
	struct interval interval = bootstrap_ratio(odd_a, 5, odd_b, 3);
	assert_near(interval.low, 1.1, 1e-9);
	assert_near(interval.high, 2.2727272727, 1e-9);

	/* The draws' quantiles at 2.5 ± 0.4 % and 97.5 ± 0.4 %: ten times the error of drawing. */
	static const double even_a[] = {1, 1.1, 1.3, 1.6}, even_b[] = {2, 2.2, 2.5, 2.6};
	interval = bootstrap_ratio(even_a, 4, even_b, 4);
	assert_true(interval.low > 1.3793 && interval.low < 1.4483);
	assert_true(interval.high > 2.4285 && interval.high < 2.4762);
}

static void bootstrap_as_scipy(void **state)
{
	(void)state;
	double a[] = {10.2, 9.8, 10.9, 11.4, 10.0, 10.3, 9.9, 10.6, 12.0, 10.1, 10.4, 9.7};
	double b[] = {11.9, 11.2, 12.4, 11.7, 13.0, 11.1, 12.2, 11.8, 12.9, 11.5};
	values_sort(a, COUNT(a));
	values_sort(b, COUNT(b));
	struct interval interval = bootstrap_ratio(a, COUNT(a), b, COUNT(b));
	assert_near(interval.low, 1.0925, 0.003);
	assert_near(interval.high, 1.2297, 0.003);
	struct interval again = bootstrap_ratio(a, COUNT(a), b, COUNT(b));
	assert_true(again.low == interval.low && again.high == interval.high);
}

static void bootstrap_of_one(void **state)
{
	(void)state;
	static const double a[] = {2}, b[] = {3};
	struct interval interval = bootstrap_ratio(a, 1, b, 1);
	assert_true(interval.low == 1.5 && interval.high == 1.5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exact_without_ties),
		cmocka_unit_test(exact_up_to_49),
		cmocka_unit_test(approximate_with_ties_or_many),
		cmocka_unit_test(nothing_to_tell_is_one),
		cmocka_unit_test(least_is_what_apart_gives),
		cmocka_unit_test(holm_steps_down),
		cmocka_unit_test(bootstrap_of_all_draws),
		cmocka_unit_test(bootstrap_as_scipy),
		cmocka_unit_test(bootstrap_of_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
