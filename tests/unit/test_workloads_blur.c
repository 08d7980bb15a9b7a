/* Blurred pictures, byte by byte against the definition. */
#include "workload_fixture.h"
#include "workloads/block.h"

enum { METRIC_PIXELS = 0 };

struct shape {
	long width, height, channels, radius, passes;
};

static const unsigned char *pixel(
	const struct shape *shape, const unsigned char *picture, long x, long y)
{
	x = x < 0 ? 0 : x < shape->width ? x : shape->width - 1;
	y = y < 0 ? 0 : y < shape->height ? y : shape->height - 1;
	return picture + (y * shape->width + x) * shape->channels;
}

/* The mean of 2 × radius + 1 pixels in a line, halves rounded up. */
static void blur(const struct shape *shape, const unsigned char *from, unsigned char *to, bool down)
{
	long count = 2 * shape->radius + 1;
	for (long y = 0; y < shape->height; y++)
		for (long x = 0; x < shape->width; x++)
			for (long channel = 0; channel < shape->channels; channel++, to++) {
				long sum = 0;
				for (long i = -shape->radius; i <= shape->radius; i++)
					sum += pixel(shape, from, down ? x : x + i,
						down ? y + i : y)[channel];
				*to = (unsigned char)((2 * sum + count) / (2 * count));
			}
}

static uint64_t sum_of(const struct shape *shape, const unsigned char *picture)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	long bytes = shape->width * shape->channels;
	for (long y = 0; y < shape->height; y++, picture += bytes)
		for (long at = 0; at < bytes; at += 8) {
			uint64_t word = 0;
			memcpy(&word, picture + at, (size_t)(bytes - at < 8 ? bytes - at : 8));
			hash = (hash ^ word) * UINT64_C(0x100000001b3);
			hash ^= hash >> 32;
		}
	return hash;
}

static uint64_t by_definition(const struct job *job, uint64_t index, const struct shape *shape)
{
	size_t bytes = (size_t)(shape->width * shape->height * shape->channels);
	unsigned char *picture = block_alloc(bytes), *between = block_alloc(bytes);
	struct job noise = {.seed = job_random(job, index)};
	block_fill(&noise, 0, picture, bytes);
	for (long pass = 0; pass < shape->passes; pass++) {
		blur(shape, picture, between, false);
		blur(shape, between, picture, true);
	}
	uint64_t value = sum_of(shape, picture);
	free(picture);
	free(between);
	return value;
}

static void open_shape(struct bench *bench, const struct shape *shape)
{
	char width[32], height[32], radius[32], passes[32];
	snprintf(width, sizeof(width), "width=%ld", shape->width);
	snprintf(height, sizeof(height), "height=%ld", shape->height);
	snprintf(radius, sizeof(radius), "radius=%ld", shape->radius);
	snprintf(passes, sizeof(passes), "passes=%ld", shape->passes);
	bench_open(bench, "blur", 1,
		SETTINGS(width, height, radius, passes,
			shape->channels == 1 ? "format=grey" : "format=rgb"));
}

/* One pixel, lines, pictures that the square covers, rows that end within a word. */
static void pictures_are_blurred_by_the_definition(void **state)
{
	(void)state;
	static const struct shape shapes[] = {
		{1, 1, 1, 3, 2},
		{1, 1, 3, 0, 1},
		{1, 50, 3, 4, 1},
		{50, 1, 1, 4, 1},
		{9, 7, 1, 0, 3},
		{9, 7, 3, 1, 0},
		{31, 20, 3, 1, 1},
		{64, 33, 1, 2, 3},
		{33, 64, 3, 5, 3},
		{20, 20, 3, 100, 2},
		{3, 3, 1, 1000, 1},
		{40, 30, 3, 14, 4},
	};
	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		struct bench bench;
		open_shape(&bench, &shapes[i]);
		for (uint64_t index = 0; index < 3; index++) {
			uint64_t value = bench_task(&bench, index);
			assert_int_equal(
				value, by_definition(&bench.engine.job, index, &shapes[i]));
		}
		assert_true(bench_metric(&bench, METRIC_PIXELS) ==
			    3.0 * (double)(shapes[i].width * shapes[i].height));
		bench_finish(&bench);
		bench_close(&bench);
	}
}

/* The state begins with the picture. */
static const unsigned char *picture_of(const struct bench *bench)
{
	return *(unsigned char **)bench->seats[0].worker.state;
}

/* What a mean must not do: run out of its range, or drift. Noise of 0 … 255 ends up near 127.5. */
static void much_blurring_leaves_the_mean(void **state)
{
	(void)state;
	struct bench bench;
	bench_open(&bench, "blur", 1,
		SETTINGS("width=100", "height=100", "format=grey", "radius=20", "passes=10"));
	bench_task(&bench, 0);
	for (int i = 0; i < 100 * 100; i++)
		assert_in_range(picture_of(&bench)[i], 110, 145);
	bench_finish(&bench);
	bench_close(&bench);
}

static void values_tell_pictures_apart(void **state)
{
	(void)state;
	struct bench bench;
	uint64_t values[100];
	bench_open(&bench, "blur", 1, SETTINGS("width=8", "height=8", "radius=2"));
	for (uint64_t i = 0; i < 100; i++) {
		values[i] = bench_task(&bench, i);
		for (uint64_t j = 0; j < i; j++)
			assert_int_not_equal(values[i], values[j]);
	}
	assert_int_equal(bench_task(&bench, 7), values[7]);
	bench_finish(&bench);
	bench_close(&bench);
}

static void *set_stop_soon(void *arg)
{
	struct bench *bench = arg;
	nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
	/* Relaxed: the flag is all that is passed. */
	atomic_store_explicit(
		&bench->engine.region->attention, ATTENTION_STOP, memory_order_relaxed);
	return NULL;
}

/* A hundred passes over 48 MB would take a minute. */
static void a_stopped_blur_ends(void **state)
{
	(void)state;
	struct bench bench;
	pthread_t thread;
	bench_open(&bench, "blur", 1,
		SETTINGS("width=4000", "height=4000", "radius=1000", "passes=100"));
	pthread_create(&thread, NULL, set_stop_soon, &bench);
	assert_int_equal(bench_task(&bench, 0), 0);
	pthread_join(thread, NULL);
	assert_true(bench_metric(&bench, METRIC_PIXELS) == 0);
	bench_finish(&bench);
	bench_close(&bench);
}

static void memory_is_stated(void **state)
{
	(void)state;
	struct bench bench;
	struct needs needs = {0};
	bench_open(&bench, "blur", 1, SETTINGS("width=100", "height=50"));
	workload_find("blur")->needs(&bench.engine.job, &needs);
	assert_int_equal(needs.bytes_per_worker, 2 * 100 * 50 * 3 + 100 * 3 * sizeof(uint32_t));
	bench_finish(&bench);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pictures_are_blurred_by_the_definition),
		cmocka_unit_test(much_blurring_leaves_the_mean),
		cmocka_unit_test(values_tell_pictures_apart),
		cmocka_unit_test(a_stopped_blur_ends),
		cmocka_unit_test(memory_is_stated),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
