/* Consent: a scenario is data, and data from elsewhere is not to start programs unasked. */
#include "scenario/diag.h"
#include "scenario/scenario.h"
#include "script/state.h"

static void report(struct diag *diag, const struct workload_entry *entry)
{
	struct place place = {entry->line, entry->column};
	diag_error(diag, place, "workload '%s' runs programs that the scenario names", entry->name);
	diag_note(diag, "allow it: conrun --allow-exec %s", diag->path);
}

int scenario_permit(const struct scenario *scenario)
{
	struct arena arena;
	struct diag diag;
	if (state_allows_all())
		return 0;
	arena_init(&arena);
	diag_init(&diag, &arena, scenario->path, scenario->text, scenario->text_length);
	for (size_t i = 0; i < scenario->workload_count; i++)
		if (scenario->workloads[i].type->runs_programs)
			report(&diag, &scenario->workloads[i]);
	diag_print(&diag);
	int result = diag.errors ? -1 : 0;
	diag_release(&diag);
	arena_release(&arena);
	return result;
}
