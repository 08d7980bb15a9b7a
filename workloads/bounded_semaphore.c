/*
 * A bounded queue of three semaphores: one counts the free places, one the items, and one admits a
 * single side to the places (Dijkstra, "Cooperating sequential processes", EWD 123, 1965).
 *
 * A semaphore has no owner: a side that is killed between waiting and posting leaves the others to
 * the run's timeout.
 */
#include "workloads/bounded.h"

#include <errno.h>

static int make(struct bounded *bounded)
{
	if (sem_init(&bounded->lock, 1, 1) != 0 ||
		sem_init(&bounded->room, 1, (unsigned)bounded->capacity) != 0 ||
		sem_init(&bounded->filled, 1, 0) != 0)
		return errno;
	return 0;
}

static bool await(sem_t *semaphore, uint64_t patience_ns)
{
	if (sem_trywait(semaphore) == 0)
		return true;
	if (patience_ns == 0)
		return false;
	struct timespec deadline = bounded_deadline(patience_ns);
	int failed;
	do {
		failed = sem_clockwait(semaphore, CLOCK_MONOTONIC, &deadline);
	} while (failed && errno == EINTR);
	return !failed;
}

static void lock(struct bounded *bounded)
{
	while (sem_wait(&bounded->lock) != 0)
		; /* EINTR: a signal, not the semaphore */
}

static bool put(struct bounded *bounded, const struct item *item, uint64_t patience_ns)
{
	if (!await(&bounded->room, patience_ns))
		return false;
	lock(bounded);
	bounded_push(bounded, item);
	sem_post(&bounded->lock);
	sem_post(&bounded->filled);
	return true;
}

static bool take(struct bounded *bounded, struct item *item, uint64_t patience_ns)
{
	if (!await(&bounded->filled, patience_ns))
		return false;
	lock(bounded);
	bounded_pop(bounded, item);
	sem_post(&bounded->lock);
	sem_post(&bounded->room);
	return true;
}

const struct bounded_kind bounded_semaphore = {"semaphore", make, put, take};
