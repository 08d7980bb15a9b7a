#include "stats/trend.h"

#include "base/memory.h"
#include "stats/order_statistics.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DRIFT_LEAST = 8, WARM_UP_LEAST = 6 };
/* Pairs of more values than these are too many: of a longer series an even choice is taken. */
enum { DRIFT_MOST = 1000 };
static const double outlier_score = 3.5, normal_975 = 1.959963985, clear_drift = 0.03;

static double median_of(const double *values, size_t count, double *scratch)
{
	memcpy(scratch, values, count * sizeof(*values));
	values_sort(scratch, count);
	return sorted_median(scratch, count);
}

double trend_mad(const double *values, size_t count, double *scratch)
{
	if (count == 0)
		return 0;
	double median = median_of(values, count, scratch);
	for (size_t i = 0; i < count; i++)
		scratch[i] = fabs(values[i] - median);
	values_sort(scratch, count);
	return sorted_median(scratch, count);
}

static double score(double value, double median, double mad)
{
	return mad > 0 ? 0.6745 * (value - median) / mad : 0;
}

size_t trend_outliers(const double *values, size_t count, double *scratch)
{
	size_t outliers = 0;
	if (count == 0)
		return 0;
	double mad = trend_mad(values, count, scratch);
	double median = median_of(values, count, scratch);
	for (size_t i = 0; i < count; i++)
		outliers += fabs(score(values[i], median, mad)) > outlier_score;
	return outliers;
}

/* t (t-1) (2t+5), summed over groups of t equal values. */
static double ties(double *sorted, size_t count)
{
	double sum = 0;
	for (size_t from = 0, to; from < count; from = to) {
		for (to = from; to < count && sorted[to] == sorted[from];)
			to++;
		double t = (double)(to - from);
		sum += t * (t - 1) * (2 * t + 5);
	}
	return sum;
}

double trend_mann_kendall(const double *values, size_t count, double *scratch)
{
	double rises = 0, n = (double)count;
	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++)
			rises += (values[j] > values[i]) - (values[j] < values[i]);
	memcpy(scratch, values, count * sizeof(*values));
	values_sort(scratch, count);
	double variance = (n * (n - 1) * (2 * n + 5) - ties(scratch, count)) / 18;
	if (variance <= 0 || rises == 0)
		return 0;
	return (rises - (rises > 0 ? 1 : -1)) / sqrt(variance);
}

double trend_theil_sen(const double *values, size_t count)
{
	size_t pairs = 0;
	if (count < 2)
		return 0;
	double *slopes = memory_alloc(count * (count - 1) / 2 * sizeof(*slopes));
	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++)
			slopes[pairs++] = (values[j] - values[i]) / (double)(j - i);
	values_sort(slopes, pairs);
	double slope = sorted_median(slopes, pairs);
	free(slopes);
	return slope;
}

static int drifts(const double *all, size_t all_count, double *scratch)
{
	double values[DRIFT_MOST];
	size_t count = 0, step = (all_count + DRIFT_MOST - 1) / DRIFT_MOST;
	for (size_t i = 0; i < all_count; i += step)
		values[count++] = all[i];
	if (count < DRIFT_LEAST || fabs(trend_mann_kendall(values, count, scratch)) <= normal_975)
		return 0;
	double change = trend_theil_sen(values, count) * (double)(count - 1);
	return fabs(change) > clear_drift * median_of(values, count, scratch);
}

static int warms_up(const double *values, size_t count, int slow, double *scratch)
{
	if (count < WARM_UP_LEAST)
		return 0;
	for (size_t i = 1; i < count; i++)
		if (slow * values[i] >= slow * values[0])
			return 0;
	double mad = trend_mad(values + 1, count - 1, scratch);
	double median = median_of(values + 1, count - 1, scratch);
	return slow * score(values[0], median, mad) > outlier_score;
}

unsigned trend_flags(const double *values, size_t count, int slow, double *scratch)
{
	unsigned flags = 0;
	if (drifts(values, count, scratch))
		flags |= TREND_DRIFT;
	if (warms_up(values, count, slow, scratch))
		flags |= TREND_WARM_UP;
	return flags;
}

const char *trend_names(unsigned flags, char text[TREND_TEXT_BYTES])
{
	snprintf(text, TREND_TEXT_BYTES, "%s%s%s", flags & TREND_DRIFT ? "drift" : "",
		flags == (TREND_DRIFT | TREND_WARM_UP) ? " " : "",
		flags & TREND_WARM_UP ? "warm_up" : "");
	return text;
}
