/* A child, and a pipe through which its error comes back. */
#include "base/apart.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* One error fits into a pipe, so this cannot block. */
static void call_in_child(apart_call *call, void *arg, int to_parent)
{
	struct err err = {""};
	int failed = call(arg, &err);
	if (failed)
		(void)!write(to_parent, err.text, strlen(err.text));
	_exit(failed ? 1 : 0);
}

static void read_error(int from_child, struct err *err)
{
	size_t used = 0;
	ssize_t got;
	while (used < sizeof(err->text) - 1) {
		got = read(from_child, err->text + used, sizeof(err->text) - 1 - used);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		used += (size_t)got;
	}
	err->text[used] = '\0';
}

static int wait_for(pid_t child, const char *what, struct err *err)
{
	int status;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return err_errno(err, errno, "cannot %s", what);
	if (WIFSIGNALED(status))
		return err_set(err, "cannot %s: its process died of signal %d (%s)", what,
			WTERMSIG(status), strsignal(WTERMSIG(status)));
	if (WEXITSTATUS(status) && !*err->text)
		return err_set(err, "cannot %s: its process ended with code %d", what,
			WEXITSTATUS(status));
	return WEXITSTATUS(status) ? -1 : 0;
}

int apart(apart_call *call, void *arg, const char *what, struct err *err)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC))
		return err_errno(err, errno, "cannot %s", what);
	pid_t child = fork();
	if (child == 0)
		call_in_child(call, arg, ends[1]);
	int reason = errno;
	close(ends[1]);
	int result;
	if (child < 0) {
		result = err_errno(err, reason, "cannot %s", what);
	} else {
		struct err told = {""};
		read_error(ends[0], &told);
		result = wait_for(child, what, &told);
		if (result)
			*err = told;
	}
	close(ends[0]);
	return result;
}
