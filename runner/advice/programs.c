/* Programs that the scenario names and nobody would find. Those with a folder in front, or with a
 * PATH of their own, are the run's to look for. */
#include "advice/advice.h"
#include "advice/group.h"
#include "base/program.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool has_own_path(const struct option_list *environment)
{
	for (size_t i = 0; i < environment->count; i++)
		if (strncmp(environment->items[i].text, "PATH=", 5) == 0)
			return true;
	return false;
}

static const struct option_list *list_of(const struct workload_variant *variant, const char *name)
{
	static const struct option_list none;
	const struct option *option = option_find(variant->type->params, name);
	return option && option->list ? variant->values[option - variant->type->params].list
				      : &none;
}

/* NULL: it is there, or cannot be told. */
static const char *missing_program(const struct workload_variant *variant)
{
	const struct option_list *command = list_of(variant, "command");
	if (!variant->type->runs_programs || command->count == 0 ||
		has_own_path(list_of(variant, "environment")))
		return NULL;
	const char *name = command->items[0].text;
	return strchr(name, '/') || program_on_path(name) ? NULL : name;
}

static void report(const struct advice *advice, const struct group *group)
{
	diag_warning(
		advice->diag, group->place, "there is no program '%.60s' on the PATH", group->text);
	if (strpbrk(group->text, " |<>;&$"))
		diag_note(advice->diag, "its words are a list: [ls, -l]; a line for a shell: [sh, "
					"-c, \"ls | wc\"]");
	else
		diag_note(advice->diag, "install it, or name it with its folder");
}

void advise_programs(const struct advice *advice)
{
	const struct workload_variant *asked = NULL;
	struct groups groups;
	groups_init(&groups);
	for (uint32_t i = 0; i < advice->plan->experiment_count; i++) {
		const struct experiment *cell = &advice->plan->experiments[i];
		const char *name = cell->workload == asked ? NULL : missing_program(cell->workload);
		asked = cell->workload;
		if (name)
			groups_add(&groups, group_workload(advice->scenario, cell), cell, name,
				strlen(name) + 1);
	}
	for (size_t i = 0; i < groups.count; i++)
		report(advice, &groups.items[i]);
	groups_release(&groups);
}
