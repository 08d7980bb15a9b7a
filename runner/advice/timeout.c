/* Runs that cannot end before their timeout, by what their parameters say. */
#include "advice/advice.h"
#include "advice/group.h"
#include "report/human.h"

#include <inttypes.h>

/* A round duration that is more. */
static int64_t round_up(uint64_t ns)
{
	const uint64_t second = 1000000000, minute = 60 * second, hour = 60 * minute;
	uint64_t unit = ns > 10 * hour ? hour : ns > 10 * minute ? minute : second;
	return (int64_t)((ns / unit + 1) * unit);
}

/* What could be less, or more, by what the cell's load is made of. */
static const char *remedy(const struct experiment *cell)
{
	bool arriving = cell->rate > 0 && cell->runtime_ns > 0;
	return arriving ? "a lower rate, a shorter runtime, or more workers"
			: "more workers, or fewer or shorter tasks";
}

static void add_remedy(struct diag *diag, const struct experiment *cell, uint64_t ns)
{
	const uint64_t longest_ns = UINT64_C(3600000) * 1000000000; /* that a scenario can say */
	struct text timeout;
	if (ns > longest_ns / 2) {
		diag_note(diag, "use %s", remedy(cell));
		return;
	}
	text_init(&timeout);
	option_format_duration(round_up(ns + ns / 2), &timeout);
	diag_note(diag, "write for instance timeout: %s, or use %s", text_get(&timeout),
		remedy(cell));
	text_release(&timeout);
}

static void report(const struct advice *advice, const struct group *group)
{
	uint64_t ns = advice->said_ns[group->first - advice->plan->experiments];
	struct text first, takes, timeout, more;
	text_init(&first);
	text_init(&takes);
	text_init(&timeout);
	text_init(&more);
	group_add_first(advice->plan, group, &first);
	human_span(&takes, ns);
	human_span(&timeout, group->first->timeout_ns);
	if (group->cells > 1)
		text_addf(&more, ", and so are those of %" PRIu32 " more cell%s", group->cells - 1,
			group->cells == 2 ? "" : "s");
	diag_warning(advice->diag, group->place,
		"runs of %s take %s, but are ended by their timeout after %s%s", text_get(&first),
		text_get(&takes), text_get(&timeout), text_get(&more));
	add_remedy(advice->diag, group->first, ns);
	text_release(&first);
	text_release(&takes);
	text_release(&timeout);
	text_release(&more);
}

void advise_timeout(const struct advice *advice)
{
	struct groups groups;
	groups_init(&groups);
	for (uint32_t i = 0; i < advice->plan->experiment_count; i++) {
		const struct experiment *cell = &advice->plan->experiments[i];
		if (advice->said_ns[i] >= cell->timeout_ns)
			groups_add(&groups, group_workload(advice->scenario, cell), cell, "", 0);
	}
	for (size_t i = 0; i < groups.count; i++)
		report(advice, &groups.items[i]);
	groups_release(&groups);
}
