/*
 * See order_statistics.h. The interval makes no assumption on the distribution: the number of
 * values below the true median is binomial(n, 1/2), so the values of rank r and n+1-r enclose
 * it with probability 1 - 2 P(B < r). The largest r that leaves 95 % is taken (Conover,
 * "Practical Nonparametric Statistics", 3rd ed., section 3.2; David & Nagaraja, "Order
 * Statistics", 3rd ed., section 7.1).
 */
#include "stats/order_statistics.h"

#include <stdint.h>
#include <stdlib.h>

static const double confidence = 0.95;

static int compare(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;
	return (a > b) - (a < b);
}

void values_sort(double *values, size_t count)
{
	qsort(values, count, sizeof(double), compare);
}

double sorted_median(const double *values, size_t count)
{
	double upper = values[count / 2];
	return count % 2 ? upper : (values[count / 2 - 1] + upper) / 2;
}

/* P(B = k) relative to P(B = middle), downwards, by P(B = k-1) = P(B = k) k / (n-k+1). Far from
 * the middle it becomes 0, which is as near as is needed. */
size_t interval_rank(size_t count)
{
	size_t middle = count / 2;
	double total = 0, weight = 1;
	for (size_t k = middle; weight > 0; weight *= (double)k / (double)(count - k + 1), k--) {
		total += 2 * k == count ? weight : 2 * weight;
		if (k == 0)
			break;
	}

	double inside = 0;
	weight = 1;
	for (size_t k = middle; k > 0; weight *= (double)k / (double)(count - k + 1), k--) {
		inside += 2 * k == count ? weight : 2 * weight;
		if (inside >= confidence * total)
			return k;
	}
	return 0;
}
