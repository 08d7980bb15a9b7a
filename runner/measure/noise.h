/* What disturbed a run from outside: looked at before and after it, never while it is timed. */
#ifndef MEASURE_NOISE_H
#define MEASURE_NOISE_H

#include "measure/result.h"

#include <stdint.h>

/* Counters of the machine, nanoseconds; -1: the kernel does not tell. */
struct noise {
	int64_t steal_ns, busy_ns; /* all CPUs, /proc/stat */
	int64_t throttled_ns;      /* the cgroup's cpu.stat */
	int64_t pressure_ns;       /* /proc/pressure/cpu */
	uint64_t at_ns;
};

struct noise noise_now(void);

/* What has happened since `from`; own_cpu_ns is what the run itself used. */
struct disturbance noise_since(const struct noise *from, int64_t own_cpu_ns);

/*
 * NOISE_… flags for it. `lifecycle` is that of the run's workers and `spare` says that there were
 * no more of them than CPUs. A flag is raised from 5 % of the CPUs' time (of the workers' own, for
 * the run queue) on, and not below 30 ms: the kernel counts in ticks of 10 ms (proc(5),
 * /proc/stat). Throttling is flagged whenever there was some.
 */
unsigned noise_flags(
	const struct disturbance *disturbance, const struct lifecycle *lifecycle, bool spare);

#endif
