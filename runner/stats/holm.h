/*
 * Holm's correction: where many questions are asked at once, some p is small by chance. With the
 * adjusted ones, the chance that even one is below 5 % for nothing is at most 5 %. Holm, "A
 * simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics
 * 6(2), 1979.
 */
#ifndef STATS_HOLM_H
#define STATS_HOLM_H

#include <stddef.h>

void holm_adjust(const double *p, size_t count, double *adjusted);

#endif
