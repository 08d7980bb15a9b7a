/*
 * A worker's life: enter, work or run, leave. Between the release and the last finish nothing
 * here allocates, locks or formats; a failed task does format its error, which is no figure.
 */
#include "base/futex.h"
#include "engine/crew.h"
#include "measure/account.h"
#include "measure/clock.h"

#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Relaxed throughout: a report has one writer, and a reader that is a moment late is in order.
 * The host reads final values after join or waitpid, which synchronise. */
#define put(word, value) atomic_store_explicit(&(word), (value), memory_order_relaxed)
#define get(word)        atomic_load_explicit(&(word), memory_order_relaxed)

uint64_t worker_fail(struct worker *worker, const char *format, ...)
{
	char text[160];
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
	worker->report->metrics[metric] += amount;
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

static void pin_self(const struct seat *seat)
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
	pin_self(seat_of(worker));
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
		/* Release: the host that sees it sees the error text. */
		atomic_fetch_add_explicit(&region->unready, 1, memory_order_release);
		futex_wake(&region->ready, 1);
		return -1;
	}
	worker_begin(worker);
	if (seat->engine->executor->kind == WORKER_PROCESS)
		worker->report->usage_began = usage_now(RUSAGE_SELF);
	/* Release: a worker that is ready has its set-up behind it, as the host sees it. */
	atomic_fetch_add_explicit(&region->ready, 1, memory_order_release);
	futex_wake(&region->ready, 1);
	wait_for_release(region);
	/* Its account began while the others were still being made; its life in the run begins now. */
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

/* Takes up what a dead predecessor left of its claim, else claims anew. */
static bool claim(struct seat *seat)
{
	struct worker_report *report = seat->worker.report;
	struct region *region = seat->engine->region;
	uint64_t tasks = seat->engine->crew.tasks;
	if (checkpoint(&seat->worker))
		return false;
	if (get(report->next) < get(report->end))
		return true;
	/* Relaxed: the counter hands out numbers; no data is passed with them. */
	uint64_t first = atomic_fetch_add_explicit(&region->claim, seat->chunk, memory_order_relaxed);
	if (first >= tasks)
		return false;
	uint64_t end = seat->chunk < tasks - first ? first + seat->chunk : tasks;
	/* `end` first while next == end: at no moment do they span tasks that are not this worker's. */
	put(report->end, first);
	put(report->next, first);
	put(report->end, end);
	return true;
}

/* Guided by time: claims are kept short beside what their tasks take, and short of a quarter of an
 * even share of what is left, so that no worker ends long after the others. */
static void adapt_chunk(struct seat *seat, uint64_t took_ticks)
{
	const struct crew_engine *engine = seat->engine;
	uint64_t took_ns = clock_ns(took_ticks);
	if (took_ns < CREW_CHUNK_NS && seat->chunk < CREW_CHUNK_MOST)
		seat->chunk *= 2;
	else if (took_ns > 2 * CREW_CHUNK_NS && seat->chunk > 1)
		seat->chunk /= 2;
	uint64_t end = get(seat->worker.report->end);
	uint64_t share = (engine->crew.tasks - end) / (4 * (uint64_t)engine->crew.workers);
	if (seat->chunk > share)
		seat->chunk = share ? share : 1;
}

/*
 * The waits of one worker only grow, because all tasks of a pool are submitted at the release: so
 * the bucket is looked up when a start passes its upper bound, and is else one increment.
 */
struct wait_cursor {
	uint64_t *count;
	uint64_t submitted, bound;
};

static void wait_cursor_move(struct wait_cursor *cursor, struct histogram *waits, uint64_t started)
{
	/* Ticks of another CPU may be a hair behind the host's. */
	uint64_t ticks = started > cursor->submitted ? started - cursor->submitted : 0;
	unsigned bucket = histogram_bucket(clock_ns(ticks));
	cursor->count = &waits->counts[bucket];
	cursor->bound = UINT64_MAX;
	if (bucket < HISTOGRAM_BUCKETS - 1)
		cursor->bound = cursor->submitted + (uint64_t)(((unsigned __int128)histogram_floor(
							    bucket + 1) << 32) / clock_used.scale);
}

/* What the loop keeps in registers. */
struct tallies {
	uint64_t ok, checksum, longest_ticks;
};

/* A task that ended otherwise than with a value. True: the run is being stopped. */
static __attribute__((noinline)) bool settle(struct seat *seat, uint64_t index)
{
	struct worker_report *report = seat->worker.report;
	if (checkpoint(&seat->worker))
		return true; /* what it returned is not a result; it stays in flight and is lost */
	seat->worker.failed = false;
	put(report->failed, get(report->failed) + 1);
	put(report->next, index + 1);
	return false;
}

/* Runs the claimed tasks; the end of one is the start of the next. False: stopped. */
static bool work_claim(struct seat *seat, struct wait_cursor *cursor)
{
	struct worker *worker = &seat->worker;
	struct worker_report *report = worker->report;
	uint64_t (*task)(struct worker *, uint64_t) = seat->engine->workload->task;
	uint64_t *task_counts = seat->bins->task.counts;
	struct tallies sum = {get(report->ok), get(report->checksum), 0};
	uint64_t index = get(report->next), end = get(report->end);
	uint64_t started = clock_ticks(), claim_began = started, last_started = started;
	bool going = true;

	for (; index < end; index++) {
		uint64_t value = task(worker, index);
		uint64_t finished = clock_ticks();
		if (__builtin_expect(worker->failed | checkpoint(worker), 0)) {
			if (settle(seat, index)) {
				going = false;
				break;
			}
		} else {
			sum.checksum += value;
			put(report->checksum, sum.checksum);
			put(report->ok, ++sum.ok);
			put(report->next, index + 1);
		}
		if (__builtin_expect(started >= cursor->bound, 0))
			wait_cursor_move(cursor, &seat->bins->wait, started);
		++*cursor->count;
		uint64_t took = finished - started;
		if (took > sum.longest_ticks)
			sum.longest_ticks = took;
		task_counts[histogram_bucket(clock_ns(took))]++;
		put(report->finished, finished);
		last_started = started;
		started = finished;
	}
	uint64_t longest_ns = clock_ns(sum.longest_ticks);
	if (longest_ns > seat->bins->task.max_ns)
		seat->bins->task.max_ns = longest_ns;
	if (cursor->submitted && last_started > cursor->submitted)
		seat->bins->wait.max_ns = clock_ns(last_started - cursor->submitted);
	if (going && seat->engine->chunk == 0)
		adapt_chunk(seat, started - claim_began);
	return going;
}

/* A pool's tasks were all submitted at the release; the host's own one after the other, so that
 * none of them ever waits. */
static struct wait_cursor wait_cursor_begin(const struct seat *seat)
{
	struct histogram *waits = &seat->bins->wait;
	if (!seat->engine->executor->pool)
		return (struct wait_cursor){&waits->counts[0], 0, UINT64_MAX};
	return (struct wait_cursor){&waits->counts[0], get(seat->engine->region->released), 0};
}

void worker_work(struct worker *worker)
{
	struct seat *seat = seat_of(worker);
	struct wait_cursor cursor = wait_cursor_begin(seat);
	while (claim(seat) && work_claim(seat, &cursor))
		;
}

/* Accounts for a life that ends now. */
static void account(struct worker *worker, const struct schedule *began, uint64_t began_ticks)
{
	struct worker_report *report = worker->report;
	struct schedule ended = schedule_now();
	uint64_t now = clock_ticks();
	uint64_t alive_ticks = now > began_ticks ? now - began_ticks : 0;
	lifecycle_add(&report->lifecycle, began, &ended, clock_ns(alive_ticks));
}

void worker_leave(struct worker *worker)
{
	struct seat *seat = seat_of(worker);
	account(worker, &worker->report->schedule_began, worker->report->began);
	if (seat->set_up_here)
		seat_tear_down(seat);
	/* Release: the host that sees it left sees all that it reported. */
	atomic_fetch_add_explicit(&seat->engine->region->left, 1, memory_order_release);
	futex_wake(&seat->engine->region->left, 1);
}

void worker_submit(struct worker *worker, uint64_t task)
{
	struct worker_report *report = worker->report;
	put(report->started, 0);
	put(report->finished, 0);
	put(report->collected, 0);
	put(report->next, task);
	put(report->end, task + 1);
	put(report->submitted, clock_ticks());
}

void worker_run(struct worker *worker)
{
	struct seat *seat = seat_of(worker);
	struct worker_report *report = worker->report;
	uint64_t task = get(report->next);
	pin_self(seat);
	put(report->started, clock_ticks());
	uint64_t value = seat->engine->workload->task(worker, task);
	uint64_t finished = clock_ticks();
	if (worker->failed || checkpoint(worker)) {
		if (settle(seat, task))
			return;
	} else {
		put(report->checksum, get(report->checksum) + value);
		put(report->ok, get(report->ok) + 1);
		put(report->next, task + 1);
	}
	put(report->finished, finished);
	/* The thread or process was made for this task: its account is the task's. */
	account(worker, &(struct schedule){.known = true}, get(report->submitted));
}
