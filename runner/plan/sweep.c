/*
 * See sweep.h. Options of several types are one column where they have the same name and hold
 * the same kind of value. A column's name must differ from those that every row has, from the
 * metrics of the plan's workloads and executors and from the columns before it; where it does
 * not, something is put in front of it.
 */
#include "plan/sweep.h"

#include <stdlib.h>
#include <string.h>

/* The columns that every row has, in either file. */
static const char *const fixed_columns[] = {"scenario", "experiment", "workload", "type",
	"executor", "workers", "tasks", "round", "started_utc", "status", "error", "runs",
	"elapsed_s", "elapsed_ci_low_s", "elapsed_ci_high_s", "elapsed_min_s", "elapsed_max_s",
	"startup_s", "teardown_s", "throughput_per_s", "speedup", "efficiency", "task_p50_s",
	"task_p90_s", "task_p99_s", "task_max_s", "wait_p50_s", "wait_p99_s", "cpu_user_s",
	"cpu_sys_s", "running_s", "runnable_s", "blocked_s", "ctx_voluntary", "ctx_involuntary",
	"faults_minor", "faults_major", "max_rss_bytes", "tasks_ok", "tasks_failed", "checksum",
	"noise", "tasks_lost", "runtime_s", "rate_per_s", "arrival", "backlog", "expect", "steal_s",
	"throttled_s", "pressure_s", "others_cpu_s", "mad_share", "outliers", "trend", "stop_reason",
	"recording_stall_s", "governor", NULL};

/* One option, of whichever types have it, over all experiments seen so far. */
struct group {
	const struct option *option;
	const char *type_name; /* of the first type that has it */
	union value first;
	bool of_executor, varies;
};

struct groups {
	struct group *items;
	size_t count, capacity;
};

static bool same_choices(const char *const *a, const char *const *b)
{
	while (*a && *b && strcmp(*a, *b) == 0)
		a++, b++;
	return !*a && !*b;
}

static bool same_option(const struct option *a, const struct option *b)
{
	if (a == b)
		return true;
	return a->type == b->type && a->list == b->list && strcmp(a->name, b->name) == 0 &&
	       (a->type != OPTION_ENUM || same_choices(a->choices, b->choices));
}

static void note_value(struct groups *groups, const struct option *option, union value value,
	const char *type_name, bool of_executor)
{
	for (size_t i = 0; i < groups->count; i++) {
		struct group *group = &groups->items[i];
		if (group->of_executor != of_executor || !same_option(group->option, option))
			continue;
		if (!group->varies)
			group->varies = !option_equal(option, group->first, value);
		return;
	}
	groups->items = memory_grow(
		groups->items, groups->count, &groups->capacity, sizeof(struct group));
	groups->items[groups->count++] =
		(struct group){option, type_name, value, of_executor, false};
}

static void note_workloads(const struct plan *plan, struct groups *groups)
{
	const struct workload_variant *seen = NULL;
	for (uint32_t i = 0; i < plan->experiment_count; i++) {
		const struct workload_variant *variant = plan->experiments[i].workload;
		for (size_t j = 0; variant != seen && j < option_count(variant->type->params);
			j++)
			note_value(groups, &variant->type->params[j], variant->values[j],
				variant->type->name, false);
		seen = variant;
	}
}

static void note_executors(const struct plan *plan, struct groups *groups)
{
	const struct executor_variant *seen = NULL;
	for (uint32_t i = 0; i < plan->experiment_count; i++) {
		const struct executor_variant *variant = plan->experiments[i].executor;
		for (size_t j = 0; variant != seen && j < option_count(variant->type->options);
			j++)
			note_value(groups, &variant->type->options[j], variant->values[j],
				variant->type->name, true);
		seen = variant;
	}
}

static bool has_metric(const struct metric *metric, const char *column)
{
	for (; metric && metric->name; metric++)
		if (strcmp(metric->name, column) == 0)
			return true;
	return false;
}

static bool is_metric(const struct plan *plan, const char *column)
{
	const struct workload *workload = NULL;
	const struct executor *executor = NULL;
	for (uint32_t i = 0; i < plan->experiment_count; i++) {
		const struct experiment *experiment = &plan->experiments[i];
		if (experiment->workload->type != workload &&
			has_metric(experiment->workload->type->metrics, column))
			return true;
		if (experiment->executor->type != executor &&
			has_metric(experiment->executor->type->metrics, column))
			return true;
		workload = experiment->workload->type;
		executor = experiment->executor->type;
	}
	return false;
}

static bool is_of_every_row(const char *column)
{
	for (size_t i = 0; fixed_columns[i]; i++)
		if (strcmp(fixed_columns[i], column) == 0)
			return true;
	return false;
}

static bool is_of_an_executor(const char *column)
{
	for (const struct executor *const *type = executor_registry; *type; type++)
		if (has_metric((*type)->metrics, column))
			return true;
	return false;
}

int plan_check_metrics(const struct scenario *scenario, struct err *err)
{
	for (size_t i = 0; i < scenario->workload_count; i++) {
		const struct workload *type = scenario->workloads[i].type;
		const char *file = type->plugin ? type->plugin : type->source;
		const struct metric *metric = file ? type->metrics : NULL;
		for (; metric && metric->name; metric++)
			if (is_of_every_row(metric->name) || is_of_an_executor(metric->name))
				return err_set(err,
					"%s: the metric '%s' has the name of another column; "
					"rename it",
					file, metric->name);
	}
	return 0;
}

static bool is_taken(
	const struct plan *plan, const struct sweep *sweeps, size_t count, const char *column)
{
	if (is_of_every_row(column))
		return true;
	for (size_t i = 0; i < count; i++)
		if (strcmp(sweeps[i].column, column) == 0)
			return true;
	return is_metric(plan, column);
}

static bool is_fixed(const struct plan *plan, const char *column)
{
	return is_taken(plan, NULL, 0, column);
}

/* `size_bytes`, else with `param_` or the type's name in front; `executor_` for its options. */
static const char *name_column(
	struct plan *plan, const struct sweep *sweeps, size_t count, const struct group *group)
{
	struct text plain;
	text_init(&plain);
	option_column(group->option, &plain);
	const char *name = text_get(&plain);
	const char *front = group->of_executor                 ? "executor"
			    : is_fixed(plan, text_get(&plain)) ? "param"
							       : group->type_name;
	if (is_taken(plan, sweeps, count, name))
		name = arena_format(&plan->arena, "%s_%s", front, text_get(&plain));
	if (is_taken(plan, sweeps, count, name))
		name = arena_format(
			&plan->arena, "%s_%s_%s", front, group->type_name, text_get(&plain));
	name = arena_text(&plan->arena, name);
	text_release(&plain);
	return name;
}

void plan_find_sweeps(struct plan *plan)
{
	struct groups groups = {0};
	note_workloads(plan, &groups);
	note_executors(plan, &groups);

	struct sweep *sweeps = arena_alloc(&plan->arena, groups.count * sizeof(*sweeps));
	size_t count = 0;
	for (size_t i = 0; i < groups.count; i++) {
		const struct group *group = &groups.items[i];
		if (!group->varies)
			continue;
		sweeps[count].column = name_column(plan, sweeps, count, group);
		sweeps[count].option = group->option;
		sweeps[count].of_executor = group->of_executor;
		count++;
	}
	plan->sweeps = sweeps;
	plan->sweep_count = count;
	free(groups.items);
}

bool plan_sweep_value(
	const struct experiment *experiment, const struct sweep *sweep, union value *value)
{
	const struct option *table = sweep->of_executor ? experiment->executor->type->options
							: experiment->workload->type->params;
	const union value *values = sweep->of_executor ? experiment->executor->values
						       : experiment->workload->values;
	for (size_t i = 0; i < option_count(table); i++) {
		if (!same_option(&table[i], sweep->option))
			continue;
		*value = values[i];
		return true;
	}
	return false;
}

void plan_workload_label(
	const struct plan *plan, const struct experiment *experiment, struct text *out)
{
	const char *before = "(";
	text_add(out, experiment->workload->name);
	for (size_t i = 0; i < plan->sweep_count; i++) {
		const struct sweep *sweep = &plan->sweeps[i];
		union value value;
		if (sweep->of_executor || !plan_sweep_value(experiment, sweep, &value))
			continue;
		text_addf(out, "%s%s=", before, sweep->option->name);
		option_format(sweep->option, value, out);
		before = ",";
	}
	if (*before == ',')
		text_add(out, ")");
}
