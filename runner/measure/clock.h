/*
 * The clock. Stamps are ticks: of the TSC where it was checked to be invariant and the kernel
 * itself keeps time by it, else nanoseconds of CLOCK_MONOTONIC. Ticks of one machine compare
 * across threads and processes. Any thread may read; clock_init comes first, once, in the
 * program, and every host and child inherits it.
 */
#ifndef MEASURE_CLOCK_H
#define MEASURE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>
#ifdef __x86_64__
#include <x86intrin.h>
#endif

struct clock {
	bool tsc;
	uint64_t scale; /* nanoseconds per tick × 2^32 */
	double cost_ns; /* of one clock_ticks() in a loop, measured */
};

extern struct clock clock_used;

/* Chooses and calibrates (about 10 ms). CONRUN_CLOCK=monotonic in the environment forces that. */
void clock_init(void);
const char *clock_name(void); /* "tsc" or "monotonic" */

static inline uint64_t clock_monotonic_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static inline uint64_t clock_ticks(void)
{
#ifdef __x86_64__
	/* Not serialising: a stamp may move by some instructions, which is less than it costs. */
	if (__builtin_expect(clock_used.tsc, 1))
		return __rdtsc();
#endif
	return clock_monotonic_ns();
}

/* A span of ticks in nanoseconds; exact for CLOCK_MONOTONIC, where scale is 2^32. */
static inline uint64_t clock_ns(uint64_t ticks)
{
	return (uint64_t)(((unsigned __int128)ticks * clock_used.scale) >> 32);
}

/* The other way round. */
static inline uint64_t clock_in_ticks(uint64_t ns)
{
	return (uint64_t)(((unsigned __int128)ns << 32) / clock_used.scale);
}

#endif
