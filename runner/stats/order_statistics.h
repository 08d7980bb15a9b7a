/* Median, extremes and the interval that order statistics give the median. */
#ifndef STATS_ORDER_STATISTICS_H
#define STATS_ORDER_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>

void values_sort(double *values, size_t count);

/* Of sorted values, at least one. The mean of the middle two where their number is even. */
double sorted_median(const double *values, size_t count);

/*
 * The rank (1 …) of the lower end of the 95 % interval of the median of `count` values; the
 * upper end is as far from the other end. 0: too few values for one (fewer than 6).
 */
size_t interval_rank(size_t count);

#endif
