/*
 * Waking: a worker and its partner, a process of its own under every executor, wake each other by
 * turns. One round trip is two wake-ups and two sleeps; between them nothing is done but to turn
 * the worker's number over, which proves that the partner was there. (`channel` has the same by
 * descriptors.)
 *
 * Invariant: `request` is written by the worker alone, `reply` by its partner alone, and a reply
 * belongs to the request ~reply. So a worker that dies in a round trip leaves nothing behind that
 * its successor could take for an answer.
 *
 * A partner that dies is noticed by the worker, which looks after it when it has waited in vain. If
 * either dies while it holds the mutex of `condvar`, the other waits for the run's timeout.
 */
#include "base/futex.h"
#include "workloads/partner.h"
#include "workloads/places.h"
#include "workloads/workload.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdalign.h>
#include <stddef.h>
#include <time.h>

enum { APART = 128 }; /* CPUs prefetch cache lines in pairs */
enum { METRIC_ROUND_TRIPS };

enum by { BY_FUTEX, BY_CONDVAR, BY_SEMAPHORE };

static const char *const bys[] = {
	[BY_FUTEX] = "futex",
	[BY_CONDVAR] = "condvar",
	[BY_SEMAPHORE] = "semaphore",
	NULL,
};

struct params {
	int by;
	int64_t n;
};

/* One worker's, in memory that it shares with its partner. */
struct pair {
	alignas(APART) _Atomic uint32_t request;
	alignas(APART) _Atomic uint32_t reply;
	alignas(APART) pthread_mutex_t mutex;
	pthread_cond_t requested, replied;
	alignas(APART) sem_t requests;
	alignas(APART) sem_t replies;
	alignas(APART) struct partner partner;
};

/* Relaxed: the mutex, the semaphore or the barriers of the futex call order what matters, and each
 * side reads again when it was woken. */
static uint32_t get(_Atomic uint32_t *word)
{
	return atomic_load_explicit(word, memory_order_relaxed);
}

static void put(_Atomic uint32_t *word, uint32_t value)
{
	atomic_store_explicit(word, value, memory_order_relaxed);
}

static struct timespec patience_ends(void)
{
	struct timespec at;
	clock_gettime(CLOCK_MONOTONIC, &at);
	at.tv_nsec += (long)PARTNER_PATIENCE_NS;
	at.tv_sec += at.tv_nsec / 1000000000;
	at.tv_nsec %= 1000000000;
	return at;
}

/* ---- by futex ---- */

static void serve_futex(struct partner *partner, void *arg)
{
	struct pair *pair = arg;
	partner_ready(partner);
	for (uint32_t last = 0;;) {
		uint32_t request = get(&pair->request);
		if (request == last) {
			futex_wait(&pair->request, last, 0);
			continue;
		}
		last = request;
		put(&pair->reply, ~request);
		futex_wake(&pair->reply, 1);
	}
}

static void request_futex(struct pair *pair, uint32_t request)
{
	put(&pair->request, request);
	futex_wake(&pair->request, 1);
}

static void await_futex(struct pair *pair, uint32_t request)
{
	uint32_t reply = get(&pair->reply);
	if (reply != ~request)
		futex_wait(&pair->reply, reply, PARTNER_PATIENCE_NS);
}

/* ---- by condition variable ---- */

static int make_condvar(struct pair *pair)
{
	pthread_mutexattr_t mutex;
	pthread_condattr_t cond;
	pthread_mutexattr_init(&mutex);
	pthread_condattr_init(&cond);
	pthread_mutexattr_setpshared(&mutex, PTHREAD_PROCESS_SHARED);
	pthread_condattr_setpshared(&cond, PTHREAD_PROCESS_SHARED);
	pthread_condattr_setclock(&cond, CLOCK_MONOTONIC);
	int failed = pthread_mutex_init(&pair->mutex, &mutex);
	if (!failed)
		failed = pthread_cond_init(&pair->requested, &cond);
	if (!failed)
		failed = pthread_cond_init(&pair->replied, &cond);
	pthread_mutexattr_destroy(&mutex);
	pthread_condattr_destroy(&cond);
	return failed;
}

static void serve_condvar(struct partner *partner, void *arg)
{
	struct pair *pair = arg;
	partner_ready(partner);
	pthread_mutex_lock(&pair->mutex);
	for (uint32_t last = 0;; last = get(&pair->request)) {
		while (get(&pair->request) == last)
			pthread_cond_wait(&pair->requested, &pair->mutex);
		put(&pair->reply, ~get(&pair->request));
		pthread_cond_signal(&pair->replied);
	}
}

static void request_condvar(struct pair *pair, uint32_t request)
{
	pthread_mutex_lock(&pair->mutex);
	put(&pair->request, request);
	pthread_cond_signal(&pair->requested);
	pthread_mutex_unlock(&pair->mutex);
}

static void await_condvar(struct pair *pair, uint32_t request)
{
	struct timespec until = patience_ends();
	int failed = 0;
	pthread_mutex_lock(&pair->mutex);
	while (get(&pair->reply) != ~request && !failed)
		failed = pthread_cond_timedwait(&pair->replied, &pair->mutex, &until);
	pthread_mutex_unlock(&pair->mutex);
}

/* ---- by semaphore ---- */

static int make_semaphore(struct pair *pair)
{
	if (sem_init(&pair->requests, 1, 0) != 0 || sem_init(&pair->replies, 1, 0) != 0)
		return errno;
	return 0;
}

static void serve_semaphore(struct partner *partner, void *arg)
{
	struct pair *pair = arg;
	partner_ready(partner);
	for (;;) {
		if (sem_wait(&pair->requests) != 0)
			continue; /* EINTR */
		put(&pair->reply, ~get(&pair->request));
		sem_post(&pair->replies);
	}
}

static void request_semaphore(struct pair *pair, uint32_t request)
{
	put(&pair->request, request);
	sem_post(&pair->requests);
}

static void await_semaphore(struct pair *pair, uint32_t request)
{
	struct timespec until = patience_ends();
	(void)request;
	/* The caller looks at the reply: it may be one that a dead predecessor left. */
	sem_clockwait(&pair->replies, CLOCK_MONOTONIC, &until);
}

static const struct {
	int (*make)(struct pair *pair);                     /* 0 or an errno value; may be NULL */
	void (*serve)(struct partner *partner, void *pair); /* does not return */
	void (*request)(struct pair *pair, uint32_t request);
	void (*await)(struct pair *pair, uint32_t request); /* may return early */
} ways[] = {
	[BY_FUTEX] = {NULL, serve_futex, request_futex, await_futex},
	[BY_CONDVAR] = {make_condvar, serve_condvar, request_condvar, await_condvar},
	[BY_SEMAPHORE] = {make_semaphore, serve_semaphore, request_semaphore, await_semaphore},
};

/* ---- the run ---- */

static size_t shared_bytes(const struct job *job)
{
	return job->workers * sizeof(struct pair);
}

static int setup(struct job *job, struct err *err)
{
	const struct params *params = job->params;
	struct pair *pairs = job->shared;
	for (uint32_t i = 0; i < places_count(job); i++) {
		int failed = ways[params->by].make ? ways[params->by].make(&pairs[i]) : 0;
		if (failed)
			return err_errno(err, failed, "cannot make a %s", bys[params->by]);
		struct partner_plan plan = {.kind = PARTNER_PROCESS,
			.run = ways[params->by].serve,
			.arg = &pairs[i],
			.keep = {-1, -1}};
		if (partner_start(&pairs[i].partner, &plan, err) != 0)
			return -1;
	}
	return 0;
}

static void teardown(struct job *job)
{
	struct pair *pairs = job->shared;
	for (uint32_t i = 0; i < places_count(job); i++)
		partner_end(&pairs[i].partner);
}

/* False: there is none, because the run is being ended or the partner has died. */
static bool await_reply(struct worker *worker, struct pair *pair, uint32_t request)
{
	const struct params *params = worker->job->params;
	for (;;) {
		ways[params->by].await(pair, request);
		if (get(&pair->reply) == ~request)
			return true;
		/* It is seldom waited for in vain: a round trip takes microseconds. */
		if (is_stopping(worker) || partner_is_gone(&pair->partner))
			return false;
	}
}

static bool make_round_trip(struct worker *worker, struct pair *pair)
{
	const struct params *params = worker->job->params;
	uint32_t request = get(&pair->request) + 1;
	blocking_begin(worker);
	ways[params->by].request(pair, request);
	bool replied = await_reply(worker, pair, request);
	blocking_end(worker);
	return replied;
}

static uint64_t task(struct worker *worker, uint64_t index)
{
	(void)index;
	const struct params *params = worker->job->params;
	struct pair *pair = &((struct pair *)worker->job->shared)[worker->index];
	uint64_t done = 0;
	for (; done < (uint64_t)params->n && !checkpoint(worker); done++)
		if (!make_round_trip(worker, pair) && !is_stopping(worker))
			return worker_fail(
				worker, "the process that worker %u wakes has died", worker->index);
	worker_metric(worker, METRIC_ROUND_TRIPS, (double)done);
	return done;
}

static void needs(const struct job *job, struct needs *needs)
{
	needs->processes_per_run = places_count(job);
}

static const struct option params[] = {
	{
		.name = "by",
		.type = OPTION_ENUM,
		.offset = offsetof(struct params, by),
		.fallback = "futex",
		.choices = bys,
		.help = "what wakes the other one: the system call itself, a condition variable "
			"with its mutex, or a semaphore",
	},
	{
		.name = "n",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, n),
		.fallback = "1000",
		.min = "0",
		.max = "1000000000000",
		.help = "round trips of a task",
	},
	OPTION_END,
};

static const struct metric metrics[] = {
	[METRIC_ROUND_TRIPS] = {.name = "round_trips",
		.help = "times that a worker woke its partner and was woken by it"},
	{.name = NULL},
};

const struct workload workload_wake = {
	.name = "wake",
	.group = GROUP_SCHEDULER,
	.summary = "wakes a partner and is woken by it: the price of a wake-up",
	.operation = "wakes its worker's partner, a process of its own, and waits for its reply: n "
		     "times",
	.params = params,
	.params_bytes = sizeof(struct params),
	.metrics = metrics,
	.shared_bytes = shared_bytes,
	.needs = needs,
	.setup = setup,
	.task = task,
	.teardown = teardown,
};
