/*
 * A plan: the ordered list of runs that a scenario expands to. Kept small — a plan of a million
 * runs fits in 300 MiB — because everything that experiments share is held once: a workload with
 * one set of parameter values is a variant, and an experiment points to its variants.
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include "base/memory.h"
#include "scenario/scenario.h"

#include <stdint.h>

struct workload_variant {
	const char *name; /* the scenario's name for the workload */
	const struct workload *type;
	const union value *values; /* parallel to type->params */
	const char *folder;        /* of the scenario */
};

struct executor_variant {
	const char *label; /* the type with its non-default options: `thread_pool[chunk=64]` */
	const struct executor *type;
	const union value *values; /* parallel to type->options */
};

enum { PLAN_NONE = UINT32_MAX };

struct experiment {  /* one cell */
	uint64_t id; /* plan_id() of all that defines it */
	const struct workload_variant *workload;
	const struct executor_variant *executor;
	uint64_t tasks;      /* 0: as many as fit into runtime_ns */
	uint64_t runtime_ns; /* 0: until the tasks are done; with a rate: while tasks arrive */
	double rate;         /* arrivals per second; 0: a closed loop */
	uint64_t timeout_ns;
	uint32_t workers;
	uint32_t repeat, warmup;
	uint32_t repeat_least; /* fewer than repeat: of the others as many as the interval needs */
	int arrival;           /* enum arrival, with a rate */
	uint32_t baseline;     /* the experiment that its speedup refers to, or PLAN_NONE */
};

struct planned_run {
	uint32_t experiment;
	int32_t round; /* 0 …; warm-ups, which leave no figures, are …, -2, -1 before it */
};

/* An option that takes more than one value in this plan: a column of the results. */
struct sweep {
	const char *column;          /* name with unit; unique among the sweeps */
	const struct option *option; /* NULL never */
	bool of_executor;
};

struct plan {
	struct arena arena;
	const struct scenario *scenario; /* borrowed; must outlive the plan */
	struct experiment *experiments;
	uint32_t experiment_count;
	struct planned_run *runs;
	uint64_t run_count;
	const struct sweep *sweeps;
	size_t sweep_count;
	const bool *left;  /* for each workload of the scenario: it or an include has cells */
	uint64_t merged;   /* cells that were the same experiment as another */
	uint64_t excluded; /* cells dropped by `exclude` */
	uint64_t filtered; /* experiments dropped by the reading's filters */
};

/*
 * Expands. Fails where nothing is left to run or the plan passes PLAN_MOST_RUNS; what is wrong is
 * in `err`, or where it has a place was told to the reading's sink and `err` is empty. Rules that
 * match nothing are warnings, told there too. Of several scenarios one may end up without an
 * experiment, if only the filters have dropped them: then the plan is good and empty.
 */
enum { PLAN_MOST_RUNS = 10 * 1000 * 1000 };
int plan_make(struct plan *plan, const struct scenario *scenario, struct err *err);
void plan_release(struct plan *plan);

/* The experiment's id as text, `x` and 16 hex digits: never taken for a number. `out`: 18 bytes. */
const char *plan_id(const struct experiment *experiment, char *out);

/* How many tasks come, and when; and whether two experiments agree in all of it but tasks. */
struct load plan_load(const struct experiment *experiment);
bool plan_same_load(const struct experiment *a, const struct experiment *b);

/* The value that an experiment has for a sweep; false if it has no such option. */
bool plan_sweep_value(
	const struct experiment *experiment, const struct sweep *sweep, union value *value);

/* `parse(rows=100)`: the workload's name with the swept parameters, for people. */
void plan_workload_label(
	const struct plan *plan, const struct experiment *experiment, struct text *out);

/*
 * How long the plan takes, as far as it can be known before it runs: from the figures of the
 * scenario's last run where there are some (`last_ns` per experiment, 0 unknown; may be NULL),
 * else from waits that the parameters fix (sleep). Runs that neither covers are counted.
 */
struct estimate {
	uint64_t known_ns; /* sum over the runs with a figure */
	uint64_t unknown_runs;
	uint64_t most_ns; /* if every run took its whole timeout, or the budget */
};
void plan_estimate(const struct plan *plan, const uint64_t *last_ns, struct estimate *estimate);

/* What the scenario alone says of how long one run of each experiment takes, in nanoseconds; 0:
 * nothing. It may be more than the timeout. To be freed. */
uint64_t *plan_said_ns(const struct plan *plan);

/* The least that one of the first tasks of a cell takes, by what the scenario says; 0: unknown. */
uint64_t plan_task_ns(const struct plan *plan, const struct experiment *experiment);

#endif
