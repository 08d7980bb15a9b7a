/* Long-lived threads that claim tasks from one counter. */
#include "base/memory.h"
#include "executors/executor.h"
#include "executors/options.h"

#include <stdlib.h>

struct thread_pool_options {
	int64_t stack_bytes, chunk;
	int pin;
	struct gil_options gil;
};

struct thread_pool {
	uint32_t made;
	pthread_t threads[];
};

static void *pool_thread(void *arg)
{
	struct worker *worker = arg;
	if (worker_enter(worker) != 0)
		return NULL;
	worker_work(worker);
	worker_leave(worker);
	return NULL;
}

static void configure(struct crew *crew)
{
	const struct thread_pool_options *options = crew->options;
	crew_set_chunk(crew, (uint64_t)options->chunk);
	crew_set_pin(crew, (enum pin)options->pin);
	gil_start(crew, &options->gil);
}

static int start(struct crew *crew, struct err *err)
{
	const struct thread_pool_options *options = crew->options;
	struct thread_pool *pool =
		memory_alloc(sizeof(*pool) + crew->workers * sizeof(pool->threads[0]));
	pthread_attr_t attributes;
	crew->places = pool;
	if (stack_attributes(&attributes, options->stack_bytes, err) != 0)
		return -1;
	for (; pool->made < crew->workers; pool->made++) {
		int failed = pthread_create(&pool->threads[pool->made], &attributes, pool_thread,
			crew_worker(crew, pool->made));
		if (failed)
			return err_errno(err, failed, "cannot make thread %u of %u", pool->made + 1,
				crew->workers);
	}
	pthread_attr_destroy(&attributes);
	return crew_await_ready(crew, NULL, err);
}

static int run(struct crew *crew, struct err *err)
{
	(void)err;
	crew_await_left(crew);
	return 0;
}

static void stop(struct crew *crew)
{
	struct thread_pool *pool = crew->places;
	for (uint32_t i = 0; i < pool->made; i++)
		pthread_join(pool->threads[i], NULL);
	gil_report(crew, &((const struct thread_pool_options *)crew->options)->gil);
	free(pool);
}

static const struct option options[] = {
	OPTIONS_GIL(struct thread_pool_options),
	OPTION_CHUNK(struct thread_pool_options),
	OPTION_STACK(struct thread_pool_options),
	OPTION_PIN(struct thread_pool_options),
	OPTION_END,
};

const struct executor executor_thread_pool = {
	.name = "thread_pool",
	.summary = "one of `workers` long-lived threads that claim tasks",
	.wait = "from the release, when all tasks are queued, until a worker takes the task",
	.options = options,
	.options_bytes = sizeof(struct thread_pool_options),
	.metrics = gil_metrics,
	.metrics_option = "gil",
	.kind = WORKER_THREAD,
	.pool = true,
	.claims = true,
	.configure = configure,
	.start = start,
	.run = run,
	.stop = stop,
};
