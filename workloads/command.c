/* Starting a command; see command.h. */
#include "workloads/command.h"

#include "base/fd.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { LABEL_MOST_BYTES = 120 };

/* ---- argv and environment ---- */

/* Neither the texts of a scenario nor those of the run's environment are ever changed: what execve
 * takes may point to them. */
static void copy_texts(char **to, const struct option_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		to[i] = (char *)list->items[i].text;
}

static char **make_argv(const struct option_list *words)
{
	char **argv = memory_alloc((words->count + 1) * sizeof(*argv));
	copy_texts(argv, words);
	return argv;
}

/* The value of NAME=VALUE if that is its name. */
static const char *value_of(const char *pair, const char *name, size_t length)
{
	return strncmp(pair, name, length) == 0 && pair[length] == '=' ? pair + length + 1 : NULL;
}

static const char *find_value(char *const *pairs, const char *name, size_t length)
{
	const char *value = NULL;
	for (; *pairs && !value; pairs++)
		value = value_of(*pairs, name, length);
	return value;
}

/* The given ones, then what the run has under other names. */
static char **make_environment(const struct option_list *given)
{
	size_t own = 0, count = given->count;
	while (environ[own])
		own++;
	char **pairs = memory_alloc((own + count + 1) * sizeof(*pairs));
	copy_texts(pairs, given);
	for (size_t i = 0; i < own; i++)
		if (!find_value(pairs, environ[i], strcspn(environ[i], "=")))
			pairs[count++] = environ[i];
	return pairs;
}

static void make_label(struct text *label, char *const *argv)
{
	text_init(label);
	for (size_t i = 0; argv[i] && label->length <= LABEL_MOST_BYTES; i++)
		text_addf(label, "%s%.*s", i ? " " : "", LABEL_MOST_BYTES, argv[i]);
	if (label->length <= LABEL_MOST_BYTES)
		return;
	size_t cut = LABEL_MOST_BYTES;
	while (cut > 0 && (label->bytes[cut] & 0xc0) == 0x80)
		cut--; /* not within a character */
	label->length = cut;
	text_add(label, "…");
}

/* ---- the program ---- */

static int program_fault(int folder, const char *path)
{
	struct stat file;
	if (fstatat(folder, path, &file, 0) != 0)
		return errno;
	if (!S_ISREG(file.st_mode))
		return EACCES;
	return faccessat(folder, path, X_OK, AT_EACCESS) == 0 ? 0 : errno;
}

/*
 * On the PATH that the command itself will see, once instead of at every start. As execvp does it,
 * a file that may not be executed is passed over, and is the reason if there is no other.
 */
static void find_program(struct command *command, int folder)
{
	static const char fallback[] = "/bin:/usr/bin"; /* confstr(_CS_PATH) */
	const char *name = command->argv[0];
	const char *path = find_value(command->environment, "PATH", 4);
	command->program = name;
	command->missing = 0;
	if (strchr(name, '/'))
		return;
	int reason = ENOENT;
	for (const char *at = path ? path : fallback; at; at = strchr(at, ':')) {
		at += *at == ':';
		int length = (int)strcspn(at, ":");
		const char *here = length ? "" : ".";
		text_clear(&command->path);
		text_addf(&command->path, "%.*s%s/%s", length, at, here, name);
		command->program = text_get(&command->path);
		command->missing = program_fault(folder, command->program);
		if (!command->missing)
			return;
		if (command->missing == EACCES)
			reason = EACCES;
	}
	command->missing = reason;
}

static int enter_and_find(struct command *command, struct err *err)
{
	int folder = open(command->folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0 || faccessat(folder, ".", X_OK, AT_EACCESS) != 0) {
		int reason = errno;
		if (folder >= 0)
			close(folder);
		return err_errno(
			err, reason, "cannot run '%s' in '%s'", command->argv[0], command->folder);
	}
	find_program(command, folder);
	close(folder);
	return 0;
}

/* conrun ignores SIGPIPE; and a thread that waits for events may have others blocked. */
static void make_attributes(posix_spawnattr_t *attributes)
{
	sigset_t none, pipe;
	sigemptyset(&none);
	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	posix_spawnattr_init(attributes);
	posix_spawnattr_setsigmask(attributes, &none);
	posix_spawnattr_setsigdefault(attributes, &pipe);
	posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

int command_make(struct command *command, const struct command_params *params, struct err *err)
{
	*command = (struct command){.output = (enum output)params->output,
		.output_folder = params->output_folder,
		.folder = params->folder};
	text_init(&command->path);
	command->argv = make_argv(&params->words);
	command->environment = make_environment(&params->environment);
	make_label(&command->label, command->argv);
	make_attributes(&command->attributes);
	command->null = fd_raise(open("/dev/null", O_RDWR | O_CLOEXEC));
	if (command->null < 0)
		err_errno(err, errno, "cannot open '/dev/null'");
	else if (enter_and_find(command, err) == 0)
		return 0;
	command_release(command);
	return -1;
}

void command_release(struct command *command)
{
	if (command->null >= 0)
		close(command->null);
	posix_spawnattr_destroy(&command->attributes);
	text_release(&command->label);
	text_release(&command->path);
	free(command->argv);
	free(command->environment);
}

/* ---- a run of it ---- */

static int cannot_run(const struct command *command, int reason, struct err *err)
{
	err_errno(err, reason, "cannot run '%s'", command->argv[0]);
	if (command->argv[1] || !strchr(command->argv[0], ' '))
		return -1;
	struct err plain = *err;
	return err_set(
		err, "%.300s; write its words as a list: [PROGRAM, ARGUMENT, …]", plain.text);
}

int command_start(const struct command *command, struct outlet *outlet, uint64_t index,
	struct child *child, struct err *err)
{
	if (command->missing)
		return cannot_run(command, command->missing, err);
	if (outlet_begin(outlet, index, err) != 0)
		return -1;
	int failed = posix_spawn(&child->pid, command->program, &outlet->actions,
		&command->attributes, command->argv, command->environment);
	if (failed)
		return cannot_run(command, failed, err);
	child->pidfd = (int)syscall(SYS_pidfd_open, child->pid, 0);
	if (child->pidfd >= 0)
		return 0;
	err_errno(err, errno, "cannot watch '%s'", command->argv[0]);
	kill(child->pid, SIGKILL);
	child_reap(child);
	return -1;
}

void child_reap(struct child *child)
{
	while (wait4(child->pid, &child->status, 0, &child->usage) < 0 && errno == EINTR)
		;
	if (child->pidfd >= 0)
		close(child->pidfd);
}
