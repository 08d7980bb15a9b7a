/*
 * Multiplying square matrices of doubles: the same sums by the textbook's loops, by loops that keep
 * to the cache, and by OpenBLAS.
 *
 * The entries are small whole numbers, so every sum is exact in any order, and all kernels give the
 * same product. It is checked: for weights u and v, u·(A·B)·v is (u·A)·(B·v), which takes n² steps
 * where the product takes n³ (after Freivalds, "Probabilistic machines can use less running time",
 * 1977). With the weights here another entry, another place or a transposed product shows.
 *
 * A worker makes its matrices before the clock starts. A task sets the first row of B from its
 * index; as no entry is 0, all of the product changes with it, and what an earlier task left cannot
 * pass.
 */
#include "base/memory.h"
#include "workloads/blas.h"
#include "workloads/workload.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>

enum { METRIC_OPERATIONS };
enum { LARGEST = 8 }; /* entries and weights are 1 … LARGEST */

enum kernel { KERNEL_NAIVE, KERNEL_BLOCKED, KERNEL_BLAS };
static const char *const kernel_names[] = {
	[KERNEL_NAIVE] = "naive", [KERNEL_BLOCKED] = "blocked", [KERNEL_BLAS] = "blas", NULL};

struct params {
	int kernel;
	int64_t size, block;
};

struct matmul {
	size_t n, block;
	double *a, *b, *c; /* n × n, row by row; all of the memory is owned by a */
	double *columns;   /* v: a weight for each column */
	double *rows;      /* u: a weight for each row */
	/* (u·A)·(B·v) but for B's first row, which meets only the first entry of u·A. */
	uint64_t of_other_rows, first_column;
};

/* ---- kernels; false: the run is being ended ---- */

/* As it is written: the compiler may not reorder sums of doubles, nor exchange loops with a
 * checkpoint between them. */
static bool multiply_naive(struct worker *worker, const struct matmul *m)
{
	size_t n = m->n;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++) {
			double sum = 0;
			if (checkpoint(worker))
				return false;
			for (size_t k = 0; k < n; k++)
				sum += m->a[i * n + k] * m->b[k * n + j];
			m->c[i * n + j] = sum;
		}
	return true;
}

/* Four at a time: two instructions with SSE2, one with AVX. Entries need not be aligned for it. */
typedef double four __attribute__((vector_size(32), aligned(sizeof(double)), may_alias));
enum { FOUR = 4 };

/* to += factor × from */
static inline void add_scaled(double *to, const double *from, double factor, size_t count)
{
	size_t i = 0;
	for (; i + FOUR <= count; i += FOUR)
		*(four *)(to + i) += factor * *(const four *)(from + i);
	for (; i < count; i++)
		to[i] += factor * from[i];
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* One block of B, which stays in the cache while all rows of A pass it. */
static bool add_block(struct worker *worker, const struct matmul *m, size_t first_k, size_t first_j)
{
	size_t n = m->n, end_k = least(first_k + m->block, n);
	size_t width = least(m->block, n - first_j);
	for (size_t i = 0; i < n; i++) {
		if (checkpoint(worker))
			return false;
		for (size_t k = first_k; k < end_k; k++)
			add_scaled(m->c + i * n + first_j, m->b + k * n + first_j, m->a[i * n + k],
				width);
	}
	return true;
}

static bool multiply_blocked(struct worker *worker, const struct matmul *m)
{
	for (size_t i = 0; i < m->n * m->n; i++)
		m->c[i] = 0;
	for (size_t k = 0; k < m->n; k += m->block)
		for (size_t j = 0; j < m->n; j += m->block)
			if (!add_block(worker, m, k, j))
				return false;
	return true;
}

/* Nothing ends a call, so a large product is made of several, of a third of a second or so each.
 * Every call reads all of B, so they are not made small. */
static bool multiply_blas(struct worker *worker, const struct matmul *m)
{
	enum { ROWS_AT_LEAST = 256 };
	const uint64_t multiplications_a_call = UINT64_C(1) << 33;
	size_t n = m->n, rows = multiplications_a_call / (n * n);
	rows = rows > ROWS_AT_LEAST ? rows : ROWS_AT_LEAST;
	for (size_t i = 0; i < n; i += rows) {
		if (checkpoint(worker))
			return false;
		blas_multiply(least(rows, n - i), n, m->a + i * n, m->b, m->c + i * n);
	}
	return true;
}

static bool (*const kernels[])(struct worker *worker, const struct matmul *m) = {
	[KERNEL_NAIVE] = multiply_naive,
	[KERNEL_BLOCKED] = multiply_blocked,
	[KERNEL_BLAS] = multiply_blas,
};

/* ---- sums with weights ---- */

/* Exact in any order, so four sums run side by side: one would wait for each addition. */
static double weighted(const double *entries, const double *weights, size_t count)
{
	four sums = {0};
	size_t i = 0;
	for (; i + FOUR <= count; i += FOUR)
		sums += *(const four *)(entries + i) * *(const four *)(weights + i);
	double sum = sums[0] + sums[1] + sums[2] + sums[3];
	for (; i < count; i++)
		sum += entries[i] * weights[i];
	return sum;
}

/* u·C·v; a row's share is below 2^53, and all are added up modulo 2^64. */
static uint64_t weigh_product(struct worker *worker, const struct matmul *m)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < m->n && !checkpoint(worker); i++)
		sum += (uint64_t)m->rows[i] * (uint64_t)weighted(m->c + i * m->n, m->columns, m->n);
	return sum;
}

static uint64_t weighted_row(const struct matmul *m, size_t row)
{
	return (uint64_t)weighted(m->b + row * m->n, m->columns, m->n);
}

/* u·A, in the first row of C. */
static void weigh_columns(const struct matmul *m)
{
	for (size_t k = 0; k < m->n; k++)
		m->c[k] = 0;
	for (size_t i = 0; i < m->n; i++)
		add_scaled(m->c, m->a + i * m->n, m->rows[i], m->n);
}

/* ---- a worker ---- */

/* Numbers of (seed, place), from `place` on. */
static void fill(const struct job *job, uint64_t place, double *entries, size_t count)
{
	for (size_t i = 0; i < count; i++)
		entries[i] = (double)(1 + job_random(job, place + i) % LARGEST);
}

static size_t entries_of(size_t n)
{
	enum { MATRICES = 3, VECTORS = 2 };
	return MATRICES * n * n + VECTORS * n;
}

static void needs(const struct job *job, struct needs *needs)
{
	const struct params *params = job->params;
	needs->bytes_per_worker = entries_of((size_t)params->size) * sizeof(double);
}

static int supported(const void *given, struct err *err)
{
	const struct params *params = given;
	return params->kernel == KERNEL_BLAS ? blas_open(err) : 0;
}

static int worker_setup(struct worker *worker, struct err *err)
{
	const struct params *params = worker->job->params;
	struct matmul *m = worker->state;
	size_t n = (size_t)params->size;
	if (supported(params, err) != 0)
		return -1;
	*m = (struct matmul){.n = n, .block = (size_t)params->block};
	m->a = memory_alloc(entries_of(n) * sizeof(double));
	m->b = m->a + n * n;
	m->c = m->b + n * n;
	m->columns = m->c + n * n;
	m->rows = m->columns + n;
	/* C too, or the first task would pay for its page faults. */
	fill(worker->job, 0, m->a, entries_of(n));
	weigh_columns(m);
	m->first_column = (uint64_t)m->c[0];
	for (size_t k = 1; k < n; k++)
		m->of_other_rows += (uint64_t)m->c[k] * weighted_row(m, k);
	return 0;
}

static void worker_teardown(struct worker *worker)
{
	struct matmul *m = worker->state;
	free(m->a);
}

static uint64_t task(struct worker *worker, uint64_t index)
{
	const struct params *params = worker->job->params;
	struct matmul *m = worker->state;
	struct job row = {.seed = job_random(worker->job, index)};
	fill(&row, 0, m->b, m->n);
	uint64_t expected = m->of_other_rows + m->first_column * weighted_row(m, 0);
	if (!kernels[params->kernel](worker, m))
		return 0;
	uint64_t value = weigh_product(worker, m);
	if (checkpoint(worker))
		return 0;
	if (value != expected)
		return worker_fail(worker,
			"the %s product is wrong: its weighted sum is %" PRIu64 ", not %" PRIu64,
			kernel_names[params->kernel], value, expected);
	double n = (double)m->n;
	worker_metric(worker, METRIC_OPERATIONS, 2 * n * n * n);
	return value;
}

/* ---- the table ---- */

static const struct option params[] = {
	{
		.name = "kernel",
		.type = OPTION_ENUM,
		.offset = offsetof(struct params, kernel),
		.fallback = "naive",
		.choices = kernel_names,
		.help = "naive: three plain loops; blocked: loops that keep to the cache; blas: "
			"OpenBLAS, on one thread",
	},
	{
		.name = "size",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, size),
		.fallback = "256",
		.min = "1",
		.max = "65536",
		.help = "rows and columns of the matrices; every worker holds three of them",
	},
	{
		.name = "block",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, block),
		.fallback = "64",
		.min = "1",
		.max = "1024",
		.when = "kernel=blocked",
		.help = "rows and columns of a block",
	},
	OPTION_END,
};

static const struct metric metrics[] = {
	[METRIC_OPERATIONS] = {.name = "operations",
		.help = "multiplications and additions that the definition asks for: 2 × size³ a "
			"task"},
	{.name = NULL},
};

const struct workload workload_matmul = {
	.name = "matmul",
	.group = GROUP_CPU,
	.summary = "multiplies matrices: how much a kernel makes of a CPU",
	.operation = "sets a row of one of two size × size matrices of doubles from the index, "
		     "multiplies them, checks the product",
	.opens_libraries = true,
	.params = params,
	.params_bytes = sizeof(struct params),
	.metrics = metrics,
	.worker_bytes = sizeof(struct matmul),
	.supported = supported,
	.needs = needs,
	.worker_setup = worker_setup,
	.task = task,
	.worker_teardown = worker_teardown,
};
