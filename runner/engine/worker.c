/* A worker's life: set up, enter, leave; and what a task can ask of it meanwhile. */
#include "base/futex.h"
#include "engine/gil.h"
#include "engine/reporting.h"
#include "measure/account.h"
#include "measure/clock.h"

#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool worker_attend(struct worker *worker)
{
	uint32_t attention = atomic_load_explicit(worker->attention, memory_order_relaxed);
	if (attention & ATTENTION_STOP)
		return true;
	if (worker->gil && (attention & ATTENTION_YIELD))
		gil_hand_over(worker->gil, worker->index);
	return false;
}

void worker_gil_acquire(struct worker *worker)
{
	gil_acquire(worker->gil, worker->index);
}

void worker_gil_release(struct worker *worker)
{
	gil_release(worker->gil);
}

uint64_t worker_fail(struct worker *worker, const char *format, ...)
{
	char text[REGION_ERROR_BYTES];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	region_error(seat_of(worker)->engine->region, text);
	worker->failed = true;
	return 0;
}

void worker_metric(struct worker *worker, unsigned metric, double amount)
{
	double *share = &worker->report->metrics[metric];
	if (worker->job->workload->metrics[metric].merge == METRIC_SUM)
		*share += amount;
	else if (amount > *share)
		*share = amount;
}

int seat_set_up(struct seat *seat)
{
	const struct workload *workload = seat->engine->workload;
	struct err err;
	if (!workload->worker_setup || workload->worker_setup(&seat->worker, &err) == 0)
		return 0;
	region_error(seat->engine->region, err.text);
	return -1;
}

void seat_tear_down(struct seat *seat)
{
	if (seat->engine->workload->worker_teardown)
		seat->engine->workload->worker_teardown(&seat->worker);
}

void seat_pin(const struct seat *seat)
{
	const struct crew_engine *engine = seat->engine;
	if (!engine->cpus)
		return;
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(engine->cpus[seat->worker.index % (uint32_t)engine->cpu_count], &set);
	sched_setaffinity(0, sizeof(set), &set);
}

void worker_begin(struct worker *worker)
{
	seat_pin(seat_of(worker));
	worker->report->schedule_began = schedule_now();
	worker->report->began = clock_ticks();
}

/* A process has its own page table: touch now what the timed part will write. */
static void populate(const struct seat *seat)
{
	if (seat->engine->executor->kind != WORKER_PROCESS)
		return;
	region_populate(seat->worker.report, sizeof(*seat->worker.report));
	region_populate(seat->bins, sizeof(*seat->bins));
	if (seat->ring.ends)
		region_populate(
			seat->ring.records, seat->ring.capacity * sizeof(*seat->ring.records));
}

static int set_up_here(struct seat *seat)
{
	seat->set_up_here = true;
	populate(seat);
	return seat_set_up(seat);
}

static void wait_for_release(struct region *region)
{
	/* Acquire: what the host wrote before the release is seen after it. */
	while (!atomic_load_explicit(&region->gate, memory_order_acquire))
		futex_wait(&region->gate, 0, 0);
}

int worker_enter(struct worker *worker)
{
	struct seat *seat = seat_of(worker);
	struct region *region = seat->engine->region;
	if (set_up_here(seat) != 0) {
		region_unready(region);
		return -1;
	}
	worker_begin(worker);
	if (seat->engine->executor->kind == WORKER_PROCESS)
		worker->report->usage_began = usage_now(RUSAGE_SELF);
	/* Release: a worker that is ready has its set-up behind it, as the host sees it. */
	atomic_fetch_add_explicit(&region->ready, 1, memory_order_release);
	futex_wake(&region->ready, 1);
	wait_for_release(region);
	/* Its account began while the others were still being made; its life in the run begins
	 * now. */
	worker->report->began = get(region->released);
	return 0;
}

int worker_reenter(struct worker *worker)
{
	if (set_up_here(seat_of(worker)) != 0)
		return -1;
	worker_begin(worker);
	return 0;
}

void seat_account(
	struct seat *seat, const struct schedule *began, uint64_t began_ticks, int64_t weight)
{
	struct worker_report *report = seat->worker.report;
	struct schedule ended = schedule_now();
	uint64_t now = clock_ticks();
	uint64_t alive_ticks = now > began_ticks ? now - began_ticks : 0;
	lifecycle_add(&report->lifecycle, began, &ended, clock_ns(alive_ticks), weight);
}

void worker_leave(struct worker *worker)
{
	struct seat *seat = seat_of(worker);
	seat_account(seat, &worker->report->schedule_began, worker->report->began, 1);
	if (seat->set_up_here)
		seat_tear_down(seat);
	/* Release: the host that sees it left sees all that it reported. */
	atomic_fetch_add_explicit(&seat->engine->region->left, 1, memory_order_release);
	futex_wake(&seat->engine->region->left, 1);
}
