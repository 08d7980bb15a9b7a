/* Consent: a scenario is data, and data from elsewhere is not to start programs unasked. */
#include "base/pasted.h"
#include "scenario/diag.h"
#include "scenario/scenario.h"
#include "script/state.h"

static void report(struct diag *diag, const struct workload_entry *entry)
{
	diag_error(diag, entry->place, "workload '%s' runs programs that the scenario names",
		entry->name);
	diag_note(diag, "allow it: %s --allow-exec %s", pasted_program(), diag->path);
}

int scenario_permit(const struct scenario *scenario)
{
	struct arena arena;
	struct diag diag;
	if (state_allows_all())
		return 0;
	arena_init(&arena);
	scenario_diag(scenario, &arena, &diag);
	for (size_t i = 0; i < scenario->workload_count; i++)
		if (scenario->workloads[i].type->runs_programs)
			report(&diag, &scenario->workloads[i]);
	diag_publish(&diag, scenario->reading.sink);
	int result = diag.errors ? -1 : 0;
	diag_release(&diag);
	arena_release(&arena);
	return result;
}
