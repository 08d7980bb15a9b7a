/* The workloads of the program, and behind them those that plugins bring. */
#include "base/memory.h"
#include "workloads/workload.h"

#include <stdlib.h>
#include <string.h>

extern const struct workload workload_noop, workload_count, workload_sum_squares, workload_primes;
extern const struct workload workload_matmul, workload_hash, workload_blur;
extern const struct workload workload_sleep, workload_file_read, workload_file_write;
extern const struct workload workload_fetch, workload_tcp_echo;
extern const struct workload workload_queue, workload_channel;
extern const struct workload workload_counter, workload_fault, workload_lua;
extern const struct workload workload_spawn, workload_exec;
extern const struct workload workload_cow, workload_memory, workload_alloc, workload_yield,
	workload_wake;

static const struct workload *const built_in[] = {
	&workload_noop,
	&workload_count,
	&workload_sum_squares,
	&workload_primes,
	&workload_matmul,
	&workload_hash,
	&workload_blur,
	&workload_sleep,
	&workload_file_read,
	&workload_file_write,
	&workload_fetch,
	&workload_tcp_echo,
	&workload_counter,
	&workload_queue,
	&workload_channel,
	&workload_spawn,
	&workload_cow,
	&workload_memory,
	&workload_alloc,
	&workload_yield,
	&workload_wake,
	&workload_exec,
	&workload_lua,
	&workload_fault,
	NULL,
};

enum { BUILT_IN = sizeof(built_in) / sizeof(built_in[0]) - 1 };

static const struct workload **extended; /* NULL: nothing was added; else NULL-terminated */
static size_t count = BUILT_IN;

const struct workload *const *workload_registry(void)
{
	return extended ? extended : built_in;
}

void workload_add(const struct workload *workload)
{
	const struct workload **longer = memory_alloc((count + 2) * sizeof(*longer));
	memcpy(longer, workload_registry(), count * sizeof(*longer));
	longer[count++] = workload;
	free(extended);
	extended = longer;
}

const struct workload *workload_find(const char *name)
{
	for (const struct workload *const *type = workload_registry(); *type; type++)
		if (strcmp((*type)->name, name) == 0)
			return *type;
	return NULL;
}
