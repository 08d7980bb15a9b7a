/* A plan that cannot be whole when its budget is used up. */
#include "advice/advice.h"
#include "report/human.h"

#include <inttypes.h>

static uint64_t least_runs(const struct experiment *cell)
{
	return (uint64_t)cell->repeat_least + cell->warmup;
}

/* What one run takes at the least, as far as that is known. */
static uint64_t run_ns(const struct advice *advice, uint32_t index)
{
	uint64_t ns = advice->last_ns ? advice->last_ns[index] : 0;
	uint64_t timeout_ns = advice->plan->experiments[index].timeout_ns;
	if (ns == 0)
		ns = advice->said_ns[index];
	return ns < timeout_ns ? ns : timeout_ns;
}

void advise_budget(const struct advice *advice)
{
	double budget_s = (double)advice->scenario->budget_ns / 1e9, total_s = 0;
	uint64_t unknown = 0;
	for (uint32_t i = 0; i < advice->plan->experiment_count; i++) {
		const struct experiment *cell = &advice->plan->experiments[i];
		double ns = (double)run_ns(advice, i);
		total_s += ns / 1e9 * (double)least_runs(cell);
		unknown += ns > 0 ? 0 : least_runs(cell);
	}
	if (budget_s <= 0 || total_s <= budget_s)
		return;
	struct text takes, budget;
	text_init(&takes);
	text_init(&budget);
	human_span(&takes, total_s < 1.8e10 ? (uint64_t)(total_s * 1e9) : UINT64_MAX);
	human_span(&budget, (uint64_t)advice->scenario->budget_ns);
	diag_warning(advice->diag, advice->scenario->budget_at,
		"the plan takes %s%s, but the budget ends it after %s",
		unknown ? "more than " : "about ", text_get(&takes), text_get(&budget));
	diag_note(advice->diag,
		"raise the budget, repeat less, or go on another time: conrun --resume %s",
		advice->scenario->path);
	text_release(&takes);
	text_release(&budget);
}
