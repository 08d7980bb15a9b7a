/*
 * How the engine's parts write a worker's report. Between the release and the last finish nothing
 * here allocates, locks or formats; a failed task does format its error, which is no figure.
 */
#ifndef ENGINE_REPORTING_H
#define ENGINE_REPORTING_H

#include "engine/crew.h"
#include "engine/pace.h"

static inline void report_value(struct worker_report *report, uint64_t index, uint64_t value)
{
	put(report->checksum, get(report->checksum) + value);
	put(report->ok, get(report->ok) + 1);
	put(report->next, index + 1);
}

/* An open loop that keeps up has nothing left when its last task arrives but that task. */
static inline void note_backlog(
	const struct region *region, struct worker_report *report, uint64_t finished)
{
	if (region->schedule_count && finished > pace_arrival(region, region->schedule_count - 1))
		put(report->backlog, get(report->backlog) + 1);
}

/* ---- where every task is recorded ---- */

static inline bool is_recorded(const struct seat *seat)
{
	return seat->ring.ends != NULL;
}

/* Sleeps until there is room for a record, and counts the time. Not while a task runs here; with
 * the gil held, if there is one. */
void seat_stall(struct seat *seat);

static inline void seat_make_room(struct seat *seat)
{
	if (__builtin_expect(!ring_has_room(&seat->ring), 0))
		seat_stall(seat);
}

/* The lane with this index; NULL where tasks are not recorded. */
static inline struct in_flight *seat_lane(const struct seat *seat, uint32_t lane)
{
	return is_recorded(seat) ? region_in_flight(seat->engine->region, lane) : NULL;
}

static inline void lane_begin(
	struct in_flight *lane, uint64_t task, uint64_t submitted, uint64_t started)
{
	lane->task_and_one = task + 1;
	lane->submitted = submitted;
	lane->started = started;
}

static inline void lane_end(struct in_flight *lane)
{
	lane->task_and_one = 0;
}

/* Puts in what came of a task, where tasks are recorded; OUTCOME_STOPPED is a lost one. */
void seat_record(struct seat *seat, const struct errand *errand, const struct outcome *outcome);

/* ---- all runs ---- */

/* A task that failed, or at whose end somebody wants something. False: the run is being stopped;
 * what the task returned is not a result, it stays in flight and is lost. */
bool seat_settle(struct seat *seat, uint64_t task, uint64_t value);

/* Binds the calling thread to the seat's CPU, if workers are pinned. */
void seat_pin(const struct seat *seat);

/* Adds a life that ends now, on the calling thread; it stands for `weight` of them. */
void seat_account(
	struct seat *seat, const struct schedule *began, uint64_t began_ticks, int64_t weight);

#endif
