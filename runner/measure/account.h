/*
 * What the kernel keeps account of: resource usage and scheduling. All may be called from any
 * thread or process; a read of the scheduler's account costs some microseconds.
 */
#ifndef MEASURE_ACCOUNT_H
#define MEASURE_ACCOUNT_H

#include "measure/result.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>

/* getrusage(2) of RUSAGE_SELF, RUSAGE_CHILDREN or RUSAGE_THREAD. */
struct usage usage_now(int who);
void usage_add(struct usage *sum, const struct usage *more);
void usage_subtract(struct usage *sum, const struct usage *less);

/* The calling thread's time on a CPU and waiting for one since it was made: its CPU-time clock
 * (clock_gettime(2)) and the second field of /proc/thread-self/schedstat (Linux,
 * Documentation/scheduler/sched-stats.rst). */
struct schedule {
	bool known;
	int64_t running_ns, runnable_ns;
};
struct schedule schedule_now(void);

/* Adds one worker's share: what it spent between two accounts, in a life of alive_ns; it stands for
 * `weight` such lives. */
void lifecycle_add(struct lifecycle *sum, const struct schedule *from, const struct schedule *to,
	uint64_t alive_ns, int64_t weight);

#endif
