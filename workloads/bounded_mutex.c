/*
 * A bounded queue as most programs have it: one mutex, and two condition variables on which
 * producers and consumers sleep.
 *
 * The mutex is a robust one, or a side that is killed inside would leave all others waiting; what
 * it guards is whole at any moment (see bounded_push). A condition variable cannot be made so: who
 * is killed while it sleeps on one can leave it blocked until the run's timeout.
 */
#include "workloads/bounded.h"

#include <errno.h>

static int make_mutex(pthread_mutex_t *mutex)
{
	pthread_mutexattr_t attributes;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	int code = pthread_mutex_init(mutex, &attributes);
	pthread_mutexattr_destroy(&attributes);
	return code;
}

static int make_cond(pthread_cond_t *cond)
{
	pthread_condattr_t attributes;
	pthread_condattr_init(&attributes);
	pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	int code = pthread_cond_init(cond, &attributes);
	pthread_condattr_destroy(&attributes);
	return code;
}

static int make(struct bounded *bounded)
{
	int code = make_mutex(&bounded->mutex);
	if (code == 0)
		code = make_cond(&bounded->not_full);
	return code ? code : make_cond(&bounded->not_empty);
}

/* Whether the lock is held now, whatever became of its last owner. */
static bool is_held(struct bounded *bounded, int code)
{
	if (code == EOWNERDEAD)
		pthread_mutex_consistent(&bounded->mutex);
	return code == 0 || code == EOWNERDEAD;
}

/* Waits while the queue holds `unfit` items. True: it does not any more. With the lock held. */
static bool await(
	struct bounded *bounded, pthread_cond_t *moved, uint64_t unfit, uint64_t patience_ns)
{
	if (bounded_count(bounded) != unfit || patience_ns == 0)
		return bounded_count(bounded) != unfit;
	struct timespec deadline = bounded_deadline(patience_ns);
	int code = 0;
	while (bounded_count(bounded) == unfit && code != ETIMEDOUT) {
		code = pthread_cond_timedwait(moved, &bounded->mutex, &deadline);
		is_held(bounded, code);
	}
	return bounded_count(bounded) != unfit;
}

static bool put(struct bounded *bounded, const struct item *item, uint64_t patience_ns)
{
	if (!is_held(bounded, pthread_mutex_lock(&bounded->mutex)))
		return false;
	bool room = await(bounded, &bounded->not_full, bounded->capacity, patience_ns);
	if (room)
		bounded_push(bounded, item);
	pthread_mutex_unlock(&bounded->mutex);
	if (room)
		pthread_cond_signal(&bounded->not_empty);
	return room;
}

static bool take(struct bounded *bounded, struct item *item, uint64_t patience_ns)
{
	if (!is_held(bounded, pthread_mutex_lock(&bounded->mutex)))
		return false;
	bool filled = await(bounded, &bounded->not_empty, 0, patience_ns);
	if (filled)
		bounded_pop(bounded, item);
	pthread_mutex_unlock(&bounded->mutex);
	if (filled)
		pthread_cond_signal(&bounded->not_full);
	return filled;
}

const struct bounded_kind bounded_mutex_cond = {"mutex_cond", make, put, take};
