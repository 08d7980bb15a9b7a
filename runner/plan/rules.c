/* See rules.h. */
#include "plan/rules.h"

#include "scenario/diag.h"

#include <string.h>

/* A test's texts as values of one option of one table. Types may share a table. */
struct binding {
	const struct option *table;
	size_t index;
	const struct option *option;
	const union value *values;
	size_t count;
};

struct matcher_test {
	const struct rule_test *test;
	struct binding *bindings;
	size_t binding_count, binding_capacity;
};

/* A text that is no value of this option equals none. */
static void bind_texts(struct arena *arena, struct binding *binding, const struct rule_test *test)
{
	union value *values = arena_alloc(arena, test->count * sizeof(*values));
	struct err ignored;
	for (size_t i = 0; i < test->count; i++)
		if (!option_parse(binding->option, test->texts[i], arena, &values[binding->count],
			    &ignored))
			binding->count++;
	binding->values = values;
}

static bool is_bound(const struct matcher_test *test, const struct option *table)
{
	for (size_t i = 0; i < test->binding_count; i++)
		if (test->bindings[i].table == table)
			return true;
	return false;
}

static void bind_table(
	struct arena *arena, struct matcher_test *test, const struct option *table, size_t room)
{
	const struct option *option = table ? option_find(table, test->test->option) : NULL;
	if (!option || option->list || is_bound(test, table))
		return;
	if (!test->bindings)
		test->bindings = arena_alloc(arena, room * sizeof(struct binding));
	struct binding *binding = &test->bindings[test->binding_count++];
	binding->table = table;
	binding->index = (size_t)(option - table);
	binding->option = option;
	bind_texts(arena, binding, test->test);
}

/* Every table that a cell of this scenario can have. */
static void bind_test(
	struct arena *arena, struct matcher_test *test, const struct scenario *scenario)
{
	size_t room = scenario->workload_count + scenario->executor_count;
	for (size_t i = 0; i < scenario->include_count; i++)
		room += 1 + scenario->includes[i].executor_count;

	for (size_t i = 0; i < scenario->workload_count; i++)
		bind_table(arena, test, scenario->workloads[i].type->params, room);
	for (size_t i = 0; i < scenario->executor_count; i++)
		bind_table(arena, test, scenario->executors[i].type->options, room);
	for (size_t i = 0; i < scenario->include_count; i++) {
		const struct include *include = &scenario->includes[i];
		bind_table(arena, test, include->workload->type->params, room);
		for (size_t j = 0; j < include->executor_count; j++)
			bind_table(arena, test, include->executors[j].type->options, room);
	}
}

struct matcher *matchers_make(struct arena *arena, const struct scenario *scenario,
	const struct rule *first, size_t count, size_t stride)
{
	struct matcher *matchers = arena_alloc(arena, count * sizeof(*matchers));
	for (size_t i = 0; i < count; i++) {
		const struct rule *rule = (const void *)((const char *)first + i * stride);
		matchers[i].rule = rule;
		matchers[i].tests = arena_alloc(arena, rule->count * sizeof(struct matcher_test));
		for (size_t j = 0; j < rule->count; j++) {
			matchers[i].tests[j].test = &rule->tests[j];
			if (rule->tests[j].key == RULE_OPTION)
				bind_test(arena, &matchers[i].tests[j], scenario);
		}
	}
	return matchers;
}

static bool op_holds(enum rule_op op, int order)
{
	switch (op) {
	case RULE_EQUAL:
		return order == 0;
	case RULE_NOT_EQUAL:
		return order != 0;
	case RULE_LESS:
		return order < 0;
	case RULE_AT_MOST:
		return order <= 0;
	case RULE_MORE:
		return order > 0;
	case RULE_AT_LEAST:
		return order >= 0;
	}
	return false;
}

/* An executor has two names: its type, and the label that says its options. */
static bool names_hold(const struct rule_test *test, const char *name, const char *other)
{
	bool equal = false;
	for (size_t i = 0; i < test->count && !equal; i++)
		equal = strcmp(test->texts[i], name) == 0 || strcmp(test->texts[i], other) == 0;
	return op_holds(test->op, !equal);
}

static bool name_holds(const struct rule_test *test, const char *name)
{
	return names_hold(test, name, name);
}

/* `value` compared to each of `values`. */
static bool value_holds(const struct option *option, enum rule_op op, union value value,
	const union value *values, size_t count)
{
	if (op == RULE_NOT_EQUAL)
		return !value_holds(option, RULE_EQUAL, value, values, count);
	for (size_t i = 0; i < count; i++)
		if (op_holds(op, option_compare(option, value, values[i])))
			return true;
	return false;
}

static bool binding_holds(const struct binding *binding, enum rule_op op, const union value *values)
{
	return value_holds(
		binding->option, op, values[binding->index], binding->values, binding->count);
}

static bool own_holds(const struct matcher_test *test, const struct workload_variant *workload,
	const struct executor_variant *executor)
{
	for (size_t i = 0; i < test->binding_count; i++) {
		const struct binding *binding = &test->bindings[i];
		if (binding->table == workload->type->params &&
			binding_holds(binding, test->test->op, workload->values))
			return true;
		if (binding->table == executor->type->options &&
			binding_holds(binding, test->test->op, executor->values))
			return true;
	}
	return false;
}

static bool variants_hold(const struct matcher_test *test, const char *name,
	const struct workload_variant *workload, const struct executor_variant *executor)
{
	switch (test->test->key) {
	case RULE_WORKLOAD:
		return name_holds(test->test, name);
	case RULE_TYPE:
		return name_holds(test->test, workload->type->name);
	case RULE_EXECUTOR:
		return names_hold(test->test, executor->type->name, executor->label);
	case RULE_OPTION:
		return own_holds(test, workload, executor);
	case RULE_WORKERS:
	case RULE_TASKS:
	case RULE_RUNTIME:
	case RULE_RATE:
	case RULE_ARRIVAL:
		break;
	}
	return true;
}

bool matcher_variants(const struct matcher *matcher, const char *name,
	const struct workload_variant *workload, const struct executor_variant *executor)
{
	for (size_t i = 0; i < matcher->rule->count; i++)
		if (!variants_hold(&matcher->tests[i], name, workload, executor))
			return false;
	return true;
}

/* What a cell has for a key of the load; false if it has none. */
static bool load_value(
	const struct load *load, int64_t workers, enum rule_key key, union value *value)
{
	switch (key) {
	case RULE_WORKERS:
		value->integer = workers;
		return true;
	case RULE_TASKS:
		value->integer = load->tasks;
		return load->tasks > 0;
	case RULE_RUNTIME:
		value->integer = load->runtime_ns;
		return load->runtime_ns > 0;
	case RULE_RATE:
		value->number = load->rate;
		return load->rate > 0;
	case RULE_ARRIVAL:
		value->integer = load->arrival;
		return load->rate > 0;
	default:
		return false;
	}
}

bool matcher_load(const struct matcher *matcher, int64_t workers, const struct load *load)
{
	for (size_t i = 0; i < matcher->rule->count; i++) {
		const struct rule_test *test = &matcher->rule->tests[i];
		union value value;
		if (test->own && (!load_value(load, workers, test->key, &value) ||
					 !value_holds(test->own, test->op, value, test->values,
						 test->count)))
			return false;
	}
	return true;
}

bool matcher_holds(const struct matcher *matcher, const struct experiment *cell)
{
	const struct load load = plan_load(cell);
	return matcher_variants(matcher, cell->workload->name, cell->workload, cell->executor) &&
	       matcher_load(matcher, cell->workers, &load);
}

void matchers_warn(const struct matcher *matchers, size_t count, const struct scenario *scenario,
	const char *what)
{
	struct arena arena;
	struct diag diag;
	arena_init(&arena);
	scenario_diag(scenario, &arena, &diag);
	for (size_t i = 0; i < count; i++) {
		if (!matchers[i].matched)
			diag_warning(
				&diag, matchers[i].rule->place, "this %s matches no cell", what);
	}
	if (diag.count > 0)
		diag_publish(&diag, scenario->reading.sink);
	diag_release(&diag);
	arena_release(&arena);
}
