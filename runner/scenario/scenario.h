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
#include "scenario/diag.h"
#include "workloads/workload.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct choices { /* the values to try for one option, at least one, without repetition */
	size_t count;
	const union value *values;
	bool given;         /* false: the default */
	struct place place; /* of what was given */
};

/* A workload with a name, or an executor, and what to try for each of its options. */
struct workload_entry {
	const char *name; /* as the scenario calls it */
	const struct workload *type;
	const struct choices *choices; /* parallel to type->params */
	const char *folder; /* of the scenario, "." for the current one: see struct job */
	struct place place;
};

struct executor_entry {
	const struct executor *type;
	const struct choices *choices; /* parallel to type->options */
	struct place place;
};

/* How many tasks come, and when. */
enum arrival { ARRIVAL_CONSTANT, ARRIVAL_POISSON };

struct load {
	int64_t tasks;      /* 0: as many as fit into the runtime */
	int64_t runtime_ns; /* 0: until the tasks are done; with a rate: while tasks arrive */
	double rate;        /* arrivals per second; 0: a closed loop */
	int arrival;        /* enum arrival, with a rate */
};

/* What is tried of each; a single 0 where there is none. Tasks and runtime exclude each other. */
enum load_key { LOAD_TASKS, LOAD_RUNTIME, LOAD_RATE, LOAD_ARRIVAL, LOAD_KEYS };

struct loads {
	struct choices of[LOAD_KEYS];
	struct place place; /* of what says how long a run lasts; line 0: the default */
};

extern const struct option load_options[]; /* by enum load_key */

/* How many combinations there are, UINT64_MAX where they pass that; and one of them. */
uint64_t loads_count(const struct loads *loads);
struct load loads_at(const struct loads *loads, uint64_t index);

/* An open loop's tasks follow from its runtime. */
void load_settle(struct load *load);

/* Can a run with this load end before its timeout, and is its schedule not too long? */
enum { LOAD_MOST_ARRIVALS = 100 * 1000 * 1000 };
int load_check(const struct load *load, int64_t timeout_ns, struct err *err);

/* One condition of an exclude, when or baseline: the cell's `key` is one of / compares to. */
enum rule_key {
	RULE_WORKLOAD,
	RULE_TYPE,
	RULE_EXECUTOR,
	RULE_WORKERS,
	RULE_TASKS,
	RULE_RUNTIME,
	RULE_RATE,
	RULE_ARRIVAL,
	RULE_OPTION,
};
enum rule_op { RULE_EQUAL, RULE_NOT_EQUAL, RULE_LESS, RULE_AT_MOST, RULE_MORE, RULE_AT_LEAST };

struct rule_test {
	enum rule_key key;
	const char *option; /* RULE_OPTION: its name, in workload or executor */
	enum rule_op op;
	size_t count; /* any of these; as text, typed where compared */
	const char *const *texts;
	const struct option *own; /* RULE_WORKERS … RULE_ARRIVAL: what types the texts; or NULL */
	const union value *values; /* the texts typed by it */
	struct place place;        /* of the key */
};

struct rule { /* matches a cell if all tests do */
	size_t count;
	const struct rule_test *tests;
	struct place place;
};

struct include {                                /* whole cells, added after exclusion */
	const struct workload_entry *workload;  /* a copy of the entry, its choices narrowed */
	const struct executor_entry *executors; /* one or more */
	size_t executor_count;
	struct choices workers;
	struct loads loads;
	struct place place;
};

/* What one run may have set for it; -1: not set here. */
struct settings {
	int64_t tasks, runtime_ns, repeat, warmup, timeout_ns;
	double rate;
};

struct override {
	struct rule when;
	struct settings set;
	struct place place; /* of `set` */
};

struct hook {             /* a Lua file that sees the results */
	const char *name; /* as written */
	const char *path; /* where it was found */
	struct place place;
};

struct expect {             /* what a row must be like */
	struct rule when;   /* without a test: every row */
	const char *that;   /* a Lua expression, not yet compiled */
	const char *name;   /* NULL: none */
	struct place place; /* of `that` */
};

enum order { ORDER_SHUFFLE, ORDER_INTERLEAVE, ORDER_BATCH };

/*
 * How often each experiment is run: `min` times, and then, by whole rounds, until the 95 % interval
 * of its figure reaches no further than `until_ci` of the median to either side, `max` times at
 * the most. Where min is max that many times.
 */
struct repeats {
	int64_t min, max;
	double until_ci; /* a fraction of 1; 0 where min is max */
};

struct outputs {
	bool tasks, trace; /* tasks.csv, trace.json */
};

/* What the command line asks of a scenario beyond its text. All zero: nothing. What it points to
 * must live as long as the scenario. */
struct reading {
	const char *const *sets; /* `key=value` each, as given: what to put in the text's place */
	size_t set_count;
	const char *const *filters; /* `executor=async workers>8` each: only cells that match one */
	size_t filter_count;
	const char *cell;  /* a rule as the filters are: the cells to explain; or NULL */
	bool repeat_fixed; /* one of the sets is --repeat: no override has another */
	bool quick;        /* one short round */
	bool several;      /* one of several scenarios: what is said names its file */
	bool *known; /* a flag for each filter, set where a scenario has what it names; or NULL */
	const struct diag_sink *sink; /* who is told what is wrong; NULL: stderr */
};

struct scenario {
	struct arena arena;
	struct reading reading;
	const char *path; /* as given */
	const char *text; /* the file, NUL-terminated */
	size_t text_length;
	const struct diag_source *sources; /* the sets and filters of the reading, in this order */
	size_t source_count;
	const char *name;        /* from `name:` or the file's; safe as a folder name */
	const char *description; /* "" if none */

	const struct workload_entry *workloads;
	size_t workload_count;
	const struct executor_entry *executors;
	size_t executor_count;
	struct choices workers;
	struct loads loads;

	const struct rule
		*filters; /* of the reading; without those that this scenario has nothing for */
	size_t filter_count;
	const struct rule *cell; /* of the reading, or NULL */
	const struct rule *excludes;
	size_t exclude_count;
	const struct include *includes;
	size_t include_count;
	const struct override *overrides;
	size_t override_count;
	const struct rule *baseline; /* NULL: not given */
	const struct expect *expects;
	size_t expect_count;
	const struct hook *hooks;
	size_t hook_count;

	struct repeats repeat;
	int64_t warmup;
	int order; /* enum order */
	int64_t seed;
	int64_t timeout_ns; /* one run */
	int64_t budget_ns;  /* all of it; 0: none */
	struct outputs output;
	/* Where these are given; line 0: nowhere. */
	struct place name_at, repeat_at, warmup_at, order_at, seed_at, timeout_at, budget_at;
};

/*
 * Reads and checks a file; `reading` may be NULL. On success the scenario owns all it points to;
 * release it.
 * On failure returns -1 and has told of every problem (20 at most), each as
 * `file:line:col: error: …` with the source line, a caret and what is allowed; nothing is left
 * to release.
 * Warnings are told too, and do not fail.
 */
int scenario_load(struct scenario *scenario, const char *path, const struct reading *reading);

/* The same for text already in memory (the fuzzer, tests); `path` is only for messages. */
int scenario_parse(struct scenario *scenario, const char *path, const char *text, size_t length,
	const struct reading *reading);

/* Workloads that run programs of the scenario's choice need the user's consent (--allow-exec).
 * -1: it was not given; each of them was reported as above. The scenario stays as it is. */
int scenario_permit(const struct scenario *scenario);

/* For problems that are found later on; release it before the scenario. */
void scenario_diag(const struct scenario *scenario, struct arena *arena, struct diag *diag);

void scenario_release(struct scenario *scenario);

#endif
