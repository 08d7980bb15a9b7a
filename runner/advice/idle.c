/* What stands in a scenario and does nothing: workers that no task is left for, overrides that set
 * nothing, hooks that are there already, expectations that ask nothing of a row. */
#include "advice/advice.h"
#include "advice/group.h"

#include <inttypes.h>
#include <string.h>

/* How many tasks a run can have; without end where they are not counted. */
static uint64_t most_tasks(const struct experiment *cell)
{
	return cell->tasks > 0 && cell->runtime_ns == 0 ? cell->tasks : UINT64_MAX;
}

/* Too many for one cell's tasks may be what is looked at; too many for each of them is not. */
static void look_at_workers(const struct advice *advice)
{
	const struct experiment *most = &advice->plan->experiments[0];
	uint64_t tasks = 0;
	for (uint32_t i = 0; i < advice->plan->experiment_count; i++) {
		const struct experiment *cell = &advice->plan->experiments[i];
		tasks = most_tasks(cell) > tasks ? most_tasks(cell) : tasks;
		most = cell->workers > most->workers ? cell : most;
	}
	if (most->workers <= tasks)
		return;
	diag_warning(advice->diag, group_workers(advice->scenario, most),
		"%" PRIu64 " of %" PRIu32 " workers have no task: no run has more than %" PRIu64,
		most->workers - tasks, most->workers, tasks);
	diag_note(advice->diag, "write for instance tasks: %" PRIu32, most->workers);
}

static bool sets_nothing(const struct settings *set)
{
	return set->tasks < 0 && set->runtime_ns < 0 && set->repeat < 0 && set->warmup < 0 &&
	       set->timeout_ns < 0 && set->rate < 0;
}

static void look_at_overrides(const struct advice *advice)
{
	const struct scenario *scenario = advice->scenario;
	for (size_t i = 0; i < scenario->override_count; i++)
		if (sets_nothing(&scenario->overrides[i].set) && !scenario->reading.repeat_fixed) {
			diag_warning(advice->diag, scenario->overrides[i].place,
				"this override sets nothing");
			diag_note(advice->diag,
				"write for instance set: { tasks: 100 }, or remove it");
		}
}

static void look_at_hooks(const struct advice *advice)
{
	const struct scenario *scenario = advice->scenario;
	for (size_t i = 0; i < scenario->hook_count; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(scenario->hooks[i].path, scenario->hooks[k].path) == 0) {
				diag_warning(advice->diag, scenario->hooks[i].place,
					"hook '%s' is there already", scenario->hooks[i].name);
				diag_note(advice->diag, "remove it");
				break;
			}
}

static void look_at_expectations(const struct advice *advice)
{
	const struct expectations *expectations = &advice->extras->expectations;
	for (size_t i = 0; i < expectations->count; i++) {
		const struct expectation *expectation = &expectations->items[i];
		if (expectation->claim.name_count > 0)
			continue;
		diag_warning(advice->diag, expectation->expect->place,
			"'%.60s' names no column: it is the same of every row",
			expectation->expect->that);
		diag_note(advice->diag, "write for instance that: tasks_failed == 0");
	}
}

void advise_idle(const struct advice *advice)
{
	if (advice->plan->experiment_count > 0)
		look_at_workers(advice);
	look_at_overrides(advice);
	look_at_hooks(advice);
	look_at_expectations(advice);
}
