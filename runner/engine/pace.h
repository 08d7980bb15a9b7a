/*
 * When tasks arrive. In a closed loop a task is there as soon as a worker is free; in an open loop
 * (`rate`) tasks arrive when they arrive, whether or not anybody is free, and a task's wait counts
 * from that intended moment: a stalled worker cannot hide its queue (Schroeder, Wierman &
 * Harchol-Balter, "Open versus closed: a cautionary tale", NSDI 2006).
 *
 * The schedule is made before the release and lies in the region, ascending: ticks after it.
 */
#ifndef ENGINE_PACE_H
#define ENGINE_PACE_H

#include "engine/crew.h"

/* How many tasks an experiment has; 0: as many as its runtime takes. */
uint64_t pace_tasks(const struct experiment *experiment);

/* Fills the schedule. Constant: task i at i / rate. Poisson: gaps of -ln(1-u) / rate, u from the
 * seed (Knuth, TAOCP 2, 3.4.1 D), so that every executor sees the same arrivals. */
void pace_make(struct region *region, const struct experiment *experiment, uint64_t seed);

/* Ticks at which a task arrived or will; `region->schedule_count` is not 0. */
static inline uint64_t pace_arrival(const struct region *region, uint64_t task)
{
	/* Relaxed: read behind the gate, or by the host that wrote it. */
	uint64_t released = atomic_load_explicit(&region->released, memory_order_relaxed);
	return released + region_schedule(region)[task];
}

/* Nanoseconds until a moment in ticks; 0 if it has passed. */
uint64_t pace_left_ns(uint64_t at_ticks);

/* Sleeps until then, or until the run is stopped. */
void pace_sleep(const struct region *region, uint64_t at_ticks);

#endif
