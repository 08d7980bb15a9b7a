/*
 * A log-linear histogram of nanoseconds, after HdrHistogram (http://hdrhistogram.org): each
 * power of two is cut into 64 equal buckets and a value is reported as its bucket's middle, so
 * the relative error is at most 1/128. Values up to 2^43 ns (2.4 hours) keep that bound; larger
 * ones count in the last bucket, and the largest is kept exactly beside it.
 *
 * `struct histogram` is dense, made for one writer on the hot path. `struct tally` is the same
 * in sparse form, for keeping thousands of them. Merging adds counts; nothing is averaged.
 */
#ifndef MEASURE_HISTOGRAM_H
#define MEASURE_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

enum {
	HISTOGRAM_SUB_BITS = 6,
	HISTOGRAM_TOP_BITS = 43,
	HISTOGRAM_BUCKETS = (HISTOGRAM_TOP_BITS - HISTOGRAM_SUB_BITS + 1) << HISTOGRAM_SUB_BITS,
};

struct histogram {
	uint64_t max_ns;
	uint64_t counts[HISTOGRAM_BUCKETS];
};

static inline unsigned histogram_bucket(uint64_t ns)
{
	if (ns < (1u << HISTOGRAM_SUB_BITS))
		return (unsigned)ns;
	if (__builtin_expect(ns >> HISTOGRAM_TOP_BITS != 0, 0))
		return HISTOGRAM_BUCKETS - 1;
	unsigned shift = 63u - (unsigned)__builtin_clzll(ns) - HISTOGRAM_SUB_BITS;
	return (shift << HISTOGRAM_SUB_BITS) + (unsigned)(ns >> shift);
}

/* The smallest value of a bucket; of HISTOGRAM_BUCKETS: 2^43. */
static inline uint64_t histogram_floor(unsigned bucket)
{
	if (bucket < (2u << HISTOGRAM_SUB_BITS))
		return bucket;
	unsigned shift = (bucket >> HISTOGRAM_SUB_BITS) - 1;
	return (uint64_t)((bucket & ((1u << HISTOGRAM_SUB_BITS) - 1)) | (1u << HISTOGRAM_SUB_BITS))
	       << shift;
}

/* One writer at a time; a reader in another process may see the count a moment late. */
static inline void histogram_add(struct histogram *histogram, uint64_t ns, uint64_t count)
{
	histogram->counts[histogram_bucket(ns)] += count;
	if (ns > histogram->max_ns)
		histogram->max_ns = ns;
}

struct tally {
	uint64_t total, max_ns;
	size_t count, capacity;
	struct tally_bucket {
		uint32_t bucket;
		uint64_t count;
	} * buckets; /* ascending; owned */
};

void tally_init(struct tally *tally);
void tally_release(struct tally *tally);
void tally_clear(struct tally *tally); /* keeps the memory */
void tally_add_histogram(struct tally *tally, const struct histogram *histogram);
void tally_merge(struct tally *tally, const struct tally *from);

/*
 * The value, in nanoseconds, that `fraction` (0 … 1) of the values do not exceed (nearest rank);
 * never above max_ns. `fraction` 1 is the exact maximum. The tally must not be empty.
 */
uint64_t tally_quantile(const struct tally *tally, double fraction);

#endif
