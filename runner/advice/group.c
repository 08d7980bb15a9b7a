#include "advice/group.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void groups_init(struct groups *groups)
{
	*groups = (struct groups){0};
	arena_init(&groups->arena);
}

void groups_release(struct groups *groups)
{
	free(groups->items);
	arena_release(&groups->arena);
}

static bool is_same(struct place a, struct place b)
{
	return a.line == b.line && a.column == b.column && a.source == b.source;
}

void groups_add(struct groups *groups, struct place place, const struct experiment *cell,
	const char *text, size_t head)
{
	for (size_t i = 0; i < groups->count; i++) {
		struct group *group = &groups->items[i];
		if (is_same(group->place, place) && !strncmp(group->text, text, head)) {
			group->cells++;
			return;
		}
	}
	groups->items = memory_grow(
		groups->items, groups->count, &groups->capacity, sizeof(*groups->items));
	groups->items[groups->count++] =
		(struct group){place, cell, 1, arena_text(&groups->arena, text)};
}

void group_add_first(const struct plan *plan, const struct group *group, struct text *out)
{
	plan_workload_label(plan, group->first, out);
	text_addf(out, " under %s", group->first->executor->label);
	if (!group->first->executor->type->ignores_workers)
		text_addf(out, " with workers %" PRIu32, group->first->workers);
}

struct place group_workload(const struct scenario *scenario, const struct experiment *cell)
{
	for (size_t i = 0; i < scenario->workload_count; i++)
		if (scenario->workloads[i].name == cell->workload->name)
			return scenario->workloads[i].place;
	return (struct place){0};
}

struct place group_workers(const struct scenario *scenario, const struct experiment *cell)
{
	const struct choices *workers = &scenario->workers;
	for (size_t i = 0; i < workers->count && workers->given && cell->workers > 1; i++)
		if (workers->values[i].integer == cell->workers)
			return workers->place;
	return group_workload(scenario, cell);
}
