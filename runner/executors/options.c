#include "executors/options.h"

#include <limits.h>
#include <unistd.h>

const char *const pin_choices[] = {"none", "compact", "spread", NULL};
const char *const start_choices[] = {"fork", "spawn", NULL};

enum { METRIC_HANDOVERS, METRIC_WAIT };

const struct metric gil_metrics[] = {
	[METRIC_HANDOVERS] = {.name = "gil_handovers",
		.help = "times that the holder of the gil was asked to drop it"},
	[METRIC_WAIT] = {.name = "gil_wait_s", .help = "all threads' time waiting for the gil"},
	{.name = NULL},
};

void gil_start(struct crew *crew, const struct gil_options *options)
{
	if (options->on)
		crew_set_gil(crew, (uint64_t)options->switch_interval_ns);
}

void gil_report(struct crew *crew, const struct gil_options *options)
{
	uint64_t handovers, wait_ns;
	if (!options->on)
		return;
	crew_gil_figures(crew, &handovers, &wait_ns);
	crew_metric(crew, METRIC_HANDOVERS, (double)handovers);
	crew_metric(crew, METRIC_WAIT, (double)wait_ns / 1e9);
}

int stack_attributes(pthread_attr_t *attributes, int64_t stack_bytes, struct err *err)
{
	pthread_attr_init(attributes);
	if (stack_bytes == 0)
		return 0;
	int64_t least = PTHREAD_STACK_MIN, page = sysconf(_SC_PAGESIZE);
	if (stack_bytes < least)
		stack_bytes = least;
	stack_bytes = (stack_bytes + page - 1) / page * page;
	int failed = pthread_attr_setstacksize(attributes, (size_t)stack_bytes);
	return failed ? err_errno(err, failed, "cannot give threads a stack of %lld bytes",
				(long long)stack_bytes)
		      : 0;
}
