/*
 * The two ends of a channel, and how each kind of channel moves bytes from one to the other. Both
 * are made by one process; the descriptors of one then go to the partner.
 */
#ifndef WORKLOADS_CHANNEL_END_H
#define WORKLOADS_CHANNEL_END_H

#include "base/err.h"
#include "workloads/partner.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum channel_kind {
	CHANNEL_PIPE,
	CHANNEL_SOCKETPAIR,
	CHANNEL_UNIX,
	CHANNEL_TCP,
	CHANNEL_EVENTFD,
	CHANNEL_SHM,
};

extern const char *const channel_kinds[]; /* their names, for an option table */

/* What an eventfd moves; its counter adds up what is not yet taken. */
enum { EVENTFD_BYTES = sizeof(uint64_t) };

/* Most that both ends of any kind hold open. */
enum { CHANNEL_DESCRIPTORS = 4 };

struct channel_ring;

struct end {
	enum channel_kind kind;
	int in, out; /* -1: none; may be one and the same */
	struct channel_ring *ring_in, *ring_out;
	uint64_t spin;           /* of shm */
	struct partner *partner; /* whose death ends a wait; NULL: it cannot die alone */
};

/* Both ends; the caller closes them. -1: nothing is left open. */
int end_pair(enum channel_kind kind, struct end ends[2], struct err *err);

/* Moves `count` bytes; EVENTFD_BYTES where it is an eventfd. 0, or an errno value: EPIPE when the
 * other end is closed or its partner gone. */
int end_send(const struct end *end, const void *bytes, size_t count);
int end_receive(const struct end *end, void *bytes, size_t count);

/* A partner thread that waits at the other end sees that nothing more will come. */
void end_hang_up(const struct end *end);

/* Closes its descriptors. */
void end_close(struct end *end);

/* Frees what both ends have in common; when both are closed. */
void end_free(struct end *end);

#endif
