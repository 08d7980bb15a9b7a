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

void worker_conclude(struct worker *worker, struct outcome *outcome)
{
	outcome->kind = worker->failed ? OUTCOME_FAILED : OUTCOME_VALUE;
	worker->failed = false;
	if (checkpoint(worker))
		outcome->kind = OUTCOME_STOPPED;
}

void worker_compute(struct worker *worker, uint64_t task, struct outcome *outcome)
{
	struct worker_report *report = worker->report;
	/* In flight, so that the row can name it if its process dies of it. */
	put(report->next, task);
	put(report->end, task + 1);
	outcome->started = clock_ticks();
	outcome->value = seat_of(worker)->engine->workload->task(worker, task);
	outcome->finished = clock_ticks();
	put(report->next, task + 1);
	worker_conclude(worker, outcome);
}

void worker_reject(struct worker *worker, const char *text, struct outcome *outcome)
{
	worker_fail(worker, "%s", text);
	worker->failed = false;
	outcome->kind = OUTCOME_FAILED;
	if (!outcome->started)
		outcome->started = outcome->finished = clock_ticks();
}

void worker_settle(struct worker *worker, uint64_t submitted, const struct outcome *outcome)
{
	struct worker_report *report = worker->report;
	const struct region *region = seat_of(worker)->engine->region;
	if (outcome->kind == OUTCOME_STOPPED || outcome->finished >= crew_deadline(region))
		return;
	if (outcome->kind == OUTCOME_FAILED) {
		put(report->failed, get(report->failed) + 1);
	} else {
		put(report->checksum, get(report->checksum) + outcome->value);
		put(report->ok, get(report->ok) + 1);
	}
	bins_add(seat_of(worker)->bins, submitted, outcome->started, outcome->finished);
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
	put(report->submitted, worker_submission(worker, task));
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

void worker_run(struct worker *worker)
{
	struct seat *seat = seat_of(worker);
	struct worker_report *report = worker->report;
	uint64_t task = get(report->next);
	seat_pin(seat);
	if (seat->engine->spawned && seat_set_up(seat) != 0) {
		worker->failed = true;
		report_end(worker, task, 0);
		return;
	}
	blocking_end(worker);
	put(report->started, clock_ticks());
	uint64_t value = seat->engine->workload->task(worker, task);
	uint64_t finished = clock_ticks();
	blocking_begin(worker);
	if (finished >= crew_deadline(seat->engine->region)) {
		put(report->end, task); /* it does not count */
		return;
	}
	/* Not a checkpoint: the gil has been given up, it is not this thread's to hand over. */
	if (is_stopping(worker))
		return;
	report_end(worker, task, value);
	note_backlog(seat->engine->region, report, finished);
	put(report->finished, finished);
	account_task(seat, task);
	if (seat->engine->spawned)
		seat_tear_down(seat);
}
