/*
 * The Mann-Whitney U test: do the values of one sample tend to be larger than those of another?
 * It asks nothing of their distribution but that the values are independent. Mann & Whitney, "On
 * a test of whether one of two random variables is stochastically larger than the other", Annals
 * of Mathematical Statistics 18(1), 1947.
 */
#ifndef STATS_RANK_TEST_H
#define STATS_RANK_TEST_H

#include <stddef.h>

/*
 * The two-sided p. Exact where neither sample has 50 values or more and no value occurs twice;
 * else from the normal approximation, corrected for ties and for continuity. 1 where a sample is
 * empty or all values are the same.
 */
double rank_test(const double *a, size_t a_count, const double *b, size_t b_count);

/* The smallest p that samples of these sizes can have: when all values of one are larger. */
double rank_test_least(size_t a_count, size_t b_count);

#endif
