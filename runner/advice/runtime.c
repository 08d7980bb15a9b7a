/* Runs that end before any of their tasks does: only those that end within the runtime count. */
#include "advice/advice.h"
#include "advice/group.h"
#include "report/human.h"

#include <inttypes.h>

static void report(const struct advice *advice, const struct group *group)
{
	struct text first, takes, runtime;
	text_init(&first);
	text_init(&takes);
	text_init(&runtime);
	group_add_first(advice->plan, group, &first);
	human_span(&takes, plan_task_ns(advice->plan, group->first));
	option_format_duration((int64_t)group->first->runtime_ns, &runtime);
	diag_warning(advice->diag, group->place,
		"no task of %s ends within the runtime of %s: each takes %s", text_get(&first),
		text_get(&runtime), text_get(&takes));
	diag_note(advice->diag, "use a longer runtime, shorter tasks, or tasks: N in its place");
	text_release(&first);
	text_release(&takes);
	text_release(&runtime);
}

void advise_runtime(const struct advice *advice)
{
	struct groups groups;
	groups_init(&groups);
	for (uint32_t i = 0; i < advice->plan->experiment_count; i++) {
		const struct experiment *cell = &advice->plan->experiments[i];
		if (cell->tasks == 0 && plan_task_ns(advice->plan, cell) > cell->runtime_ns)
			groups_add(&groups, group_workload(advice->scenario, cell), cell, "", 0);
	}
	for (size_t i = 0; i < groups.count && !advice->scenario->reading.quick; i++)
		report(advice, &groups.items[i]);
	groups_release(&groups);
}
