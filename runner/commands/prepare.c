#include "commands/prepare.h"

int prepare(struct prepared *prepared, const char *path, struct err *err)
{
	if (scenario_load(&prepared->scenario, path))
		return -1;
	if (plan_make(&prepared->plan, &prepared->scenario, err)) {
		scenario_release(&prepared->scenario);
		return err_prefix(err, "%s: ", path);
	}
	if (extras_make(&prepared->extras, &prepared->plan) == 0)
		return 0;
	plan_release(&prepared->plan);
	scenario_release(&prepared->scenario);
	return -1;
}

void prepared_release(struct prepared *prepared)
{
	extras_release(&prepared->extras);
	plan_release(&prepared->plan);
	scenario_release(&prepared->scenario);
}
