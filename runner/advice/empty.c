/* Workloads and executors that the excludes leave nothing of. */
#include "advice/advice.h"
#include "advice/part.h"

static void report(const struct advice *advice, const char *what, const struct part *part)
{
	diag_warning(advice->diag, part->place,
		"no cell is left of %s '%s'; the excludes drop all of them", what, part->name);
}

static bool has_cells(const struct plan *plan, const struct part *part)
{
	for (uint32_t i = 0; i < plan->experiment_count; i++)
		if (part_has(part, &plan->experiments[i]))
			return true;
	return false;
}

/* Several can have made the same cell, which does not tell whose was excluded. */
static void look_at_workloads(const struct advice *advice)
{
	for (size_t i = 0; i < advice->scenario->workload_count; i++) {
		struct part part = part_of_workload(&advice->scenario->workloads[i]);
		if (!advice->plan->left[i])
			report(advice, "workload", &part);
	}
}

static void look_at_executors(const struct advice *advice)
{
	for (size_t i = 0; i < advice->scenario->executor_count; i++) {
		struct part part = part_of_executor(&advice->scenario->executors[i]);
		if (!has_cells(advice->plan, &part))
			report(advice, "executor", &part);
	}
}

void advise_empty(const struct advice *advice)
{
	/* To leave things out is what a filter is for. */
	if (advice->scenario->reading.filter_count > 0)
		return;
	look_at_workloads(advice);
	look_at_executors(advice);
}
