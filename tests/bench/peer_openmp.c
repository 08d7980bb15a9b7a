/*
 * OpenMP with empty tasks: a loop whose iterations are dealt out one by one, or a task for each.
 *   peer_openmp  loop|tasks  WORKERS  TASKS
 * Its threads are made before the clock starts, and no task is timed.
 */
#include "floor.h"

#include <omp.h>
#include <string.h>

/* Called through a pointer that the compiler cannot see through, as every floor's task is. */
static uint64_t empty_task(uint64_t index)
{
	(void)index;
	return 1;
}

static uint64_t (*volatile task)(uint64_t) = empty_task;

static uint64_t run_loop(uint64_t count)
{
	uint64_t sum = 0;
#pragma omp parallel for schedule(dynamic, 1) reduction(+ : sum)
	for (uint64_t i = 0; i < count; i++)
		sum += task(i);
	return sum;
}

static uint64_t run_tasks(uint64_t count)
{
	uint64_t sum = 0;
#pragma omp parallel
#pragma omp single
#pragma omp taskloop grainsize(1) reduction(+ : sum)
	for (uint64_t i = 0; i < count; i++)
		sum += task(i);
	return sum;
}

int main(int argc, char **argv)
{
	uint64_t (*run)(uint64_t) =
		argc > 1 && strcmp(argv[1], "tasks") == 0 ? run_tasks : run_loop;
	omp_set_num_threads((int)argument(argc, argv, 2, 1000));
	uint64_t count = argument(argc, argv, 3, 1000000000);
	run(1000);

	uint64_t started_ns = now_ns();
	uint64_t sum = run(count);
	uint64_t elapsed_ns = now_ns() - started_ns;
	need(sum == count, "tasks are missing");
	report(count, elapsed_ns);
	return 0;
}
