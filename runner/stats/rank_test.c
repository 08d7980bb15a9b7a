/*
 * See rank_test.h. U is the number of pairs in which a's value is the larger one, a tie counting
 * a half; it follows from the sum of a's ranks in both samples together.
 */
#include "stats/rank_test.h"

#include "base/memory.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum { EXACT_BELOW = 50 };

struct ranked {
	double value;
	bool of_a;
};

struct statistic {
	double u;
	double ties; /* the sum of t^3 - t over groups of t equal values */
};

static int compare(const void *left, const void *right)
{
	double a = ((const struct ranked *)left)->value, b = ((const struct ranked *)right)->value;
	return (a > b) - (a < b);
}

/* Equal values have the mean of the ranks that they take together. */
static struct statistic count_pairs(const struct ranked *all, size_t count, size_t a_count)
{
	struct statistic statistic = {.u = -(double)a_count * ((double)a_count + 1) / 2};
	for (size_t first = 0, end; first < count; first = end) {
		size_t of_a = 0;
		for (end = first; end < count && all[end].value == all[first].value; end++)
			of_a += all[end].of_a;
		double size = (double)(end - first);
		statistic.u += (double)of_a * ((double)first + (size + 1) / 2);
		statistic.ties += size * size * size - size;
	}
	return statistic;
}

static struct statistic make_statistic(
	const double *a, size_t a_count, const double *b, size_t b_count)
{
	size_t count = a_count + b_count;
	struct ranked *all = memory_alloc(count * sizeof(*all));
	for (size_t i = 0; i < count; i++)
		all[i] = i < a_count ? (struct ranked){a[i], true}
				     : (struct ranked){b[i - a_count], false};
	qsort(all, count, sizeof(*all), compare);
	struct statistic statistic = count_pairs(all, count, a_count);
	free(all);
	return statistic;
}

/* In how many ways a sample's ranks can be drawn. */
static double binomial(size_t count, size_t drawn)
{
	double ways = 1;
	for (size_t i = 1; i <= drawn; i++)
		ways = ways * (double)(count - drawn + i) / (double)i;
	return ways;
}

/*
 * In how many of these ways U is at most `u`. The ways for each U are the coefficients of the
 * Gaussian binomial, the product over i = 1 … a of (1 - q^(b+i)) / (1 - q^i) (Andrews, "The
 * Theory of Partitions", 1976, section 3.2); those up to `u` need no others.
 */
static double ways_up_to(size_t u, size_t a_count, size_t b_count)
{
	double *ways = memory_alloc((u + 1) * sizeof(*ways)), total = 0;
	ways[0] = 1;
	for (size_t i = 1; i <= a_count; i++) {
		for (size_t k = u; k >= b_count + i; k--)
			ways[k] -= ways[k - b_count - i];
		for (size_t k = i; k <= u; k++)
			ways[k] += ways[k - i];
	}
	for (size_t k = 0; k <= u; k++)
		total += ways[k];
	free(ways);
	return total;
}

/* Without ties U is whole. */
static double exact(double u, size_t a_count, size_t b_count)
{
	double pairs = (double)a_count * (double)b_count;
	size_t least = (size_t)fmin(u, pairs - u);
	double ways = ways_up_to(least, a_count, b_count);
	return fmin(1, 2 * ways / binomial(a_count + b_count, a_count));
}

/* Hollander, Wolfe & Chicken, "Nonparametric Statistical Methods", 3rd ed., section 4.1. */
static double approximate(struct statistic statistic, double a_count, double b_count)
{
	double count = a_count + b_count, pairs = a_count * b_count;
	double variance = pairs / 12 * (count + 1 - statistic.ties / (count * (count - 1)));
	double distance = fabs(statistic.u - pairs / 2) - 0.5;
	if (!(variance > 0))
		return 1;
	return fmin(1, erfc(distance / sqrt(2 * variance)));
}

double rank_test(const double *a, size_t a_count, const double *b, size_t b_count)
{
	if (!a_count || !b_count)
		return 1;
	struct statistic statistic = make_statistic(a, a_count, b, b_count);
	if (statistic.ties == 0 && a_count < EXACT_BELOW && b_count < EXACT_BELOW)
		return exact(statistic.u, a_count, b_count);
	return approximate(statistic, (double)a_count, (double)b_count);
}

double rank_test_least(size_t a_count, size_t b_count)
{
	if (!a_count || !b_count)
		return 1;
	return fmin(1, 2 / binomial(a_count + b_count, a_count));
}
