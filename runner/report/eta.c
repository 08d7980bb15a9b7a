/* The remaining time, kept up to date in constant time a run. */
#include "report/eta.h"

#include <stdlib.h>

struct eta_experiment {
	double total_ns;
	uint32_t done, left;
};

void eta_init(struct eta *eta, const struct plan *plan)
{
	eta->experiments = memory_alloc(plan->experiment_count * sizeof(*eta->experiments));
	eta->unknown = plan->experiment_count;
	eta->left_ns = 0;
	for (uint32_t i = 0; i < plan->experiment_count; i++)
		eta->experiments[i].left = plan->experiments[i].repeat_least;
}

void eta_release(struct eta *eta)
{
	free(eta->experiments);
}

static double share_ns(const struct eta_experiment *experiment)
{
	return experiment->done ? experiment->left * experiment->total_ns / experiment->done
				: 0;
}

void eta_add(struct eta *eta, uint32_t experiment, uint64_t ns)
{
	struct eta_experiment *own = &eta->experiments[experiment];
	eta->left_ns -= share_ns(own);
	eta->unknown -= own->done == 0;
	own->total_ns += (double)ns;
	own->done++;
	own->left -= own->left > 0;
	eta->left_ns += share_ns(own);
}

bool eta_left(const struct eta *eta, uint64_t current_ns, uint64_t *left_ns)
{
	double left = eta->left_ns - (double)current_ns;
	*left_ns = left > 0 ? (uint64_t)left : 0;
	return eta->unknown == 0;
}
