#include "measure/noise.h"

#include "measure/clock.h"
#include "measure/result.h"

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

/* cgroup v2 has cpu.stat at the mount's root of a container, v1 under cpu/. */
static int64_t read_throttled(void)
{
	static const char *const paths[] = {
		"/sys/fs/cgroup/cpu.stat", "/sys/fs/cgroup/cpu/cpu.stat"};
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		FILE *file = fopen(paths[i], "re");
		if (!file)
			continue;
		char key[64];
		int64_t value, throttled = -1;
		while (fscanf(file, "%63s %" SCNd64, key, &value) == 2)
			if (strcmp(key, "nr_throttled") == 0)
				throttled = value;
		fclose(file);
		return throttled;
	}
	return -1;
}

struct noise noise_now(void)
{
	struct noise noise = {.throttled = read_throttled(), .at_ns = clock_monotonic_ns()};
	read_stat(&noise);
	return noise;
}

static bool is_flagged(int64_t ns, int64_t capacity_ns)
{
	return ns >= SMALLEST_NS && (double)ns >= FLAGGED_SHARE * (double)capacity_ns;
}

unsigned noise_since(const struct noise *from, int64_t own_cpu_ns)
{
	struct noise to = noise_now();
	int64_t capacity_ns = (int64_t)(to.at_ns - from->at_ns) * sysconf(_SC_NPROCESSORS_ONLN);
	unsigned flags = 0;
	if (from->throttled >= 0 && to.throttled > from->throttled)
		flags |= NOISE_THROTTLED;
	if (from->steal_ns < 0 || to.steal_ns < 0)
		return flags;
	if (is_flagged(to.steal_ns - from->steal_ns, capacity_ns))
		flags |= NOISE_STEAL;
	if (is_flagged(to.busy_ns - from->busy_ns - own_cpu_ns, capacity_ns))
		flags |= NOISE_BUSY;
	return flags;
}
