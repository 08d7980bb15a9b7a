/*
 * What becomes of a command's output. Discarded output is not quite lost: stderr runs through a
 * pipe of which the last bytes are remembered, for the message if the command fails. The pipe lives
 * as long as its worker, so that a process that a command left behind does not keep anybody waiting
 * for its end.
 */
#include "base/fd.h"
#include "base/text.h"
#include "workloads/command.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int open_discard(struct outlet *outlet, const struct command *command)
{
	int ends[2];
	if (fd_pipe(ends) != 0)
		return -1;
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	outlet->from = ends[0];
	outlet->to = ends[1];
	posix_spawn_file_actions_adddup2(&outlet->actions, command->null, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&outlet->actions, outlet->to, STDERR_FILENO);
	return 0;
}

/* Both where people look while conrun's own output may go to a file. */
static int open_show(struct outlet *outlet, const struct command *command)
{
	(void)command;
	posix_spawn_file_actions_adddup2(&outlet->actions, STDERR_FILENO, STDOUT_FILENO);
	return 0;
}

/* A place for the files, one after the other: the actions name it. */
static int open_keep(struct outlet *outlet, const struct command *command)
{
	outlet->to = fcntl(command->null, F_DUPFD_CLOEXEC, FD_OURS);
	if (outlet->to < 0)
		return -1;
	posix_spawn_file_actions_adddup2(&outlet->actions, outlet->to, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&outlet->actions, outlet->to, STDERR_FILENO);
	return 0;
}

int outlet_open(struct outlet *outlet, const struct command *command, struct err *err)
{
	static int (*const opens[])(struct outlet *, const struct command *) = {
		[OUTPUT_DISCARD] = open_discard,
		[OUTPUT_SHOW] = open_show,
		[OUTPUT_KEEP] = open_keep,
	};
	*outlet = (struct outlet){
		.output = command->output, .folder = command->output_folder, .to = -1, .from = -1};
	posix_spawn_file_actions_init(&outlet->actions);
	posix_spawn_file_actions_adddup2(&outlet->actions, command->null, STDIN_FILENO);
	posix_spawn_file_actions_addchdir_np(&outlet->actions, command->folder);
	if (opens[outlet->output](outlet, command) == 0)
		return 0;
	err_errno(err, errno, "cannot take the output of '%s'", command->argv[0]);
	outlet_close(outlet);
	return -1;
}

void outlet_close(struct outlet *outlet)
{
	if (outlet->from >= 0)
		close(outlet->from);
	if (outlet->to >= 0)
		close(outlet->to);
	posix_spawn_file_actions_destroy(&outlet->actions);
}

/* Appending: stdout and stderr share an offset only until the command opens its own again. */
static int open_file(struct outlet *outlet, uint64_t index, struct err *err)
{
	char path[PATH_MAX];
	if (snprintf(path, sizeof(path), "%s/task-%" PRIu64 ".txt", outlet->folder, index) >=
		(int)sizeof(path))
		return err_set(err, "the path '%.200s…' is too long", outlet->folder);
	int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
	if (file < 0)
		return err_errno(err, errno, "cannot write '%s'", path);
	dup3(file, outlet->to, O_CLOEXEC);
	close(file);
	return 0;
}

int outlet_begin(struct outlet *outlet, uint64_t index, struct err *err)
{
	outlet->tail_length = 0;
	return outlet->output == OUTPUT_KEEP ? open_file(outlet, index, err) : 0;
}

/* ---- the last line ---- */

static void remember(struct outlet *outlet, const char *bytes, size_t count)
{
	size_t room = sizeof(outlet->tail), kept = outlet->tail_length;
	if (count >= room) {
		bytes += count - room;
		count = room;
	}
	if (kept + count > room) {
		size_t dropped = kept + count - room;
		kept -= dropped;
		memmove(outlet->tail, outlet->tail + dropped, kept);
	}
	memcpy(outlet->tail + kept, bytes, count);
	outlet->tail_length = kept + count;
}

void outlet_drain(struct outlet *outlet)
{
	char bytes[4096];
	ssize_t got;
	while (outlet->from >= 0 && (got = read(outlet->from, bytes, sizeof(bytes))) > 0)
		remember(outlet, bytes, (size_t)got);
}

static void read_end(struct outlet *outlet)
{
	char bytes[sizeof(outlet->tail)];
	off_t length = lseek(outlet->to, 0, SEEK_END);
	off_t from = length > (off_t)sizeof(bytes) ? length - (off_t)sizeof(bytes) : 0;
	ssize_t got = pread(outlet->to, bytes, sizeof(bytes), from);
	if (got > 0)
		remember(outlet, bytes, (size_t)got);
}

static bool is_control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f;
}

void outlet_last_line(struct outlet *outlet, char *line)
{
	if (outlet->output == OUTPUT_KEEP)
		read_end(outlet);
	size_t end = outlet->tail_length;
	while (end > 0 && (outlet->tail[end - 1] == ' ' || is_control(outlet->tail[end - 1])))
		end--;
	size_t begin = end;
	while (begin > 0 && !strchr("\r\n", outlet->tail[begin - 1]))
		begin--;
	/* What was cut within a character begins with its rest. */
	while (begin < end && (outlet->tail[begin] & 0xc0) == 0x80)
		begin++;
	for (size_t i = begin; i < end; i++)
		*line++ = is_control(outlet->tail[i]) ? ' ' : outlet->tail[i];
	*line = '\0';
}
