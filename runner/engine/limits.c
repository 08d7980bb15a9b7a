#include "engine/limits.h"

#include "measure/cgroup.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* What one more of them costs in memory at the least: kernel stack, task and page tables, a first
 * page or two of stack; measured on Linux 6 with idle workers and rounded down. */
enum { THREAD_BYTES = 24 << 10, PROCESS_BYTES = 160 << 10 };

/* A stack and its guard page; and what the program itself has mapped. */
enum { MAPS_PER_THREAD = 2, MAPS_OF_OUR_OWN = 200 };

enum { DESCRIPTORS_OF_OUR_OWN = 64 };

enum { UNLIMITED = -1 };

/* The number in a file such as /proc/sys/kernel/pid_max; UNLIMITED if there is none ("max"). */
static int64_t read_number(const char *path)
{
	FILE *file = fopen(path, "re");
	int64_t number;
	if (!file)
		return UNLIMITED;
	if (fscanf(file, "%" SCNd64, &number) != 1)
		number = UNLIMITED;
	fclose(file);
	return number;
}

/* Threads that exist now: the second half of "running/all" in /proc/loadavg. */
static int64_t threads_now(void)
{
	FILE *file = fopen("/proc/loadavg", "re");
	int64_t threads = 0;
	if (!file)
		return 0;
	if (fscanf(file, "%*s %*s %*s %*[0-9]/%" SCNd64, &threads) != 1)
		threads = 0;
	fclose(file);
	return threads;
}

static int64_t read_in(const char *folder, const char *name, struct text *path)
{
	text_clear(path);
	text_addf(path, "%s/%s", folder, name);
	return read_number(text_get(path));
}

/* What a cgroup leaves of a resource: the least of limit − current up the tree. */
static int64_t cgroup_room(const char *controller, const char *limit, const char *current)
{
	struct text folder, path;
	int64_t room = UNLIMITED;
	text_init(&folder);
	text_init(&path);
	bool found = cgroup_folder(controller, &folder);
	for (char *end = found ? folder.bytes + folder.length : NULL;
		end && strlen(folder.bytes) >= strlen(CGROUP_ROOT);
		end = strrchr(folder.bytes, '/')) {
		*end = '\0';
		int64_t most = read_in(folder.bytes, limit, &path);
		int64_t used = read_in(folder.bytes, current, &path);
		if (most >= 0 && used >= 0 && (room < 0 || most - used < room))
			room = most > used ? most - used : 0;
	}
	text_release(&path);
	text_release(&folder);
	return room;
}

static int64_t least_room(int64_t a, int64_t b)
{
	if (a < 0 || b < 0)
		return a < 0 ? b : a;
	return a < b ? a : b;
}

/* RLIMIT_NPROC counts the user's threads and does not hold for root (setrlimit(2)). */
static int64_t nproc_room(void)
{
	struct rlimit limit;
	if (geteuid() == 0 || getrlimit(RLIMIT_NPROC, &limit) != 0 ||
		limit.rlim_cur == RLIM_INFINITY)
		return UNLIMITED;
	return (int64_t)limit.rlim_cur;
}

static int64_t kernel_room(const char *path)
{
	int64_t most = read_number(path), now = threads_now();
	if (most < 0)
		return UNLIMITED;
	return most > now ? most - now : 0;
}

static int64_t pids_room(void)
{
	return least_room(cgroup_room("", "pids.max", "pids.current"),
		cgroup_room("pids", "pids.max", "pids.current"));
}

static int64_t available_bytes(void)
{
	FILE *file = fopen("/proc/meminfo", "re");
	char line[128];
	int64_t kib = UNLIMITED;
	if (!file)
		return UNLIMITED;
	while (kib < 0 && fgets(line, sizeof(line), file))
		if (sscanf(line, "MemAvailable: %" SCNd64, &kib) != 1)
			kib = UNLIMITED;
	fclose(file);
	return kib < 0 ? UNLIMITED : kib * 1024;
}

static int64_t memory_room(void)
{
	int64_t cgroup = least_room(cgroup_room("", "memory.max", "memory.current"),
		cgroup_room("memory", "memory.limit_in_bytes", "memory.usage_in_bytes"));
	return least_room(available_bytes(), cgroup);
}

static int64_t maps_room(void)
{
	int64_t most = read_number("/proc/sys/vm/max_map_count");
	return most < 0 ? UNLIMITED : (most - MAPS_OF_OUR_OWN) / MAPS_PER_THREAD;
}

struct demand {
	const char *limit; /* its name, as an administrator knows it */
	const char *what;  /* NULL: bytes */
	int64_t needed, room;
	const char *remedy;
};

enum { BYTES_TEXT = 32 };

static const char *spell_bytes(int64_t bytes, char text[BYTES_TEXT])
{
	static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	double amount = (double)bytes;
	size_t unit = 0;
	for (; amount >= 1024; amount /= 1024)
		unit++;
	snprintf(text, BYTES_TEXT, "%.*f %s", unit > 0, amount, units[unit]);
	return text;
}

static int check_demand(const struct demand *demand, struct err *err)
{
	char needed[BYTES_TEXT], room[BYTES_TEXT];
	if (demand->room < 0 || demand->needed <= demand->room)
		return 0;
	if (demand->what)
		return err_set(err, "%s: needs %" PRId64 " %s, there is room for %" PRId64 "; %s",
			demand->limit, demand->needed, demand->what, demand->room, demand->remedy);
	return err_set(err, "%s: needs %s, there is room for %s; %s", demand->limit,
		spell_bytes(demand->needed, needed), spell_bytes(demand->room, room),
		demand->remedy);
}

/* The program raises its soft limit to the hard one for every host. */
static int64_t descriptors_room(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max == RLIM_INFINITY)
		return UNLIMITED;
	return (int64_t)limit.rlim_max - DESCRIPTORS_OF_OUR_OWN;
}

/* What one worker costs at the least, beside its share of the region. */
static int64_t worker_bytes(const struct crew_size *size)
{
	static const int64_t of_kind[] = {[WORKER_HOST] = 0,
		[WORKER_THREAD] = THREAD_BYTES,
		[WORKER_PROCESS] = PROCESS_BYTES};
	return of_kind[size->executor->kind] + (int64_t)size->worker_bytes;
}

/* a + b × c, or INT64_MAX where that is more. */
static int64_t add_product(int64_t a, uint64_t b, uint64_t c)
{
	int64_t product, sum;
	if (__builtin_mul_overflow(b, c, &product) || __builtin_add_overflow(a, product, &sum))
		return INT64_MAX;
	return sum;
}

static int64_t all_bytes(const struct crew_size *size)
{
	int64_t bytes = add_product(0, size->region_bytes, 1);
	bytes = add_product(bytes, size->needs.bytes_per_run, 1);
	bytes = add_product(bytes, size->needs.bytes_per_worker, size->workers);
	return add_product(bytes, (uint64_t)worker_bytes(size), size->workers);
}

/* In the process that has most: the host, or a child, which has what the host had and its own. */
static int64_t most_descriptors(const struct crew_size *size)
{
	bool children = size->executor->kind == WORKER_PROCESS;
	int64_t own =
		add_product(0, size->needs.descriptors_per_worker, children ? 1 : size->workers);
	own = add_product(own, size->needs.descriptors_per_run, 1);
	return add_product(own, size->executor->descriptors, size->workers);
}

static int64_t all_processes(const struct crew_size *size)
{
	int64_t count = size->executor->kind == WORKER_HOST ? 1 : (int64_t)size->workers + 1;
	count = add_product(count, size->needs.processes_per_run, 1);
	return add_product(count, size->needs.processes_per_worker, size->workers);
}

struct room limits_room(void)
{
	return (struct room){
		.user_processes = nproc_room(),
		.process_ids = kernel_room("/proc/sys/kernel/pid_max"),
		.threads = kernel_room("/proc/sys/kernel/threads-max"),
		.cgroup_processes = pids_room(),
		.maps = maps_room(),
		.descriptors = descriptors_room(),
		.bytes = memory_room(),
	};
}

int limits_check(const struct crew_size *size, const struct room *room, struct err *err)
{
	enum worker_kind kind = size->executor->kind;
	bool threads = kind == WORKER_THREAD;
	const char *what = threads ? "threads" : "processes";
	int64_t count = all_processes(size);
	const struct demand demands[] = {
		{"RLIMIT_NPROC", what, count, room->user_processes,
			"use fewer workers, or ulimit -u"},
		{"kernel.pid_max", what, count, room->process_ids,
			"use fewer workers, or sysctl kernel.pid_max"},
		{"kernel.threads-max", what, count, room->threads,
			"use fewer workers, or sysctl kernel.threads-max"},
		{"cgroup pids.max", what, count, room->cgroup_processes,
			"use fewer workers, or raise it"},
		{"vm.max_map_count", what, threads ? size->workers : 0, room->maps,
			"use fewer workers, or sysctl vm.max_map_count"},
		{"RLIMIT_NOFILE", "descriptors", most_descriptors(size), room->descriptors,
			"use fewer workers, or ulimit -Hn"},
		{"memory", NULL, all_bytes(size), room->bytes,
			"use fewer workers or smaller parameters"},
	};
	for (size_t i = 0; i < sizeof(demands) / sizeof(demands[0]); i++)
		if (check_demand(&demands[i], err) != 0)
			return -1;
	return 0;
}
