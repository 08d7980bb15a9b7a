/*
 * A side that finds nothing to do (no byte, no room) spins for a bounded time, then sleeps on the
 * other's count. Spinning for about as long as sleeping and waking would cost is never worse than
 * twice the best choice (Karlin, Li, Manasse & Owicki, "Empirical studies of competitive spinning
 * for a shared-memory multiprocessor", SOSP 1991); on one CPU it is only ever lost.
 */
#include "workloads/channel_ring.h"

#include "base/futex.h"
#include "workloads/partner.h"

#include <limits.h>
#include <string.h>

static inline void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/* Acquire: the bytes, or the room, that the count stands for are there. */
static uint32_t count_of(struct channel_ring_side *side)
{
	return atomic_load_explicit(&side->bytes, memory_order_acquire);
}

static bool is_closed(struct channel_ring *ring)
{
	/* Relaxed: nothing is published with it. */
	return atomic_load_explicit(&ring->closed, memory_order_relaxed) != 0;
}

/* Sequentially consistent with sleep_for: either this side sees that the other sleeps, or that one
 * sees the new count before it does. */
static void advance(struct channel_ring_side *side, uint32_t by, struct channel_ring_side *other)
{
	atomic_fetch_add(&side->bytes, by);
	/* Cleared here, so that it is woken once and not with every message until it runs. */
	if (atomic_load(&other->sleeps) && atomic_exchange(&other->sleeps, 0))
		futex_wake(&side->bytes, 1);
}

/* `mine` sleeps until the other's count is not `seen` any more. False: given up. */
static bool sleep_for(struct channel_ring *ring, struct channel_ring_side *mine,
	struct channel_ring_side *other, uint32_t seen, const struct channel_ring_patience *how)
{
	for (;;) {
		atomic_store(&mine->sleeps, 1);
		if (atomic_load(&other->bytes) != seen || is_closed(ring))
			break;
		futex_wait(&other->bytes, seen, PARTNER_PATIENCE_NS);
		if (count_of(other) == seen && how->gone && how->gone(how->arg))
			return false;
	}
	/* Relaxed: at worst it is woken for nothing. */
	atomic_store_explicit(&mine->sleeps, 0, memory_order_relaxed);
	return count_of(other) != seen;
}

static bool await(struct channel_ring *ring, struct channel_ring_side *mine,
	struct channel_ring_side *other, uint32_t seen, const struct channel_ring_patience *how)
{
	for (uint64_t i = 0; i < how->spin; i++) {
		if (count_of(other) != seen)
			return true;
		relax();
	}
	return sleep_for(ring, mine, other, seen, how);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

bool channel_ring_send(struct channel_ring *ring, const void *bytes, size_t count,
	const struct channel_ring_patience *how)
{
	const unsigned char *from = bytes;
	/* Relaxed: only this side writes it. */
	uint32_t sent = atomic_load_explicit(&ring->sent.bytes, memory_order_relaxed);
	while (count > 0) {
		uint32_t received = count_of(&ring->received);
		size_t room = CHANNEL_RING_BYTES - (sent - received),
		       at = sent % CHANNEL_RING_BYTES;
		if (room == 0) {
			if (!await(ring, &ring->sent, &ring->received, received, how))
				return false;
			continue;
		}
		size_t piece = least(least(count, room), CHANNEL_RING_BYTES - at);
		memcpy(ring->buffer + at, from, piece);
		advance(&ring->sent, (uint32_t)piece, &ring->received);
		sent += (uint32_t)piece;
		from += piece;
		count -= piece;
	}
	return true;
}

bool channel_ring_receive(struct channel_ring *ring, void *bytes, size_t count,
	const struct channel_ring_patience *how)
{
	unsigned char *to = bytes;
	/* Relaxed: only this side writes it. */
	uint32_t received = atomic_load_explicit(&ring->received.bytes, memory_order_relaxed);
	while (count > 0) {
		uint32_t sent = count_of(&ring->sent);
		size_t there = sent - received, at = received % CHANNEL_RING_BYTES;
		if (there == 0) {
			if (!await(ring, &ring->received, &ring->sent, sent, how))
				return false;
			continue;
		}
		size_t piece = least(least(count, there), CHANNEL_RING_BYTES - at);
		memcpy(to, ring->buffer + at, piece);
		advance(&ring->received, (uint32_t)piece, &ring->sent);
		received += (uint32_t)piece;
		to += piece;
		count -= piece;
	}
	return true;
}

void channel_ring_close(struct channel_ring *ring)
{
	atomic_store(&ring->closed, 1);
	futex_wake(&ring->sent.bytes, INT_MAX);
	futex_wake(&ring->received.bytes, INT_MAX);
}
