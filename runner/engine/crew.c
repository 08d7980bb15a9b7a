/* The host's side of executors/executor.h: preparing workers, handing out tasks, taking stock. */
#include "engine/crew.h"

#include "base/futex.h"
#include "base/memory.h"
#include "engine/gil.h"
#include "engine/reporting.h"
#include "measure/clock.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { LOOK_NS = 50 * 1000 * 1000 };

struct worker *crew_worker(struct crew *crew, uint32_t index)
{
	return &crew->engine->seats[index - crew->engine->first_seat].worker;
}

void crew_set_chunk(struct crew *crew, uint64_t chunk)
{
	crew->engine->chunk = chunk;
	for (uint32_t i = 0; i < crew->engine->seat_count; i++)
		crew->engine->seats[i].chunk = chunk ? chunk : 1;
}

void crew_set_pin(struct crew *crew, enum pin pin)
{
	crew->engine->cpus = affinity_order(pin, &crew->engine->cpu_count);
}

static void (*interrupt)(void);

static void on_request(int signal)
{
	(void)signal;
	interrupt();
}

/* A signal that is ignored wherever nobody asked for it. */
static int request_signal(const struct workload *workload)
{
	struct sigaction action = {.sa_handler = on_request, .sa_flags = SA_RESTART};
	if (!workload->interrupt)
		return 0;
	interrupt = workload->interrupt;
	sigaction(SIGURG, &action, NULL);
	return SIGURG;
}

void crew_set_gil(struct crew *crew, uint64_t interval_ns)
{
	struct gil *gil = memory_aligned(REGION_APART, sizeof(*gil));
	gil_init(gil, interval_ns, &crew->engine->region->attention);
	gil->signal = request_signal(crew->workload);
	crew->engine->gil = gil;
	for (uint32_t i = 0; i < crew->engine->seat_count; i++)
		crew->engine->seats[i].worker.gil = gil;
}

void crew_gil_figures(const struct crew *crew, uint64_t *handovers, uint64_t *wait_ns)
{
	*handovers = crew->engine->gil->handovers;
	*wait_ns = crew->engine->gil->wait_ns;
}

void crew_metric(struct crew *crew, unsigned metric, double value)
{
	struct region *region = crew->engine->region;
	region->executor_metrics[metric] = value;
	region->executor_metrics_known |= 1u << metric;
}

int crew_prepare(struct crew *crew, struct err *err)
{
	struct crew_engine *engine = crew->engine;
	for (uint32_t i = 0; engine->workload->worker_setup && i < engine->seat_count; i++)
		if (seat_set_up(&engine->seats[i]) != 0)
			return err_set(err, "%s", engine->region->error);
	engine->prepared = true;
	return 0;
}

bool crew_stopped(const struct crew *crew)
{
	return (get(crew->engine->region->attention) & ATTENTION_STOP) != 0;
}

bool crew_is_paced(const struct crew *crew)
{
	return crew->engine->region->schedule_count != 0;
}

uint64_t crew_next_in_ns(const struct crew *crew)
{
	const struct crew_engine *engine = crew->engine;
	const struct region *region = engine->region;
	if (engine->next_task >= crew->tasks || crew_stopped(crew))
		return CREW_NO_TASK;
	if (region->runtime_ticks && clock_ticks() >= crew_deadline(region))
		return CREW_NO_TASK;
	return region->schedule_count ? pace_left_ns(pace_arrival(region, engine->next_task)) : 0;
}

bool crew_try_next(struct crew *crew, uint64_t *task)
{
	if (crew_next_in_ns(crew) != 0)
		return false;
	*task = crew->engine->next_task++;
	return true;
}

bool crew_next(struct crew *crew, uint64_t *task)
{
	const struct crew_engine *engine = crew->engine;
	uint64_t in_ns = crew_next_in_ns(crew);
	if (in_ns && in_ns != CREW_NO_TASK)
		pace_sleep(engine->region, pace_arrival(engine->region, engine->next_task));
	return in_ns != CREW_NO_TASK && crew_try_next(crew, task);
}

/* Who died may have said why since the last look. */
static int why_unready(struct region *region, struct err *err)
{
	/* Acquire: as for `ready`. */
	if (atomic_load_explicit(&region->unready, memory_order_acquire))
		err_set(err, "%s", region->error);
	return -1;
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
			return why_unready(region, err);
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
	bins_add(seat->bins, submitted, started, finished);
	if (finished > region->last_finished)
		region->last_finished = finished;
	put(report->collected, 1);
}

void crew_lost(struct worker *worker, int wait_status, uint64_t task, uint64_t count)
{
	struct region *region = seat_of(worker)->engine->region;
	struct worker_report *report = worker->report;
	if (get(report->next) < get(report->end)) {
		task = get(report->next);
		put(report->next, task + 1);
	}
	atomic_fetch_add_explicit(&region->lost, count, memory_order_relaxed);
	if (atomic_fetch_add_explicit(&region->deaths, 1, memory_order_relaxed) != 0)
		return;
	if (WIFSIGNALED(wait_status))
		snprintf(region->death, sizeof(region->death),
			"worker %u was killed by SIG%s in task %llu", worker->index,
			sigabbrev_np(WTERMSIG(wait_status)), (unsigned long long)task);
	else
		snprintf(region->death, sizeof(region->death),
			"worker %u exited with code %d in task %llu", worker->index,
			WEXITSTATUS(wait_status), (unsigned long long)task);
}

/* What it was running on its own lane. */
static void forfeit_lane(struct worker *worker, uint64_t task)
{
	const struct in_flight *lane = seat_lane(seat_of(worker), worker->index);
	if (!lane || lane->task_and_one != task + 1)
		return;
	const struct errand errand = {task, lane->submitted, worker->index};
	worker_forfeit(worker, &errand);
}

bool worker_died(struct worker *worker, int wait_status)
{
	struct worker_report *report = worker->report;
	uint64_t task = get(report->next);
	if (task >= get(report->end) || crew_stopped(&seat_of(worker)->engine->crew))
		return false;
	crew_lost(worker, wait_status, task, 1);
	forfeit_lane(worker, task);
	return true;
}
