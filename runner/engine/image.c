#include "engine/image.h"

#include "engine/crew.h"
#include "engine/spec.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

extern char **environ;

/* The host may have died between the birth and prctl; then nobody would ever end this child. */
static void die_with_host(pid_t host)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != host)
		_exit(1);
}

/* A fork has all the host's descriptors: the ends of other workers' pipes among them, which would
 * keep those from ever ending. It keeps what it was handed, where an image has it too. */
static void keep_handed(int fds[2])
{
	for (int i = 0; i < 2; i++)
		fds[i] = dup3(fds[i], IMAGE_HANDED + i, O_CLOEXEC);
	close_range(IMAGE_HANDED + 2, ~0u, 0);
}

static pid_t bear_by_fork(struct worker *worker, const struct birth *birth)
{
	struct crew_engine *engine = seat_of(worker)->engine;
	pid_t host = getpid();
	pid_t pid = fork();
	if (pid != 0)
		return pid;
	die_with_host(host);
	struct birth own = *birth;
	if (birth->fds[0] >= 0)
		keep_handed(own.fds);
	_exit(engine->executor->child(worker, &own));
}

static pid_t bear_by_spawn(struct worker *worker, const struct birth *birth)
{
	const struct region *region = seat_of(worker)->engine->region;
	char index[16], program[] = "conrun", argument[] = IMAGE_ARGUMENT, late[] = "late";
	char *argv[] = {program, argument, index, birth->late ? late : NULL, NULL};
	posix_spawn_file_actions_t actions;
	pid_t pid = -1;
	snprintf(index, sizeof(index), "%u", worker->index);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, region->fd, IMAGE_REGION);
	for (int i = 0; i < 2; i++)
		if (birth->fds[i] >= 0)
			posix_spawn_file_actions_adddup2(&actions, birth->fds[i], IMAGE_HANDED + i);
	int failed = posix_spawn(&pid, "/proc/self/exe", &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	errno = failed;
	return failed ? -1 : pid;
}

pid_t crew_bear(struct worker *worker, enum start start, const struct birth *birth)
{
	return start == START_SPAWN ? bear_by_spawn(worker, birth) : bear_by_fork(worker, birth);
}

static struct crew_engine *assemble(struct region *region, uint32_t index, struct err *err)
{
	static struct crew_engine engine;
	static struct arena arena;
	static struct spec spec;
	if (spec_read(&spec, region_spec(region), region->spec_bytes, &arena, err) != 0)
		return NULL;
	clock_used = region->clock;
	crew_assemble(&engine, &spec.experiment, spec.seed, spec.scratch, region, index);
	return &engine;
}

int image_main(int argc, char **argv, struct err *err)
{
	struct region *region = region_attach(IMAGE_REGION);
	if (argc < 3 || !region)
		return err_set(err, IMAGE_ARGUMENT " is how conrun starts its own workers");
	die_with_host(get(region->host));
	/* What a task executes is to inherit none of them; the handed ones may not be there. */
	for (int fd = IMAGE_REGION; fd <= IMAGE_HANDED + 1; fd++)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	struct birth birth = {.late = argc > 3, .fds = {IMAGE_HANDED, IMAGE_HANDED + 1}};
	struct crew_engine *engine = assemble(region, (uint32_t)strtoul(argv[2], NULL, 10), err);
	if (!engine)
		return -1;
	return engine->executor->child(&engine->seats[0].worker, &birth);
}
