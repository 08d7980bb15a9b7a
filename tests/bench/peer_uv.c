/*
 * libuv's work queue with empty tasks.
 *   UV_THREADPOOL_SIZE=WORKERS  peer_uv  TASKS
 * Its threads are made before the clock starts, and no task is timed. All are queued at once and
 * the loop hears of each one's end, which is how its users know.
 */
#include "floor.h"

#include <uv.h>

static uint64_t ended;

static void empty_task(uv_work_t *task)
{
	(void)task;
}

static void on_end(uv_work_t *task, int status)
{
	(void)task, (void)status;
	ended++;
}

static void run(uv_loop_t *loop, uv_work_t *tasks, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++)
		uv_queue_work(loop, &tasks[i], empty_task, on_end);
	uv_run(loop, UV_RUN_DEFAULT);
}

int main(int argc, char **argv)
{
	uint64_t count = argument(argc, argv, 1, 100000000);
	uv_work_t *tasks = calloc(count, sizeof(*tasks));
	need(tasks != NULL, "calloc");
	uv_loop_t loop;
	need(uv_loop_init(&loop) == 0, "uv_loop_init");
	run(&loop, tasks, 1);

	ended = 0;
	uint64_t started_ns = now_ns();
	run(&loop, tasks, count);
	uint64_t elapsed_ns = now_ns() - started_ns;
	need(ended == count, "tasks are missing");
	free(tasks);
	report(count, elapsed_ns);
	return 0;
}
