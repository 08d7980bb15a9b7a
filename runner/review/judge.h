/* What the figures of a comparison say: see compare.h for the rules. */
#ifndef REVIEW_JUDGE_H
#define REVIEW_JUDGE_H

#include "review/compare.h"

/* Settles the outcome of each cell that has a p, and how many runs would tell more. */
void judge(struct comparison *comparison);

#endif
