/*
 * A new thread for every task, at most `workers` alive. While all places are taken the host waits
 * for a thread that ends; when all tasks are submitted it only joins, so that ending threads wake
 * nobody.
 */
#include "base/futex.h"
#include "base/memory.h"
#include "executors/executor.h"
#include "executors/options.h"

#include <stdlib.h>

struct thread_options {
	int64_t stack_bytes;
	int pin;
	struct gil_options gil;
};

enum { NO_PLACE = UINT32_MAX };

struct place {
	struct threads *threads;
	struct worker *worker;
	pthread_t thread;
	uint32_t next_ended; /* in the list of places whose threads are ending */
	bool taken;
};

struct threads {
	_Atomic uint32_t ended;  /* the newest place whose thread is ending, or NO_PLACE; a futex */
	_Atomic uint32_t waited; /* 1: the host sleeps until one ends */
	uint32_t free;           /* list of free places, through next_ended */
	struct place places[];
};

/* Lock-free push; the host alone takes, and takes the whole list, so that there is no ABA. */
static void announce_end(struct place *place, uint32_t index)
{
	struct threads *threads = place->threads;
	uint32_t newest = atomic_load_explicit(&threads->ended, memory_order_relaxed);
	do {
		place->next_ended = newest;
		/* Sequentially consistent with `waited`: either the host sees this place, or this
		 * thread sees that the host waits. */
	} while (!atomic_compare_exchange_weak(&threads->ended, &newest, index));
	if (atomic_load(&threads->waited))
		futex_wake(&threads->ended, 1);
}

static void *task_thread(void *arg)
{
	struct place *place = arg;
	worker_run(place->worker);
	announce_end(place, place->worker->index);
	return NULL;
}

static void configure(struct crew *crew)
{
	const struct thread_options *options = crew->options;
	crew_set_pin(crew, (enum pin)options->pin);
	gil_start(crew, &options->gil);
}

static int start(struct crew *crew, struct err *err)
{
	struct threads *threads =
		memory_alloc(sizeof(*threads) + crew->workers * sizeof(threads->places[0]));
	crew->places = threads;
	atomic_init(&threads->ended, NO_PLACE);
	threads->free = NO_PLACE;
	for (uint32_t i = crew->workers; i-- > 0;) {
		threads->places[i] = (struct place){.threads = threads,
			.worker = crew_worker(crew, i),
			.next_ended = threads->free};
		threads->free = i;
	}
	return crew_prepare(crew, err);
}

static void vacate(struct place *place)
{
	pthread_join(place->thread, NULL);
	worker_collect(place->worker);
	place->taken = false;
}

/* Waits until at least one thread is ending; moves all that are to the free list. */
static void await_free(struct threads *threads)
{
	atomic_store(&threads->waited, 1);
	while (atomic_load(&threads->ended) == NO_PLACE)
		futex_wait(&threads->ended, NO_PLACE, 0);
	atomic_store(&threads->waited, 0);
	/* Acquire: the links that the ending threads wrote are seen. */
	uint32_t ended = atomic_exchange_explicit(&threads->ended, NO_PLACE, memory_order_acquire);
	while (ended != NO_PLACE) {
		struct place *place = &threads->places[ended];
		uint32_t older = place->next_ended;
		vacate(place);
		place->next_ended = threads->free;
		threads->free = ended;
		ended = older;
	}
}

static struct place *take_place(struct threads *threads)
{
	if (threads->free == NO_PLACE)
		await_free(threads);
	struct place *place = &threads->places[threads->free];
	threads->free = place->next_ended;
	return place;
}

static int make_threads(struct crew *crew, const pthread_attr_t *attributes, struct err *err)
{
	struct threads *threads = crew->places;
	uint64_t task;
	while (crew_next(crew, &task)) {
		struct place *place = take_place(threads);
		worker_submit(place->worker, task);
		int failed = pthread_create(&place->thread, attributes, task_thread, place);
		if (failed)
			return err_errno(err, failed, "cannot make the thread of task %llu",
				(unsigned long long)task);
		place->taken = true;
	}
	return 0;
}

static int run(struct crew *crew, struct err *err)
{
	const struct thread_options *options = crew->options;
	struct threads *threads = crew->places;
	pthread_attr_t attributes;
	if (stack_attributes(&attributes, options->stack_bytes, err) != 0)
		return -1;
	int made = make_threads(crew, &attributes, err);
	pthread_attr_destroy(&attributes);
	for (uint32_t i = 0; i < crew->workers; i++)
		if (threads->places[i].taken)
			vacate(&threads->places[i]);
	return made;
}

static void stop(struct crew *crew)
{
	const struct thread_options *options = crew->options;
	gil_report(crew, &options->gil);
	free(crew->places);
}

static const struct option options[] = {
	OPTIONS_GIL(struct thread_options),
	OPTION_STACK(struct thread_options),
	OPTION_PIN(struct thread_options),
	OPTION_END,
};

const struct executor executor_thread = {
	.name = "thread",
	.summary = "a new thread for every task, at most `workers` alive",
	.wait = "making the thread, until it runs",
	.options = options,
	.options_bytes = sizeof(struct thread_options),
	.metrics = gil_metrics,
	.metrics_option = "gil",
	.kind = WORKER_THREAD,
	.configure = configure,
	.start = start,
	.run = run,
	.stop = stop,
};
