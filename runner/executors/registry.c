#include "executors/executor.h"

#include <string.h>

extern const struct executor executor_sequential, executor_thread, executor_thread_pool,
	executor_process, executor_process_pool, executor_pipe, executor_async;

const struct executor *const executor_registry[] = {
	&executor_sequential,
	&executor_thread,
	&executor_thread_pool,
	&executor_process,
	&executor_process_pool,
	&executor_pipe,
	&executor_async,
	NULL,
};

const struct executor *executor_find(const char *name)
{
	for (const struct executor *const *executor = executor_registry; *executor; executor++)
		if (strcmp((*executor)->name, name) == 0)
			return *executor;
	return NULL;
}
