/*
 * See expand.h. The order is: every combination, exclusion, inclusion, settings, merging. An
 * exclusion sees the workers that the scenario asks for; everything after it sees what the
 * executor makes of them, one where it ignores them. Both `when` and `exclude` see the load of
 * the axes, whatever another rule sets.
 */
#include "plan/expand.h"

#include "plan/id.h"
#include "plan/merge.h"
#include "plan/quick.h"
#include "plan/rules.h"
#include "plan/set.h"
#include "plan/size.h"
#include "plan/variant.h"

#include <inttypes.h>
#include <stdlib.h>

struct executor_item {
	const struct executor_entry *entry;
	const struct executor_variant *variant;
	uint64_t hash;
};

struct executor_list {
	struct executor_item *items;
	size_t count, capacity;
};

struct expansion {
	struct plan *plan;
	const struct scenario *scenario;
	struct set workloads, executors;
	struct cell_set cells;
	bool *left; /* the plan's */
	struct matcher *excludes, *overrides;
	bool *live_excludes,
		*live_overrides;         /* whose tests on variants hold for the pair at hand */
	const struct experiment *wanted; /* nothing is added: the origin of this is looked for */
	struct origin *origin;
};

/* What is multiplied: a workload's variants, executors, workers, loads. */
struct block {
	const struct workload_entry *workload;
	const struct executor_list *executors;
	const struct choices *workers;
	const struct loads *loads;
	const struct include *include; /* NULL: the axes; what is included, nothing excludes */
	bool *left;                    /* the workload's: set for each cell */
};

/* One workload variant under one executor variant. */
struct pair {
	const struct block *block;
	const struct workload_variant *workload;
	const struct executor_variant *executor;
	const struct executor_entry *entry;
	uint64_t hash;
};

/* Asks every rule that never matched, even if the cell is gone already: its warning must be
 * true. */
static bool is_excluded(struct expansion *expansion, int64_t workers, const struct load *load)
{
	bool excluded = false;
	for (size_t i = 0; i < expansion->scenario->exclude_count; i++) {
		struct matcher *matcher = &expansion->excludes[i];
		if (!expansion->live_excludes[i] || (excluded && matcher->matched))
			continue;
		if (matcher_load(matcher, workers, load))
			excluded = matcher->matched = true;
	}
	return excluded;
}

static void apply(
	const struct override *override, int64_t *value, int64_t with, const struct override **by)
{
	if (with < 0)
		return;
	*value = with;
	*by = override;
}

/* Tasks and runtime take each other's place. */
static void apply_load(const struct override *override, struct load *load, struct overriders *by)
{
	const struct settings *set = &override->set;
	if (set->tasks >= 0 || set->runtime_ns >= 0)
		by->load = override;
	if (set->rate >= 0)
		by->rate = override;
	if (set->tasks >= 0)
		*load = (struct load){set->tasks, 0, load->rate, load->arrival};
	if (set->runtime_ns >= 0)
		*load = (struct load){0, set->runtime_ns, load->rate, load->arrival};
	if (set->rate >= 0)
		load->rate = set->rate;
	load_settle(load);
}

/* The scenario's settings and this load, as the overrides change them; repeat: -1 if they do
 * not. */
static struct settings settings_for(
	struct expansion *expansion, int64_t workers, struct load *load, struct overriders *by)
{
	const struct scenario *scenario = expansion->scenario;
	const struct load of_axes = *load;
	struct settings settings = {
		.repeat = -1, .warmup = scenario->warmup, .timeout_ns = scenario->timeout_ns};
	for (size_t i = 0; i < scenario->override_count; i++) {
		const struct override *override = &scenario->overrides[i];
		const struct settings *set = &override->set;
		struct matcher *matcher = &expansion->overrides[i];
		if (!expansion->live_overrides[i] || !matcher_load(matcher, workers, &of_axes))
			continue;
		matcher->matched = true;
		apply_load(override, load, by);
		apply(override, &settings.repeat, set->repeat, &by->repeat);
		apply(override, &settings.warmup, set->warmup, &by->warmup);
		apply(override, &settings.timeout_ns, set->timeout_ns, &by->timeout);
	}
	return settings;
}

/* Variants of two plans are not the same; ids are. */
static void note_origin(struct expansion *expansion, const struct pair *pair,
	const struct experiment *cell, const struct origin *origin)
{
	const struct scenario *scenario = expansion->scenario;
	uint64_t id =
		scenario->reading.quick ? quick_experiment(scenario->seed, cell).id : cell->id;
	if (id != expansion->wanted->id)
		return;
	*expansion->origin = *origin;
	expansion->origin->include = pair->block->include;
	expansion->origin->workload = pair->block->workload;
	expansion->origin->executor = pair->entry;
	expansion->origin->workers = pair->block->workers;
	expansion->origin->loads = pair->block->loads;
	expansion->origin->cell = *cell;
}

static void add_cell(
	struct expansion *expansion, const struct pair *pair, int64_t workers, struct load load)
{
	if (!pair->block->include && is_excluded(expansion, workers, &load)) {
		expansion->plan->excluded++;
		return;
	}
	*pair->block->left = true;
	struct origin origin = {.asked_workers = workers, .load = load};
	if (pair->executor->type->ignores_workers)
		workers = 1;
	const struct repeats *repeat = &expansion->scenario->repeat;
	struct settings settings = settings_for(expansion, workers, &load, &origin.by);
	bool fixed = settings.repeat >= 0;
	struct experiment cell = {
		.id = id_finish(pair->hash, (uint32_t)workers, &load),
		.workload = pair->workload,
		.executor = pair->executor,
		.tasks = (uint64_t)load.tasks,
		.runtime_ns = (uint64_t)load.runtime_ns,
		.rate = load.rate,
		.arrival = load.arrival,
		.timeout_ns = (uint64_t)settings.timeout_ns,
		.workers = (uint32_t)workers,
		.repeat = (uint32_t)(fixed ? settings.repeat : repeat->max),
		.repeat_least = (uint32_t)(fixed ? settings.repeat : repeat->min),
		.warmup = (uint32_t)settings.warmup,
		.baseline = PLAN_NONE,
	};
	if (expansion->wanted)
		note_origin(expansion, pair, &cell, &origin);
	else
		cells_put(&expansion->cells, &cell);
}

static void find_live(
	const struct matcher *matchers, size_t count, const struct pair *pair, bool *live)
{
	const char *name = pair->block->workload->name;
	for (size_t i = 0; i < count; i++)
		live[i] = matcher_variants(&matchers[i], name, pair->workload, pair->executor);
}

static void add_pair(struct expansion *expansion, const struct pair *pair)
{
	const struct scenario *scenario = expansion->scenario;
	const struct choices *workers = pair->block->workers;
	const struct loads *loads = pair->block->loads;
	find_live(expansion->excludes, scenario->exclude_count, pair, expansion->live_excludes);
	find_live(expansion->overrides, scenario->override_count, pair, expansion->live_overrides);
	for (size_t i = 0; i < workers->count; i++)
		for (uint64_t j = 0; j < loads_count(loads); j++)
			add_cell(expansion, pair, workers->values[i].integer, loads_at(loads, j));
}

static void add_block(struct expansion *expansion, const struct block *block)
{
	const struct workload_entry *entry = block->workload;
	struct odometer odometer;
	odometer_init(&odometer, id_workload(entry->type), entry->type->params, entry->choices);
	do {
		struct pair pair = {.block = block};
		pair.workload = variant_workload(
			&expansion->workloads, &expansion->plan->arena, entry, &odometer);
		for (size_t i = 0; i < block->executors->count; i++) {
			const struct executor_item *executor = &block->executors->items[i];
			pair.executor = executor->variant;
			pair.entry = executor->entry;
			pair.hash = id_pair(expansion->scenario->seed, odometer_hash(&odometer),
				executor->hash);
			add_pair(expansion, &pair);
		}
	} while (odometer_next(&odometer));
	odometer_release(&odometer);
}

static void list_entry(
	struct expansion *expansion, const struct executor_entry *entry, struct executor_list *list)
{
	struct odometer odometer;
	odometer_init(&odometer, id_type(entry->type->name), entry->type->options, entry->choices);
	do {
		list->items = memory_grow(
			list->items, list->count, &list->capacity, sizeof(*list->items));
		struct executor_item *item = &list->items[list->count++];
		item->entry = entry;
		item->variant = variant_executor(
			&expansion->executors, &expansion->plan->arena, entry, &odometer);
		item->hash = odometer_hash(&odometer);
	} while (odometer_next(&odometer));
	odometer_release(&odometer);
}

static void list_executors(struct expansion *expansion, const struct executor_entry *entries,
	size_t count, struct executor_list *list)
{
	*list = (struct executor_list){0};
	for (size_t i = 0; i < count; i++)
		list_entry(expansion, &entries[i], list);
}

static void add_axes(struct expansion *expansion)
{
	const struct scenario *scenario = expansion->scenario;
	struct executor_list executors;
	list_executors(expansion, scenario->executors, scenario->executor_count, &executors);
	for (size_t i = 0; i < scenario->workload_count; i++)
		add_block(expansion, &(struct block){
					     .workload = &scenario->workloads[i],
					     .executors = &executors,
					     .workers = &scenario->workers,
					     .loads = &scenario->loads,
					     .left = &expansion->left[i],
				     });
	free(executors.items);
}

static void add_include(struct expansion *expansion, const struct include *include)
{
	struct executor_list executors;
	size_t workload = 0; /* its entry is a copy, but for the name */
	while (expansion->scenario->workloads[workload].name != include->workload->name)
		workload++;
	list_executors(expansion, include->executors, include->executor_count, &executors);
	add_block(expansion, &(struct block){
				     .workload = include->workload,
				     .executors = &executors,
				     .workers = &include->workers,
				     .loads = &include->loads,
				     .include = include,
				     .left = &expansion->left[workload],
			     });
	free(executors.items);
}

static void prepare_rules(struct expansion *expansion)
{
	const struct scenario *scenario = expansion->scenario;
	struct arena *arena = &expansion->plan->arena;
	expansion->excludes = matchers_make(
		arena, scenario, scenario->excludes, scenario->exclude_count, sizeof(struct rule));
	expansion->overrides = matchers_make(arena, scenario,
		scenario->overrides ? &scenario->overrides->when : NULL, scenario->override_count,
		sizeof(struct override));
	expansion->live_excludes = arena_alloc(arena, scenario->exclude_count * sizeof(bool));
	expansion->live_overrides = arena_alloc(arena, scenario->override_count * sizeof(bool));
}

static void expand(struct expansion *expansion)
{
	const struct scenario *scenario = expansion->scenario;
	prepare_rules(expansion);
	add_axes(expansion);
	for (size_t i = 0; i < scenario->include_count; i++)
		add_include(expansion, &scenario->includes[i]);
	if (expansion->wanted)
		return;
	matchers_warn(expansion->excludes, scenario->exclude_count, scenario, "exclude");
	matchers_warn(expansion->overrides, scenario->override_count, scenario, "when");
}

static void expand_all(struct expansion *expansion)
{
	expansion->plan->left = expansion->left = arena_alloc(
		&expansion->plan->arena, expansion->scenario->workload_count * sizeof(bool));
	set_init(&expansion->workloads);
	set_init(&expansion->executors);
	cells_init(&expansion->cells, expansion->plan);
	expand(expansion);
	set_release(&expansion->workloads);
	set_release(&expansion->executors);
	cells_release(&expansion->cells);
}

void plan_find_origin(
	const struct plan *plan, const struct experiment *experiment, struct origin *origin)
{
	struct plan again = {.scenario = plan->scenario};
	struct expansion expansion = {
		.plan = &again, .scenario = plan->scenario, .wanted = experiment, .origin = origin};
	arena_init(&again.arena);
	expand_all(&expansion);
	/* Its variants went with the second plan; those of the first are the same. */
	origin->cell.workload = experiment->workload;
	origin->cell.executor = experiment->executor;
	arena_release(&again.arena);
}

static void report_nothing_left(const struct plan *plan)
{
	const struct scenario *scenario = plan->scenario;
	struct arena arena;
	struct diag diag;
	arena_init(&arena);
	scenario_diag(scenario, &arena, &diag);
	struct text cells;
	text_init(&cells);
	text_add(&cells, "the only cell");
	if (plan->excluded > 1) {
		text_clear(&cells);
		text_addf(&cells, "all %" PRIu64 " cells", plan->excluded);
	}
	diag_error(&diag, scenario->excludes[0].place,
		"nothing is left to run: the excludes drop %s", text_get(&cells));
	text_release(&cells);
	diag_note(&diag,
		"say more in a rule, so that it drops less: { executor: %s, workers: \">4\" }",
		scenario->executors[0].type->name);
	diag_publish(&diag, scenario->reading.sink);
	diag_release(&diag);
	arena_release(&arena);
}

int plan_expand(struct plan *plan, struct err *err)
{
	if (size_check_cells(plan->scenario, err) < 0)
		return -1;
	struct expansion expansion = {.plan = plan, .scenario = plan->scenario};
	expand_all(&expansion);
	if (plan->experiment_count > 0)
		return 0;
	report_nothing_left(plan);
	return -1;
}
