/* What the floors share: arguments, the clock, and the one line that the driver reads. */
#ifndef BENCH_FLOOR_H
#define BENCH_FLOOR_H

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline uint64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Argument `i` as a number from 1 to `most`. */
static inline uint64_t argument(int argc, char **argv, int i, uint64_t most)
{
	char *end = NULL;
	uint64_t number = i < argc ? strtoull(argv[i], &end, 10) : 0;
	if (!end || *end || number < 1 || number > most) {
		fprintf(stderr, "%s: argument %d: 1 … %llu\n", argv[0], i,
			(unsigned long long)most);
		exit(2);
	}
	return number;
}

static inline void need(int ok, const char *what)
{
	if (!ok) {
		perror(what);
		exit(1);
	}
}

/* For functions that return an errno value. */
static inline void need_zero(int error, const char *what)
{
	errno = error;
	need(error == 0, what);
}

static inline void report(uint64_t tasks, uint64_t elapsed_ns)
{
	double elapsed_s = (double)elapsed_ns / 1e9;
	printf("elapsed_s=%.9f throughput_per_s=%.3f\n", elapsed_s, (double)tasks / elapsed_s);
}

#endif
