/* A new child process for every task, at most `workers` alive. */
#include "base/memory.h"
#include "executors/children.h"
#include "executors/executor.h"
#include "executors/options.h"

#include <stdlib.h>

struct process_options {
	int start, pin;
};

struct processes {
	struct children *children;
	uint32_t free_count;
	struct worker *free[]; /* places that no child is in */
};

static void configure(struct crew *crew)
{
	const struct process_options *options = crew->options;
	crew_set_pin(crew, (enum pin)options->pin);
}

/* A fork has what crew_prepare made; an image makes its own. */
static int child(struct worker *worker, const struct birth *birth)
{
	(void)birth;
	worker_run(worker);
	return 0;
}

static int start(struct crew *crew, struct err *err)
{
	const struct process_options *options = crew->options;
	struct processes *processes =
		memory_alloc(sizeof(*processes) + crew->workers * sizeof(processes->free[0]));
	crew->places = processes;
	processes->children = children_new(crew->workers);
	while (processes->free_count < crew->workers) {
		uint32_t last_first = crew->workers - 1 - processes->free_count;
		processes->free[processes->free_count++] = crew_worker(crew, last_first);
	}
	return options->start == START_FORK ? crew_prepare(crew, err) : 0;
}

/* False: no child is left to wait for. */
static bool reap_one(struct processes *processes)
{
	int wait_status;
	struct worker *worker = children_wait(processes->children, true, &wait_status);
	if (!worker)
		return false;
	worker_collect(worker);
	worker_died(worker, wait_status);
	processes->free[processes->free_count++] = worker;
	return true;
}

static int run(struct crew *crew, struct err *err)
{
	static const struct birth birth = {.fds = {-1, -1}};
	enum start how = (enum start)((const struct process_options *)crew->options)->start;
	struct processes *processes = crew->places;
	uint64_t task;
	int made = 0;
	while (made == 0 && crew_next(crew, &task)) {
		if (processes->free_count == 0)
			reap_one(processes);
		struct worker *worker = processes->free[--processes->free_count];
		worker_submit(worker, task);
		made = children_add(processes->children, worker, how, &birth, err);
	}
	while (reap_one(processes))
		;
	return made;
}

static void stop(struct crew *crew)
{
	struct processes *processes = crew->places;
	children_free(processes->children);
	free(processes);
}

static const struct option options[] = {
	OPTION_START(struct process_options),
	OPTION_PIN(struct process_options),
	OPTION_END,
};

const struct executor executor_process = {
	.name = "process",
	.summary = "a new child process for every task, at most `workers` alive",
	.wait = "making the process, until it runs",
	.options = options,
	.options_bytes = sizeof(struct process_options),
	.kind = WORKER_PROCESS,
	.configure = configure,
	.start = start,
	.run = run,
	.stop = stop,
	.child = child,
};
