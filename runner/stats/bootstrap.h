/*
 * How sure a ratio of two medians is, by the bootstrap: both samples are drawn anew from
 * themselves, many times, and the ratio's middle 95 % are taken (the percentile interval: Efron &
 * Tibshirani, "An Introduction to the Bootstrap", 1993, sections 8.3 and 13.3). For the same
 * samples it is always the same.
 */
#ifndef STATS_BOOTSTRAP_H
#define STATS_BOOTSTRAP_H

#include <stddef.h>

/* 95 % of the draws then lie between whole ranks, the 250th and the 9750th (Davison & Hinkley,
 * "Bootstrap Methods and their Application", 1997, section 2.2.1). */
enum { BOOTSTRAP_DRAWS = 9999 };

struct interval {
	double low, high;
};

/* Of median(b) / median(a). Both are sorted, positive and not empty. */
struct interval bootstrap_ratio(const double *a, size_t a_count, const double *b, size_t b_count);

#endif
