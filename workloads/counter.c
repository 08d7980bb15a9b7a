/*
 * One counter that all workers increment, and seven ways to guard it. Only "none" may lose
 * updates; how many is counted.
 *
 * The load, the addition and the store are the same under every kind but "atomic": what differs
 * between the rows is the guard. Guard and counter lie on one cache line, as in a program's own
 * `struct { lock; count; }`, so that a hand-over moves one line. Everything is made for use
 * between processes, and works the same between threads.
 *
 * Invariant: a worker's `attempted` is raised after each block of increments, by that worker
 * alone. So attempts − counter is exact once the workers are gone, unless one was killed inside
 * a block. A worker killed while it holds the guard leaves the others to the run's timeout, as
 * it would in any program; a robust mutex would be a different mutex with a different price.
 */
#include "workloads/workload.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdalign.h>
#include <stddef.h>

enum { CACHE_LINE = 64 };
/* A checkpoint about every 0.1 ms: a contended increment is worth some 64 steps of counting. */
enum { CHECKPOINT_STEPS = 1 << 18, INCREMENT_STEPS = 64 };
enum { METRIC_LOST_UPDATES };

enum sync {
	SYNC_NONE,
	SYNC_MUTEX,
	SYNC_SPINLOCK,
	SYNC_RWLOCK,
	SYNC_SEMAPHORE,
	SYNC_ATOMIC,
	SYNC_THREAD_LOCAL,
};

static const char *const syncs[] = {
	[SYNC_NONE] = "none",
	[SYNC_MUTEX] = "mutex",
	[SYNC_SPINLOCK] = "spinlock",
	[SYNC_RWLOCK] = "rwlock",
	[SYNC_SEMAPHORE] = "semaphore",
	[SYNC_ATOMIC] = "atomic",
	[SYNC_THREAD_LOCAL] = "thread_local",
	NULL,
};

struct params {
	int sync;
	int64_t n;
	int64_t hold;
};

struct guarded {
	alignas(CACHE_LINE) _Atomic uint64_t count;
	union {
		pthread_mutex_t mutex;
		pthread_spinlock_t spinlock;
		pthread_rwlock_t rwlock;
		sem_t semaphore;
	};
};

struct cell {               /* one worker's */
	struct guarded own; /* thread_local counts here, and needs no guard */
	uint64_t attempted;
};

struct shared {
	struct guarded common;
	struct cell cells[];
};

/* Work between reading and writing the counter, about half a nanosecond a step. */
static inline void pass(uint64_t steps)
{
	for (; steps > 0; steps--)
		__asm__ volatile("" : "+r"(steps));
}

/*
 * Relaxed: order is the guard's business, and without a guard losing updates is the point. A
 * separate load and store of an atomic can lose updates, but has no undefined behaviour.
 */
static inline void add_one(_Atomic uint64_t *count, uint64_t hold)
{
	uint64_t old = atomic_load_explicit(count, memory_order_relaxed);
	pass(hold);
	atomic_store_explicit(count, old + 1, memory_order_relaxed);
	/* Without it the compiler might gather the additions of a whole loop into one. */
	__asm__ volatile("" ::: "memory");
}

static void add_bare(struct guarded *guarded, uint64_t n, uint64_t hold)
{
	for (; n > 0; n--)
		add_one(&guarded->count, hold);
}

static void add_mutex(struct guarded *guarded, uint64_t n, uint64_t hold)
{
	for (; n > 0; n--) {
		pthread_mutex_lock(&guarded->mutex);
		add_one(&guarded->count, hold);
		pthread_mutex_unlock(&guarded->mutex);
	}
}

static void add_spinlock(struct guarded *guarded, uint64_t n, uint64_t hold)
{
	for (; n > 0; n--) {
		pthread_spin_lock(&guarded->spinlock);
		add_one(&guarded->count, hold);
		pthread_spin_unlock(&guarded->spinlock);
	}
}

static void add_rwlock(struct guarded *guarded, uint64_t n, uint64_t hold)
{
	for (; n > 0; n--) {
		pthread_rwlock_wrlock(&guarded->rwlock);
		add_one(&guarded->count, hold);
		pthread_rwlock_unlock(&guarded->rwlock);
	}
}

static void add_semaphore(struct guarded *guarded, uint64_t n, uint64_t hold)
{
	for (; n > 0; n--) {
		while (sem_wait(&guarded->semaphore) != 0)
			; /* EINTR: a signal, not the semaphore */
		add_one(&guarded->count, hold);
		sem_post(&guarded->semaphore);
	}
}

/* There is nothing to hold: the work is done before the one instruction. */
static void add_atomic(struct guarded *guarded, uint64_t n, uint64_t hold)
{
	for (; n > 0; n--) {
		pass(hold);
		/* Relaxed: the sum is all that matters, and it is read when the workers are
		 * gone. */
		atomic_fetch_add_explicit(&guarded->count, 1, memory_order_relaxed);
	}
}

static int init_mutex(struct guarded *guarded)
{
	pthread_mutexattr_t attributes;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	int code = pthread_mutex_init(&guarded->mutex, &attributes);
	pthread_mutexattr_destroy(&attributes);
	return code;
}

static int init_spinlock(struct guarded *guarded)
{
	return pthread_spin_init(&guarded->spinlock, PTHREAD_PROCESS_SHARED);
}

static int init_rwlock(struct guarded *guarded)
{
	pthread_rwlockattr_t attributes;
	pthread_rwlockattr_init(&attributes);
	pthread_rwlockattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	int code = pthread_rwlock_init(&guarded->rwlock, &attributes);
	pthread_rwlockattr_destroy(&attributes);
	return code;
}

static int init_semaphore(struct guarded *guarded)
{
	return sem_init(&guarded->semaphore, 1, 1) == 0 ? 0 : errno;
}

static const struct guard {
	int (*init)(struct guarded *guarded); /* 0 or an errno value; may be NULL */
	void (*add)(struct guarded *guarded, uint64_t n, uint64_t hold);
} guards[] = {
	[SYNC_NONE] = {NULL, add_bare},
	[SYNC_MUTEX] = {init_mutex, add_mutex},
	[SYNC_SPINLOCK] = {init_spinlock, add_spinlock},
	[SYNC_RWLOCK] = {init_rwlock, add_rwlock},
	[SYNC_SEMAPHORE] = {init_semaphore, add_semaphore},
	[SYNC_ATOMIC] = {NULL, add_atomic},
	[SYNC_THREAD_LOCAL] = {NULL, add_bare},
};

static size_t shared_bytes(const struct job *job)
{
	return sizeof(struct shared) + job->workers * sizeof(struct cell);
}

/* The lock is not destroyed again: its memory goes with the run, whoever still holds it. */
static int setup(struct job *job, struct err *err)
{
	const struct params *params = job->params;
	struct shared *shared = job->shared;
	const struct guard *guard = &guards[params->sync];
	int code = guard->init ? guard->init(&shared->common) : 0;
	return code ? err_errno(err, code, "cannot make a %s", syncs[params->sync]) : 0;
}

/* Increments between two checkpoints. */
static uint64_t block_length(const struct params *params)
{
	uint64_t length = CHECKPOINT_STEPS / (INCREMENT_STEPS + (uint64_t)params->hold);
	return length ? length : 1;
}

static uint64_t task(struct worker *worker, uint64_t index)
{
	(void)index;
	const struct params *params = worker->job->params;
	struct shared *shared = worker->job->shared;
	struct cell *cell = &shared->cells[worker->index];
	struct guarded *target = params->sync == SYNC_THREAD_LOCAL ? &cell->own : &shared->common;
	uint64_t left = (uint64_t)params->n, most = block_length(params);
	while (left > 0 && !checkpoint(worker)) {
		uint64_t block = left < most ? left : most;
		guards[params->sync].add(target, block, (uint64_t)params->hold);
		cell->attempted += block;
		left -= block;
	}
	return (uint64_t)params->n;
}

static void teardown(struct job *job)
{
	struct shared *shared = job->shared;
	uint64_t lost = 0;
	for (uint32_t i = 0; i < job->workers; i++) {
		struct cell *cell = &shared->cells[i];
		/* Relaxed: the workers were joined or reaped, which orders all they wrote. */
		lost += cell->attempted -
			atomic_load_explicit(&cell->own.count, memory_order_relaxed);
	}
	lost -= atomic_load_explicit(&shared->common.count, memory_order_relaxed);
	job->metrics[METRIC_LOST_UPDATES] = (double)(int64_t)lost;
}

static const struct option params[] = {
	{
		.name = "sync",
		.type = OPTION_ENUM,
		.offset = offsetof(struct params, sync),
		.fallback = "mutex",
		.choices = syncs,
		.help = "what guards the counter; thread_local: one counter a worker, added up "
			"at the end",
	},
	{
		.name = "n",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, n),
		.fallback = "100000",
		.min = "0",
		.max = "1000000000000",
		.help = "how many increments a task makes",
	},
	{
		.name = "hold",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, hold),
		.fallback = "0",
		.min = "0",
		.max = "1000000",
		.help = "steps of counting between reading and writing the counter, under the "
			"guard",
	},
	OPTION_END,
};

static const struct metric metrics[] = {
	[METRIC_LOST_UPDATES] = {.name = "lost_updates",
		.help = "increments that are missing in the final count"},
	{.name = NULL},
};

const struct workload workload_counter = {
	.name = "counter",
	.group = GROUP_SHARED,
	.summary = "increments one counter together: the price of sharing",
	.operation = "increments the common counter n times, under the guard that sync names",
	.params = params,
	.params_bytes = sizeof(struct params),
	.metrics = metrics,
	.shared_bytes = shared_bytes,
	.setup = setup,
	.task = task,
	.teardown = teardown,
};
