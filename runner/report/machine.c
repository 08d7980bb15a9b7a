/* The machine as the kernel describes it. What cannot be read is null, never a guess. */
#include "report/machine.h"

#include "report/utf8.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

unsigned machine_cpus(void)
{
	cpu_set_t set;
	if (sched_getaffinity(0, sizeof(set), &set))
		return (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
	return (unsigned)CPU_COUNT(&set);
}

static json_t *string(const char *text)
{
	struct text clean;
	text_init(&clean);
	utf8_add(&clean, text);
	json_t *json = json_string(text_get(&clean));
	text_release(&clean);
	return json;
}

/* The first line of a file that starts with `start`, from behind it; "" takes the first. */
static bool find_line(const char *path, const char *start, struct text *out)
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t capacity = 0, length = strlen(start);
	bool found = false;
	while (file && !found && getline(&line, &capacity, file) > 0)
		if ((found = strncmp(line, start, length) == 0)) {
			line[strcspn(line, "\n")] = '\0';
			text_add(out, line + length + strspn(line + length, " \t:"));
		}
	free(line);
	if (file)
		fclose(file);
	return found;
}

static json_t *line_json(const char *path, const char *start)
{
	struct text line;
	text_init(&line);
	json_t *json = find_line(path, start, &line) ? string(text_get(&line)) : json_null();
	text_release(&line);
	return json;
}

/* A file that holds one number. */
static json_t *number_json(const char *path)
{
	struct text line;
	text_init(&line);
	json_t *json = find_line(path, "", &line)
			       ? json_integer(strtoll(text_get(&line), NULL, 10))
			       : json_null();
	text_release(&line);
	return json;
}

static json_t *limit_json(int resource)
{
	struct rlimit limit;
	if (getrlimit(resource, &limit) || limit.rlim_cur == RLIM_INFINITY)
		return json_null();
	return json_integer((json_int_t)limit.rlim_cur);
}

/* cgroup v2: "0::/path" below the unified mount. */
static json_t *cgroup_json(void)
{
	static const char *const files[] = {"cpu.max", "memory.max", "pids.max"};
	struct text group, path;
	text_init(&group);
	text_init(&path);
	json_t *json = json_object();
	if (find_line("/proc/self/cgroup", "0::", &group))
		for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
			text_clear(&path);
			text_addf(&path, "/sys/fs/cgroup%s/%s", text_get(&group), files[i]);
			json_object_set_new(json, files[i], line_json(text_get(&path), ""));
		}
	text_release(&group);
	text_release(&path);
	return json;
}

static json_t *limits_json(void)
{
	json_t *json = json_object();
	json_object_set_new(json, "open_files", limit_json(RLIMIT_NOFILE));
	json_object_set_new(json, "processes", limit_json(RLIMIT_NPROC));
	json_object_set_new(json, "address_space_bytes", limit_json(RLIMIT_AS));
	json_object_set_new(
		json, "threads_of_the_system", number_json("/proc/sys/kernel/threads-max"));
	json_object_set_new(json, "pid_max", number_json("/proc/sys/kernel/pid_max"));
	json_object_set_new(json, "cgroup", cgroup_json());
	return json;
}

json_t *machine_json(void)
{
	struct utsname name = {0};
	uname(&name);
	long long pages = sysconf(_SC_PHYS_PAGES), page_bytes = sysconf(_SC_PAGESIZE);
	json_t *json = json_object();
	json_object_set_new(json, "name", string(name.nodename));
	json_object_set_new(json, "system", string(name.sysname));
	json_object_set_new(json, "kernel", string(name.release));
	json_object_set_new(json, "kernel_version", string(name.version));
	json_object_set_new(json, "architecture", string(name.machine));
	json_object_set_new(json, "cpu_model", line_json("/proc/cpuinfo", "model name"));
	json_object_set_new(json, "cpus_online", json_integer(sysconf(_SC_NPROCESSORS_ONLN)));
	json_object_set_new(json, "cpus_usable", json_integer(machine_cpus()));
	json_object_set_new(json, "memory_bytes", json_integer(pages * page_bytes));
	json_object_set_new(json, "limits", limits_json());
	return json;
}
