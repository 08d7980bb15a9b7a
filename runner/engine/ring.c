#include "engine/ring.h"

#include "base/futex.h"

#include <string.h>

bool ring_await_room(const struct ring *ring, uint64_t timeout_ns)
{
	struct ring_ends *ends = ring->ends;
	/* Sequentially consistent with ring_take's two accesses: either this side sees the new
	 * tail, or that one sees that somebody waits. */
	atomic_store(&ends->waited, 1);
	ends->room_until = atomic_load(&ends->tail) + ring->capacity;
	if (!ring_has_room(ring))
		futex_wait(&ends->waited, 1, timeout_ns);
	/* Relaxed: a wake-up in vain does no harm. */
	atomic_store_explicit(&ends->waited, 0, memory_order_relaxed);
	return ring_has_room(ring);
}

size_t ring_take(const struct ring *ring, struct task_record *out, size_t most)
{
	struct ring_ends *ends = ring->ends;
	uint64_t tail = atomic_load_explicit(&ends->tail, memory_order_relaxed);
	/* Acquire: the records up to the head are seen. */
	uint64_t there = atomic_load_explicit(&ends->head, memory_order_acquire) - tail;
	/* A task that writes where it should not must not make the program do so, too. */
	uint64_t count = there > ring->capacity ? 0 : there < most ? there : most;
	uint64_t from = tail & (ring->capacity - 1);
	uint64_t straight = count < ring->capacity - from ? count : ring->capacity - from;
	if (count == 0)
		return 0;
	memcpy(out, ring->records + from, straight * sizeof(*out));
	memcpy(out + straight, ring->records, (count - straight) * sizeof(*out));
	atomic_store(&ends->tail, tail + count);
	if (atomic_load(&ends->waited)) {
		atomic_store(&ends->waited, 0);
		futex_wake(&ends->waited, 1);
	}
	return (size_t)count;
}

const struct task_record *ring_last(const struct ring *ring)
{
	uint64_t head = atomic_load_explicit(&ring->ends->head, memory_order_relaxed);
	return head ? &ring->records[(head - 1) & (ring->capacity - 1)] : NULL;
}
