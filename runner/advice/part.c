#include "advice/part.h"

struct part part_of_workload(const struct workload_entry *entry)
{
	return (struct part){
		.workload = entry->type,
		.name = entry->name,
		.options = entry->type->params,
		.choices = entry->choices,
		.place = entry->place,
	};
}

struct part part_of_executor(const struct executor_entry *entry)
{
	return (struct part){
		.executor = entry->type,
		.name = entry->type->name,
		.options = entry->type->options,
		.choices = entry->choices,
		.place = entry->place,
	};
}

static const struct choices *choices_of(const struct scenario *scenario, const char *name)
{
	size_t i = 0;
	while (scenario->workloads[i].name != name)
		i++;
	return scenario->workloads[i].choices;
}

struct parts parts_of(const struct scenario *scenario)
{
	size_t most = scenario->workload_count + scenario->executor_count;
	struct parts parts = {NULL, 0};
	for (size_t i = 0; i < scenario->include_count; i++)
		most += 1 + scenario->includes[i].executor_count;
	parts.items = memory_alloc(most * sizeof(*parts.items));
	for (size_t i = 0; i < scenario->workload_count; i++)
		parts.items[parts.count++] = part_of_workload(&scenario->workloads[i]);
	for (size_t i = 0; i < scenario->executor_count; i++)
		parts.items[parts.count++] = part_of_executor(&scenario->executors[i]);
	for (size_t i = 0; i < scenario->include_count; i++) {
		const struct include *include = &scenario->includes[i];
		struct part *part = &parts.items[parts.count++];
		*part = part_of_workload(include->workload);
		part->taken_over = choices_of(scenario, include->workload->name);
		for (size_t k = 0; k < include->executor_count; k++)
			parts.items[parts.count++] = part_of_executor(&include->executors[k]);
	}
	return parts;
}

static bool has_value(const struct option *option, const struct choices *choices, union value value)
{
	for (size_t i = 0; i < choices->count; i++)
		if (option_equal(option, choices->values[i], value))
			return true;
	return false;
}

bool part_has(const struct part *part, const struct experiment *cell)
{
	const union value *values =
		part->workload ? cell->workload->values : cell->executor->values;
	if (part->workload ? part->workload != cell->workload->type
			   : part->executor != cell->executor->type)
		return false;
	for (size_t i = 0; i < option_count(part->options); i++)
		if (!has_value(&part->options[i], &part->choices[i], values[i]))
			return false;
	return true;
}

bool choices_within(const struct option *option, const struct choices *a, const struct choices *b)
{
	enum { COMPARED_MOST = 1000000 };
	if (a->count > COMPARED_MOST / b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!has_value(option, b, a->values[i]))
			return false;
	return true;
}

bool part_within(const struct part *a, const struct part *b)
{
	if (a->workload != b->workload || a->executor != b->executor)
		return false;
	for (size_t i = 0; i < option_count(a->options); i++)
		if (!choices_within(&a->options[i], &a->choices[i], &b->choices[i]))
			return false;
	return true;
}
