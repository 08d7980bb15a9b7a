/*
 * Long-lived children that claim tasks from a counter in shared memory. One that dies loses the
 * task it was running; a new one takes its place and goes on with the rest of its claim.
 */
#include "base/memory.h"
#include "executors/children.h"
#include "executors/executor.h"
#include "executors/options.h"

struct process_pool_options {
	int64_t chunk;
	int start, pin;
};

static void configure(struct crew *crew)
{
	const struct process_pool_options *options = crew->options;
	crew_set_chunk(crew, (uint64_t)options->chunk);
	crew_set_pin(crew, (enum pin)options->pin);
}

static int child(struct worker *worker, const struct birth *birth)
{
	int entered = birth->late ? worker_reenter(worker) : worker_enter(worker);
	if (entered != 0)
		return 1;
	worker_work(worker);
	worker_leave(worker);
	return 0;
}

static int bear(struct crew *crew, struct worker *worker, bool late, struct err *err)
{
	const struct process_pool_options *options = crew->options;
	struct birth birth = {.late = late, .fds = {-1, -1}};
	return children_add(crew->places, worker, (enum start)options->start, &birth, err);
}

/* Before the release a child only ends if its set-up failed or killed it. */
static int check_alive(struct crew *crew, struct err *err)
{
	int wait_status;
	struct worker *worker = children_wait(crew->places, false, &wait_status);
	if (worker)
		return err_set(err, "worker %u died while it was set up", worker->index);
	return 0;
}

static int start(struct crew *crew, struct err *err)
{
	crew->places = children_new(crew->workers);
	for (uint32_t i = 0; i < crew->workers; i++)
		if (bear(crew, crew_worker(crew, i), false, err) != 0)
			return -1;
	return crew_await_ready(crew, check_alive, err);
}

static int run(struct crew *crew, struct err *err)
{
	struct worker *worker;
	int wait_status;
	while ((worker = children_wait(crew->places, true, &wait_status)))
		if (worker_died(worker, wait_status) && !crew_stopped(crew) &&
			bear(crew, worker, true, err) != 0)
			return -1;
	return 0;
}

static void stop(struct crew *crew)
{
	children_free(crew->places);
}

static const struct option options[] = {
	OPTION_CHUNK(struct process_pool_options),
	OPTION_START(struct process_pool_options),
	OPTION_PIN(struct process_pool_options),
	OPTION_END,
};

const struct executor executor_process_pool = {
	.name = "process_pool",
	.summary = "one of `workers` long-lived children that claim tasks from shared memory",
	.wait = "from the release, when all tasks are queued, until a worker takes the task",
	.options = options,
	.options_bytes = sizeof(struct process_pool_options),
	.kind = WORKER_PROCESS,
	.pool = true,
	.claims = true,
	.configure = configure,
	.start = start,
	.run = run,
	.stop = stop,
	.child = child,
};
