#include "workloads/workload.h"

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

const struct workload *const workload_registry[] = {
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

const struct workload *workload_find(const char *name)
{
	for (size_t i = 0; workload_registry[i]; i++)
		if (strcmp(workload_registry[i]->name, name) == 0)
			return workload_registry[i];
	return NULL;
}
