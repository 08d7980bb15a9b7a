/* Sparse histograms: see histogram.h. Both kinds of addition are one merge of sorted lists. */
#include "measure/histogram.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void tally_init(struct tally *tally)
{
	memset(tally, 0, sizeof(*tally));
}

void tally_release(struct tally *tally)
{
	free(tally->buckets);
	tally_init(tally);
}

void tally_clear(struct tally *tally)
{
	tally->total = tally->max_ns = 0;
	tally->count = 0;
}

/* How many buckets of `more` the tally does not have yet. */
static size_t count_new(
	const struct tally *tally, const struct tally_bucket *more, size_t more_count)
{
	size_t new_count = 0, at = 0;
	for (size_t i = 0; i < more_count; i++) {
		while (at < tally->count && tally->buckets[at].bucket < more[i].bucket)
			at++;
		new_count += at == tally->count || tally->buckets[at].bucket != more[i].bucket;
	}
	return new_count;
}

/* Merges from the back, in place: the write position never passes the reading one. */
static void add_buckets(struct tally *tally, const struct tally_bucket *more, size_t more_count)
{
	size_t left = tally->count, write = left + count_new(tally, more, more_count);
	if (write > tally->capacity) {
		tally->buckets = memory_resize(tally->buckets, write, sizeof(struct tally_bucket));
		tally->capacity = write;
	}
	tally->count = write;

	while (more_count > 0) {
		const struct tally_bucket *last = &more[more_count - 1];
		tally->total += last->count;
		while (left > 0 && tally->buckets[left - 1].bucket > last->bucket)
			tally->buckets[--write] = tally->buckets[--left];
		struct tally_bucket sum = *last;
		if (left > 0 && tally->buckets[left - 1].bucket == last->bucket)
			sum.count += tally->buckets[--left].count;
		tally->buckets[--write] = sum;
		more_count--;
	}
}

void tally_add_histogram(struct tally *tally, const struct histogram *histogram)
{
	struct tally_bucket used[HISTOGRAM_BUCKETS];
	size_t count = 0;
	for (unsigned bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++)
		if (histogram->counts[bucket] > 0)
			used[count++] = (struct tally_bucket){bucket, histogram->counts[bucket]};
	add_buckets(tally, used, count);
	if (histogram->max_ns > tally->max_ns)
		tally->max_ns = histogram->max_ns;
}

void tally_merge(struct tally *tally, const struct tally *from)
{
	add_buckets(tally, from->buckets, from->count);
	if (from->max_ns > tally->max_ns)
		tally->max_ns = from->max_ns;
}

/* ceil(fraction × total), at least 1, not led astray by 0.07 × 100 being a little over 7. */
static uint64_t nearest_rank(uint64_t total, double fraction)
{
	double exact = fraction * (double)total;
	uint64_t rank = (uint64_t)exact;
	if (exact - (double)rank > 1e-12 * exact)
		rank++;
	return rank > 0 ? rank : 1;
}

static uint64_t bucket_middle(unsigned bucket)
{
	uint64_t floor_ns = histogram_floor(bucket);
	return floor_ns + (histogram_floor(bucket + 1) - floor_ns) / 2;
}

uint64_t tally_quantile(const struct tally *tally, double fraction)
{
	uint64_t rank = nearest_rank(tally->total, fraction), seen = 0;
	if (fraction >= 1)
		return tally->max_ns;
	for (size_t i = 0; i < tally->count; i++) {
		seen += tally->buckets[i].count;
		if (seen < rank)
			continue;
		uint64_t middle = bucket_middle(tally->buckets[i].bucket);
		return middle < tally->max_ns ? middle : tally->max_ns;
	}
	return tally->max_ns;
}
