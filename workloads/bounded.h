/*
 * A bounded queue for any number of producers and consumers, threads or processes: it lies in
 * shared memory, without a pointer in it. There are three of them, which differ in how access is
 * ordered and in how a side waits; none ever waits longer than it is told to.
 */
#ifndef WORKLOADS_BOUNDED_H
#define WORKLOADS_BOUNDED_H

#include <pthread.h>
#include <semaphore.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum { BOUNDED_APART = 64 }; /* a cache line */

struct item {
	uint64_t task, number; /* item `number` of task `task` */
	uint64_t value;
	uint64_t seat; /* the worker that waits for it to be consumed */
};

/* A side that sleeps until the other has moved: a futex that counts, and how many sleep on it. */
struct bounded_signal {
	alignas(BOUNDED_APART) _Atomic uint32_t moved;
	_Atomic uint32_t sleepers;
};

/* A place for an item; on a line of its own, since two sides write to neighbours. */
struct bounded_cell {
	alignas(BOUNDED_APART) _Atomic uint64_t turn;
	struct item item;
};

/* Zeroed before it is made. Each kind uses its own part of it. */
struct bounded {
	uint64_t capacity;
	union {
		struct {
			pthread_mutex_t mutex;
			pthread_cond_t not_full, not_empty;
		};
		struct {
			sem_t lock, room, filled;
		};
		struct {
			struct bounded_signal taken, put;
		};
	};
	/* How many were put and taken in all; their places are these modulo the capacity. */
	alignas(BOUNDED_APART) _Atomic uint64_t tail;
	alignas(BOUNDED_APART) _Atomic uint64_t head;
	struct bounded_cell cells[];
};

struct bounded_kind {
	const char *name;
	int (*make)(struct bounded *bounded); /* 0 or an errno value */
	/* False: no room, or nothing there, within patience_ns; with 0 it never sleeps. */
	bool (*put)(struct bounded *bounded, const struct item *item, uint64_t patience_ns);
	bool (*take)(struct bounded *bounded, struct item *item, uint64_t patience_ns);
};

extern const struct bounded_kind bounded_mutex_cond, bounded_semaphore, bounded_lock_free;

size_t bounded_bytes(uint64_t capacity);

/* For those kinds whose lock the caller holds: not full, not empty. */
void bounded_push(struct bounded *bounded, const struct item *item);
void bounded_pop(struct bounded *bounded, struct item *item);
uint64_t bounded_count(const struct bounded *bounded);

/* The moment in `ns` from now, of CLOCK_MONOTONIC. */
struct timespec bounded_deadline(uint64_t ns);

#endif
