/*
 * See baseline.h. Candidates are the experiments of the same workload variant that the
 * scenario's rule matches, or without one those that run one task at a time; their runtime, rate
 * and arrivals must be the same. Of these the first with the same tasks and workers is taken, else
 * with the same tasks, else with the same workers, else the first of all. Without a rule and a
 * candidate, an executor is compared with itself at its fewest workers.
 *
 * Each preference is one pass over a hash set of the candidates, so that no plan is too big.
 */
#include "plan/baseline.h"

#include "plan/id.h"
#include "plan/rules.h"
#include "plan/set.h"

#include <stdlib.h>

static const struct preference {
	bool tasks, workers; /* must be the same */
} preferences[] = {{true, true}, {true, false}, {false, true}, {false, false}};

static uint64_t preference_hash(struct preference same, const struct experiment *experiment)
{
	uint64_t hash = id_number(TEXT_HASH_START, (uintptr_t)experiment->workload);
	const struct load load = plan_load(experiment);
	hash = id_load(hash, &load);
	hash = same.tasks ? id_number(hash, experiment->tasks) : hash;
	return same.workers ? id_number(hash, experiment->workers) : hash;
}

static uint32_t find_first(const struct plan *plan, const struct set *candidates,
	struct preference same, const struct experiment *experiment)
{
	uint64_t hash = preference_hash(same, experiment);
	const struct set_slot *slot = NULL;
	while ((slot = set_next(candidates, hash, slot))) {
		const struct experiment *other = &plan->experiments[slot->item];
		if (other->workload == experiment->workload && plan_same_load(other, experiment) &&
			(!same.tasks || other->tasks == experiment->tasks) &&
			(!same.workers || other->workers == experiment->workers))
			return (uint32_t)slot->item;
	}
	return PLAN_NONE;
}

/* Gives experiments without a baseline the first candidate that fits; how many have none. */
static uint32_t choose(struct plan *plan, const bool *is_candidate, struct preference same)
{
	struct set candidates;
	uint32_t without = 0;
	set_init(&candidates);
	for (uint32_t i = 0; i < plan->experiment_count; i++) {
		const struct experiment *experiment = &plan->experiments[i];
		if (is_candidate[i] && find_first(plan, &candidates, same, experiment) == PLAN_NONE)
			set_add(&candidates, preference_hash(same, experiment), i);
	}
	for (uint32_t i = 0; i < plan->experiment_count; i++) {
		struct experiment *experiment = &plan->experiments[i];
		if (experiment->baseline == PLAN_NONE)
			experiment->baseline = find_first(plan, &candidates, same, experiment);
		without += experiment->baseline == PLAN_NONE;
	}
	set_release(&candidates);
	return without;
}

static void match_rule(struct plan *plan, bool *is_candidate)
{
	const struct scenario *scenario = plan->scenario;
	struct matcher *matcher =
		matchers_make(&plan->arena, scenario, scenario->baseline, 1, sizeof(struct rule));
	for (uint32_t i = 0; i < plan->experiment_count; i++) {
		const struct experiment *experiment = &plan->experiments[i];
		is_candidate[i] = matcher_holds(matcher, experiment);
		matcher->matched |= is_candidate[i];
	}
	matchers_warn(matcher, 1, scenario, "baseline");
}

static void match_sequential(struct plan *plan, bool *is_candidate)
{
	for (uint32_t i = 0; i < plan->experiment_count; i++)
		is_candidate[i] = plan->experiments[i].executor->type->ignores_workers;
}

static uint64_t own_hash(const struct experiment *experiment)
{
	uint64_t hash = preference_hash((struct preference){true, false}, experiment);
	return id_number(hash, (uintptr_t)experiment->executor);
}

static struct set_slot *find_own(
	const struct plan *plan, const struct set *fewest, const struct experiment *experiment)
{
	struct set_slot *slot = NULL;
	while ((slot = set_next(fewest, own_hash(experiment), slot))) {
		const struct experiment *other = &plan->experiments[slot->item];
		if (other->workload == experiment->workload &&
			other->executor == experiment->executor &&
			other->tasks == experiment->tasks && plan_same_load(other, experiment))
			break;
	}
	return slot;
}

static void choose_own(struct plan *plan)
{
	struct set fewest;
	set_init(&fewest);
	for (uint32_t i = 0; i < plan->experiment_count; i++) {
		const struct experiment *experiment = &plan->experiments[i];
		struct set_slot *slot = find_own(plan, &fewest, experiment);
		if (!slot)
			set_add(&fewest, own_hash(experiment), i);
		else if (experiment->workers < plan->experiments[slot->item].workers)
			slot->item = i;
	}
	for (uint32_t i = 0; i < plan->experiment_count; i++) {
		struct experiment *experiment = &plan->experiments[i];
		if (experiment->baseline == PLAN_NONE)
			experiment->baseline = (uint32_t)find_own(plan, &fewest, experiment)->item;
	}
	set_release(&fewest);
}

void plan_choose_baselines(struct plan *plan)
{
	bool *is_candidate = memory_alloc(plan->experiment_count * sizeof(bool));
	uint32_t without = plan->experiment_count;
	if (plan->scenario->baseline)
		match_rule(plan, is_candidate);
	else
		match_sequential(plan, is_candidate);
	for (size_t i = 0; i < sizeof(preferences) / sizeof(preferences[0]) && without > 0; i++)
		without = choose(plan, is_candidate, preferences[i]);
	if (without > 0 && !plan->scenario->baseline)
		choose_own(plan);
	free(is_candidate);
}
