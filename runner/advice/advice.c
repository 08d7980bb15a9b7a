#include "advice/advice.h"

#include <stdlib.h>

static adviser *const advisers[] = {
	advise_consent,
	advise_inert,
	advise_merged,
	advise_idle,
	advise_programs,
	advise_empty,
	advise_support,
	advise_room,
	advise_timeout,
	advise_runtime,
	advise_budget,
	advise_intervals,
};

void advise(const struct extras *extras, const uint64_t *last_ns, struct diag *diag)
{
	uint64_t *said_ns = plan_said_ns(extras->plan);
	const struct advice advice = {
		.scenario = extras->plan->scenario,
		.plan = extras->plan,
		.extras = extras,
		.last_ns = last_ns,
		.said_ns = said_ns,
		.diag = diag,
	};
	for (size_t i = 0; i < sizeof(advisers) / sizeof(advisers[0]); i++)
		advisers[i](&advice);
	free(said_ns);
}
