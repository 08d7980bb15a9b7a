/* See hosts.h: a table of what run.json has, and what it means that it differs. */
#include "review/hosts.h"

#include "report/utf8.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

enum { PATH_MOST = 4 };

struct trait {
	const char *title;
	const char *path[PATH_MOST]; /* of keys in run.json */
	bool machine;                /* another value is another machine */
};

static const struct trait traits[] = {
	{"machine", {"machine", "name"}, true},
	{"architecture", {"machine", "architecture"}, true},
	{"CPU", {"machine", "cpu_model"}, true},
	{"CPUs", {"machine", "cpus_online"}, true},
	{"usable CPUs", {"machine", "cpus_usable"}, true},
	{"CPU quota", {"machine", "limits", "cgroup", "cpu.max"}, true},
	{"memory", {"machine", "memory_bytes"}, false},
	{"governor", {"machine", "governor"}, false},
	{"kernel", {"machine", "kernel"}, false},
	{"conrun", {"versions", "conrun"}, false},
	{"build", {"versions", "build"}, false},
	{"compiler", {"versions", "compiler"}, false},
	{"libc", {"versions", "libc"}, false},
	{"lua", {"versions", "lua"}, false},
	{"libuv", {"versions", "libuv"}, false},
	{"clock", {"clock", "source"}, false},
	{"seed", {"scenario", "seed"}, false},
};

static const json_t *find(const json_t *run, const struct trait *trait)
{
	for (size_t i = 0; i < PATH_MOST && trait->path[i]; i++)
		run = json_object_get(run, trait->path[i]);
	return run;
}

static void add_value(struct text *out, const json_t *value)
{
	if (json_is_string(value))
		utf8_add_line(out, json_string_value(value));
	else if (json_is_integer(value))
		text_addf(out, "%" PRId64, (int64_t)json_integer_value(value));
	else
		text_add(out, "other");
}

void hosts_compare(const json_t *a, const json_t *b, struct text *machines, struct text *others)
{
	for (size_t i = 0; i < sizeof(traits) / sizeof(traits[0]); i++) {
		const json_t *old = find(a, &traits[i]), *new = find(b, &traits[i]);
		bool known = old && new && !json_is_null(old) && !json_is_null(new);
		if (!known || json_equal(old, new))
			continue;
		struct text *out = traits[i].machine ? machines : others;
		text_addf(out, "%s%s ", out->length ? ", " : "", traits[i].title);
		add_value(out, old);
		text_add(out, " → ");
		add_value(out, new);
	}
}
