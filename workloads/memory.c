/*
 * Memory: how fast it is read, written and copied in sequence, and how long one load takes that
 * depends on the one before. Each worker has a buffer of its own; a size that fits into a cache
 * measures that cache.
 *
 * A pass moves every byte of the buffer once: `copy` copies one half of it into the other. So
 * bandwidth is moved_bytes by elapsed_s, and counts what is read and what is written, as STREAM
 * does (McCalpin, https://www.cs.virginia.edu/stream/ref.html).
 *
 * The buffer is shared with forks: a task in a process of its own works on it as it is, without
 * a copy, but pays for the page faults of a process that has not touched it before.
 */
#include "workloads/pages.h"
#include "workloads/places.h"
#include "workloads/workload.h"

#include <stddef.h>
#include <string.h>

enum { LINE_BYTES = 64, GRAIN_BYTES = 2 * LINE_BYTES };

/* Between two checkpoints. Large enough for memcpy to treat a piece as it treats a whole buffer:
 * smaller ones are up to a fifth faster or slower. */
enum { PIECE_BYTES = 4 << 20, PIECE_LOADS = 1 << 13 };

enum { METRIC_MOVED_BYTES, METRIC_LOADS };

enum pattern { PATTERN_READ, PATTERN_WRITE, PATTERN_COPY, PATTERN_CHASE };

static const char *const patterns[] = {
	[PATTERN_READ] = "read",
	[PATTERN_WRITE] = "write",
	[PATTERN_COPY] = "copy",
	[PATTERN_CHASE] = "chase",
	NULL,
};

struct params {
	int pattern;
	int64_t size_bytes;
	int64_t passes;
};

struct buffer {
	unsigned char *bytes;
};

/* A cache line of its own: no two loads of a chase share one. */
struct node {
	struct node *next;
	uint64_t value;
	unsigned char rest[LINE_BYTES - sizeof(struct node *) - sizeof(uint64_t)];
};

typedef uint64_t pair __attribute__((vector_size(16)));

static size_t buffer_bytes(const struct job *job)
{
	const struct params *params = job->params;
	return (size_t)params->size_bytes / GRAIN_BYTES * GRAIN_BYTES;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The compiler must take it that somebody reads and changes the memory here. */
static void touch(void *memory)
{
	__asm__ volatile("" : : "r"(memory) : "memory");
}

static uint64_t *words(unsigned char *memory)
{
	return (uint64_t *)(void *)memory;
}

/* ---- what a pass does: each is handed a number of its own, and returns what proves it ---- */

/* Four sums side by side, of two words each: one alone would wait for its own additions. */
static uint64_t sum_pairs(const unsigned char *memory, size_t bytes)
{
	const pair *at = (const pair *)(const void *)memory;
	pair a = {0}, b = {0}, c = {0}, d = {0};
	for (size_t i = 0; i < bytes / sizeof(pair); i += 8) {
		a += at[i] + at[i + 4];
		b += at[i + 1] + at[i + 5];
		c += at[i + 2] + at[i + 6];
		d += at[i + 3] + at[i + 7];
	}
	a += b + c + d;
	return a[0] + a[1];
}

static uint64_t pass_read(struct worker *worker, unsigned char *bytes, uint64_t number)
{
	size_t size = buffer_bytes(worker->job);
	uint64_t sum = 0;
	(void)number;
	for (size_t at = 0; at < size && !checkpoint(worker); at += PIECE_BYTES) {
		touch(bytes);
		sum += sum_pairs(bytes + at, least(PIECE_BYTES, size - at));
	}
	return sum;
}

/* Returns a word of each piece, at a place that nobody knows beforehand. */
static uint64_t pass_write(struct worker *worker, unsigned char *bytes, uint64_t number)
{
	size_t size = buffer_bytes(worker->job);
	uint64_t sum = 0;
	for (size_t at = 0; at < size && !checkpoint(worker); at += PIECE_BYTES) {
		size_t count = least(PIECE_BYTES, size - at);
		memset(bytes + at, (int)(number & 0xff), count);
		touch(bytes);
		sum += words(bytes + at)[number % (count / sizeof(uint64_t))];
	}
	return sum;
}

/* A word of each piece is new before the copy, and returned from where it was copied to. */
static uint64_t pass_copy(struct worker *worker, unsigned char *bytes, uint64_t number)
{
	size_t half = buffer_bytes(worker->job) / 2;
	uint64_t sum = 0;
	for (size_t at = 0; at < half && !checkpoint(worker); at += PIECE_BYTES) {
		size_t count = least(PIECE_BYTES, half - at);
		size_t place = number % (count / sizeof(uint64_t));
		words(bytes + at)[place] = number;
		touch(bytes);
		memcpy(bytes + half + at, bytes + at, count);
		touch(bytes);
		sum += words(bytes + half + at)[place];
	}
	return sum;
}

/* The nodes are one cycle: whoever has gone through all of them is back where he began. */
static uint64_t pass_chase(struct worker *worker, unsigned char *bytes, uint64_t number)
{
	struct node *nodes = (struct node *)(void *)bytes;
	size_t count = buffer_bytes(worker->job) / sizeof(*nodes), done = 0;
	struct node *start = &nodes[number % count], *node = start;
	uint64_t sum = 0;
	while (done < count && !checkpoint(worker)) {
		size_t end = done + least(PIECE_LOADS, count - done);
		for (; done < end; done++) {
			sum += node->value;
			node = node->next;
		}
		touch(node);
	}
	if (done == count && node != start)
		return worker_fail(worker, "the chase did not come back to where it began");
	return sum;
}

/* ---- what the buffer holds before ---- */

static void fill_words(const struct job *job, unsigned char *bytes)
{
	size_t count = buffer_bytes(job) / sizeof(uint64_t);
	for (size_t i = 0; i < count; i++)
		words(bytes)[i] = job_random(job, i);
}

/* One random cycle through all nodes: S. Sattolo, "An algorithm to generate a random cyclic
 * permutation", Information Processing Letters 22 (1986). */
static void fill_cycle(const struct job *job, unsigned char *bytes)
{
	struct node *nodes = (struct node *)(void *)bytes;
	size_t count = buffer_bytes(job) / sizeof(*nodes);
	for (size_t i = 0; i < count; i++)
		nodes[i] = (struct node){.next = &nodes[i], .value = job_random(job, i)};
	for (size_t i = count - 1; i > 0; i--) {
		size_t other = job_random(job, count + i) % i;
		struct node *next = nodes[i].next;
		nodes[i].next = nodes[other].next;
		nodes[other].next = next;
	}
}

static const struct {
	void (*fill)(const struct job *job, unsigned char *bytes);
	uint64_t (*pass)(struct worker *worker, unsigned char *bytes, uint64_t number);
} kinds[] = {
	[PATTERN_READ] = {fill_words, pass_read},
	[PATTERN_WRITE] = {fill_words, pass_write},
	[PATTERN_COPY] = {fill_words, pass_copy},
	[PATTERN_CHASE] = {fill_cycle, pass_chase},
};

static void needs(const struct job *job, struct needs *needs)
{
	needs->bytes_per_run = places_count(job) * buffer_bytes(job);
}

static int worker_setup(struct worker *worker, struct err *err)
{
	const struct params *params = worker->job->params;
	struct buffer *buffer = worker->state;
	buffer->bytes = pages_map(buffer_bytes(worker->job), PAGES_SHARED, err);
	if (!buffer->bytes)
		return -1;
	kinds[params->pattern].fill(worker->job, buffer->bytes);
	return 0;
}

static uint64_t task(struct worker *worker, uint64_t index)
{
	const struct params *params = worker->job->params;
	struct buffer *buffer = worker->state;
	uint64_t passes = (uint64_t)params->passes, sum = 0;
	uint64_t number = job_random(worker->job, index);
	for (uint64_t i = 0; i < passes; i++) {
		sum += kinds[params->pattern].pass(worker, buffer->bytes, number + i);
		if (checkpoint(worker))
			return 0;
	}
	double moved = (double)passes * (double)buffer_bytes(worker->job);
	worker_metric(worker, METRIC_MOVED_BYTES, moved);
	if (params->pattern == PATTERN_CHASE)
		worker_metric(worker, METRIC_LOADS, moved / LINE_BYTES);
	return sum;
}

static void worker_teardown(struct worker *worker)
{
	struct buffer *buffer = worker->state;
	pages_unmap(buffer->bytes, buffer_bytes(worker->job));
}

static const struct option params[] = {
	{
		.name = "pattern",
		.type = OPTION_ENUM,
		.offset = offsetof(struct params, pattern),
		.fallback = "copy",
		.choices = patterns,
		.help = "read, write or copy in sequence, or chase: load after load, each from "
			"where the one before says",
	},
	{
		.name = "size",
		.type = OPTION_SIZE,
		.offset = offsetof(struct params, size_bytes),
		.fallback = "64MiB",
		.min = "4KiB",
		.max = "1TiB",
		.help = "of each worker's buffer",
	},
	{
		.name = "passes",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, passes),
		.fallback = "1",
		.min = "1",
		.max = "1000000000",
		.help = "how often a task goes through its buffer",
	},
	OPTION_END,
};

static const struct metric metrics[] = {
	[METRIC_MOVED_BYTES] = {.name = "moved_bytes",
		.help = "bytes read plus bytes written, or of the cache lines that were loaded; "
			"by elapsed_s: the bandwidth"},
	[METRIC_LOADS] = {.name = "loads",
		.help = "loads that had to wait for the one before (chase); running_s by loads: "
			"what one takes"},
	{.name = NULL},
};

const struct workload workload_memory = {
	.name = "memory",
	.group = GROUP_MEMORY,
	.summary = "reads, writes, copies or chases pointers: memory and caches",
	.operation = "goes through its worker's buffer so many times, as pattern says",
	.params = params,
	.params_bytes = sizeof(struct params),
	.metrics = metrics,
	.worker_bytes = sizeof(struct buffer),
	.needs = needs,
	.worker_setup = worker_setup,
	.task = task,
	.worker_teardown = worker_teardown,
};
