/* The floor of a pool: empty tasks.
 *   floor_pool thread|process  WORKERS  TASKS  monotonic|tsc */
#include "pool.h"

static uint64_t run(void *context, uint64_t index)
{
	(void)context;
	(void)index;
	return 1;
}

int main(int argc, char **argv)
{
	return pool_main(argc, argv, (struct task){.run = run});
}
