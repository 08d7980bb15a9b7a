#include "workloads/guard.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void watch(int program)
{
	struct pollfd polled = {program, POLLIN, 0};
	while (poll(&polled, 1, -1) < 0 && errno == EINTR)
		;
	kill(0, SIGKILL); /* the group, and so itself */
	_exit(1);
}

int guard_start(pid_t *guard, struct err *err)
{
	*guard = 0;
	if (getpgrp() != getpid())
		return 0;
	int program = (int)syscall(SYS_pidfd_open, getppid(), 0);
	if (program < 0)
		return err_errno(err, errno, "cannot watch over the run");
	*guard = fork();
	if (*guard == 0)
		watch(program);
	int reason = errno;
	close(program);
	return *guard < 0 ? err_errno(err, reason, "cannot fork a guard over the run") : 0;
}

void guard_end(pid_t guard)
{
	if (guard <= 0)
		return;
	kill(guard, SIGKILL);
	while (waitpid(guard, NULL, 0) < 0 && errno == EINTR)
		;
}
