/*
 * Which CPU worker 0, 1, 2 … is pinned to. `compact` fills a core's hardware threads, then the
 * next core, then the next package; `spread` goes round the packages, then their cores, and comes
 * to second hardware threads last. Topology: Linux, Documentation/admin-guide/cputopology.rst.
 */
#include "base/memory.h"
#include "engine/crew.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

struct cpu {
	int number, package, core;
	int thread_rank; /* among the CPUs of its core */
	int core_rank;   /* among the cores of its package */
};

static int read_topology(int cpu, const char *name)
{
	char path[96];
	int value = 0;
	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/topology/%s", cpu, name);
	FILE *file = fopen(path, "re");
	if (!file)
		return 0;
	if (fscanf(file, "%d", &value) != 1)
		value = 0;
	fclose(file);
	return value;
}

static int compare_compact(const void *a, const void *b)
{
	const struct cpu *x = a, *y = b;
	if (x->package != y->package)
		return x->package < y->package ? -1 : 1;
	if (x->core != y->core)
		return x->core < y->core ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static int compare_spread(const void *a, const void *b)
{
	const struct cpu *x = a, *y = b;
	if (x->thread_rank != y->thread_rank)
		return x->thread_rank < y->thread_rank ? -1 : 1;
	if (x->core_rank != y->core_rank)
		return x->core_rank < y->core_rank ? -1 : 1;
	return x->package < y->package ? -1 : x->package > y->package;
}

/* The CPUs are in compact order: those of a core, and the cores of a package, are neighbours. */
static void rank(struct cpu *cpus, int count)
{
	for (int i = 1; i < count; i++) {
		const struct cpu *before = &cpus[i - 1];
		if (cpus[i].package != before->package)
			continue;
		bool same_core = cpus[i].core == before->core;
		cpus[i].thread_rank = same_core ? before->thread_rank + 1 : 0;
		cpus[i].core_rank = same_core ? before->core_rank : before->core_rank + 1;
	}
}

static int list_cpus(struct cpu *cpus)
{
	cpu_set_t allowed;
	int count = 0;
	if (sched_getaffinity(0, sizeof(allowed), &allowed) != 0)
		return 0;
	for (int i = 0; i < CPU_SETSIZE; i++)
		if (CPU_ISSET(i, &allowed))
			cpus[count++] = (struct cpu){.number = i,
				.package = read_topology(i, "physical_package_id"),
				.core = read_topology(i, "core_id")};
	return count;
}

int *affinity_order(enum pin pin, int *count)
{
	if (pin == PIN_NONE)
		return NULL;
	struct cpu *cpus = memory_alloc(CPU_SETSIZE * sizeof(*cpus));
	*count = list_cpus(cpus);
	qsort(cpus, (size_t)*count, sizeof(*cpus), compare_compact);
	rank(cpus, *count);
	if (pin == PIN_SPREAD)
		qsort(cpus, (size_t)*count, sizeof(*cpus), compare_spread);
	int *order = memory_alloc(CPU_SETSIZE * sizeof(*order));
	for (int i = 0; i < *count; i++)
		order[i] = cpus[i].number;
	free(cpus);
	if (*count == 0) {
		free(order);
		return NULL;
	}
	return order;
}
