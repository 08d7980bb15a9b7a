/*
 * Scatter, outliers and trends of a series, against figures that scipy 1.10 gave:
 *   stats.median_abs_deviation(x); stats.theilslopes(x).slope;
 *   Z from S of stats.kendalltau(range(n), x) with the variance for ties and the continuity
 *   correction of Kendall 1975; 0.6745 * (x - median) / MAD.
 */
#include "stats/trend.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

/* clang-format off: it needs what stands before it. */
#include <cmocka.h>
/* clang-format on */

#define COUNT(values) (sizeof(values) / sizeof((values)[0]))

static const double rise[] = {10.0, 10.2, 10.1, 10.4, 10.6, 10.5, 10.9, 11.0, 11.2, 11.1};
static const double ties[] = {5, 5, 6, 5, 7, 6, 7, 7, 8, 7, 8, 9};
static const double calm[] = {3.1, 2.9, 3.0, 3.2, 2.8, 3.05, 2.95, 3.15, 2.85, 3.0};
static const double fall[] = {9, 8.5, 8.6, 8.0, 7.7, 7.9, 7.1, 7.0};

static const struct {
	const double *values;
	size_t count;
	double mad, z, slope;
	unsigned flags;
} series[] = {
	{rise, COUNT(rise), 0.4, 3.3988233257996803, 0.14285714285714285, TREND_DRIFT},
	{ties, COUNT(ties), 1.0, 3.408343691984286, 0.3333333333333333, TREND_DRIFT},
	{calm, COUNT(calm), 0.1, -0.26940795304016235, -0.01, 0},
	{fall, COUNT(fall), 0.6, -2.8455120410060126, -0.2828571428571429, TREND_DRIFT},
};

static void assert_near(double value, double expected)
{
	if (fabs(value - expected) > 1e-12)
		fail_msg("%.17g is not %.17g", value, expected);
}

static void figures_are_those_of_scipy(void **state)
{
	double scratch[16];
	(void)state;
	for (size_t i = 0; i < COUNT(series); i++) {
		const double *values = series[i].values;
		size_t count = series[i].count;
		assert_near(trend_mad(values, count, scratch), series[i].mad);
		assert_near(trend_mann_kendall(values, count, scratch), series[i].z);
		assert_near(trend_theil_sen(values, count), series[i].slope);
		assert_int_equal(trend_outliers(values, count, scratch), 0);
		assert_int_equal(trend_flags(values, count, 1, scratch), series[i].flags);
	}
}

/* Scores: 0, 0.67, -0.67, 0, 1.35, 13.5, 0, 0.67, -0.34, -12.1. */
static void outliers_are_counted_on_both_sides(void **state)
{
	static const double values[] = {10, 11, 9, 10, 12, 30, 10, 11, 9.5, -8};
	static const double alike[] = {1, 1, 1, 1, 9};
	double scratch[16];
	(void)state;
	assert_int_equal(trend_outliers(values, COUNT(values), scratch), 2);
	assert_int_equal(trend_outliers(alike, COUNT(alike), scratch), 0);
	assert_int_equal(trend_outliers(values, 0, scratch), 0);
}

static void a_slow_start_is_a_warm_up(void **state)
{
	static const double times[] = {20, 10, 10.2, 9.9, 10.1, 10, 9.8};
	static const double rates[] = {5, 10, 10.2, 9.9, 10.1, 10, 9.8};
	double scratch[16];
	(void)state;
	assert_int_equal(trend_flags(times, COUNT(times), 1, scratch), TREND_WARM_UP);
	assert_int_equal(trend_flags(times, COUNT(times), -1, scratch), 0);
	assert_int_equal(trend_flags(rates, COUNT(rates), -1, scratch), TREND_WARM_UP);
	assert_int_equal(trend_flags(times, 5, 1, scratch), 0); /* too few to tell */
	assert_int_equal(trend_flags(times + 1, 6, 1, scratch), 0);
}

/* Significant, but 1 % in all: nobody has to care. */
static void a_small_drift_is_none(void **state)
{
	double values[10], scratch[16];
	(void)state;
	for (size_t i = 0; i < COUNT(values); i++)
		values[i] = 100 + 0.1 * (double)i;
	assert_int_equal(trend_flags(values, COUNT(values), 1, scratch), 0);
	for (size_t i = 0; i < COUNT(values); i++)
		values[i] = 100 + (double)i;
	assert_int_equal(trend_flags(values, COUNT(values), 1, scratch), TREND_DRIFT);
	assert_int_equal(trend_flags(values, 7, 1, scratch), 0);
}

static void a_long_series_takes_no_time(void **state)
{
	enum { LONG = 1000000 };
	double *values = malloc(LONG * sizeof(double)), *scratch = malloc(LONG * sizeof(double));
	(void)state;
	for (size_t i = 0; i < LONG; i++)
		values[i] = 1 + (double)i / LONG;
	assert_int_equal(trend_flags(values, LONG, 1, scratch), TREND_DRIFT);
	free(values);
	free(scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures_are_those_of_scipy),
		cmocka_unit_test(outliers_are_counted_on_both_sides),
		cmocka_unit_test(a_slow_start_is_a_warm_up),
		cmocka_unit_test(a_small_drift_is_none),
		cmocka_unit_test(a_long_series_takes_no_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
