/* A worker's side of recording: what its tasks came to goes into its ring. */
#include "engine/reporting.h"
#include "measure/clock.h"

void seat_stall(struct seat *seat)
{
	enum { LOOK_NS = 50 * 1000 * 1000 };
	uint64_t began = clock_ticks();
	blocking_begin(&seat->worker);
	/* The program empties rings as long as this process lives. */
	while (!ring_await_room(&seat->ring, LOOK_NS))
		;
	blocking_end(&seat->worker);
	struct ring_ends *ends = seat->ring.ends;
	put(ends->stalled_ticks, get(ends->stalled_ticks) + clock_ticks() - began);
}

void seat_record(struct seat *seat, const struct errand *errand, const struct outcome *outcome)
{
	static const enum task_status statuses[] = {[OUTCOME_VALUE] = TASK_OK,
		[OUTCOME_FAILED] = TASK_FAILED,
		[OUTCOME_STOPPED] = TASK_LOST};
	bool ended = outcome->kind != OUTCOME_STOPPED;
	const struct task_record record = {.task = errand->task,
		.submitted = errand->submitted,
		.started = outcome->started,
		.finished = ended ? outcome->finished : 0,
		.value = outcome->value,
		.lane = errand->lane,
		.status = statuses[outcome->kind]};
	if (!is_recorded(seat))
		return;
	seat_make_room(seat);
	ring_put(&seat->ring, &record);
}

void worker_forfeit(struct worker *worker, const struct errand *errand)
{
	struct seat *seat = seat_of(worker);
	struct in_flight *lane = seat_lane(seat, errand->lane);
	struct outcome outcome = {.kind = OUTCOME_STOPPED};
	if (!lane)
		return;
	if (lane->task_and_one == errand->task + 1) {
		outcome.started = lane->started;
		lane_end(lane);
	}
	seat_record(seat, errand, &outcome);
}
