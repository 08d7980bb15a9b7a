/*
 * CPython's global interpreter lock, rebuilt from its rules and not from its code.
 *
 * Rules (CPython since 3.2, Python/ceval_gil.c, "Notes about the implementation"; Antoine Pitrou,
 * "Reworking the GIL", python-dev, October 2009):
 * - a thread computes only while it holds the lock, and gives it up around whatever blocks;
 * - a thread that waits does so for one switch interval (5 ms by default). If the lock changed
 *   hands meanwhile it waits anew; if not, it asks the holder to drop it;
 * - the holder sees the request at its next checkpoint, drops the lock, and does not go on before
 *   another thread has taken it: a hand-over cannot be stolen back by the thread that is already
 *   running ("forced switching").
 *
 * Which waiter gets the lock is up to the scheduler, as there.
 */
#ifndef ENGINE_GIL_H
#define ENGINE_GIL_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct gil {
	pthread_mutex_t mutex; /* guards all below */
	pthread_cond_t freed, switched; /* CLOCK_MONOTONIC */
	bool held;
	uint32_t waiting;           /* threads in gil_acquire */
	uint64_t switches;          /* times that the lock changed hands to another worker */
	uint32_t holder;            /* the worker that has or last had it */
	_Atomic uint32_t *attention; /* where ATTENTION_YIELD is raised and cleared */
	uint64_t interval_ns;
	int signal;       /* sent to the holder with every request; 0: none */
	pthread_t thread; /* the holder's */

	uint64_t handovers; /* drops that were asked for */
	uint64_t wait_ns;   /* all threads' time in gil_acquire */
};

void gil_init(struct gil *gil, uint64_t interval_ns, _Atomic uint32_t *attention);

/* The caller must not hold it. */
void gil_acquire(struct gil *gil, uint32_t worker);

/* The caller holds it. */
void gil_release(struct gil *gil);

/* Drops it for a thread that asked, waits until that has it, and takes it back. */
void gil_hand_over(struct gil *gil, uint32_t worker);

#endif
