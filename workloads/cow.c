/*
 * Copy on write: a child that is forked has its parent's memory, and a page of it is copied when
 * one of the two writes to it. Each task forks a child, which writes to a share of the pages of its
 * worker's heap and ends; then the parent looks at every page. Under every executor parent and
 * child are processes of their own, whatever the worker is. Under `thread`, `thread_pool` and
 * `process` the heaps of all workers lie in the host, and a fork copies the page tables of all of
 * them, as it does in any program with many threads.
 *
 * How many pages were copied is the number of page faults of the child between its first write and
 * its last: the heap was written to before the fork, so that nothing but a copy can be missing, and
 * all else that the child runs through in between it has run through once, on a page that does not
 * count. Huge pages are switched off, because one fault would copy 2 MiB.
 */
#include "measure/clock.h"
#include "workloads/pages.h"
#include "workloads/places.h"
#include "workloads/workload.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { METRIC_PAGES_TOUCHED, METRIC_PAGES_COPIED, METRIC_FORK_S, METRIC_WRITE_S };
enum { CHECKPOINT_PAGES = 1 << 8 }; /* 0.1 ms of copying */
enum { EXIT_STOPPED = 3 };

struct params {
	int64_t heap_bytes;
	double touch;
};

/* A worker's; in memory that it shares with its children. */
struct heap {
	unsigned char *memory; /* one page more than there are: for the child's rehearsal */
	size_t pages, page_bytes;
	/* The child's report. */
	uint64_t copied, write_ns;
};

static size_t page_count(const struct job *job)
{
	const struct params *params = job->params;
	size_t pages = (size_t)params->heap_bytes / pages_size();
	return pages ? pages : 1;
}

static uint64_t touched_pages(const struct job *job)
{
	const struct params *params = job->params;
	return (uint64_t)((double)page_count(job) * params->touch + 0.5);
}

/* The word of a page that is written and looked at: not in the same cache set in all of them. */
static uint64_t *word_of(const struct heap *heap, size_t page)
{
	size_t words = heap->page_bytes / sizeof(uint64_t);
	return (uint64_t *)(void *)(heap->memory + page * heap->page_bytes) + page % words;
}

/* ---- in the child ---- */

static int64_t faults_now(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_minflt + usage.ru_majflt;
}

/*
 * Writes to `count` pages, spread evenly over `pages` of them, `first` and following. A sanitizer's
 * own bookkeeping would make page faults beside ours.
 */
__attribute__((noinline, no_sanitize("address"), no_sanitize("thread"))) static void write_pages(
	struct worker *worker, size_t first, size_t pages, uint64_t count)
{
	const struct heap *heap = worker->state;
	for (uint64_t i = 0; i < count; i++) {
		size_t page = first + (size_t)((unsigned __int128)i * pages / count);
		volatile uint64_t *word = word_of(heap, page);
		*word = ~*word;
		if (i % CHECKPOINT_PAGES == 0 && is_stopping(worker))
			_exit(EXIT_STOPPED);
	}
}

/* Writes, and reports how many page faults it took and how long. */
__attribute__((noinline)) static void write_and_report(
	struct worker *worker, size_t first, size_t pages, uint64_t count)
{
	struct heap *heap = worker->state;
	int64_t faults = faults_now();
	uint64_t began = clock_ticks();
	write_pages(worker, first, pages, count);
	uint64_t ended = clock_ticks();
	heap->copied = (uint64_t)(faults_now() - faults);
	heap->write_ns = clock_ns(ended - began);
}

/* No locks, no allocation: the other threads of the parent are not here. */
static _Noreturn void be_child(struct worker *worker)
{
	const struct heap *heap = worker->state;
	uint64_t count = touched_pages(worker->job);
	write_and_report(worker, heap->pages, 1, 1); /* the rehearsal */
	write_and_report(worker, 0, heap->pages, count);
	_exit(0);
}

/* ---- in the parent ---- */

/* True: it has written all that it was to write. */
static bool check_end(struct worker *worker, int status)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return true;
	if (WIFSIGNALED(status))
		worker_fail(
			worker, "the child was killed by SIG%s", sigabbrev_np(WTERMSIG(status)));
	else if (!is_stopping(worker))
		worker_fail(worker, "the child exited with code %d", WEXITSTATUS(status));
	return false;
}

static bool await_child(struct worker *worker, pid_t child)
{
	int status = 0;
	pid_t reaped;
	blocking_begin(worker);
	do {
		reaped = waitpid(child, &status, 0);
	} while (reaped < 0 && errno == EINTR);
	int failed = errno;
	blocking_end(worker);
	if (reaped == child)
		return check_end(worker, status);
	worker_fail(worker, "cannot wait for the child: %s", strerror(failed));
	return false;
}

/* The sum of all pages' words; a task that failed if one is not what it was before the fork. */
static uint64_t check_pages(struct worker *worker)
{
	const struct heap *heap = worker->state;
	uint64_t sum = 0, changed = 0;
	for (size_t i = 0; i < heap->pages; i++) {
		uint64_t word = *word_of(heap, i);
		sum += word;
		changed += word != job_random(worker->job, i);
		if (i % CHECKPOINT_PAGES == 0 && checkpoint(worker))
			return 0;
	}
	if (changed)
		return worker_fail(worker,
			"%" PRIu64 " of %zu pages changed in the parent when its child wrote to "
			"them",
			changed, heap->pages);
	return sum;
}

static uint64_t task(struct worker *worker, uint64_t index)
{
	(void)index;
	const struct heap *heap = worker->state;
	uint64_t began = clock_ticks();
	pid_t child = fork();
	if (child == 0)
		be_child(worker);
	uint64_t forked = clock_ticks();
	if (child < 0)
		return worker_fail(worker, "cannot fork a child: %s", strerror(errno));
	if (!await_child(worker, child))
		return 0;
	worker_metric(worker, METRIC_PAGES_TOUCHED, (double)touched_pages(worker->job));
	worker_metric(worker, METRIC_PAGES_COPIED, (double)heap->copied);
	worker_metric(worker, METRIC_FORK_S, (double)clock_ns(forked - began) / 1e9);
	worker_metric(worker, METRIC_WRITE_S, (double)heap->write_ns / 1e9);
	return check_pages(worker);
}

static int worker_setup(struct worker *worker, struct err *err)
{
	struct heap *heap = worker->state;
	size_t pages = page_count(worker->job), page_bytes = pages_size();
	*heap = (struct heap){.pages = pages, .page_bytes = page_bytes};
	heap->memory = pages_map((pages + 1) * page_bytes, PAGES_PRIVATE, err);
	if (!heap->memory)
		return -1;
	for (size_t i = 0; i < pages; i++)
		*word_of(heap, i) = job_random(worker->job, i);
	return 0;
}

static void worker_teardown(struct worker *worker)
{
	struct heap *heap = worker->state;
	pages_unmap(heap->memory, (heap->pages + 1) * heap->page_bytes);
}

/* The heap, and what the child makes copies of. */
static void needs(const struct job *job, struct needs *needs)
{
	uint64_t pages = page_count(job) + 1 + touched_pages(job);
	needs->bytes_per_run = places_count(job) * pages * pages_size();
	needs->processes_per_run = places_count(job);
}

static const struct option params[] = {
	{
		.name = "heap",
		.type = OPTION_SIZE,
		.offset = offsetof(struct params, heap_bytes),
		.fallback = "16MiB",
		.min = "4KiB",
		.max = "1TiB",
		.help = "memory of each worker that its children inherit, in small pages",
	},
	{
		.name = "touch",
		.type = OPTION_PERCENT,
		.offset = offsetof(struct params, touch),
		.fallback = "25%",
		.min = "0%",
		.max = "100%",
		.help = "share of its pages that a child writes to",
	},
	OPTION_END,
};

static const struct metric metrics[] = {
	[METRIC_PAGES_TOUCHED] = {.name = "pages_touched",
		.help = "pages that children wrote to, of all tasks"},
	[METRIC_PAGES_COPIED] = {.name = "pages_copied",
		.help = "page faults of children while they wrote: pages that were copied"},
	[METRIC_FORK_S] = {.name = "fork_s",
		.help = "time in fork, where page tables are copied, of all tasks"},
	[METRIC_WRITE_S] = {.name = "write_s",
		.help = "time that children took to write, of all tasks; by pages_copied: what a "
			"copy takes"},
	{.name = NULL},
};

const struct workload workload_cow = {
	.name = "cow",
	.group = GROUP_MEMORY,
	.summary = "forks children that write to inherited memory: copy on write",
	.operation =
		"forks a child that writes to its share of the heap's pages; then looks at all "
		"pages of the parent",
	.params = params,
	.params_bytes = sizeof(struct params),
	.metrics = metrics,
	.worker_bytes = sizeof(struct heap),
	.needs = needs,
	.worker_setup = worker_setup,
	.task = task,
	.worker_teardown = worker_teardown,
};
