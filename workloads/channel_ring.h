/*
 * Bytes from one side to the other through memory that both have: what a pipe is, without a system
 * call as long as neither has to wait. One sender, one receiver.
 */
#ifndef WORKLOADS_CHANNEL_RING_H
#define WORKLOADS_CHANNEL_RING_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CHANNEL_RING_BYTES = 64 * 1024,
	CHANNEL_RING_APART = 64
}; /* as much as a pipe holds; a cache line */

/* One side's progress, on a line that only it writes; and whether it sleeps until the other's. */
struct channel_ring_side {
	alignas(CHANNEL_RING_APART) _Atomic uint32_t bytes; /* in all, modulo 2^32; a futex */
	_Atomic uint32_t sleeps;
};

/* Zeroed to begin with. */
struct channel_ring {
	struct channel_ring_side sent, received;
	_Atomic uint32_t closed;
	alignas(CHANNEL_RING_APART) unsigned char buffer[CHANNEL_RING_BYTES];
};

/* How a side waits: it looks `spin` times more, then sleeps; gives up when the ring is closed or
 * `gone` says that the other side is. */
struct channel_ring_patience {
	uint64_t spin;
	bool (*gone)(void *arg); /* NULL: it is not asked */
	void *arg;
};

/* All of it; false: given up. */
bool channel_ring_send(struct channel_ring *ring, const void *bytes, size_t count,
	const struct channel_ring_patience *how);
bool channel_ring_receive(struct channel_ring *ring, void *bytes, size_t count,
	const struct channel_ring_patience *how);

/* Both sides give up from here on. */
void channel_ring_close(struct channel_ring *ring);

#endif
