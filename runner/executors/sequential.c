/* The host's own thread runs all tasks, one after the other: what the others are compared with. */
#include "executors/executor.h"
#include "executors/options.h"

struct sequential_options {
	int pin;
};

static void configure(struct crew *crew)
{
	const struct sequential_options *options = crew->options;
	crew_set_pin(crew, (enum pin)options->pin);
}

static int start(struct crew *crew, struct err *err)
{
	return crew_prepare(crew, err);
}

static int run(struct crew *crew, struct err *err)
{
	(void)err;
	struct worker *worker = crew_worker(crew, 0);
	worker_begin(worker);
	worker_work(worker);
	worker_leave(worker);
	return 0;
}

static const struct option options[] = {
	OPTION_PIN(struct sequential_options),
	OPTION_END,
};

const struct executor executor_sequential = {
	.name = "sequential",
	.summary = "the host's own thread, one task after the other",
	.wait = "nothing: a task is submitted when it is called",
	.options = options,
	.options_bytes = sizeof(struct sequential_options),
	.kind = WORKER_HOST,
	.ignores_workers = true,
	.configure = configure,
	.start = start,
	.run = run,
};
