/*
 * Takes runs as they end. A workload must do the same work under every executor: the checksum
 * of the first run that is ok is the one that all others of the same workload variant and
 * number of tasks must have. Where a runtime decides how many tasks there are, there is nothing to
 * compare.
 */
#include "stats/collector.h"

#include "plan/id.h"
#include "stats/precision.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct reference {
	uint32_t experiment; /* the first one that ended ok */
	uint64_t checksum;
};

struct collector *collector_new(const struct plan *plan)
{
	struct collector *collector = memory_alloc(sizeof(*collector));
	collector->plan = plan;
	collector->histories = memory_alloc(plan->experiment_count * sizeof(struct history *));
	arena_init(&collector->arena);
	set_init(&collector->references);
	return collector;
}

void collector_free(struct collector *collector)
{
	if (!collector)
		return;
	for (uint32_t i = 0; i < collector->plan->experiment_count; i++)
		if (collector->histories[i])
			history_release(collector->histories[i]);
	free(collector->histories);
	set_release(&collector->references);
	arena_release(&collector->arena);
	free(collector);
}

static uint64_t work_hash(const struct experiment *experiment)
{
	uint64_t hash = id_number(TEXT_HASH_START, (uintptr_t)experiment->workload);
	return id_number(hash, experiment->tasks);
}

static const struct reference *find_reference(
	const struct collector *collector, const struct experiment *experiment)
{
	const struct set_slot *slot = NULL;
	while ((slot = set_next(&collector->references, work_hash(experiment), slot))) {
		const struct reference *reference = (void *)(uintptr_t)slot->item;
		const struct experiment *other =
			&collector->plan->experiments[reference->experiment];
		if (other->workload == experiment->workload && other->tasks == experiment->tasks)
			return reference;
	}
	return NULL;
}

static void check_result(struct collector *collector, uint32_t index, struct result *result)
{
	const struct experiment *experiments = collector->plan->experiments;
	const struct reference *first = find_reference(collector, &experiments[index]);
	if (!first) {
		struct reference *reference = arena_alloc(&collector->arena, sizeof(*reference));
		*reference = (struct reference){index, result->checksum};
		set_add(&collector->references, work_hash(&experiments[index]),
			(uintptr_t)reference);
	} else if (result->checksum != first->checksum) {
		const struct experiment *other = &experiments[first->experiment];
		result->status = STATUS_WRONG_RESULT;
		snprintf(result->error, sizeof(result->error),
			"checksum %" PRIu64 " differs from %" PRIu64
			" under %s with workers %" PRIu32,
			result->checksum, first->checksum, other->executor->label, other->workers);
	}
}

/* ---- rounds ---- */

static bool wants_more(const struct collector *collector, uint32_t index)
{
	const struct experiment *experiment = &collector->plan->experiments[index];
	const struct history *history = collector->histories[index];
	if (experiment->repeat_least == experiment->repeat || !history || !history->any_ok)
		return false;
	return precision_of(experiment, history) > collector->plan->scenario->repeat.until_ci;
}

static bool any_wants_more(const struct collector *collector)
{
	for (uint32_t i = 0; i < collector->plan->experiment_count; i++)
		if (wants_more(collector, i))
			return true;
	return false;
}

bool collector_is_due(struct collector *collector, const struct planned_run *run)
{
	const struct experiment *experiment = &collector->plan->experiments[run->experiment];
	if (run->round < (int32_t)experiment->repeat_least ||
		experiment->repeat_least == experiment->repeat)
		return true;
	if (collector->plan->scenario->order == ORDER_BATCH)
		return wants_more(collector, run->experiment);
	if (collector->judged_round != run->round) {
		collector->judged_round = run->round;
		collector->wanted = any_wants_more(collector);
	}
	return collector->wanted;
}

/* ---- runs ---- */

static struct history *history_of(struct collector *collector, uint32_t index)
{
	struct history **history = &collector->histories[index];
	if (!*history) {
		*history = arena_alloc(&collector->arena, sizeof(**history));
		history_init(*history);
	}
	return *history;
}

void collector_add(
	struct collector *collector, const struct planned_run *run, struct result *result)
{
	uint64_t tasks = collector->plan->experiments[run->experiment].tasks;
	if (result->status == STATUS_OK && tasks > 0)
		check_result(collector, run->experiment, result);
	if (run->round >= 0)
		history_add(history_of(collector, run->experiment), &collector->arena,
			&collector->plan->experiments[run->experiment], run->round, result);
}
