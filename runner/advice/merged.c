/* What is written, but adds no cell: axes that no executor has, and what is there already. */
#include "advice/advice.h"
#include "advice/part.h"

#include <stdlib.h>

static bool is_more_than_one(const struct choices *workers)
{
	return workers->count > 1 || workers->values[0].integer != 1;
}

static void report_workers(const struct advice *advice, const struct choices *workers)
{
	diag_warning(advice->diag, workers->place,
		"'workers' has no effect: no executor here has more than one");
	diag_note(advice->diag, "remove it, or add an executor that has: executors: [thread_pool]");
}

static bool all_ignore_workers(const struct executor_entry *executors, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!executors[i].type->ignores_workers)
			return false;
	return true;
}

static void look_at_workers(const struct advice *advice)
{
	const struct scenario *scenario = advice->scenario;
	bool used = !all_ignore_workers(scenario->executors, scenario->executor_count);
	for (size_t i = 0; i < scenario->include_count; i++) {
		const struct include *include = &scenario->includes[i];
		bool own = include->workers.values != scenario->workers.values;
		bool idle = all_ignore_workers(include->executors, include->executor_count);
		used |= !own && !idle;
		if (own && idle && is_more_than_one(&include->workers))
			report_workers(advice, &include->workers);
	}
	if (!used && scenario->workers.given && is_more_than_one(&scenario->workers))
		report_workers(advice, &scenario->workers);
}

/* Of two parts of one section, says so if the cells of one are among the other's. */
static void look_at_pair(
	const struct advice *advice, const struct part *first, const struct part *second)
{
	bool within = part_within(second, first);
	if (!within && !part_within(first, second))
		return;
	const struct part *inner = within ? second : first, *outer = within ? first : second;
	diag_warning(advice->diag, inner->place,
		"%s '%s' adds no cell: all of its are those of %s%s%s line %d",
		inner->workload ? "workload" : "executor", inner->name, outer->workload ? "'" : "",
		outer->workload ? outer->name : "", outer->workload ? "' in" : "the one in",
		outer->place.line);
	diag_note(advice->diag, "remove one of them, or give it other %s",
		inner->workload ? "parameters" : "options");
}

/* So many of a kind are no mistake. */
enum { COMPARED_MOST = 300 };

/* Of those that the excludes leave something of. */
static void look_at_workloads(const struct advice *advice)
{
	const struct scenario *scenario = advice->scenario;
	const bool *left = advice->plan->left;
	for (size_t i = 0; i < scenario->workload_count && i < COMPARED_MOST; i++) {
		struct part second = part_of_workload(&scenario->workloads[i]);
		for (size_t k = 0; k < i; k++) {
			struct part first = part_of_workload(&scenario->workloads[k]);
			if (left[i] && left[k])
				look_at_pair(advice, &first, &second);
		}
	}
}

static void look_at_executors(const struct advice *advice)
{
	const struct scenario *scenario = advice->scenario;
	for (size_t i = 0; i < scenario->executor_count && i < COMPARED_MOST; i++) {
		struct part second = part_of_executor(&scenario->executors[i]);
		for (size_t k = 0; k < i; k++) {
			struct part first = part_of_executor(&scenario->executors[k]);
			look_at_pair(advice, &first, &second);
		}
	}
}

static bool executor_is_there(const struct scenario *scenario, const struct executor_entry *entry)
{
	struct part own = part_of_executor(entry);
	for (size_t i = 0; i < scenario->executor_count; i++) {
		struct part part = part_of_executor(&scenario->executors[i]);
		if (part_within(&own, &part))
			return true;
	}
	return false;
}

static bool loads_within(const struct loads *a, const struct loads *b)
{
	for (size_t i = 0; i < LOAD_KEYS; i++)
		if (!choices_within(&load_options[i], &a->of[i], &b->of[i]))
			return false;
	return true;
}

static bool include_is_there(const struct scenario *scenario, const struct include *include)
{
	static const struct option whole = {.name = "workers", .type = OPTION_INTEGER};
	struct part workload = part_of_workload(include->workload);
	bool there = false;
	for (size_t i = 0; i < scenario->workload_count && !there; i++) {
		struct part part = part_of_workload(&scenario->workloads[i]);
		there = part_within(&workload, &part);
	}
	for (size_t i = 0; i < include->executor_count && there; i++)
		there = executor_is_there(scenario, &include->executors[i]);
	bool idle = all_ignore_workers(include->executors, include->executor_count);
	return there && loads_within(&include->loads, &scenario->loads) &&
	       (idle || choices_within(&whole, &include->workers, &scenario->workers));
}

/* An include may bring back what an exclude has dropped. */
static void look_at_includes(const struct advice *advice)
{
	const struct scenario *scenario = advice->scenario;
	if (scenario->exclude_count > 0)
		return;
	for (size_t i = 0; i < scenario->include_count; i++) {
		const struct include *include = &scenario->includes[i];
		if (include_is_there(scenario, include))
			diag_warning(advice->diag, include->place,
				"this include adds no cell: all of its are there already");
	}
}

void advise_merged(const struct advice *advice)
{
	look_at_workers(advice);
	look_at_workloads(advice);
	look_at_executors(advice);
	look_at_includes(advice);
}
