/*
 * The floor of a round trip: a message to a forked child and back, one at a time, by two pipes.
 *   floor_pipe  MESSAGE_BYTES  ROUND_TRIPS
 * The child lives before the clock starts, as does a pool's.
 */
#include "floor.h"

#include <sys/wait.h>
#include <unistd.h>

enum { MOST_BYTES = 4096 }; /* a pipe takes and gives as much in one piece */

static char message[MOST_BYTES];

static _Noreturn void echo(int from, int to, size_t bytes)
{
	while (read(from, message, bytes) == (ssize_t)bytes)
		need(write(to, message, bytes) == (ssize_t)bytes, "write in the child");
	_exit(0);
}

static void round_trip(int to, int from, size_t bytes)
{
	need(write(to, message, bytes) == (ssize_t)bytes, "write");
	need(read(from, message, bytes) == (ssize_t)bytes, "read");
}

int main(int argc, char **argv)
{
	size_t bytes = argument(argc, argv, 1, MOST_BYTES);
	uint64_t round_trips = argument(argc, argv, 2, 1000000000);
	int request[2], reply[2];
	need(pipe(request) == 0 && pipe(reply) == 0, "pipe");
	pid_t child = fork();
	need(child >= 0, "fork");
	if (child == 0) {
		close(request[1]);
		echo(request[0], reply[1], bytes);
	}
	close(request[0]);
	close(reply[1]);

	round_trip(request[1], reply[0], bytes);
	uint64_t started_ns = now_ns();
	for (uint64_t i = 0; i < round_trips; i++)
		round_trip(request[1], reply[0], bytes);
	uint64_t elapsed_ns = now_ns() - started_ns;

	close(request[1]);
	need(waitpid(child, NULL, 0) == child, "waitpid");
	report(round_trips, elapsed_ns);
	return 0;
}
