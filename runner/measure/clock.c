#include "measure/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __x86_64__
#include <cpuid.h>
#endif

struct clock clock_used = {.tsc = false, .scale = UINT64_C(1) << 32};

enum { CALIBRATION_NS = 10 * 1000 * 1000, COST_ROUNDS = 10000 };

const char *clock_name(void)
{
	return clock_used.tsc ? "tsc" : "monotonic";
}

#ifdef __x86_64__
/* CPUID Fn8000_0007 EDX[8], "TscInvariant": the same rate in all P- and C-states (AMD APM
 * volume 3, appendix E.4; Intel SDM volume 3, 18.17.1). */
static bool tsc_is_invariant(void)
{
	unsigned eax, ebx, ecx, edx;
	return __get_cpuid(0x80000007, &eax, &ebx, &ecx, &edx) && (edx & 1u << 8);
}

/* The kernel watches the TSC against other clocks and across CPUs; it stops using one that
 * drifts. */
static bool kernel_trusts_tsc(void)
{
	char name[32] = "";
	FILE *file = fopen("/sys/devices/system/clocksource/clocksource0/current_clocksource", "r");
	if (!file)
		return false;
	bool read = fgets(name, sizeof(name), file) != NULL;
	fclose(file);
	return read && strcmp(name, "tsc\n") == 0;
}

struct moment {
	uint64_t tsc, ns;
};

/* The pair that was read closest together of several: a preemption in between would skew it. */
static struct moment read_moment(void)
{
	struct moment best = {0, 0};
	uint64_t narrowest = UINT64_MAX;
	for (int i = 0; i < 16; i++) {
		uint64_t before = __rdtsc();
		uint64_t ns = clock_monotonic_ns();
		uint64_t after = __rdtsc();
		if (after - before < narrowest) {
			narrowest = after - before;
			best = (struct moment){before + (after - before) / 2, ns};
		}
	}
	return best;
}

static void calibrate_tsc(void)
{
	struct moment from = read_moment(), to;
	do {
		to = read_moment();
	} while (to.ns - from.ns < CALIBRATION_NS);
	clock_used.scale =
		(uint64_t)(((unsigned __int128)(to.ns - from.ns) << 32) / (to.tsc - from.tsc));
	clock_used.tsc = true;
}
#endif

static void measure_cost(void)
{
	uint64_t sink = 0, from = clock_monotonic_ns();
	for (int i = 0; i < COST_ROUNDS; i++)
		sink += clock_ticks();
	uint64_t to = clock_monotonic_ns();
	__asm__ volatile("" : : "r"(sink));
	clock_used.cost_ns = (double)(to - from) / COST_ROUNDS;
}

void clock_init(void)
{
#ifdef __x86_64__
	const char *forced = getenv("CONRUN_CLOCK");
	bool monotonic = forced && strcmp(forced, "monotonic") == 0;
	if (!monotonic && tsc_is_invariant() && kernel_trusts_tsc())
		calibrate_tsc();
#endif
	measure_cost();
}
