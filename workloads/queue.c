/*
 * Items through one bounded queue: workers produce them, and consumers of the run's own take them
 * out. A task is one worker's batch of items, from the first put until the last one was consumed.
 *
 * Tasks are claimed one at a time, and some executors have a single worker: if some tasks were to
 * produce and others to consume, a run could come to hold nothing but producers at a full queue. So
 * the consumers are there beside the workers, whoever those are and however many.
 *
 * Invariants
 * - An item carries its task. A consumer counts it only where its worker still runs that task: what
 *   a dead worker has left in the queue is not taken for its successor's.
 * - A worker waits in slices and asks between them whether the run is being ended and whether all
 *   consumers live: an item that a dead one had taken out will never be counted.
 */
#include "base/futex.h"
#include "workloads/bounded.h"
#include "workloads/partner.h"
#include "workloads/workload.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

enum { METRIC_FULL_WAITS, METRIC_EMPTY_WAITS };
enum sync { SYNC_MUTEX_COND, SYNC_SEMAPHORE, SYNC_LOCK_FREE };

static const char *const syncs[] = {
	[SYNC_MUTEX_COND] = "mutex_cond",
	[SYNC_SEMAPHORE] = "semaphore",
	[SYNC_LOCK_FREE] = "lock_free",
	NULL,
};

static const struct bounded_kind *const kinds[] = {
	[SYNC_MUTEX_COND] = &bounded_mutex_cond,
	[SYNC_SEMAPHORE] = &bounded_semaphore,
	[SYNC_LOCK_FREE] = &bounded_lock_free,
};

struct params {
	int64_t capacity, consumers, items, work;
	int sync, peer;
};

/* A worker's account of its task, as consumers keep it. */
struct batch {
	alignas(BOUNDED_APART) _Atomic uint64_t task;
	_Atomic uint64_t sum, count; /* of what was consumed */
	_Atomic uint32_t complete;   /* 1: all of it; a futex */
};

struct consumer {
	struct partner partner;
	const struct job *job;
	alignas(BOUNDED_APART) uint64_t empty_waits;
};

/* Behind the batches lie the consumers, and behind these the queue. */
struct shared {
	_Atomic uint32_t closed;
	alignas(BOUNDED_APART) struct batch batches[]; /* one a worker */
};

static size_t consumers_offset(const struct job *job)
{
	return sizeof(struct shared) + job->workers * sizeof(struct batch);
}

static size_t queue_offset(const struct job *job)
{
	const struct params *params = job->params;
	return consumers_offset(job) + (size_t)params->consumers * sizeof(struct consumer);
}

static struct consumer *consumer_at(const struct job *job, int64_t index)
{
	char *at = (char *)job->shared + consumers_offset(job);
	return (struct consumer *)(void *)at + index;
}

static struct bounded *queue_of(const struct job *job)
{
	return (struct bounded *)(void *)((char *)job->shared + queue_offset(job));
}

static size_t shared_bytes(const struct job *job)
{
	const struct params *params = job->params;
	return queue_offset(job) + bounded_bytes((uint64_t)params->capacity);
}

/* Work on an item, about half a nanosecond a step. */
static void pass(uint64_t steps)
{
	for (; steps > 0; steps--)
		__asm__ volatile("" : "+r"(steps));
}

/* ---- consumers ---- */

static void account(const struct job *job, const struct item *item)
{
	const struct params *params = job->params;
	struct batch *batch = &((struct shared *)job->shared)->batches[item->seat];
	/* Relaxed: the queue has ordered it before the item. */
	if (atomic_load_explicit(&batch->task, memory_order_relaxed) != item->task)
		return;
	atomic_fetch_add_explicit(&batch->sum, item->value, memory_order_relaxed);
	/* Acquire and release: whoever counts the last item has seen all sums, and the worker sees
	 * them through `complete`. */
	uint64_t before = atomic_fetch_add_explicit(&batch->count, 1, memory_order_acq_rel);
	if (before + 1 < (uint64_t)params->items)
		return;
	atomic_store_explicit(&batch->complete, 1, memory_order_release);
	futex_wake(&batch->complete, 1);
}

static bool is_closed(const struct job *job)
{
	struct shared *shared = job->shared;
	/* Relaxed: nothing is published with it. */
	return atomic_load_explicit(&shared->closed, memory_order_relaxed) != 0;
}

static bool take(struct consumer *consumer, struct item *item)
{
	const struct params *params = consumer->job->params;
	const struct bounded_kind *kind = kinds[params->sync];
	struct bounded *queue = queue_of(consumer->job);
	if (kind->take(queue, item, 0))
		return true;
	consumer->empty_waits++;
	while (!kind->take(queue, item, PARTNER_PATIENCE_NS))
		if (is_closed(consumer->job))
			return false;
	return true;
}

static void consume(struct partner *partner, void *arg)
{
	struct consumer *consumer = arg;
	const struct params *params = consumer->job->params;
	struct item item;
	partner_ready(partner);
	while (take(consumer, &item)) {
		pass((uint64_t)params->work);
		account(consumer->job, &item);
	}
}

static int setup(struct job *job, struct err *err)
{
	const struct params *params = job->params;
	struct bounded *queue = queue_of(job);
	queue->capacity = (uint64_t)params->capacity;
	int code = kinds[params->sync]->make(queue);
	if (code)
		return err_errno(err, code, "cannot make a %s queue", syncs[params->sync]);
	for (int64_t i = 0; i < params->consumers; i++) {
		struct consumer *consumer = consumer_at(job, i);
		struct partner_plan plan = {.kind = (enum partner_kind)params->peer,
			.run = consume,
			.arg = consumer,
			.keep = {-1, -1}};
		consumer->job = job;
		if (partner_start(&consumer->partner, &plan, err) != 0)
			return -1;
	}
	return 0;
}

static void teardown(struct job *job)
{
	const struct params *params = job->params;
	struct shared *shared = job->shared;
	double empty_waits = 0;
	atomic_store_explicit(&shared->closed, 1, memory_order_relaxed);
	for (int64_t i = 0; i < params->consumers; i++) {
		partner_end(&consumer_at(job, i)->partner);
		empty_waits += (double)consumer_at(job, i)->empty_waits;
	}
	job->metrics[METRIC_EMPTY_WAITS] = empty_waits;
}

/* ---- workers ---- */

static bool all_consume(const struct job *job)
{
	const struct params *params = job->params;
	for (int64_t i = 0; i < params->consumers; i++)
		if (partner_is_gone(&consumer_at(job, i)->partner))
			return false;
	return true;
}

/* After a wait in vain. False: the run is being ended, or the task has failed. */
static bool may_wait(struct worker *worker, uint64_t index)
{
	if (checkpoint(worker))
		return false;
	if (all_consume(worker->job))
		return true;
	worker_fail(worker, "task %" PRIu64 " cannot be completed: a consumer has ended", index);
	return false;
}

static bool put(struct worker *worker, const struct item *item)
{
	const struct params *params = worker->job->params;
	const struct bounded_kind *kind = kinds[params->sync];
	struct bounded *queue = queue_of(worker->job);
	if (kind->put(queue, item, 0))
		return true;
	worker_metric(worker, METRIC_FULL_WAITS, 1);
	for (;;) {
		blocking_begin(worker);
		bool done = kind->put(queue, item, PARTNER_PATIENCE_NS);
		blocking_end(worker);
		if (done)
			return true;
		if (!may_wait(worker, item->task))
			return false;
	}
}

static bool await_consumed(struct worker *worker, struct batch *batch, uint64_t index)
{
	/* Acquire: see account. */
	while (!atomic_load_explicit(&batch->complete, memory_order_acquire)) {
		blocking_begin(worker);
		futex_wait(&batch->complete, 0, PARTNER_PATIENCE_NS);
		blocking_end(worker);
		if (!atomic_load_explicit(&batch->complete, memory_order_acquire) &&
			!may_wait(worker, index))
			return false;
	}
	return true;
}

/* Relaxed, all of them: the queue orders them before the task's first item. */
static void begin_batch(struct batch *batch, uint64_t index)
{
	atomic_store_explicit(&batch->complete, 0, memory_order_relaxed);
	atomic_store_explicit(&batch->sum, 0, memory_order_relaxed);
	atomic_store_explicit(&batch->count, 0, memory_order_relaxed);
	atomic_store_explicit(&batch->task, index, memory_order_relaxed);
}

static uint64_t task(struct worker *worker, uint64_t index)
{
	const struct job *job = worker->job;
	const struct params *params = job->params;
	struct batch *batch = &((struct shared *)job->shared)->batches[worker->index];
	uint64_t items = (uint64_t)params->items, sum = 0;
	begin_batch(batch, index);
	for (uint64_t i = 0; i < items; i++) {
		uint64_t value = job_random(job, index * items + i);
		struct item item = {index, i, value, worker->index};
		if (checkpoint(worker) || !put(worker, &item))
			return 0;
		sum += value;
	}
	if (!await_consumed(worker, batch, index))
		return 0;
	uint64_t consumed = atomic_load_explicit(&batch->sum, memory_order_relaxed);
	if (consumed != sum)
		return worker_fail(worker,
			"the items of task %" PRIu64 " were not consumed as they were put", index);
	return consumed;
}

static void needs(const struct job *job, struct needs *needs)
{
	const struct params *params = job->params;
	needs->processes_per_run = (uint64_t)params->consumers;
}

static const struct option params[] = {
	{
		.name = "capacity",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, capacity),
		.fallback = "64",
		.min = "1",
		.max = "1000000",
		.help = "how many items the queue holds",
	},
	{
		.name = "consumers",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, consumers),
		.fallback = "1",
		.min = "1",
		.max = "1000",
		.help = "how many take items out, beside the workers, which put them in",
	},
	{
		.name = "items",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, items),
		.fallback = "1000",
		.min = "1",
		.max = "1000000000",
		.help = "how many a task puts in",
	},
	{
		.name = "work",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, work),
		.fallback = "0",
		.min = "0",
		.max = "1000000000",
		.help = "steps of counting that a consumer spends on each item",
	},
	{
		.name = "sync",
		.type = OPTION_ENUM,
		.offset = offsetof(struct params, sync),
		.fallback = "mutex_cond",
		.choices = syncs,
		.help = "mutex_cond: a mutex and two condition variables; semaphore: three of "
			"them; "
			"lock_free: atomics, and a futex to sleep on",
	},
	{
		.name = "peer",
		.type = OPTION_ENUM,
		.offset = offsetof(struct params, peer),
		.fallback = "process",
		.choices = partner_kinds,
		.help = "what the consumers are",
	},
	OPTION_END,
};

static const struct metric metrics[] = {
	[METRIC_FULL_WAITS] = {.name = "full_waits",
		.help = "times that a worker found the queue full and waited for room"},
	[METRIC_EMPTY_WAITS] = {.name = "empty_waits",
		.help = "times that a consumer found the queue empty and waited for an item"},
	{.name = NULL},
};

const struct workload workload_queue = {
	.name = "queue",
	.group = GROUP_SHARED,
	.summary = "items through one bounded queue, from workers to consumers",
	.operation = "puts its items into the queue and waits until consumers beside the workers "
		     "have taken all of them out",
	.params = params,
	.params_bytes = sizeof(struct params),
	.metrics = metrics,
	.shared_bytes = shared_bytes,
	.needs = needs,
	.setup = setup,
	.task = task,
	.teardown = teardown,
};
