/*
 * What a series of runs looks like beyond its median: how far it scatters, which runs lie far off,
 * whether it moves. It is said, and changes no figure. Values come in the order of the runs.
 */
#ifndef STATS_TREND_H
#define STATS_TREND_H

#include <stddef.h>

enum {
	TREND_DRIFT = 1,   /* it rises or falls from run to run */
	TREND_WARM_UP = 2, /* the first run is far off, on the slow side */
};

/* The median of the distances from the median (F. R. Hampel, "The influence curve and its role in
 * robust estimation", J. Am. Stat. Assoc. 69, 1974); not scaled. `values` is not changed; `scratch`
 * has room for as many. */
double trend_mad(const double *values, size_t count, double *scratch);

/*
 * How many values have |0.6745 (x - median) / MAD| > 3.5 (B. Iglewicz & D. Hoaglin, "How to Detect
 * and Handle Outliers", ASQC 1993). 0 where more than half of the values are the same.
 */
size_t trend_outliers(const double *values, size_t count, double *scratch);

/*
 * TREND_… flags. Drift: the Mann-Kendall test rejects "no trend" at 5 %, two-sided, with correction
 * for ties and continuity (H. B. Mann, Econometrica 13, 1945; M. G. Kendall, "Rank Correlation
 * Methods", 1975), from 8 values on, and the last value of the Theil-Sen line (P. K. Sen, J. Am.
 * Stat. Assoc. 63, 1968) differs from its first by more than 3 % of the median. Warm-up: from 6
 * values on, the first is the slowest of all and an outlier, by the rule above, to the others.
 * `slow` is +1 where large values are slow (times), -1 where small ones are (rates).
 */
unsigned trend_flags(const double *values, size_t count, int slow, double *scratch);

/* The test's statistic Z, for tests; 0 where all values are the same. */
double trend_mann_kendall(const double *values, size_t count, double *scratch);

/* The median of the slopes between all pairs, per run. */
double trend_theil_sen(const double *values, size_t count);

/* "drift warm_up", or "". */
enum { TREND_TEXT_BYTES = 16 };
const char *trend_names(unsigned flags, char text[TREND_TEXT_BYTES]);

#endif
