/* Script, drawing and complaints go through files in memory: no side ever waits for the other. */
#include "review/gnuplot.h"

#include "base/fd.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECONDS_MOST = 30, STREAMS = 3, COMPLAINT_BYTES = 200 };

extern char **environ;

static void close_streams(const int *streams)
{
	for (int i = 0; i < STREAMS; i++)
		if (streams[i] >= 0)
			close(streams[i]);
}

static int open_streams(int *streams, const char *script)
{
	size_t length = strlen(script);
	for (int i = 0; i < STREAMS; i++)
		streams[i] = fd_raise(memfd_create("conrun-gnuplot", MFD_CLOEXEC));
	if (streams[0] >= 0 && streams[1] >= 0 && streams[2] >= 0 &&
		write(streams[0], script, length) == (ssize_t)length &&
		lseek(streams[0], 0, SEEK_SET) == 0)
		return 0;
	int reason = errno;
	close_streams(streams);
	errno = reason;
	return -1;
}

/* As a shell would start it: conrun itself ignores and blocks signals that gnuplot should not. */
static int spawn(pid_t *pid, const int *streams)
{
	char *const arguments[] = {(char[]){"gnuplot"}, (char[]){"-d"}, (char[]){"-"}, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	posix_spawn_file_actions_init(&actions);
	posix_spawnattr_init(&attributes);
	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	for (int i = 0; i < STREAMS; i++)
		posix_spawn_file_actions_adddup2(&actions, streams[i], i);
	int result = posix_spawnp(pid, arguments[0], &actions, &attributes, arguments, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return result;
}

/* Its wait status; one that takes too long is killed. */
static int wait_for(pid_t pid)
{
	struct pollfd ended = {.fd = pidfd_open(pid, 0), .events = POLLIN};
	int status = 0, ready;
	do
		ready = ended.fd >= 0 ? poll(&ended, 1, SECONDS_MOST * 1000) : 1;
	while (ready < 0 && errno == EINTR);
	if (ready <= 0)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (ended.fd >= 0)
		close(ended.fd);
	return status;
}

static void take(int stream, struct text *out)
{
	char piece[16384];
	ssize_t count;
	for (off_t at = 0; (count = pread(stream, piece, sizeof(piece), at)) > 0; at += count)
		text_add_bytes(out, piece, (size_t)count);
}

/* Its first line that says something; positions in the script are of no use to a reader. */
static int complain(int stream, int status, struct err *err)
{
	struct text said;
	text_init(&said);
	take(stream, &said);
	const char *line = text_get(&said) + strspn(text_get(&said), " \t\r\n^");
	if (WIFSIGNALED(status))
		err_set(err, "gnuplot was ended by signal %d", WTERMSIG(status));
	else
		err_set(err, "gnuplot cannot draw this: %.*s",
			(int)(strcspn(line, "\n") < COMPLAINT_BYTES ? strcspn(line, "\n")
								    : COMPLAINT_BYTES),
			line);
	text_release(&said);
	return -1;
}

static int draw(const int *streams, struct text *drawn, struct err *err)
{
	pid_t pid;
	int failed = spawn(&pid, streams);
	if (failed == ENOENT)
		return err_set(err,
			"there is no gnuplot on the PATH; install it (on Debian: apt install "
			"gnuplot-nox)");
	if (failed)
		return err_errno(err, failed, "cannot start gnuplot");
	int status = wait_for(pid);
	if (status)
		return complain(streams[2], status, err);
	take(streams[1], drawn);
	return 0;
}

int gnuplot_draw(const char *script, struct text *drawn, struct err *err)
{
	int streams[STREAMS];
	if (open_streams(streams, script))
		return err_errno(err, errno, "cannot hand charts to gnuplot");
	int result = draw(streams, drawn, err);
	close_streams(streams);
	return result;
}

static void quote(struct text *script, const char *text, const char *doubled)
{
	text_add(script, "'");
	for (; *text; text++) {
		if (strchr(doubled, *text))
			text_add_bytes(script, text, 1);
		text_addf(script, "%c", (unsigned char)*text < ' ' ? ' ' : *text);
	}
	text_add(script, "'");
}

void gnuplot_quote(struct text *script, const char *text)
{
	quote(script, text, "'");
}

void gnuplot_quote_mark(struct text *script, const char *text)
{
	quote(script, text, "'%");
}
