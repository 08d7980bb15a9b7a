#include "workloads/workload.h"

#include <string.h>

extern const struct workload workload_noop, workload_count, workload_sum_squares, workload_primes;
extern const struct workload workload_sleep, workload_file_read, workload_file_write;
extern const struct workload workload_counter, workload_fault, workload_lua;

const struct workload *const workload_registry[] = {
	&workload_noop,
	&workload_count,
	&workload_sum_squares,
	&workload_primes,
	&workload_sleep,
	&workload_file_read,
	&workload_file_write,
	&workload_counter,
	&workload_fault,
	&workload_lua,
	NULL,
};

const struct workload *workload_find(const char *name)
{
	for (size_t i = 0; workload_registry[i]; i++)
		if (strcmp(workload_registry[i]->name, name) == 0)
			return workload_registry[i];
	return NULL;
}
