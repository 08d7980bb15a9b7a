/* Single tasks: those of a thread or process of their own, and those that the host hands out. */
#include "engine/reporting.h"
#include "measure/clock.h"

static void report_end(struct worker *worker, uint64_t task, uint64_t value)
{
	struct worker_report *report = worker->report;
	if (!worker->failed) {
		report_value(report, task, value);
		return;
	}
	worker->failed = false;
	put(report->failed, get(report->failed) + 1);
	put(report->next, task + 1);
}

bool seat_settle(struct seat *seat, uint64_t task, uint64_t value)
{
	if (checkpoint(&seat->worker))
		return false;
	report_end(&seat->worker, task, value);
	return true;
}

const void *worker_options(const struct worker *worker)
{
	return ((const struct seat *)worker)->engine->crew.options;
}

uint64_t crew_now(void)
{
	return clock_ticks();
}

uint64_t worker_commence(struct worker *worker, const struct errand *errand)
{
	struct in_flight *lane = seat_lane(seat_of(worker), errand->lane);
	uint64_t started = clock_ticks();
	if (lane)
		lane_begin(lane, errand->task, errand->submitted, started);
	return started;
}

void worker_conclude(struct worker *worker, const struct errand *errand, struct outcome *outcome)
{
	struct in_flight *lane = seat_lane(seat_of(worker), errand->lane);
	if (lane)
		lane_end(lane);
	outcome->kind = worker->failed ? OUTCOME_FAILED : OUTCOME_VALUE;
	worker->failed = false;
	if (checkpoint(worker))
		outcome->kind = OUTCOME_STOPPED;
}

void worker_compute(struct worker *worker, const struct errand *errand, struct outcome *outcome)
{
	struct worker_report *report = worker->report;
	/* In flight, so that the row can name it if its process dies of it. */
	put(report->next, errand->task);
	put(report->end, errand->task + 1);
	outcome->started = worker_commence(worker, errand);
	outcome->value = seat_of(worker)->engine->workload->task(worker, errand->task);
	outcome->finished = clock_ticks();
	put(report->next, errand->task + 1);
	worker_conclude(worker, errand, outcome);
}

void worker_reject(struct worker *worker, const char *text, struct outcome *outcome)
{
	worker_fail(worker, "%s", text);
	worker->failed = false;
	outcome->kind = OUTCOME_FAILED;
	if (!outcome->started)
		outcome->started = outcome->finished = clock_ticks();
}

void worker_settle(
	struct worker *worker, const struct errand *errand, const struct outcome *outcome)
{
	struct worker_report *report = worker->report;
	const struct region *region = seat_of(worker)->engine->region;
	if (outcome->finished >= crew_deadline(region))
		return;
	seat_record(seat_of(worker), errand, outcome);
	if (outcome->kind == OUTCOME_STOPPED)
		return;
	if (outcome->kind == OUTCOME_FAILED) {
		put(report->failed, get(report->failed) + 1);
	} else {
		put(report->checksum, get(report->checksum) + outcome->value);
		put(report->ok, get(report->ok) + 1);
	}
	bins_add(seat_of(worker)->bins, errand->submitted, outcome->started, outcome->finished);
	note_backlog(region, report, outcome->finished);
	/* To the host a task has ended when it has heard of it. */
	put(report->finished, clock_ticks());
}

uint64_t worker_submission(const struct worker *worker, uint64_t task)
{
	const struct region *region = ((const struct seat *)worker)->engine->region;
	return region->schedule_count ? pace_arrival(region, task) : clock_ticks();
}

void worker_submit(struct worker *worker, uint64_t task)
{
	struct worker_report *report = worker->report;
	put(report->started, 0);
	put(report->finished, 0);
	put(report->collected, 0);
	put(report->next, task);
	put(report->end, task + 1);
	uint64_t submitted = worker_submission(worker, task);
	put(report->submitted, submitted);
	struct in_flight *lane = seat_lane(seat_of(worker), worker->index);
	if (lane)
		lane_begin(lane, task, submitted, 0);
}

/*
 * The thread or process was made for this task: its account is the task's. Reading it costs a fifth
 * of a fork, so of many tasks one in so many is read, and stands for all.
 */
static void account_task(struct seat *seat, uint64_t task)
{
	enum { ALL_OF = 100, ONE_IN = 16 };
	static const struct schedule born = {.known = true};
	const struct worker_report *report = seat->worker.report;
	bool paced = seat->engine->region->schedule_count != 0;
	uint64_t began = paced ? get(report->started) : get(report->submitted);
	if (task < ALL_OF)
		seat_account(seat, &born, began, 1);
	else if (task % ONE_IN == 0)
		seat_account(seat, &born, began, ONE_IN);
}

/* False: the task does not count, or the run is being stopped. */
static bool run_task(struct seat *seat, uint64_t task, struct outcome *outcome)
{
	struct worker_report *report = seat->worker.report;
	struct in_flight *lane = seat_lane(seat, seat->worker.index);
	blocking_end(&seat->worker);
	if (lane)
		seat_make_room(seat);
	outcome->started = clock_ticks();
	put(report->started, outcome->started);
	if (lane)
		lane->started = outcome->started;
	outcome->value = seat->engine->workload->task(&seat->worker, task);
	outcome->finished = clock_ticks();
	blocking_begin(&seat->worker);
	outcome->kind = seat->worker.failed ? OUTCOME_FAILED : OUTCOME_VALUE;
	if (outcome->finished >= crew_deadline(seat->engine->region)) {
		put(report->end, task);
		if (lane)
			lane_end(lane);
		return false;
	}
	/* Not a checkpoint: the gil has been given up, it is not this thread's to hand over. */
	return !is_stopping(&seat->worker);
}

static void end_task(struct seat *seat, uint64_t task, const struct outcome *outcome)
{
	struct worker *worker = &seat->worker;
	struct in_flight *lane = seat_lane(seat, worker->index);
	const struct errand errand = {task, get(worker->report->submitted), worker->index};
	report_end(worker, task, outcome->value);
	seat_record(seat, &errand, outcome);
	if (lane)
		lane_end(lane);
}

void worker_run(struct worker *worker)
{
	struct seat *seat = seat_of(worker);
	struct worker_report *report = worker->report;
	struct outcome outcome = {.kind = OUTCOME_FAILED};
	uint64_t task = get(report->next);
	seat_pin(seat);
	if (seat->engine->spawned && seat_set_up(seat) != 0) {
		worker->failed = true;
		end_task(seat, task, &outcome);
		return;
	}
	if (!run_task(seat, task, &outcome))
		return;
	end_task(seat, task, &outcome);
	note_backlog(seat->engine->region, report, outcome.finished);
	put(report->finished, outcome.finished);
	account_task(seat, task);
	if (seat->engine->spawned)
		seat_tear_down(seat);
}
