/*
 * GLib's GThreadPool with empty tasks.
 *   peer_glib  WORKERS  TASKS
 * Its threads are made before the clock starts, and no task is timed.
 */
#include "floor.h"

#include <glib.h>
#include <stdatomic.h>

static void empty_task(gpointer task, gpointer done)
{
	(void)task;
	atomic_fetch_add_explicit((atomic_ullong *)done, 1, memory_order_relaxed);
}

int main(int argc, char **argv)
{
	uint64_t workers = argument(argc, argv, 1, 1000);
	uint64_t tasks = argument(argc, argv, 2, 1000000000);
	atomic_ullong done = 0;
	/* Exclusive: a pool that shares no threads starts its own at once. */
	GThreadPool *pool = g_thread_pool_new(empty_task, &done, (gint)workers, TRUE, NULL);
	need(pool != NULL, "g_thread_pool_new");

	uint64_t started_ns = now_ns();
	for (uint64_t i = 0; i < tasks; i++)
		g_thread_pool_push(pool, &done, NULL);
	g_thread_pool_free(pool, FALSE, TRUE);
	uint64_t elapsed_ns = now_ns() - started_ns;
	need(atomic_load(&done) == tasks, "tasks are missing");
	report(tasks, elapsed_ns);
	return 0;
}
