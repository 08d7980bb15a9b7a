#include "engine/gil.h"

#include "measure/clock.h"
#include "workloads/workload.h"

#include <signal.h>

void gil_init(struct gil *gil, uint64_t interval_ns, _Atomic uint32_t *attention)
{
	pthread_condattr_t attributes;
	*gil = (struct gil){
		.attention = attention, .interval_ns = interval_ns, .holder = UINT32_MAX};
	pthread_mutex_init(&gil->mutex, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&gil->freed, &attributes);
	pthread_cond_init(&gil->switched, &attributes);
	pthread_condattr_destroy(&attributes);
}

static struct timespec deadline_in(uint64_t ns)
{
	uint64_t at_ns = clock_monotonic_ns() + ns;
	return (struct timespec){(time_t)(at_ns / 1000000000u), (long)(at_ns % 1000000000u)};
}

/* Waits for one interval; asks the holder to drop the lock if nothing moved in it. */
static void wait_one_interval(struct gil *gil)
{
	uint64_t switches_before = gil->switches;
	struct timespec deadline = deadline_in(gil->interval_ns);
	int timed_out = pthread_cond_timedwait(&gil->freed, &gil->mutex, &deadline);
	if (!timed_out || !gil->held || gil->switches != switches_before)
		return;
	/* Relaxed: the mutex orders what matters; the bit only has to be seen. */
	atomic_fetch_or_explicit(gil->attention, ATTENTION_YIELD, memory_order_relaxed);
	/* The thread lives: it holds the lock, and needs the mutex to give it up. */
	if (gil->signal)
		pthread_kill(gil->thread, gil->signal);
}

static void take(struct gil *gil, uint32_t worker)
{
	while (gil->held)
		wait_one_interval(gil);
	gil->held = true;
	gil->thread = pthread_self();
	if (gil->holder != worker) {
		gil->holder = worker;
		gil->switches++;
	}
	atomic_fetch_and_explicit(gil->attention, ~(uint32_t)ATTENTION_YIELD, memory_order_relaxed);
	pthread_cond_broadcast(&gil->switched);
}

void gil_acquire(struct gil *gil, uint32_t worker)
{
	uint64_t began = clock_ticks();
	pthread_mutex_lock(&gil->mutex);
	gil->waiting++;
	take(gil, worker);
	gil->waiting--;
	gil->wait_ns += clock_ns(clock_ticks() - began);
	pthread_mutex_unlock(&gil->mutex);
}

static void drop(struct gil *gil)
{
	gil->held = false;
	pthread_cond_signal(&gil->freed);
}

void gil_release(struct gil *gil)
{
	pthread_mutex_lock(&gil->mutex);
	drop(gil);
	pthread_mutex_unlock(&gil->mutex);
}

void gil_hand_over(struct gil *gil, uint32_t worker)
{
	uint64_t began = clock_ticks();
	pthread_mutex_lock(&gil->mutex);
	gil->handovers++;
	drop(gil);
	/* Whoever asked may have gone on to something else; then nobody waits and nobody will
	 * come. */
	while (gil->holder == worker && gil->waiting > 0)
		pthread_cond_wait(&gil->switched, &gil->mutex);
	gil->waiting++;
	take(gil, worker);
	gil->waiting--;
	gil->wait_ns += clock_ns(clock_ticks() - began);
	pthread_mutex_unlock(&gil->mutex);
}
