/* The experiments found so far, each once. */
#ifndef PLAN_MERGE_H
#define PLAN_MERGE_H

#include "plan/plan.h"
#include "plan/set.h"

#include <stddef.h>

struct cell_set {
	struct plan *plan;
	struct set known;
	size_t capacity;
};

void cells_init(struct cell_set *cells, struct plan *plan);
void cells_release(struct cell_set *cells);

/*
 * Adds a cell and returns its index. One that is there already — the same variants, workers and
 * load — keeps its place, takes the newer settings and counts as merged.
 */
uint32_t cells_put(struct cell_set *cells, const struct experiment *cell);

#endif
