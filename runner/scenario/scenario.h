/*
 * A scenario: one YAML file, read and checked. Everything here is final — typed, in range,
 * names resolved — and borrowed from the scenario's arena, `const` from here on.
 *
 * "A list means try each": wherever a value is expected, the scenario holds a `struct choices`.
 */
#ifndef SCENARIO_SCENARIO_H
#define SCENARIO_SCENARIO_H

#include "base/err.h"
#include "base/memory.h"
#include "base/option.h"
#include "executors/executor.h"
#include "workloads/workload.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct choices { /* the values to try for one option, at least one, without repetition */
	size_t count;
	const union value *values;
	bool given; /* false: the default */
};

/* A workload with a name, or an executor, and what to try for each of its options. */
struct workload_entry {
	const char *name; /* as the scenario calls it */
	const struct workload *type;
	const struct choices *choices; /* parallel to type->params */
	int line;
};

struct executor_entry {
	const struct executor *type;
	const struct choices *choices; /* parallel to type->options */
	int line;
};

/* One condition of an exclude, when or baseline: the cell's `key` is one of / compares to. */
enum rule_key { RULE_WORKLOAD, RULE_TYPE, RULE_EXECUTOR, RULE_WORKERS, RULE_TASKS, RULE_OPTION };
enum rule_op { RULE_EQUAL, RULE_NOT_EQUAL, RULE_LESS, RULE_AT_MOST, RULE_MORE, RULE_AT_LEAST };

struct rule_test {
	enum rule_key key;
	const char *option;   /* RULE_OPTION: its name, in workload or executor */
	enum rule_op op;
	size_t count;         /* any of these; as text for names and options, typed where compared */
	const char *const *texts;
	const int64_t *integers; /* RULE_WORKERS and RULE_TASKS only */
};

struct rule { /* matches a cell if all tests do */
	size_t count;
	const struct rule_test *tests;
	int line, column;
};

struct axis { /* a list of integers to try */
	size_t count;
	const int64_t *values;
};

struct include { /* whole cells, added after exclusion */
	const struct workload_entry *workload;  /* its choices: the entry's own, narrowed by the include */
	const struct executor_entry *executors; /* one or more */
	size_t executor_count;
	struct axis workers, tasks;
	int line;
};

/* What one run may have set for it; -1: not set here. */
struct settings {
	int64_t tasks, repeat, warmup, timeout_ns;
};

struct override {
	struct rule when;
	struct settings set;
};

enum order { ORDER_SHUFFLE, ORDER_INTERLEAVE, ORDER_BATCH };

struct outputs {
	bool tasks, trace; /* tasks.csv, trace.json */
};

struct scenario {
	struct arena arena;
	const char *path;         /* as given */
	const char *text;         /* the file, NUL-terminated */
	size_t text_length;
	const char *name;         /* from `name:` or the file's; safe as a folder name */
	const char *description;  /* "" if none */

	const struct workload_entry *workloads;
	size_t workload_count;
	const struct executor_entry *executors;
	size_t executor_count;
	struct axis workers, tasks;

	const struct rule *excludes;
	size_t exclude_count;
	const struct include *includes;
	size_t include_count;
	const struct override *overrides;
	size_t override_count;
	const struct rule *baseline; /* NULL: not given */

	int64_t repeat, warmup;
	int order; /* enum order */
	int64_t seed;
	int64_t timeout_ns;  /* one run */
	int64_t budget_ns;   /* all of it; 0: none */
	struct outputs output;
};

/*
 * Reads and checks a file. On success the scenario owns all it points to; release it.
 * On failure returns -1 and has written every problem (20 at most) to stderr, each as
 * `file:line:col: error: …` with the source line, a caret and what is allowed; nothing to release.
 * Warnings are written too, and do not fail.
 */
int scenario_load(struct scenario *scenario, const char *path);

/* The same for text already in memory (the fuzzer, tests); `path` is only for messages. */
int scenario_parse(struct scenario *scenario, const char *path, const char *text, size_t length);

void scenario_release(struct scenario *scenario);

#endif
