#include "engine/pace.h"

#include "measure/clock.h"

#include <math.h>
#include <time.h>

uint64_t pace_tasks(const struct experiment *experiment)
{
	if (experiment->tasks || experiment->rate <= 0)
		return experiment->tasks;
	double tasks = experiment->rate * (double)experiment->runtime_ns / 1e9;
	return tasks < 1 ? 1 : (uint64_t)tasks;
}

static double poisson_gap_s(
	const struct experiment *experiment, const struct job *seeded, uint64_t task)
{
	/* The top 53 bits, which a double holds exactly; 1-u is never 0. */
	double u = (double)(job_random(seeded, task) >> 11) * 0x1p-53;
	return -log1p(-u) / experiment->rate;
}

void pace_make(struct region *region, const struct experiment *experiment, uint64_t seed)
{
	/* Another stream than the workload's own use of the seed. */
	const struct job seeded = {.seed = ~seed};
	double at_s = 0, ticks_per_s = 1e9 * 0x1p32 / (double)clock_used.scale;
	for (uint64_t i = 0; i < region->schedule_count; i++) {
		if (experiment->arrival == ARRIVAL_CONSTANT)
			at_s = (double)i / experiment->rate;
		else
			at_s += poisson_gap_s(experiment, &seeded, i);
		region_schedule(region)[i] = (uint64_t)(at_s * ticks_per_s);
	}
}

uint64_t pace_left_ns(uint64_t at_ticks)
{
	uint64_t now = clock_ticks();
	return at_ticks > now ? clock_ns(at_ticks - now) : 0;
}

void pace_sleep(const struct region *region, uint64_t at_ticks)
{
	enum { LONGEST_NS = 50 * 1000 * 1000 }; /* the stop flag is looked at that often */
	uint64_t left_ns;
	while ((left_ns = pace_left_ns(at_ticks)) > 0) {
		if (atomic_load_explicit(&region->attention, memory_order_relaxed) & ATTENTION_STOP)
			return;
		uint64_t ns = left_ns < LONGEST_NS ? left_ns : LONGEST_NS;
		nanosleep(&(struct timespec){0, (long)ns}, NULL);
	}
}
