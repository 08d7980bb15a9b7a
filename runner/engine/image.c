#include "engine/image.h"

#include "base/version.h"
#include "engine/crew.h"
#include "engine/host.h"
#include "engine/spec.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
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
	char index[16], program[] = "conrun", argument[] = IMAGE_WORKER, late[] = "late";
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

/* ---- an image's own side ---- */

/* Attaches the region and reads what is written there; -1 if this is no image of this build. */
static int join(int fd, struct region **region, struct spec *spec, struct err *err)
{
	static struct arena arena;
	*region = region_attach(fd);
	if (!*region)
		return err_set(err, "%s and %s are how conrun starts its own processes", IMAGE_HOST,
			IMAGE_WORKER);
	clock_used = (*region)->clock;
	return spec_read(spec, region_spec(*region), (*region)->spec_bytes, &arena, err);
}

/* What an image of this run cannot do belongs into the run's row. */
static int tell(struct region *region, struct err *err)
{
	region_error(region, err->text);
	region_unready(region);
	err->text[0] = '\0';
	return -1;
}

static int be_worker(char **argv, struct err *err)
{
	static struct crew_engine engine;
	static struct spec spec;
	struct region *region;
	if (join(IMAGE_REGION, &region, &spec, err) != 0)
		return region ? tell(region, err) : -1;
	die_with_host(get(region->host));
	/* What a task executes is to inherit none of them; the handed ones may not be there. */
	for (int fd = IMAGE_REGION; fd <= IMAGE_HANDED + 1; fd++)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	struct birth birth = {.late = argv[3] != NULL, .fds = {IMAGE_HANDED, IMAGE_HANDED + 1}};
	crew_assemble(&engine, &spec.experiment, spec.seed, spec.scratch, region,
		(uint32_t)strtoul(argv[2], NULL, 10));
	/* Not exit(): as a forked worker does; what its tasks had made goes with it. */
	_exit(engine.executor->child(&engine.seats[0].worker, &birth));
}

static int be_host(char **argv, struct err *err)
{
	static struct spec spec;
	int fd = (int)strtol(argv[2], NULL, 10);
	struct host_spec host = {.experiment = &spec.experiment};
	if (join(fd, &host.region, &spec, err) != 0)
		return -1;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	host.seed = spec.seed;
	host.scratch = spec.scratch;
	host_main(&host);
}

bool image_is(int argc, char **argv)
{
	return argc > 2 && (strcmp(argv[1], IMAGE_HOST) == 0 || strcmp(argv[1], IMAGE_WORKER) == 0);
}

int image_main(int argc, char **argv, struct err *err)
{
	(void)argc;
	return strcmp(argv[1], IMAGE_HOST) == 0 ? be_host(argv, err) : be_worker(argv, err);
}

/* ---- the hosts' program ---- */

static char host_program[PATH_MAX]; /* "": there is none */

/* Seen from the program's folder: beside it where both were built, or as they were installed. */
static bool find_from_own(const char *relative)
{
	ssize_t length = readlink("/proc/self/exe", host_program, sizeof(host_program) - 1);
	if (length < 0)
		return false;
	host_program[length] = '\0';
	size_t folder = (size_t)(strrchr(host_program, '/') - host_program);
	int wrote = snprintf(host_program + folder, sizeof(host_program) - folder, "/%s", relative);
	return (size_t)wrote < sizeof(host_program) - folder && access(host_program, X_OK) == 0;
}

void image_find_host(void)
{
	if (find_from_own("conrun-host") || find_from_own(CONRUN_HOST_FROM_BIN))
		return;
	snprintf(host_program, sizeof(host_program), "%s", CONRUN_INSTALLED_HOST);
	if (access(host_program, X_OK) != 0)
		host_program[0] = '\0';
}

const char *image_host_path(void)
{
	return host_program;
}

bool image_has_host(const struct workload *workload)
{
	return host_program[0] && !workload->opens_libraries;
}

void image_execute_host(const struct region *region)
{
	char fd[16], program[] = "conrun", argument[] = IMAGE_HOST;
	char *argv[] = {program, argument, fd, NULL};
	snprintf(fd, sizeof(fd), "%d", region->fd);
	fcntl(region->fd, F_SETFD, 0);
	execv(host_program, argv);
	fcntl(region->fd, F_SETFD, FD_CLOEXEC);
}
