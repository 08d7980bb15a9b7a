/*
 * See bootstrap.h. What is drawn from a sorted sample are ranks, so it is enough to count how
 * often each came: the median lies where the counts reach the middle.
 */
#include "stats/bootstrap.h"

#include "base/memory.h"
#include "base/random.h"
#include "stats/order_statistics.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t seed = 1;

struct sample {
	const double *values;
	size_t count;
	uint32_t *drawn; /* how often each value came */
};

static struct sample sample_of(const double *values, size_t count)
{
	return (struct sample){values, count, memory_alloc(count * sizeof(uint32_t))};
}

/* The drawn value of that rank, from 1. */
static double drawn_at(const struct sample *sample, size_t rank)
{
	size_t at = 0, passed = sample->drawn[0];
	while (passed < rank)
		passed += sample->drawn[++at];
	return sample->values[at];
}

static double draw_median(struct sample *sample, uint64_t *random)
{
	size_t middle = sample->count / 2 + 1;
	memset(sample->drawn, 0, sample->count * sizeof(*sample->drawn));
	for (size_t i = 0; i < sample->count; i++)
		sample->drawn[random_below(random, sample->count)]++;
	double upper = drawn_at(sample, middle);
	return sample->count % 2 ? upper : (drawn_at(sample, middle - 1) + upper) / 2;
}

struct interval bootstrap_ratio(const double *a, size_t a_count, const double *b, size_t b_count)
{
	enum { RANK_LOW = (BOOTSTRAP_DRAWS + 1) / 40, RANK_HIGH = RANK_LOW * 39 };
	struct sample first = sample_of(a, a_count), second = sample_of(b, b_count);
	double *ratios = memory_alloc(BOOTSTRAP_DRAWS * sizeof(*ratios));
	uint64_t random = seed;
	for (size_t i = 0; i < BOOTSTRAP_DRAWS; i++) {
		double below = draw_median(&first, &random);
		ratios[i] = draw_median(&second, &random) / below;
	}
	values_sort(ratios, BOOTSTRAP_DRAWS);
	struct interval interval = {ratios[RANK_LOW - 1], ratios[RANK_HIGH - 1]};
	free(ratios);
	free(first.drawn);
	free(second.drawn);
	return interval;
}
