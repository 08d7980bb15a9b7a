/* The host's own thread runs all tasks, one after the other: what the others are compared with. */
#include "executors/executor.h"

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

const struct executor executor_sequential = {
	.name = "sequential",
	.summary = "the host's own thread, one task after the other",
	.wait = "nothing: a task is submitted when it is called",
	.kind = WORKER_HOST,
	.ignores_workers = true,
	.start = start,
	.run = run,
};
