/* Parameters that are given, but change nothing: `when` of struct option says where one has an
 * effect, the plan whether there is such a cell. */
#include "advice/advice.h"
#include "advice/part.h"

#include <inttypes.h>
#include <stdlib.h>

/* The cells that a part has made, by what one of its options does in them. */
struct effect {
	uint64_t with, without;
	uint64_t repeated; /* of those without: that differ from another in nothing else */
};

static bool has_effect(const struct part *part, const char *when, const struct experiment *cell)
{
	const char *of_executor = option_of_executor(when);
	if (of_executor)
		return option_holds(
			of_executor, cell->executor->type->options, cell->executor->values);
	return option_holds(when, part->options,
		part->workload ? cell->workload->values : cell->executor->values);
}

static void count(
	const struct part *part, size_t index, const struct experiment *cell, struct effect *effect)
{
	const struct option *option = &part->options[index];
	const union value *values =
		part->workload ? cell->workload->values : cell->executor->values;
	union value first = part->choices[index].values[0];
	if (has_effect(part, option->when, cell)) {
		effect->with++;
		return;
	}
	effect->without++;
	effect->repeated += !option_equal(option, values[index], first);
}

static void report(const struct advice *advice, const struct part *part, size_t index,
	const struct effect *effect)
{
	const struct choices *choices = &part->choices[index];
	const struct option *option = &part->options[index];
	struct text where;
	if (effect->without == 0 || (effect->with > 0 && effect->repeated == 0))
		return;
	text_init(&where);
	option_condition_words(option->when, &where);
	if (effect->with == 0) {
		diag_warning(advice->diag, choices->place,
			"'%s' has no effect here; it has one only where %s", option->name,
			text_get(&where));
		diag_note(advice->diag, "remove it");
	} else {
		diag_remark(advice->diag, choices->place,
			"'%s' makes %" PRIu64
			" cell%s that do%s the same as %s; it has an effect only where %s",
			option->name, effect->repeated, effect->repeated == 1 ? "" : "s",
			effect->repeated == 1 ? "es" : "",
			effect->repeated == 1 ? "another" : "others", text_get(&where));
	}
	text_release(&where);
}

/* Given at this very part, not taken over from the scenario's workload. */
static bool is_given(const struct part *part, size_t index)
{
	return part->choices[index].given &&
	       !(part->taken_over && part->choices[index].values == part->taken_over[index].values);
}

static void look_at(const struct advice *advice, const struct part *part, size_t index)
{
	struct effect effect = {0};
	for (uint32_t i = 0; i < advice->plan->experiment_count; i++)
		if (part_has(part, &advice->plan->experiments[i]))
			count(part, index, &advice->plan->experiments[i], &effect);
	report(advice, part, index, &effect);
}

void advise_inert(const struct advice *advice)
{
	/* A filter leaves out cells that the parameters are for. */
	if (advice->scenario->reading.filter_count > 0)
		return;
	struct parts parts = parts_of(advice->scenario);
	for (size_t i = 0; i < parts.count; i++) {
		const struct part *part = &parts.items[i];
		for (size_t k = 0; k < option_count(part->options); k++)
			if (part->options[k].when && is_given(part, k))
				look_at(advice, part, k);
	}
	free(parts.items);
}
