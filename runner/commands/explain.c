/* See explain.h. A place is `file:line:column`, or the option that put the value there. */
#include "commands/explain.h"

#include "plan/expand.h"
#include "plan/rules.h"
#include "report/screen.h"
#include "report/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { EXPLAINED_MOST = 10, WIDE = 200 };

struct explaining { /* one experiment */
	const struct plan *plan;
	const struct experiment *experiment;
	struct origin origin;
	struct arena arena;
	struct diag diag; /* knows what the places are in */
	struct table table;
};

/* ---- rows ---- */

static const char *locate(struct explaining *explaining, struct place place)
{
	struct text out;
	if (!place.line)
		return "default";
	text_init(&out);
	diag_locate(&explaining->diag, place, &out);
	const char *located = arena_text(&explaining->arena, text_get(&out));
	text_release(&out);
	return located;
}

static void add_row(
	struct explaining *explaining, const char *name, const char *value, const char *from)
{
	table_cell(&explaining->table, name, TABLE_PLAIN);
	table_cell(&explaining->table, value, TABLE_PLAIN);
	table_cell(&explaining->table, from, TABLE_PLAIN);
}

static const char *format(
	struct explaining *explaining, const struct option *option, union value value)
{
	struct text out;
	text_init(&out);
	option_format(option, value, &out);
	const char *formatted = arena_text(&explaining->arena, text_get(&out));
	text_release(&out);
	return formatted;
}

static const char *format_count(struct explaining *explaining, uint64_t count)
{
	return arena_format(&explaining->arena, "%" PRIu64, count);
}

/* Where a value was given, and that it is one of several. */
static const char *locate_choice(struct explaining *explaining, const struct choices *choices)
{
	const char *at = locate(explaining, choices->given ? choices->place : (struct place){0});
	return choices->count == 1
		       ? at
		       : arena_format(&explaining->arena, "%s, one of %zu", at, choices->count);
}

static void add_options(struct explaining *explaining, const struct option *options,
	const struct choices *choices, const union value *values)
{
	for (size_t i = 0; options && options[i].name; i++)
		add_row(explaining, arena_format(&explaining->arena, "  %s", options[i].name),
			format(explaining, &options[i], values[i]),
			locate_choice(explaining, &choices[i]));
}

/* ---- the parts of an experiment ---- */

static void add_workload(struct explaining *explaining)
{
	const struct workload_variant *variant = explaining->experiment->workload;
	const struct workload_entry *entry = explaining->origin.workload;
	const struct include *include = explaining->origin.include;
	if (include)
		add_row(explaining, "include", "", locate(explaining, include->place));
	add_row(explaining, "workload",
		arena_format(&explaining->arena, "%s (%s)", variant->name, variant->type->name),
		locate(explaining, entry->place));
	add_options(explaining, variant->type->params, entry->choices, variant->values);
}

static void add_executor(struct explaining *explaining)
{
	const struct executor_variant *variant = explaining->experiment->executor;
	const struct executor_entry *entry = explaining->origin.executor;
	add_row(explaining, "executor", variant->type->name, locate(explaining, entry->place));
	add_options(explaining, variant->type->options, entry->choices, variant->values);
}

static void add_workers(struct explaining *explaining)
{
	const struct origin *origin = &explaining->origin;
	const char *from = locate_choice(explaining, origin->workers);
	if (explaining->experiment->executor->type->ignores_workers)
		from = arena_format(&explaining->arena, "%s ignores them; %" PRId64 " from %s",
			explaining->experiment->executor->type->name, origin->asked_workers, from);
	add_row(explaining, "workers", format_count(explaining, explaining->experiment->workers),
		from);
}

static const char *locate_override(
	struct explaining *explaining, const struct override *override, const char *otherwise)
{
	return override ? arena_format(&explaining->arena, "%s, an override",
				  locate(explaining, override->place))
			: otherwise;
}

/* The value of a load's key; false if it has none. */
static bool load_value(const struct load *load, enum load_key key, union value *value)
{
	const union value values[LOAD_KEYS] = {
		[LOAD_TASKS] = {.integer = load->tasks},
		[LOAD_RUNTIME] = {.integer = load->runtime_ns},
		[LOAD_RATE] = {.number = load->rate},
		[LOAD_ARRIVAL] = {.integer = load->arrival},
	};
	*value = values[key];
	return key == LOAD_TASKS     ? load->tasks > 0
	       : key == LOAD_RUNTIME ? load->runtime_ns > 0
				     : load->rate > 0;
}

static const char *locate_load(struct explaining *explaining, enum load_key key)
{
	const struct origin *origin = &explaining->origin;
	const char *from = locate_choice(explaining, &origin->loads->of[key]);
	if (key == LOAD_TASKS && origin->cell.runtime_ns)
		return "rate times runtime";
	if (key == LOAD_RATE)
		return locate_override(explaining, origin->by.rate, from);
	return key == LOAD_ARRIVAL ? from : locate_override(explaining, origin->by.load, from);
}

static void add_load(struct explaining *explaining)
{
	const struct load now = plan_load(explaining->experiment);
	const struct load before = plan_load(&explaining->origin.cell);
	for (enum load_key key = 0; key < LOAD_KEYS; key++) {
		const struct option *option = &load_options[key];
		union value value, whole;
		if (!load_value(&now, key, &value))
			continue;
		const char *from = locate_load(explaining, key);
		load_value(&before, key, &whole);
		if (!option_equal(option, value, whole))
			from = arena_format(&explaining->arena, "--quick; else %s, %s",
				format(explaining, option, whole), from);
		add_row(explaining, option->name, format(explaining, option, value), from);
	}
}

static const char *locate_setting(
	struct explaining *explaining, struct place place, const struct override *override)
{
	return locate_override(explaining, override, locate(explaining, place));
}

static void add_runs(struct explaining *explaining)
{
	const struct scenario *scenario = explaining->plan->scenario;
	const struct experiment *experiment = explaining->experiment;
	const struct overriders *by = &explaining->origin.by;
	bool quick = scenario->reading.quick;
	const char *repeat = format_count(explaining, experiment->repeat);
	if (experiment->repeat_least < experiment->repeat)
		repeat = arena_format(
			&explaining->arena, "%" PRIu32 " to %s", experiment->repeat_least, repeat);
	add_row(explaining, "repeat", repeat,
		quick ? "--quick" : locate_setting(explaining, scenario->repeat_at, by->repeat));
	add_row(explaining, "warmup", format_count(explaining, experiment->warmup),
		quick ? "--quick" : locate_setting(explaining, scenario->warmup_at, by->warmup));
}

static void add_timeout(struct explaining *explaining)
{
	struct text timeout;
	text_init(&timeout);
	option_format_duration((int64_t)explaining->experiment->timeout_ns, &timeout);
	add_row(explaining, "timeout", text_get(&timeout),
		locate_setting(explaining, explaining->plan->scenario->timeout_at,
			explaining->origin.by.timeout));
	text_release(&timeout);
}

static void add_seed(struct explaining *explaining)
{
	const struct scenario *scenario = explaining->plan->scenario;
	add_row(explaining, "seed", format_count(explaining, (uint64_t)scenario->seed),
		locate(explaining, scenario->seed_at));
}

/* What its speed-up is the ratio to. */
static void add_baseline(struct explaining *explaining)
{
	const struct plan *plan = explaining->plan;
	uint32_t baseline = explaining->experiment->baseline;
	struct text label;
	char id[18];
	if (baseline == PLAN_NONE)
		return;
	text_init(&label);
	text_addf(&label, "%s ", plan_id(&plan->experiments[baseline], id));
	screen_experiment(&label, plan, &plan->experiments[baseline]);
	add_row(explaining, "baseline", text_get(&label),
		plan->scenario->baseline ? locate(explaining, plan->scenario->baseline->place)
					 : "default");
	text_release(&label);
}

static void explain_one(const struct plan *plan, const struct experiment *experiment)
{
	struct explaining explaining = {.plan = plan, .experiment = experiment};
	struct text out;
	char id[18];
	arena_init(&explaining.arena);
	scenario_diag(plan->scenario, &explaining.arena, &explaining.diag);
	plan_find_origin(plan, experiment, &explaining.origin);
	table_init(&explaining.table);
	table_column(&explaining.table, plan_id(experiment, id), TABLE_ALWAYS, true);
	table_column(&explaining.table, "value", TABLE_ALWAYS, true);
	table_column(&explaining.table, "from", TABLE_ALWAYS, true);
	add_workload(&explaining);
	add_executor(&explaining);
	add_workers(&explaining);
	add_load(&explaining);
	add_runs(&explaining);
	add_timeout(&explaining);
	add_seed(&explaining);
	add_baseline(&explaining);
	text_init(&out);
	table_print(&explaining.table, screen_width(STDOUT_FILENO, WIDE), false, &out);
	fputs(text_get(&out), stdout);
	text_release(&out);
	table_release(&explaining.table);
	diag_release(&explaining.diag);
	arena_release(&explaining.arena);
}

/* ---- which ---- */

bool explain_is_rule(const char *cell)
{
	return strpbrk(cell, "=<>") != NULL;
}

static bool is_meant(
	const struct experiment *experiment, const struct matcher *matcher, const char *cell)
{
	char id[18];
	if (matcher)
		return matcher_holds(matcher, experiment);
	plan_id(experiment, id);
	return strncmp(id + (*cell != 'x'), cell, strlen(cell)) == 0;
}

/* Those of one plan; how many are meant. */
static uint64_t explain_plan(
	const struct plan *plan, const char *cell, uint64_t before, uint64_t most)
{
	const struct rule *rule = plan->scenario->cell;
	struct arena arena;
	uint64_t count = 0;
	arena_init(&arena);
	const struct matcher *matcher =
		rule ? matchers_make(&arena, plan->scenario, rule, 1, sizeof(*rule)) : NULL;
	for (uint32_t i = 0; i < plan->experiment_count; i++) {
		if ((explain_is_rule(cell) && !matcher) ||
			!is_meant(&plan->experiments[i], matcher, cell))
			continue;
		count++;
		if (before + count > most)
			continue;
		if (before + count > 1)
			printf("\n");
		explain_one(plan, &plan->experiments[i]);
	}
	arena_release(&arena);
	return count;
}

static uint64_t explain_plans(const struct prepared_list *list, const char *cell, uint64_t most)
{
	uint64_t count = 0;
	for (size_t i = 0; i < list->count; i++)
		count += explain_plan(&list->items[i].plan, cell, count, most);
	return count;
}

int explain(const struct prepared_list *list, const char *cell, struct err *err)
{
	uint64_t count = explain_plans(list, cell, 0);
	bool rule = explain_is_rule(cell);
	if (!count)
		return err_set(err, "%s '%s'; 'conrun plan FILE --all' shows them",
			rule ? "no cell matches" : "no experiment has the id", cell);
	if (!rule && count > 1)
		return err_set(err,
			"the ids of %" PRIu64 " experiments begin with '%s'; write more of it",
			count, cell);
	explain_plans(list, cell, EXPLAINED_MOST);
	if (count > EXPLAINED_MOST)
		printf("\n… %" PRIu64 " more; another condition makes them fewer\n",
			count - EXPLAINED_MOST);
	return 0;
}
