/* See filter.h. Where nothing is left it matters why: which word does not fit, and what would. */
#include "plan/filter.h"

#include "plan/rules.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct matcher *make_one(
	struct arena *arena, const struct scenario *scenario, const struct rule *rule)
{
	return matchers_make(arena, scenario, rule, 1, sizeof(*rule));
}

static uint32_t count_matches(const struct plan *plan, const struct rule *rule)
{
	struct arena arena;
	uint32_t count = 0;
	arena_init(&arena);
	const struct matcher *matcher = make_one(&arena, plan->scenario, rule);
	for (uint32_t i = 0; i < plan->experiment_count; i++)
		count += matcher_holds(matcher, &plan->experiments[i]);
	arena_release(&arena);
	return count;
}

/* ---- what there is ---- */

static void add_option_value(
	const struct option *table, const union value *values, const char *name, struct text *out)
{
	const struct option *option = option_find(table, name);
	if (option && !option->list)
		option_format(option, values[option - table], out);
}

static void add_load_value(const struct load *load, enum rule_key key, struct text *out)
{
	const struct {
		enum rule_key key;
		enum load_key of;
		bool has;
		union value value;
	} all[] = {
		{RULE_TASKS, LOAD_TASKS, load->tasks > 0, {.integer = load->tasks}},
		{RULE_RUNTIME, LOAD_RUNTIME, load->runtime_ns > 0, {.integer = load->runtime_ns}},
		{RULE_RATE, LOAD_RATE, load->rate > 0, {.number = load->rate}},
		{RULE_ARRIVAL, LOAD_ARRIVAL, load->rate > 0, {.integer = load->arrival}},
	};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].key == key && all[i].has)
			option_format(&load_options[all[i].of], all[i].value, out);
}

/* What a cell has for a test's key; nothing if it has none. */
static void add_value(const struct experiment *cell, const struct rule_test *test, struct text *out)
{
	const struct load load = plan_load(cell);
	switch (test->key) {
	case RULE_WORKLOAD:
		text_add(out, cell->workload->name);
		break;
	case RULE_TYPE:
		text_add(out, cell->workload->type->name);
		break;
	case RULE_EXECUTOR:
		text_add(out, cell->executor->label);
		break;
	case RULE_WORKERS:
		text_addf(out, "%" PRIu32, cell->workers);
		break;
	case RULE_OPTION:
		add_option_value(
			cell->workload->type->params, cell->workload->values, test->option, out);
		if (!out->length)
			add_option_value(cell->executor->type->options, cell->executor->values,
				test->option, out);
		break;
	default:
		add_load_value(&load, test->key, out);
	}
}

/* The values that the cells have, each once, as many as a person would read. */
static void note_values(const struct plan *plan, const struct rule_test *test, struct diag *diag)
{
	enum { SHOWN_MOST = 20 };
	const char *seen[SHOWN_MOST];
	size_t count = 0;
	struct text value, list;
	text_init(&value);
	text_init(&list);
	for (uint32_t i = 0; i < plan->experiment_count && count < SHOWN_MOST; i++) {
		bool known = false;
		text_clear(&value);
		add_value(&plan->experiments[i], test, &value);
		for (size_t k = 0; k < count && !known; k++)
			known = strcmp(seen[k], text_get(&value)) == 0;
		if (known || !value.length)
			continue;
		seen[count] = arena_text(diag->arena, text_get(&value));
		text_addf(&list, "%s%s", count ? ", " : "", seen[count]);
		count++;
	}
	if (count)
		diag_note(diag, "there is: %s %s%s", test->option, text_get(&list),
			count == SHOWN_MOST ? ", …" : "");
	text_release(&value);
	text_release(&list);
}

/* ---- why nothing is left ---- */

/* `executor=async,thread` */
static void add_word(const struct rule_test *test, struct text *out)
{
	static const char *const signs[] = {
		[RULE_EQUAL] = "=",
		[RULE_NOT_EQUAL] = "!=",
		[RULE_LESS] = "<",
		[RULE_AT_MOST] = "<=",
		[RULE_MORE] = ">",
		[RULE_AT_LEAST] = ">=",
	};
	text_addf(out, "%s%s", test->option, signs[test->op]);
	for (size_t i = 0; i < test->count; i++)
		text_addf(out, "%s%s", i ? "," : "", test->texts[i]);
}

/* Each of its words fits some cells: what one of them less would leave. */
static void report_together(const struct plan *plan, const struct rule *rule, struct diag *diag)
{
	struct text hints;
	text_init(&hints);
	diag_error(diag, rule->place, "no cell matches all of this filter");
	for (size_t without = 0; without < rule->count; without++) {
		struct rule_test *tests = arena_alloc(diag->arena, rule->count * sizeof(*tests));
		struct rule rest = {rule->count - 1, tests, rule->place};
		for (size_t i = 0; i < rest.count; i++)
			tests[i] = rule->tests[i + (i >= without)];
		uint32_t count = count_matches(plan, &rest);
		if (!count)
			continue;
		text_add(&hints, hints.length ? ", " : "");
		text_add(&hints, "without ");
		add_word(&rule->tests[without], &hints);
		text_addf(&hints, " it would be %" PRIu32, count);
	}
	if (hints.length)
		diag_note(diag, "%s", text_get(&hints));
	text_release(&hints);
}

static void report_filter(const struct plan *plan, const struct rule *rule, struct diag *diag)
{
	bool reported = false;
	for (size_t i = 0; i < rule->count; i++) {
		struct text word;
		const struct rule alone = {1, &rule->tests[i], rule->tests[i].place};
		if (count_matches(plan, &alone))
			continue;
		text_init(&word);
		add_word(&rule->tests[i], &word);
		diag_error(diag, rule->tests[i].place, "no cell has %s", text_get(&word));
		note_values(plan, &rule->tests[i], diag);
		text_release(&word);
		reported = true;
	}
	if (!reported)
		report_together(plan, rule, diag);
}

static void report(const struct plan *plan)
{
	struct arena arena;
	struct diag diag;
	arena_init(&arena);
	scenario_diag(plan->scenario, &arena, &diag);
	for (size_t i = 0; i < plan->scenario->filter_count; i++)
		report_filter(plan, &plan->scenario->filters[i], &diag);
	diag_publish(&diag, plan->scenario->reading.sink);
	diag_release(&diag);
	arena_release(&arena);
}

/* ---- */

static bool is_chosen(struct matcher *matchers, size_t count, const struct experiment *experiment)
{
	bool chosen = false;
	for (size_t i = 0; i < count; i++) {
		if (chosen && matchers[i].matched)
			continue; /* each is asked until it has matched: its warning must be true */
		if (matcher_holds(&matchers[i], experiment))
			chosen = matchers[i].matched = true;
	}
	return chosen;
}

/* A cell whose baseline is gone has none: another one's speed-up would be another figure. */
static void keep(struct plan *plan, const bool *chosen)
{
	uint32_t all = plan->experiment_count, count = 0;
	uint32_t *place = memory_alloc(all * sizeof(*place));
	for (uint32_t i = 0; i < all; i++)
		place[i] = chosen[i] ? count++ : PLAN_NONE;
	for (uint32_t i = 0; i < all; i++) {
		struct experiment *experiment = &plan->experiments[i];
		if (experiment->baseline != PLAN_NONE)
			experiment->baseline = place[experiment->baseline];
		if (chosen[i])
			plan->experiments[place[i]] = *experiment;
	}
	plan->experiment_count = count;
	free(place);
}

int plan_filter(struct plan *plan)
{
	const struct scenario *scenario = plan->scenario;
	if (!scenario->reading.filter_count)
		return 0;
	struct matcher *matchers = matchers_make(&plan->arena, scenario, scenario->filters,
		scenario->filter_count, sizeof(struct rule));
	uint32_t all = plan->experiment_count, left = 0;
	bool *chosen = memory_alloc(all * sizeof(bool));
	for (uint32_t i = 0; i < all; i++)
		left += chosen[i] =
			is_chosen(matchers, scenario->filter_count, &plan->experiments[i]);
	if (!left && !scenario->reading.several) {
		report(plan);
		free(chosen);
		return -1;
	}
	keep(plan, chosen);
	plan->filtered = all - left;
	free(chosen);
	if (!scenario->reading.several)
		matchers_warn(matchers, scenario->filter_count, scenario, "filter");
	return 0;
}
