/*
 * The floor of many waits at once: a thread for each, which sleeps one second.
 *   floor_sleep  THREADS
 * From before the first thread is made to the last one's waking.
 */
#include "floor.h"

#include <pthread.h>

struct sleeper {
	pthread_t thread;
	uint64_t finished_ns;
};

static void *sleep_once(void *arg)
{
	struct sleeper *self = arg;
	struct timespec second = {.tv_sec = 1};
	clock_nanosleep(CLOCK_MONOTONIC, 0, &second, NULL);
	self->finished_ns = now_ns();
	return NULL;
}

int main(int argc, char **argv)
{
	uint64_t count = argument(argc, argv, 1, 1000000);
	struct sleeper *sleepers = calloc(count, sizeof(*sleepers));
	need(sleepers != NULL, "calloc");

	uint64_t started_ns = now_ns(), last_ns = 0;
	for (uint64_t i = 0; i < count; i++)
		need_zero(pthread_create(&sleepers[i].thread, NULL, sleep_once, &sleepers[i]),
			"pthread_create");
	for (uint64_t i = 0; i < count; i++) {
		pthread_join(sleepers[i].thread, NULL);
		if (sleepers[i].finished_ns > last_ns)
			last_ns = sleepers[i].finished_ns;
	}
	free(sleepers);
	report(count, last_ns - started_ns);
	return 0;
}
