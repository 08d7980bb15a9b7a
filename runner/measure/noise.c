#include "measure/noise.h"

#include "measure/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SMALLEST_NS = 30 * 1000 * 1000 };
static const double FLAGGED_SHARE = 0.05;

static void read_stat(struct noise *noise)
{
	noise->steal_ns = noise->busy_ns = -1;
	FILE *file = fopen("/proc/stat", "re");
	if (!file)
		return;
	int64_t user, nice, system, idle, iowait, irq, softirq, steal;
	int fields = fscanf(file,
		"cpu %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64
		" %" SCNd64 " %" SCNd64,
		&user, &nice, &system, &idle, &iowait, &irq, &softirq, &steal);
	fclose(file);
	if (fields != 8)
		return;
	int64_t tick_ns = 1000000000 / sysconf(_SC_CLK_TCK);
	noise->steal_ns = steal * tick_ns;
	noise->busy_ns = (user + nice + system) * tick_ns;
}

/* The value behind a key in a file of lines `key value`; -1 if there is none. */
static int64_t read_value(const char *path, const char *wanted)
{
	FILE *file = fopen(path, "re");
	char key[64];
	int64_t value, found = -1;
	if (!file)
		return -1;
	while (fscanf(file, "%63s %" SCNd64, key, &value) == 2)
		if (strcmp(key, wanted) == 0)
			found = value;
	fclose(file);
	return found;
}

/* cgroup v2 has microseconds in cpu.stat at the mount's root of a container, v1 nanoseconds. */
static int64_t read_throttled(void)
{
	int64_t us = read_value("/sys/fs/cgroup/cpu.stat", "throttled_usec");
	if (us >= 0)
		return us * 1000;
	return read_value("/sys/fs/cgroup/cpu/cpu.stat", "throttled_time");
}

/* "some … total=N": microseconds in which some task waited for a CPU (Documentation/accounting/psi
 * of the kernel). */
static int64_t read_pressure(void)
{
	FILE *file = fopen("/proc/pressure/cpu", "re");
	int64_t us;
	if (!file)
		return -1;
	int fields = fscanf(file, "some avg10=%*s avg60=%*s avg300=%*s total=%" SCNd64, &us);
	fclose(file);
	return fields == 1 ? us * 1000 : -1;
}

struct noise noise_now(void)
{
	struct noise noise = {.throttled_ns = read_throttled(),
		.pressure_ns = read_pressure(),
		.at_ns = clock_monotonic_ns()};
	read_stat(&noise);
	return noise;
}

static int64_t difference(int64_t to, int64_t from)
{
	if (to < 0 || from < 0)
		return -1;
	return to > from ? to - from : 0;
}

struct disturbance noise_since(const struct noise *from, int64_t own_cpu_ns)
{
	struct noise to = noise_now();
	int64_t busy_ns = difference(to.busy_ns, from->busy_ns);
	return (struct disturbance){
		.span_ns = (int64_t)(to.at_ns - from->at_ns),
		.steal_ns = difference(to.steal_ns, from->steal_ns),
		.throttled_ns = difference(to.throttled_ns, from->throttled_ns),
		.pressure_ns = difference(to.pressure_ns, from->pressure_ns),
		.others_ns = busy_ns < 0 ? -1 : difference(busy_ns, own_cpu_ns),
	};
}

static bool is_flagged(int64_t ns, int64_t capacity_ns)
{
	return ns >= SMALLEST_NS && (double)ns >= FLAGGED_SHARE * (double)capacity_ns;
}

unsigned noise_flags(
	const struct disturbance *disturbance, const struct lifecycle *lifecycle, bool spare)
{
	int64_t capacity_ns = disturbance->span_ns * sysconf(_SC_NPROCESSORS_ONLN);
	int64_t lived_ns = lifecycle->running_ns + lifecycle->runnable_ns;
	unsigned flags = 0;
	if (disturbance->throttled_ns > 0)
		flags |= NOISE_THROTTLED;
	if (is_flagged(disturbance->steal_ns, capacity_ns))
		flags |= NOISE_STEAL;
	if (is_flagged(disturbance->others_ns, capacity_ns))
		flags |= NOISE_BUSY;
	if (lifecycle->known && spare && is_flagged(lifecycle->runnable_ns, lived_ns))
		flags |= NOISE_QUEUED;
	return flags;
}
