/*
 * The floor of waits on an event loop: libuv's timers alone, one second each, all at once.
 *   floor_timers  TIMERS
 * They are made before the clock starts; from arming the first one to the last one's call.
 */
#include "floor.h"

#include <uv.h>

static uint64_t called, last_ns;

static void on_timer(uv_timer_t *timer)
{
	(void)timer;
	called++;
	last_ns = now_ns();
}

int main(int argc, char **argv)
{
	uint64_t count = argument(argc, argv, 1, 100000000);
	uv_timer_t *timers = calloc(count, sizeof(*timers));
	need(timers != NULL, "calloc");
	uv_loop_t loop;
	need(uv_loop_init(&loop) == 0, "uv_loop_init");
	for (uint64_t i = 0; i < count; i++)
		uv_timer_init(&loop, &timers[i]);

	uv_update_time(&loop);
	uint64_t started_ns = now_ns();
	for (uint64_t i = 0; i < count; i++)
		uv_timer_start(&timers[i], on_timer, 1000, 0);
	uv_run(&loop, UV_RUN_DEFAULT);
	if (called != count) {
		fprintf(stderr, "floor_timers: %llu timers were not called\n",
			(unsigned long long)(count - called));
		return 1;
	}
	report(count, last_ns - started_ns);
	return 0;
}
