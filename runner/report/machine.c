/* The machine as the kernel describes it. What cannot be read is null, never a guess. */
#include "report/machine.h"

#include "measure/cgroup.h"
#include "report/probe.h"
#include "report/topology.h"
#include "report/utf8.h"
#include "script/expr.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { MOST_PAGE_BYTES = 64 * 1024 };

/* A limit of cgroups: its file in v2; in v1 its controller, and the file or both files of it. */
struct cgroup_limit {
	const char *name, *controller, *file, *second;
};

static json_t *limit_json(int resource)
{
	struct rlimit limit;
	if (getrlimit(resource, &limit) || limit.rlim_cur == RLIM_INFINITY)
		return json_null();
	return json_integer((json_int_t)limit.rlim_cur);
}

/* Adds the line of a file in that folder. */
static bool find_limit(const char *controller, const char *file, struct text *out)
{
	struct text path;
	text_init(&path);
	bool found = cgroup_folder(controller, &path);
	text_addf(&path, "/%s", file);
	found = found && probe_line(text_get(&path), "", out);
	text_release(&path);
	return found;
}

/* What v1 writes where there is no limit: -1, or the largest number of whole pages. */
static bool is_none(const char *limit)
{
	return *limit == '-' || strtoull(limit, NULL, 10) > (uint64_t)INT64_MAX - MOST_PAGE_BYTES;
}

static bool find_old_limit(const struct cgroup_limit *limit, struct text *out)
{
	struct text first;
	text_init(&first);
	bool found = find_limit(limit->controller, limit->file, &first);
	if (found)
		text_add(out, is_none(text_get(&first)) ? "max" : text_get(&first));
	if (found && limit->second) {
		text_add(out, " ");
		found = find_limit(limit->controller, limit->second, out);
	}
	text_release(&first);
	return found;
}

/* As cgroup v2 spells them, whichever version has them. */
static json_t *cgroup_json(void)
{
	static const struct cgroup_limit limits[] = {
		{"cpu.max", "cpu", "cpu.cfs_quota_us", "cpu.cfs_period_us"},
		{"memory.max", "memory", "memory.limit_in_bytes", NULL},
		{"pids.max", "pids", "pids.max", NULL},
	};
	json_t *json = json_object();
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		struct text line;
		text_init(&line);
		bool found =
			find_limit("", limits[i].name, &line) || find_old_limit(&limits[i], &line);
		json_object_set_new(
			json, limits[i].name, found ? utf8_json(text_get(&line)) : json_null());
		text_release(&line);
	}
	return json;
}

static json_t *limits_json(void)
{
	json_t *json = json_object();
	json_object_set_new(json, "open_files", limit_json(RLIMIT_NOFILE));
	json_object_set_new(json, "processes", limit_json(RLIMIT_NPROC));
	json_object_set_new(json, "address_space_bytes", limit_json(RLIMIT_AS));
	json_object_set_new(
		json, "threads_of_the_system", probe_number_json("/proc/sys/kernel/threads-max"));
	json_object_set_new(json, "pid_max", probe_number_json("/proc/sys/kernel/pid_max"));
	json_object_set_new(json, "cgroup", cgroup_json());
	return json;
}

json_t *machine_json(void)
{
	struct utsname name = {0};
	uname(&name);
	long long pages = sysconf(_SC_PHYS_PAGES), page_bytes = sysconf(_SC_PAGESIZE);
	json_t *json = json_object();
	json_object_set_new(json, "name", utf8_json(name.nodename));
	json_object_set_new(json, "system", utf8_json(name.sysname));
	json_object_set_new(json, "kernel", utf8_json(name.release));
	json_object_set_new(json, "kernel_version", utf8_json(name.version));
	json_object_set_new(json, "architecture", utf8_json(name.machine));
	json_object_set_new(json, "cpu_model", probe_line_json("/proc/cpuinfo", "model name"));
	json_object_set_new(json, "cpus_online", json_integer(sysconf(_SC_NPROCESSORS_ONLN)));
	json_object_set_new(json, "cpus_usable", json_integer(expr_ncpu()));
	json_object_set_new(
		json, "affinity", probe_line_json("/proc/self/status", "Cpus_allowed_list"));
	json_object_set_new(json, "topology", topology_json());
	json_object_set_new(json, "governor", governor_json());
	json_object_set_new(json, "memory_bytes", json_integer(pages * page_bytes));
	json_object_set_new(json, "limits", limits_json());
	return json;
}
