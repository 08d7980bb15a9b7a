/* Cells that a limit of the system would skip: asked as the engine asks before a run. */
#include "advice/advice.h"
#include "advice/group.h"
#include "engine/run.h"

#include <inttypes.h>
#include <string.h>

static void find(const struct advice *advice, struct groups *groups)
{
	const struct scenario *scenario = advice->scenario;
	const struct room room = limits_room();
	bool recorded = scenario->output.tasks || scenario->output.trace;
	struct err err;
	for (uint32_t i = 0; i < advice->plan->experiment_count; i++) {
		const struct experiment *cell = &advice->plan->experiments[i];
		if (run_foresee(cell, (uint64_t)scenario->seed, recorded, &room, &err) != 0)
			groups_add(groups, group_workers(scenario, cell), cell, err.text,
				strcspn(err.text, ":"));
	}
}

static void report(const struct advice *advice, const struct group *group)
{
	struct text first;
	text_init(&first);
	group_add_first(advice->plan, group, &first);
	if (group->cells > 1)
		diag_warning(advice->diag, group->place,
			"%" PRIu32 " cells would be skipped, such as %s: %s", group->cells,
			text_get(&first), group->text);
	else
		diag_warning(advice->diag, group->place, "%s would be skipped: %s",
			text_get(&first), group->text);
	text_release(&first);
}

void advise_room(const struct advice *advice)
{
	struct groups groups;
	groups_init(&groups);
	find(advice, &groups);
	for (size_t i = 0; i < groups.count; i++)
		report(advice, &groups.items[i]);
	groups_release(&groups);
}
