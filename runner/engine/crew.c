/* The host's side of executors/executor.h: preparing workers, handing out tasks, taking stock. */
#include "engine/crew.h"

#include "base/futex.h"
#include "measure/clock.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* Relaxed: see worker.c. */
#define put(word, value) atomic_store_explicit(&(word), (value), memory_order_relaxed)
#define get(word)        atomic_load_explicit(&(word), memory_order_relaxed)

enum { LOOK_NS = 50 * 1000 * 1000 };

struct worker *crew_worker(struct crew *crew, uint32_t index)
{
	return &crew->engine->seats[index].worker;
}

void crew_set_chunk(struct crew *crew, uint64_t chunk)
{
	crew->engine->chunk = chunk;
	for (uint32_t i = 0; i < crew->workers; i++)
		crew->engine->seats[i].chunk = chunk ? chunk : 1;
}

void crew_set_pin(struct crew *crew, enum pin pin)
{
	crew->engine->cpus = affinity_order(pin, &crew->engine->cpu_count);
}

int crew_prepare(struct crew *crew, struct err *err)
{
	struct crew_engine *engine = crew->engine;
	for (uint32_t i = 0; engine->workload->worker_setup && i < crew->workers; i++)
		if (seat_set_up(&engine->seats[i]) != 0)
			return err_set(err, "%s", engine->region->error);
	engine->prepared = true;
	return 0;
}

bool crew_stopped(const struct crew *crew)
{
	return get(crew->engine->region->stop) != 0;
}

bool crew_next(struct crew *crew, uint64_t *task)
{
	if (crew->engine->next_task >= crew->tasks || crew_stopped(crew))
		return false;
	*task = crew->engine->next_task++;
	return true;
}

int crew_await_ready(struct crew *crew, int (*check)(struct crew *, struct err *), struct err *err)
{
	struct region *region = crew->engine->region;
	for (;;) {
		/* Acquire: pairs with the worker's release; its set-up and error text are seen. */
		uint32_t ready = atomic_load_explicit(&region->ready, memory_order_acquire);
		if (ready == crew->workers)
			return 0;
		if (atomic_load_explicit(&region->unready, memory_order_acquire))
			return err_set(err, "%s", region->error);
		if (crew_stopped(crew))
			return err_set(err, "ended before all workers were ready");
		if (check && check(crew, err) != 0)
			return -1;
		futex_wait(&region->ready, ready, LOOK_NS);
	}
}

void crew_release(struct crew_engine *engine)
{
	/* Release: workers that pass the gate see the release stamp. */
	atomic_store_explicit(&engine->region->gate, 1, memory_order_release);
	futex_wake(&engine->region->gate, INT_MAX);
}

void crew_await_left(struct crew *crew)
{
	struct region *region = crew->engine->region;
	for (;;) {
		/* Acquire: pairs with worker_leave. */
		uint32_t left = atomic_load_explicit(&region->left, memory_order_acquire);
		if (left >= crew->workers)
			return;
		futex_wait(&region->left, left, 0);
	}
}

void worker_collect(struct worker *worker)
{
	struct seat *seat = seat_of(worker);
	struct worker_report *report = worker->report;
	struct region *region = seat->engine->region;
	uint64_t submitted = get(report->submitted), started = get(report->started);
	uint64_t finished = get(report->finished);
	if (!finished || get(report->collected))
		return;
	histogram_add(&seat->bins->task, clock_ns(finished - started), 1);
	histogram_add(&seat->bins->wait, clock_ns(started > submitted ? started - submitted : 0), 1);
	if (finished > region->last_finished)
		region->last_finished = finished;
	put(report->collected, 1);
}

static void describe_death(struct worker *worker, int wait_status, uint64_t task)
{
	struct region *region = seat_of(worker)->engine->region;
	if (atomic_fetch_add_explicit(&region->deaths, 1, memory_order_relaxed) != 0)
		return;
	if (WIFSIGNALED(wait_status))
		snprintf(region->death, sizeof(region->death), "worker %u was killed by SIG%s in task %llu",
			worker->index, sigabbrev_np(WTERMSIG(wait_status)), (unsigned long long)task);
	else
		snprintf(region->death, sizeof(region->death),
			"worker %u exited with code %d in task %llu", worker->index,
			WEXITSTATUS(wait_status), (unsigned long long)task);
}

bool worker_died(struct worker *worker, int wait_status)
{
	struct worker_report *report = worker->report;
	uint64_t task = get(report->next);
	if (task >= get(report->end) || crew_stopped(&seat_of(worker)->engine->crew))
		return false;
	describe_death(worker, wait_status, task);
	put(report->next, task + 1);
	return true;
}
