/*
 * A ring of task records between one producer, who runs tasks, and one consumer, the program; they
 * may be different processes. Nothing is ever overwritten: a producer that finds it full waits.
 *
 * Invariants:
 * - tail <= head <= tail + capacity, as both sides see it; both only grow.
 * - records tail … head-1 are the consumer's, the others the producer's.
 */
#ifndef ENGINE_RING_H
#define ENGINE_RING_H

#include "measure/task_record.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RING_APART = 128 }; /* CPUs fetch cache lines in pairs */

/* In shared memory, zero at first. */
struct ring_ends {
	/* Written by the producer. */
	alignas(RING_APART) _Atomic uint64_t head;
	uint64_t room_until; /* up to here without another look at the tail */
	_Atomic uint64_t stalled_ticks;
	/* Written by the consumer. */
	alignas(RING_APART) _Atomic uint64_t tail;
	_Atomic uint32_t waited; /* 1: the producer sleeps until there is room; a futex */
};

/* Where one process sees it. */
struct ring {
	struct ring_ends *ends; /* NULL: there is none */
	struct task_record *records;
	uint64_t capacity; /* a power of two */
};

/* ---- by the producer ---- */

static inline bool ring_has_room(const struct ring *ring)
{
	struct ring_ends *ends = ring->ends;
	uint64_t head = atomic_load_explicit(&ends->head, memory_order_relaxed);
	if (__builtin_expect(head != ends->room_until, 1))
		return true;
	/* Acquire: the consumer has copied what is about to be written over. */
	ends->room_until = atomic_load_explicit(&ends->tail, memory_order_acquire) + ring->capacity;
	return head != ends->room_until;
}

/* There must be room. */
static inline void ring_put(const struct ring *ring, const struct task_record *record)
{
	uint64_t head = atomic_load_explicit(&ring->ends->head, memory_order_relaxed);
	ring->records[head & (ring->capacity - 1)] = *record;
	/* Release: whoever sees the new head sees the record. */
	atomic_store_explicit(&ring->ends->head, head + 1, memory_order_release);
}

/* Sleeps until there is room or the time is up; is there? */
bool ring_await_room(const struct ring *ring, uint64_t timeout_ns);

/* ---- by the consumer ---- */

/* Moves at most `most` records to `out` and says how many; wakes a producer that waits. */
size_t ring_take(const struct ring *ring, struct task_record *out, size_t most);

/* How many it has taken so far. */
static inline uint64_t ring_taken(const struct ring *ring)
{
	/* Relaxed: the consumer's own word. */
	return atomic_load_explicit(&ring->ends->tail, memory_order_relaxed);
}

/* The record that was put in last, while nobody puts in any; NULL: none ever was. */
const struct task_record *ring_last(const struct ring *ring);

#endif
