/*
 * A pool of workers that do nothing but run tasks, each one timed and binned, as fast as plain C
 * does it. One clock read a task: the end of one is the start of the next. Tasks are claimed in
 * chunks by one atomic add. Each worker bins into memory of its own. A task is called through a
 * pointer and its value, which is 1, summed, because the caller of a task does not know what it is.
 */
#ifndef BENCH_POOL_H
#define BENCH_POOL_H

#include "floor.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __x86_64__
#include <x86intrin.h>
#endif

struct task {
	void *(*prepare)(void); /* called by each worker, untimed, for the context of its tasks */
	uint64_t (*run)(void *context, uint64_t index);
};

enum { SUB_BITS = 6, BUCKETS = (64 - SUB_BITS) << SUB_BITS, CHUNK = 1024, MOST_WORKERS = 256 };

struct slot { /* one writer */
	_Alignas(128) uint64_t counts[BUCKETS];
	uint64_t max_ns, checksum, finished_ns;
};

struct shared {
	_Alignas(128) atomic_ullong next;
	_Alignas(128) atomic_uint ready;
	_Alignas(128) atomic_bool open;
	uint64_t tasks, tsc_scale; /* nanoseconds a tick × 2^32 */
	struct task task;
	struct slot slots[];
};

static struct shared *shared;

/* As HdrHistogram: every power of two is cut into 2^SUB_BITS equal buckets. */
static inline unsigned bucket_of(uint64_t ns)
{
	if (ns < (1u << SUB_BITS))
		return (unsigned)ns;
	unsigned shift = 63 - SUB_BITS - (unsigned)__builtin_clzll(ns);
	return (shift << SUB_BITS) + (unsigned)(ns >> shift);
}

static inline uint64_t ticks(bool tsc)
{
#ifdef __x86_64__
	if (tsc)
		return __rdtsc();
#endif
	(void)tsc;
	return now_ns();
}

static inline uint64_t to_ns(uint64_t span, bool tsc, uint64_t scale)
{
	return tsc ? (uint64_t)(((unsigned __int128)span * scale) >> 32) : span;
}

/* Compiled once for each clock, so that no task asks which. */
static inline __attribute__((always_inline)) void work(struct slot *slot, void *context, bool tsc)
{
	uint64_t (*run)(void *, uint64_t) = shared->task.run;
	uint64_t tasks = shared->tasks, scale = shared->tsc_scale, sum = 0, max_ns = 0;
	uint64_t last = ticks(tsc);
	for (;;) {
		/* Relaxed: a claim publishes nothing, it only has to be unique. */
		uint64_t first =
			atomic_fetch_add_explicit(&shared->next, CHUNK, memory_order_relaxed);
		if (first >= tasks)
			break;
		uint64_t end = first + CHUNK < tasks ? first + CHUNK : tasks;
		for (uint64_t i = first; i < end; i++) {
			sum += run(context, i);
			uint64_t now = ticks(tsc);
			uint64_t ns = to_ns(now - last, tsc, scale);
			last = now;
			slot->counts[bucket_of(ns)]++;
			if (ns > max_ns)
				max_ns = ns;
		}
	}
	slot->max_ns = max_ns;
	slot->checksum = sum;
}

static void *worker(void *arg)
{
	struct slot *slot = arg;
	void *context = shared->task.prepare ? shared->task.prepare() : NULL;
	memset(slot->counts, 0, sizeof(slot->counts));
	atomic_fetch_add(&shared->ready, 1);
	while (!atomic_load_explicit(&shared->open, memory_order_acquire))
		usleep(50);
	if (shared->tsc_scale)
		work(slot, context, true);
	else
		work(slot, context, false);
	slot->finished_ns = now_ns();
	return NULL;
}

static uint64_t measure_tsc(void)
{
#ifdef __x86_64__
	struct timespec pause = {.tv_nsec = 20000000};
	uint64_t ns = now_ns(), tick = __rdtsc();
	nanosleep(&pause, NULL);
	uint64_t spent = now_ns() - ns;
	return (uint64_t)(((unsigned __int128)spent << 32) / (__rdtsc() - tick));
#else
	return 0;
#endif
}

/* Opens the gate once all are waiting at it. */
static uint64_t release(unsigned workers)
{
	while (atomic_load(&shared->ready) < workers)
		usleep(50);
	usleep(2000);
	uint64_t released_ns = now_ns();
	atomic_store_explicit(&shared->open, true, memory_order_release);
	return released_ns;
}

static uint64_t run_threads(unsigned workers)
{
	pthread_t threads[MOST_WORKERS];
	for (unsigned i = 0; i < workers; i++)
		need_zero(pthread_create(&threads[i], NULL, worker, &shared->slots[i]),
			"pthread_create");
	uint64_t released_ns = release(workers);
	for (unsigned i = 0; i < workers; i++)
		pthread_join(threads[i], NULL);
	return released_ns;
}

static uint64_t run_processes(unsigned workers)
{
	for (unsigned i = 0; i < workers; i++) {
		pid_t child = fork();
		need(child >= 0, "fork");
		if (child == 0) {
			worker(&shared->slots[i]);
			_exit(0);
		}
	}
	uint64_t released_ns = release(workers);
	while (wait(NULL) > 0)
		;
	return released_ns;
}

/* PROGRAM thread|process  WORKERS  TASKS  monotonic|tsc */
static int pool_main(int argc, char **argv, struct task task)
{
	bool processes = argc > 1 && strcmp(argv[1], "process") == 0;
	unsigned workers = (unsigned)argument(argc, argv, 2, MOST_WORKERS);
	uint64_t tasks = argument(argc, argv, 3, UINT64_C(1) << 40);
	bool tsc = argc > 4 && strcmp(argv[4], "tsc") == 0;

	size_t bytes = sizeof(*shared) + workers * sizeof(shared->slots[0]);
	shared = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	need(shared != MAP_FAILED, "mmap");
	shared->tasks = tasks;
	shared->task = task;
	shared->tsc_scale = tsc ? measure_tsc() : 0;

	uint64_t released_ns = processes ? run_processes(workers) : run_threads(workers);
	uint64_t sum = 0, last_ns = 0;
	for (unsigned i = 0; i < workers; i++) {
		sum += shared->slots[i].checksum;
		if (shared->slots[i].finished_ns > last_ns)
			last_ns = shared->slots[i].finished_ns;
	}
	if (sum != tasks) {
		fprintf(stderr, "%s: %llu tasks are missing\n", argv[0],
			(unsigned long long)(tasks - sum));
		return 1;
	}
	report(tasks, last_ns - released_ns);
	return 0;
}

#endif
