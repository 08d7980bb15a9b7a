/* Buckets and their bounds, quantiles against sorted values, merging in any order. */
#include "measure/histogram.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off: it needs what stands before it. */
#include <cmocka.h>
/* clang-format on */

static uint64_t random_state = 42;

static uint64_t random_next(void)
{
	random_state =
		random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return random_state >> 16;
}

static void test_floor_of_every_bucket_maps_back(void **state)
{
	(void)state;
	for (unsigned bucket = 0; bucket < HISTOGRAM_BUCKETS; bucket++) {
		uint64_t next = histogram_floor(bucket + 1);
		assert_int_equal(histogram_bucket(histogram_floor(bucket)), bucket);
		assert_int_equal(histogram_bucket(next - 1), bucket);
		assert_true(next > histogram_floor(bucket));
	}
	assert_int_equal(histogram_floor(HISTOGRAM_BUCKETS), UINT64_C(1) << 43);
}

/* The quantile of one value is its bucket's middle, unless that is above it. */
static void assert_close(uint64_t ns)
{
	struct histogram *histogram = calloc(1, sizeof(*histogram));
	struct tally tally;
	tally_init(&tally);
	histogram_add(histogram, ns, 1);
	histogram->max_ns = UINT64_MAX;
	tally_add_histogram(&tally, histogram);
	uint64_t found = tally_quantile(&tally, 0.5);
	uint64_t error = found > ns ? found - ns : ns - found;
	assert_true(error * 128 <= ns);
	tally_release(&tally);
	free(histogram);
}

static void test_error_is_at_most_one_in_128(void **state)
{
	(void)state;
	for (unsigned bit = 0; bit < HISTOGRAM_TOP_BITS; bit++) {
		uint64_t power = UINT64_C(1) << bit;
		assert_close(power);
		assert_close(power - 1);
		assert_close(power + random_next() % power);
	}
	for (int i = 0; i < 2000; i++)
		assert_close(random_next() >> (5 + random_next() % 43));
	assert_close((UINT64_C(1) << HISTOGRAM_TOP_BITS) - 1);
}

static void fill(struct tally *tally, const uint64_t *values, size_t count)
{
	struct histogram *histogram = calloc(1, sizeof(*histogram));
	for (size_t i = 0; i < count; i++)
		histogram_add(histogram, values[i], 1);
	tally_init(tally);
	tally_add_histogram(tally, histogram);
	free(histogram);
}

/* Values below 128 have buckets of their own, so that ranks can be told apart exactly. */
static void test_quantiles_are_nearest_ranks(void **state)
{
	(void)state;
	uint64_t values[100];
	struct tally tally;
	for (size_t i = 0; i < 100; i++)
		values[i] = i + 1;
	fill(&tally, values, 100);
	assert_int_equal(tally.total, 100);
	assert_int_equal(tally_quantile(&tally, 0), 1);
	assert_int_equal(tally_quantile(&tally, 0.07), 7); /* 0.07 × 100 > 7 in binary */
	assert_int_equal(tally_quantile(&tally, 0.071), 8);
	assert_int_equal(tally_quantile(&tally, 0.5), 50);
	assert_int_equal(tally_quantile(&tally, 0.99), 99);
	assert_int_equal(tally_quantile(&tally, 0.991), 100);
	assert_int_equal(tally_quantile(&tally, 1), 100);
	tally_release(&tally);

	fill(&tally, values, 3);
	assert_int_equal(tally_quantile(&tally, 0.5), 2);
	assert_int_equal(tally_quantile(&tally, 0.99), 3);
	tally_release(&tally);
}

static void test_quantiles_never_pass_the_maximum(void **state)
{
	(void)state;
	uint64_t value = 1000001;
	struct tally tally;
	fill(&tally, &value, 1);
	assert_int_equal(tally_quantile(&tally, 1), value);
	assert_true(tally_quantile(&tally, 0.5) <= value);
	tally_release(&tally);

	value = histogram_floor(histogram_bucket(1000001));
	fill(&tally, &value, 1);
	assert_int_equal(tally_quantile(&tally, 0.5), value);
	tally_release(&tally);
}

static void test_large_values_are_counted_and_the_largest_kept(void **state)
{
	(void)state;
	uint64_t values[] = {5, UINT64_C(1) << 43, UINT64_MAX, UINT64_MAX - 1};
	struct tally tally;
	fill(&tally, values, 4);
	assert_int_equal(tally.count, 2);
	assert_int_equal(tally.total, 4);
	assert_int_equal(tally_quantile(&tally, 0.25), 5);
	assert_int_equal(histogram_bucket(tally_quantile(&tally, 0.5)), HISTOGRAM_BUCKETS - 1);
	assert_int_equal(tally_quantile(&tally, 1), UINT64_MAX);
	tally_release(&tally);
}

static void assert_same(const struct tally *a, const struct tally *b)
{
	assert_int_equal(a->total, b->total);
	assert_int_equal(a->max_ns, b->max_ns);
	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++) {
		assert_int_equal(a->buckets[i].bucket, b->buckets[i].bucket);
		assert_int_equal(a->buckets[i].count, b->buckets[i].count);
	}
}

enum { PART = 300 };

static void fill_random(uint64_t *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		values[i] = random_next() >> (5 + random_next() % 43);
}

/* (a + b) + c, a + (b + c) and all of them counted at once are the same tally. */
static void test_merging_is_associative(void **state)
{
	(void)state;
	for (int round = 0; round < 20; round++) {
		uint64_t values[3 * PART];
		struct tally a, b, c, left, right, whole;
		fill_random(values, 3 * PART);
		fill(&a, values, PART);
		fill(&b, values + PART, PART);
		fill(&c, values + 2 * PART, PART);
		fill(&whole, values, 3 * PART);
		tally_init(&left);
		tally_init(&right);

		tally_merge(&left, &a);
		tally_merge(&left, &b);
		tally_merge(&left, &c);
		tally_merge(&b, &c);
		tally_merge(&right, &b);
		tally_merge(&right, &a);
		assert_same(&left, &whole);
		assert_same(&right, &whole);
		tally_release(&a);
		tally_release(&b);
		tally_release(&c);
		tally_release(&left);
		tally_release(&right);
		tally_release(&whole);
	}
}

static void test_clearing_and_empty_parts(void **state)
{
	(void)state;
	uint64_t values[] = {3, 9, 9};
	struct tally tally, empty, one;
	fill(&tally, values, 3);
	tally_init(&empty);
	tally_merge(&tally, &empty);
	assert_int_equal(tally.total, 3);
	tally_clear(&tally);
	assert_int_equal(tally.total, 0);
	assert_int_equal(tally.count, 0);
	fill(&one, values, 1);
	tally_merge(&tally, &one);
	assert_same(&tally, &one);
	tally_release(&tally);
	tally_release(&empty);
	tally_release(&one);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_floor_of_every_bucket_maps_back),
		cmocka_unit_test(test_error_is_at_most_one_in_128),
		cmocka_unit_test(test_quantiles_are_nearest_ranks),
		cmocka_unit_test(test_quantiles_never_pass_the_maximum),
		cmocka_unit_test(test_large_values_are_counted_and_the_largest_kept),
		cmocka_unit_test(test_merging_is_associative),
		cmocka_unit_test(test_clearing_and_empty_parts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
