/* Matrix products: right by every kernel, checked, on one thread. */
#include "base/optional.h"
#include "workload_fixture.h"
#include "workloads/blas.h"

#include <dirent.h>
#include <sys/wait.h>

enum { LARGEST = 8, METRIC_OPERATIONS = 0 };

static const char *const kernels[] = {"kernel=naive", "kernel=blocked", "kernel=blas", NULL};

static bool is_there(const char *kernel)
{
	struct err err;
	return strcmp(kernel, "kernel=blas") != 0 || blas_open(&err) == 0;
}

/* ---- the product by its definition, in whole numbers ---- */

static uint64_t entry(const struct job *job, uint64_t place)
{
	return 1 + job_random(job, place) % LARGEST;
}

/* B's first row is that of the task. */
static uint64_t entry_of_b(const struct job *job, uint64_t index, size_t n, size_t k, size_t j)
{
	struct job row = {.seed = job_random(job, index)};
	return k == 0 ? entry(&row, j) : entry(job, n * n + k * n + j);
}

/* A, B, C, the weights of columns and those of rows follow each other. */
static uint64_t by_definition(const struct job *job, uint64_t index, size_t n)
{
	uint64_t sum = 0, columns = 3 * n * n, rows = columns + n;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++) {
			uint64_t product = 0;
			for (size_t k = 0; k < n; k++)
				product += entry(job, i * n + k) * entry_of_b(job, index, n, k, j);
			sum += product * entry(job, rows + i) * entry(job, columns + j);
		}
	return sum;
}

static void check_kernel(const char *kernel, size_t n, const char *block)
{
	struct bench bench;
	char size[32];
	snprintf(size, sizeof(size), "size=%zu", n);
	bench_open(&bench, "matmul", 1, SETTINGS(kernel, size, block));
	/* The last one again: nothing of the one before it is left. */
	static const uint64_t indices[] = {0, 1, UINT64_C(1) << 40, 1};
	for (size_t i = 0; i < 4; i++) {
		uint64_t value = bench_task(&bench, indices[i]);
		assert_false(bench.seats[0].worker.failed);
		assert_int_equal(value, by_definition(&bench.engine.job, indices[i], n));
	}
	assert_true(bench_metric(&bench, METRIC_OPERATIONS) == 4 * 2.0 * (double)(n * n * n));
	bench_finish(&bench);
	bench_close(&bench);
}

/* Around the places where blocks and vectors end. */
static void kernels_give_the_product(void **state)
{
	(void)state;
	static const size_t sizes[] = {1, 2, 3, 4, 5, 8, 31, 33, 66};
	for (const char *const *kernel = kernels; *kernel; kernel++)
		for (size_t i = 0; is_there(*kernel) && i < sizeof(sizes) / sizeof(*sizes); i++) {
			check_kernel(*kernel, sizes[i], "block=32");
			check_kernel(*kernel, sizes[i], "block=5");
		}
}

/* Larger than what one call of OpenBLAS, or one block, is given. */
static void large_products_are_the_same(void **state)
{
	(void)state;
	uint64_t naive = 0;
	for (const char *const *kernel = kernels; *kernel; kernel++) {
		if (!is_there(*kernel))
			continue;
		struct bench bench;
		bench_open(&bench, "matmul", 1, SETTINGS(*kernel, "size=700", "block=256"));
		uint64_t value = bench_task(&bench, 3);
		assert_false(bench.seats[0].worker.failed);
		naive = kernel == kernels ? value : naive;
		assert_int_equal(value, naive);
		bench_finish(&bench);
		bench_close(&bench);
	}
}

/* The state begins with n, the block and the matrices. */
static double *matrices_of(struct bench *bench)
{
	return ((double **)bench->seats[0].worker.state)[2];
}

static void a_wrong_product_fails(void **state)
{
	(void)state;
	enum { N = 20 };
	for (const char *const *kernel = kernels; *kernel; kernel++) {
		if (!is_there(*kernel))
			continue;
		struct bench bench;
		bench_open(&bench, "matmul", 1, SETTINGS(*kernel, "size=20"));
		matrices_of(&bench)[5 * N + 7] += 1;
		assert_int_equal(bench_task(&bench, 0), 0);
		assert_true(bench.seats[0].worker.failed);
		char expected[64];
		snprintf(expected, sizeof(expected),
			"the %s product is wrong: its weighted sum is ",
			*kernel + strlen("kernel="));
		assert_memory_equal(bench_error(&bench), expected, strlen(expected));
		bench_finish(&bench);
		bench_close(&bench);
	}
}

static int threads_now(void)
{
	DIR *folder = opendir("/proc/self/task");
	int count = 0;
	assert_non_null(folder);
	for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder))
		count += entry->d_name[0] != '.';
	closedir(folder);
	return count;
}

static bool computes_alone(struct bench *bench, uint64_t expected)
{
	int before = threads_now();
	return bench_task(bench, 0) == expected && threads_now() == before;
}

/* Also when the process has forked, and in its children. */
static void blas_starts_no_thread(void **state)
{
	(void)state;
	if (!is_there("kernel=blas"))
		skip();
	struct bench bench;
	int before = threads_now();
	bench_open(&bench, "matmul", 2, SETTINGS("kernel=blas", "size=600"));
	uint64_t value = bench_task(&bench, 0);
	assert_int_equal(threads_now(), before);
	for (int i = 0; i < 4; i++) {
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0)
			_exit(computes_alone(&bench, value) ? 0 : 1);
		int status;
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(status, 0);
	}
	assert_int_equal(threads_now(), before);
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

/* Each would go on for minutes, or with OpenBLAS for many times 5 ms. */
static void a_stopped_product_ends(void **state)
{
	(void)state;
	for (const char *const *kernel = kernels; *kernel; kernel++) {
		if (!is_there(*kernel))
			continue;
		struct bench bench;
		pthread_t thread;
		bench_open(&bench, "matmul", 1, SETTINGS(*kernel, "size=2500", "block=1024"));
		pthread_create(&thread, NULL, set_stop_soon, &bench);
		bench_task(&bench, 0);
		pthread_join(thread, NULL);
		assert_true(bench_metric(&bench, METRIC_OPERATIONS) == 0);
		assert_false(bench.seats[0].worker.failed);
		bench_finish(&bench);
		bench_close(&bench);
	}
}

static void memory_is_stated(void **state)
{
	(void)state;
	struct bench bench;
	struct needs needs = {0};
	bench_open(&bench, "matmul", 1, SETTINGS("size=100"));
	workload_find("matmul")->needs(&bench.engine.job, &needs);
	assert_int_equal(needs.bytes_per_worker, (3 * 100 * 100 + 2 * 100) * sizeof(double));
	bench_finish(&bench);
	bench_close(&bench);
}

static void a_build_without_openblas_says_so(void **state)
{
	(void)state;
#ifdef CONRUN_OPENBLAS
	skip();
#else
	struct err err = {""};
	assert_int_equal(blas_open(&err), -1);
	assert_non_null(strstr(err.text, "libopenblas-dev"));
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernels_give_the_product),
		cmocka_unit_test(large_products_are_the_same),
		cmocka_unit_test(a_wrong_product_fails),
		cmocka_unit_test(blas_starts_no_thread),
		cmocka_unit_test(a_stopped_product_ends),
		cmocka_unit_test(memory_is_stated),
		cmocka_unit_test(a_build_without_openblas_says_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
