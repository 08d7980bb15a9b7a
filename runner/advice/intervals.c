/* Expectations about the interval of the median, where so few runs give none. */
#include "advice/advice.h"
#include "plan/rules.h"
#include "stats/order_statistics.h"

#include <inttypes.h>
#include <string.h>

static const char *interval_name(const struct expectation *expectation)
{
	const struct claim *claim = &expectation->claim;
	for (size_t i = 0; i < claim->name_count; i++)
		if (strstr(claim->names[i], "_ci_"))
			return claim->names[i];
	return NULL;
}

static size_t least_runs(void)
{
	size_t runs = 1;
	while (interval_rank(runs) == 0)
		runs++;
	return runs;
}

static bool concerns(const struct matcher *matcher, const struct experiment *cell)
{
	struct load load = plan_load(cell);
	return matcher_variants(matcher, cell->workload->name, cell->workload, cell->executor) &&
	       matcher_load(matcher, cell->workers, &load);
}

static void look_at(const struct advice *advice, size_t index, const char *name)
{
	const struct expectations *expectations = &advice->extras->expectations;
	const struct expect *expect = expectations->items[index].expect;
	uint32_t all = 0, without = 0, runs = 0;
	for (uint32_t i = 0; i < advice->plan->experiment_count; i++) {
		const struct experiment *cell = &advice->plan->experiments[i];
		if (!concerns(&expectations->matchers[index], cell))
			continue;
		all++;
		without += cell->repeat < least_runs();
		runs = cell->repeat < least_runs() ? cell->repeat : runs;
	}
	if (without == 0)
		return;
	diag_warning(advice->diag, expect->place,
		"'%s' is unknown in %" PRIu32 " of %" PRIu32
		" rows: an interval takes %zu runs, not "
		"%" PRIu32,
		name, without, all, least_runs(), runs);
	diag_note(advice->diag, "write repeat: %zu", least_runs());
}

void advise_intervals(const struct advice *advice)
{
	const struct expectations *expectations = &advice->extras->expectations;
	/* One short run is no measurement, and nothing is judged by it. */
	for (size_t i = 0; i < expectations->count && !advice->scenario->reading.quick; i++) {
		const char *name = interval_name(&expectations->items[i]);
		if (name)
			look_at(advice, i, name);
	}
}
