/* Programs are run with the user's consent only: nothing that a scenario could say. */
#include "advice/advice.h"
#include "script/state.h"

void advise_consent(const struct advice *advice)
{
	const struct scenario *scenario = advice->scenario;
	const struct workload_entry *first = NULL;
	size_t count = 0;
	for (size_t i = 0; i < scenario->workload_count && !state_allows_all(); i++) {
		const struct workload_entry *entry = &scenario->workloads[i];
		count += entry->type->runs_programs;
		first = entry->type->runs_programs && !first ? entry : first;
	}
	if (!first)
		return;
	if (count == 1)
		diag_remark(advice->diag, first->place,
			"workload '%s' runs programs that the scenario names; a run asks for "
			"consent",
			first->name);
	else
		diag_remark(advice->diag, first->place,
			"workload '%s' and %zu more run programs that the scenario names; a run "
			"asks "
			"for consent",
			first->name, count - 1);
	diag_note(advice->diag, "give it: conrun --allow-exec %s", scenario->path);
}
