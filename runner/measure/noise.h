/* What disturbed a run from outside: looked at before and after it, never while it is timed. */
#ifndef MEASURE_NOISE_H
#define MEASURE_NOISE_H

#include <stdint.h>

struct noise {
	int64_t steal_ns, busy_ns; /* all CPUs, /proc/stat; -1 unknown */
	int64_t throttled;         /* periods, the cgroup's cpu.stat; -1 unknown */
	uint64_t at_ns;
};

struct noise noise_now(void);

/*
 * NOISE_… flags of result.h for what happened since `from`; own_cpu_ns is what the run itself
 * used. A flag is raised from 5 % of the CPUs' time on, and not below 30 ms: the kernel counts
 * in ticks of 10 ms (proc(5), /proc/stat).
 */
unsigned noise_since(const struct noise *from, int64_t own_cpu_ns);

#endif
