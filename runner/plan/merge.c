/* See merge.h. Variants are held once, so that the same pointer means the same variant. */
#include "plan/merge.h"

void cells_init(struct cell_set *cells, struct plan *plan)
{
	cells->plan = plan;
	cells->capacity = 0;
	set_init(&cells->known);
}

void cells_release(struct cell_set *cells)
{
	set_release(&cells->known);
}

static struct experiment *find(const struct cell_set *cells, const struct experiment *cell)
{
	struct set_slot *slot = NULL;
	while ((slot = set_next(&cells->known, cell->id, slot))) {
		struct experiment *other = &cells->plan->experiments[slot->item];
		if (other->workload == cell->workload && other->executor == cell->executor &&
			other->workers == cell->workers && other->tasks == cell->tasks &&
			plan_same_load(other, cell))
			return other;
	}
	return NULL;
}

uint32_t cells_put(struct cell_set *cells, const struct experiment *cell)
{
	struct plan *plan = cells->plan;
	struct experiment *same = find(cells, cell);
	if (same) {
		*same = *cell;
		plan->merged++;
		return (uint32_t)(same - plan->experiments);
	}
	plan->experiments = memory_grow(plan->experiments, plan->experiment_count, &cells->capacity,
		sizeof(struct experiment));
	set_add(&cells->known, cell->id, plan->experiment_count);
	plan->experiments[plan->experiment_count] = *cell;
	return plan->experiment_count++;
}
