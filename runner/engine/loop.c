/*
 * How a pool's worker gets through its tasks: claims some, runs them, claims again. This is the hot
 * path: what stands in work_claim is paid for every empty task. It is compiled twice, with and
 * without what records each task.
 */
#include "engine/reporting.h"
#include "measure/clock.h"

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
	uint64_t chunk = region->schedule_count ? 1 : seat->chunk;
	uint64_t first = atomic_fetch_add_explicit(&region->claim, chunk, memory_order_relaxed);
	if (first >= tasks)
		return false;
	uint64_t end = chunk < tasks - first ? first + chunk : tasks;
	/* `end` first while next == end: at no moment do they span tasks that are not this
	 * worker's. */
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
		cursor->bound = cursor->submitted + clock_in_ticks(histogram_floor(bucket + 1));
}

static void raise_max(uint64_t *max, uint64_t value)
{
	if (value > *max)
		*max = value;
}

/* The longest task of a claim; and its longest wait, which is the last. */
static void raise_longest(struct worker_bins *bins, const struct wait_cursor *cursor,
	uint64_t longest_ticks, uint64_t last_started)
{
	raise_max(&bins->task.max_ns, clock_ns(longest_ticks));
	if (cursor->submitted && last_started > cursor->submitted)
		raise_max(&bins->wait.max_ns, clock_ns(last_started - cursor->submitted));
}

static bool wanted(const struct worker *worker)
{
	return worker->failed | (get(*worker->attention) != 0);
}

/* An open loop's: each task is waited for, and counts from its arrival. */
static bool work_paced(struct seat *seat)
{
	struct worker *worker = &seat->worker;
	struct worker_report *report = worker->report;
	const struct region *region = seat->engine->region;
	struct outcome outcome;
	for (uint64_t task = get(report->next); task < get(report->end); task++) {
		uint64_t arrival = pace_arrival(region, task);
		if (clock_ticks() < arrival) {
			blocking_begin(worker);
			pace_sleep(region, arrival);
			blocking_end(worker);
		}
		const struct errand errand = {task, arrival, worker->index};
		worker_compute(worker, &errand, &outcome);
		worker_settle(worker, &errand, &outcome);
		if (outcome.kind == OUTCOME_STOPPED)
			return false;
		put(report->next, task + 1);
	}
	return true;
}

/* A task begins on its worker's lane, when there is room for its record. The stamp of its start. */
static uint64_t begin_recorded(
	struct seat *seat, struct in_flight *lane, uint64_t submitted, uint64_t index)
{
	seat_make_room(seat);
	uint64_t started = clock_ticks();
	lane_begin(lane, index, submitted ? submitted : started, started);
	return started;
}

static void end_recorded(const struct seat *seat, struct in_flight *lane, uint64_t finished,
	uint64_t value, bool failed)
{
	const struct task_record record = {.task = lane->task_and_one - 1,
		.submitted = lane->submitted,
		.started = lane->started,
		.finished = finished,
		.value = value,
		.lane = seat->worker.index,
		.status = failed ? TASK_FAILED : TASK_OK};
	ring_put(&seat->ring, &record);
	lane_end(lane);
}

/* Time is up: this task and what is left of the claim do not count. */
static bool give_back(struct worker_report *report, uint64_t index, struct in_flight *lane)
{
	put(report->end, index);
	if (lane)
		lane_end(lane);
	return false;
}

/* Counts a task; the largest values are raised once a claim. */
static inline void bin_task(
	struct worker_bins *bins, struct wait_cursor *cursor, uint64_t started, uint64_t took)
{
	if (__builtin_expect(started >= cursor->bound, 0))
		wait_cursor_move(cursor, &bins->wait, started);
	++*cursor->count;
	bins->task.counts[histogram_bucket(clock_ns(took))]++;
}

/* Runs the claimed tasks; the end of one is the start of the next, unless somebody wanted
 * something in between. `lane`: NULL where tasks are not recorded. False: stopped. */
static inline __attribute__((always_inline)) bool work_claim(
	struct seat *seat, struct wait_cursor *cursor, struct in_flight *lane)
{
	struct worker *worker = &seat->worker;
	struct worker_report *report = worker->report;
	uint64_t (*task)(struct worker *, uint64_t) = seat->engine->workload->task;
	uint64_t index = get(report->next), end = get(report->end);
	uint64_t longest_ticks = 0, last_counted = 0;
	uint64_t began = clock_ticks(), started, next_started = began;
	const uint64_t deadline = seat->deadline;
	bool go_on = true;

	for (; index < end; index++) {
		started =
			lane ? begin_recorded(seat, lane, cursor->submitted, index) : next_started;
		uint64_t value = task(worker, index);
		uint64_t finished = next_started = clock_ticks();
		bool failed = lane && worker->failed;
		if (__builtin_expect(finished >= deadline, 0)) {
			go_on = give_back(report, index, lane);
			break;
		}
		if (__builtin_expect(wanted(worker), 0)) {
			if (!(go_on = seat_settle(seat, index, value)))
				break;
			next_started = clock_ticks();
		} else {
			report_value(report, index, value);
		}
		uint64_t took = finished - started;
		bin_task(seat->bins, cursor, started, took);
		last_counted = started;
		longest_ticks = took > longest_ticks ? took : longest_ticks;
		put(report->finished, finished);
		if (lane)
			end_recorded(seat, lane, finished, value, failed);
	}
	raise_longest(seat->bins, cursor, longest_ticks, last_counted);
	if (seat->engine->chunk == 0)
		adapt_chunk(seat, next_started - began);
	return go_on;
}

/* A pool's tasks were all submitted at the release; the host's own one after the other, so that
 * none of them ever waits. */
static struct wait_cursor wait_cursor_begin(const struct seat *seat)
{
	struct histogram *waits = &seat->bins->wait;
	if (!seat->engine->executor->claims)
		return (struct wait_cursor){&waits->counts[0], 0, UINT64_MAX};
	return (struct wait_cursor){&waits->counts[0], get(seat->engine->region->released), 0};
}

static void work_recorded(struct seat *seat, struct wait_cursor *cursor)
{
	struct in_flight *lane = seat_lane(seat, seat->worker.index);
	while (claim(seat) && work_claim(seat, cursor, lane))
		;
}

void worker_work(struct worker *worker)
{
	struct seat *seat = seat_of(worker);
	struct wait_cursor cursor = wait_cursor_begin(seat);
	blocking_end(worker);
	seat->deadline = crew_deadline(seat->engine->region);
	if (seat->engine->region->schedule_count)
		while (claim(seat) && work_paced(seat))
			;
	else if (is_recorded(seat))
		work_recorded(seat, &cursor);
	else
		while (claim(seat) && work_claim(seat, &cursor, NULL))
			;
	blocking_begin(worker);
}
