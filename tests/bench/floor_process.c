/*
 * The floor of a process for each task: fork, _exit, waitpid, and nothing else.
 *   floor_process  IN_FLIGHT  TASKS
 * Linked as the compiler does by default, with a shared C library.
 */
#include "floor.h"

#include <sys/wait.h>
#include <unistd.h>

static void start_one(void)
{
	pid_t child = fork();
	need(child >= 0, "fork");
	if (child == 0)
		_exit(0);
}

int main(int argc, char **argv)
{
	uint64_t in_flight = argument(argc, argv, 1, 1000);
	uint64_t tasks = argument(argc, argv, 2, 10000000);

	uint64_t started_ns = now_ns(), started = 0;
	while (started < tasks && started < in_flight) {
		start_one();
		started++;
	}
	for (uint64_t ended = 0; ended < tasks; ended++) {
		need(waitpid(-1, NULL, 0) > 0, "waitpid");
		if (started < tasks) {
			start_one();
			started++;
		}
	}
	report(tasks, now_ns() - started_ns);
	return 0;
}
