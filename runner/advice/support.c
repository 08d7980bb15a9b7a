/* Cells that this machine or this build cannot do: their rows would be `unsupported`. */
#include "advice/advice.h"
#include "advice/group.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int ask(const struct workload_variant *variant, struct err *err)
{
	void *params = memory_alloc(variant->type->params_bytes);
	if (variant->type->params)
		option_store(variant->type->params, variant->values, params);
	int missing = variant->type->supported(params, err);
	free(params);
	return missing;
}

static void find(const struct advice *advice, struct groups *groups)
{
	const struct workload_variant *asked = NULL;
	struct err err = {""};
	int missing = 0;
	for (uint32_t i = 0; i < advice->plan->experiment_count; i++) {
		const struct experiment *cell = &advice->plan->experiments[i];
		if (!cell->workload->type->supported)
			continue;
		if (cell->workload != asked)
			missing = ask(cell->workload, &err);
		asked = cell->workload;
		if (missing)
			groups_add(groups, group_workload(advice->scenario, cell), cell, err.text,
				strlen(err.text) + 1);
	}
}

void advise_support(const struct advice *advice)
{
	struct groups groups;
	groups_init(&groups);
	find(advice, &groups);
	for (size_t i = 0; i < groups.count; i++) {
		const struct group *group = &groups.items[i];
		diag_warning(advice->diag, group->place,
			"%" PRIu32 " cell%s of workload '%s' cannot be run here: %s", group->cells,
			group->cells == 1 ? "" : "s", group->first->workload->name, group->text);
	}
	groups_release(&groups);
}
