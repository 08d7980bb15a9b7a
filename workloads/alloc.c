/*
 * The allocator at work: blocks come and go in random order while a number of them stay alive.
 * Threads share one allocator (and one address space, where `kind` is mmap), processes have one
 * each: the difference between their rows is what they contend for.
 *
 * Each block carries a word of its own every 64 bytes and at its end, from the moment it is
 * allocated until it is freed, when all of them are checked: memory that was handed out twice is
 * noticed, and every page that a block has is paid for.
 */
#include "base/memory.h"
#include "workloads/pages.h"
#include "workloads/places.h"
#include "workloads/workload.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { LINE_BYTES = 64, CHECKPOINT_BYTES = 1 << 18, LEAST_BYTES = sizeof(uint64_t) };
/* What malloc adds to a block, and rounds it up to. */
enum { MALLOC_BYTES = 24 };
enum { METRIC_ALLOCATED_BYTES };

enum kind { KIND_MALLOC, KIND_MMAP };

static const char *const kinds[] = {[KIND_MALLOC] = "malloc", [KIND_MMAP] = "mmap", NULL};

struct params {
	int kind;
	int64_t size_bytes;
	double spread;
	int64_t live;
	int64_t operations;
};

struct block {
	unsigned char *bytes; /* NULL: none */
	size_t size;
	uint64_t mark;
};

struct heap {
	struct block *blocks; /* `live` of them; owned */
};

static void *take_malloc(size_t size)
{
	return malloc(size);
}

static void give_malloc(void *memory, size_t size)
{
	(void)size;
	free(memory);
}

static void *take_mmap(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return memory == MAP_FAILED ? NULL : memory;
}

static void give_mmap(void *memory, size_t size)
{
	munmap(memory, size);
}

static const struct {
	void *(*take)(size_t size);
	void (*give)(void *memory, size_t size);
} allocators[] = {
	[KIND_MALLOC] = {take_malloc, give_malloc},
	[KIND_MMAP] = {take_mmap, give_mmap},
};

/* Uniform in size × (1 ± spread), from the top 32 bits of a random number. */
static size_t size_of(const struct params *params, uint64_t random)
{
	double sign = (double)(random >> 32) * 0x1p-31 - 1.0;
	size_t size = (size_t)((double)params->size_bytes * (1.0 + params->spread * sign));
	return size < LEAST_BYTES ? LEAST_BYTES : size;
}

/* memcpy: the last word of a block lies where its size says. */
static void put_mark(unsigned char *at, uint64_t mark)
{
	memcpy(at, &mark, sizeof(mark));
}

static bool has_mark(const unsigned char *at, uint64_t mark)
{
	return memcmp(at, &mark, sizeof(mark)) == 0;
}

/* Large blocks take a while. */
static bool is_interrupted(struct worker *worker, size_t at)
{
	return at % CHECKPOINT_BYTES == 0 && checkpoint(worker);
}

static void write_block(struct worker *worker, const struct block *block)
{
	for (size_t at = 0; at + LINE_BYTES <= block->size; at += LINE_BYTES) {
		put_mark(block->bytes + at, block->mark);
		if (is_interrupted(worker, at))
			return;
	}
	put_mark(block->bytes + block->size - sizeof(uint64_t), block->mark);
	/* Without it the compiler may see that the block is only ever read back, and drop both. */
	__asm__ volatile("" : : "r"(block->bytes) : "memory");
}

static bool is_intact(struct worker *worker, const struct block *block)
{
	for (size_t at = 0; at + LINE_BYTES <= block->size; at += LINE_BYTES)
		if (!has_mark(block->bytes + at, block->mark) || is_interrupted(worker, at))
			return false;
	return has_mark(block->bytes + block->size - sizeof(uint64_t), block->mark);
}

static bool allocate(struct worker *worker, struct block *block, uint64_t random)
{
	const struct params *params = worker->job->params;
	size_t size = size_of(params, random);
	unsigned char *bytes = allocators[params->kind].take(size);
	if (!bytes) {
		worker_fail(worker,
			"cannot allocate %zu bytes by %s: %s; use fewer live blocks or smaller "
			"ones",
			size, kinds[params->kind], strerror(errno));
		return false;
	}
	*block = (struct block){bytes, size, random};
	write_block(worker, block);
	return true;
}

/* Takes one that is empty. Of a run that is being ended blocks may be half written. */
static bool release(struct worker *worker, struct block *block)
{
	const struct params *params = worker->job->params;
	if (!block->bytes)
		return true;
	bool intact = is_intact(worker, block) || is_stopping(worker);
	allocators[params->kind].give(block->bytes, block->size);
	block->bytes = NULL;
	if (!intact)
		worker_fail(worker, "a block of %zu bytes does not hold what was written into it",
			block->size);
	return intact;
}

/* Puts a new block in the place of an old one; adds its size to the sum. */
static bool replace(struct worker *worker, uint64_t random, uint64_t *sum)
{
	const struct params *params = worker->job->params;
	const struct heap *heap = worker->state;
	struct block *block = &heap->blocks[(random & UINT32_MAX) % (uint64_t)params->live];
	if (!release(worker, block) || !allocate(worker, block, random))
		return false;
	*sum += block->size;
	return true;
}

/* The blocks do not outlive their task, as they would not outlive a process. */
static void release_all(struct worker *worker)
{
	const struct params *params = worker->job->params;
	const struct heap *heap = worker->state;
	for (int64_t i = 0; i < params->live; i++)
		release(worker, &heap->blocks[i]);
}

static uint64_t task(struct worker *worker, uint64_t index)
{
	const struct params *params = worker->job->params;
	/* A stream of random numbers of this task's own. */
	struct job stream = {.seed = job_random(worker->job, index)};
	uint64_t sum = 0;
	for (uint64_t i = 0; i < (uint64_t)params->operations && !checkpoint(worker); i++)
		if (!replace(worker, job_random(&stream, i), &sum))
			break;
	release_all(worker);
	worker_metric(worker, METRIC_ALLOCATED_BYTES, (double)sum);
	return sum;
}

static int worker_setup(struct worker *worker, struct err *err)
{
	(void)err;
	const struct params *params = worker->job->params;
	struct heap *heap = worker->state;
	heap->blocks = memory_alloc((size_t)params->live * sizeof(struct block));
	return 0;
}

static void worker_teardown(struct worker *worker)
{
	struct heap *heap = worker->state;
	free(heap->blocks);
}

/* No more blocks than operations; of sizes around the middle, or their smallest unit. */
static void needs(const struct job *job, struct needs *needs)
{
	const struct params *params = job->params;
	uint64_t size = (uint64_t)params->size_bytes, live = (uint64_t)params->live;
	if (params->kind == KIND_MMAP)
		size = size < pages_size() ? pages_size() : size;
	else
		size += MALLOC_BYTES;
	if (params->operations < params->live)
		live = (uint64_t)params->operations;
	uint64_t table = (uint64_t)params->live * sizeof(struct block);
	needs->bytes_per_run = places_count(job) * (table + live * size);
}

static const struct option params[] = {
	{
		.name = "kind",
		.type = OPTION_ENUM,
		.offset = offsetof(struct params, kind),
		.fallback = "malloc",
		.choices = kinds,
		.help = "malloc and free, or mmap and munmap: straight from the system",
	},
	{
		.name = "size",
		.type = OPTION_SIZE,
		.offset = offsetof(struct params, size_bytes),
		.fallback = "256B",
		.min = "8B",
		.max = "1GiB",
		.help = "of a block",
	},
	{
		.name = "spread",
		.type = OPTION_PERCENT,
		.offset = offsetof(struct params, spread),
		.fallback = "50%",
		.min = "0%",
		.max = "100%",
		.help = "each block is larger or smaller by up to this share, evenly spread; but "
			"has at least 8 bytes",
	},
	{
		.name = "live",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, live),
		.fallback = "1000",
		.min = "1",
		.max = "100000000",
		.help = "how many blocks of a task may be allocated at a time",
	},
	{
		.name = "operations",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, operations),
		.fallback = "100000",
		.min = "0",
		.max = "1000000000000",
		.help = "how many blocks a task allocates and frees",
	},
	OPTION_END,
};

static const struct metric metrics[] = {
	[METRIC_ALLOCATED_BYTES] = {.name = "allocated_bytes",
		.help = "the sizes of all blocks that were allocated, added up"},
	{.name = NULL},
};

const struct workload workload_alloc = {
	.name = "alloc",
	.group = GROUP_MEMORY,
	.summary = "allocates and frees blocks: what workers contend for in the allocator",
	.operation = "so many times: frees a random block, allocates and writes a new one in its "
		     "place; checks each before it is freed",
	.params = params,
	.params_bytes = sizeof(struct params),
	.metrics = metrics,
	.worker_bytes = sizeof(struct heap),
	.needs = needs,
	.worker_setup = worker_setup,
	.task = task,
	.worker_teardown = worker_teardown,
};
