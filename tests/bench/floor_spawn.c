/*
 * A floor for fresh program images: posix_spawn of /bin/true, waitpid, and nothing else.
 *   floor_spawn  TASKS
 * A floor of another kind: /bin/true has nothing to attach, to set up or to report, but is linked
 * with shared libraries.
 */
#include "floor.h"

#include <spawn.h>
#include <sys/wait.h>

int main(int argc, char **argv)
{
	uint64_t tasks = argument(argc, argv, 1, 10000000);
	char program[] = "/bin/true", *arguments[] = {program, NULL}, *environment[] = {NULL};

	uint64_t started_ns = now_ns();
	for (uint64_t i = 0; i < tasks; i++) {
		pid_t child;
		need_zero(posix_spawn(&child, program, NULL, NULL, arguments, environment),
			"posix_spawn of /bin/true");
		need(waitpid(child, NULL, 0) == child, "waitpid");
	}
	report(tasks, now_ns() - started_ns);
	return 0;
}
