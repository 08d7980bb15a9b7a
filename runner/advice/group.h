/* Cells that share a trouble and the place that it comes from, told of once. */
#ifndef ADVICE_GROUP_H
#define ADVICE_GROUP_H

#include "plan/plan.h"
#include "scenario/diag.h"

#include <stddef.h>
#include <stdint.h>

struct group {
	struct place place;
	const struct experiment *first;
	uint32_t cells;
	const char *text; /* the first one's, in the arena */
};

struct groups {
	struct arena arena;
	struct group *items; /* owned */
	size_t count, capacity;
};

void groups_init(struct groups *groups);
void groups_release(struct groups *groups);

/* `head`: how many bytes of the text they have in common. */
void groups_add(struct groups *groups, struct place place, const struct experiment *cell,
	const char *text, size_t head);

/* `wait under thread_pool with workers 64` */
void group_add_first(const struct plan *plan, const struct group *group, struct text *out);

/* Where the scenario names the cell's workload. */
struct place group_workload(const struct scenario *scenario, const struct experiment *cell);

/* Where the scenario says how many workers the cell has, if they are several; else its workload. */
struct place group_workers(const struct scenario *scenario, const struct experiment *cell);

#endif
