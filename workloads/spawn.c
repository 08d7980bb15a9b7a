/*
 * What it costs to begin: a task makes one thread or process, which notes the time and ends. The
 * figure is how long it takes from asking for it until its first own instruction; the task also
 * waits for its end. A thread and a fork leave the time in memory that is shared; a fresh program
 * image, which has none, writes it into a pipe.
 */
#include "base/fd.h"
#include "measure/clock.h"
#include "measure/histogram.h"
#include "measure/newborn.h"
#include "workloads/workload.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdalign.h>
#include <stddef.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CACHE_LINES = 128 };
enum { METRIC_UNTIL_P50_S, METRIC_UNTIL_P99_S };

enum kind { KIND_THREAD, KIND_FORK, KIND_POSIX_SPAWN, KIND_EXEC };

static const char *const kinds[] = {
	[KIND_THREAD] = "thread",
	[KIND_FORK] = "fork",
	[KIND_POSIX_SPAWN] = "posix_spawn",
	[KIND_EXEC] = "exec",
	NULL,
};

struct params {
	int kind;
};

/* One worker's, in job->shared. */
struct cell {
	alignas(CACHE_LINES) _Atomic uint64_t running_ns; /* when the new one ran; 0: not yet */
	struct histogram until;
};

/* worker->state. */
struct place {
	int ends[2]; /* of the pipe that images write to */
};

extern char **environ;

static struct cell *cell_of(const struct worker *worker)
{
	return (struct cell *)worker->job->shared + worker->index;
}

static bool is_image(const struct job *job)
{
	const struct params *params = job->params;
	return params->kind == KIND_POSIX_SPAWN || params->kind == KIND_EXEC;
}

/* Relaxed: who reads it has joined or reaped the writer, which orders what that wrote. */
static void note_now(struct cell *cell)
{
	atomic_store_explicit(&cell->running_ns, clock_monotonic_ns(), memory_order_relaxed);
}

/* ---- the kinds: each makes one and waits for its end; 0 or an errno value ---- */

static void *be_thread(void *cell)
{
	note_now(cell);
	return NULL;
}

static int make_thread(const struct worker *worker)
{
	pthread_t thread;
	int failed = pthread_create(&thread, NULL, be_thread, cell_of(worker));
	return failed ? failed : pthread_join(thread, NULL);
}

static int reap(pid_t pid)
{
	int status;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return errno;
	return 0;
}

static int make_fork(const struct worker *worker)
{
	pid_t pid = fork();
	if (pid == 0) {
		note_now(cell_of(worker));
		_exit(0);
	}
	return pid < 0 ? errno : reap(pid);
}

static char *const image[] = {"conrun", NEWBORN_ARGUMENT, NULL};

/* The image has ended: what it wrote is there, or never will be. */
static int read_stamp(const struct worker *worker)
{
	const struct place *place = worker->state;
	uint64_t ns = 0;
	if (read(place->ends[0], &ns, sizeof(ns)) == sizeof(ns))
		atomic_store_explicit(&cell_of(worker)->running_ns, ns, memory_order_relaxed);
	return 0;
}

static int make_posix_spawn(const struct worker *worker)
{
	const struct place *place = worker->state;
	posix_spawn_file_actions_t actions;
	pid_t pid;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, place->ends[1], STDOUT_FILENO);
	int failed = posix_spawn(&pid, NEWBORN_PROGRAM, &actions, NULL, image, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (!failed)
		failed = reap(pid);
	return failed ? failed : read_stamp(worker);
}

static int make_exec(const struct worker *worker)
{
	const struct place *place = worker->state;
	pid_t pid = fork();
	if (pid == 0) {
		dup2(place->ends[1], STDOUT_FILENO);
		execve(NEWBORN_PROGRAM, image, environ);
		_exit(1);
	}
	int failed = pid < 0 ? errno : reap(pid);
	return failed ? failed : read_stamp(worker);
}

static int (*const makers[])(const struct worker *) = {
	[KIND_THREAD] = make_thread,
	[KIND_FORK] = make_fork,
	[KIND_POSIX_SPAWN] = make_posix_spawn,
	[KIND_EXEC] = make_exec,
};

/* ---- the workload ---- */

static size_t shared_bytes(const struct job *job)
{
	return job->workers * sizeof(struct cell);
}

static void needs(const struct job *job, struct needs *needs)
{
	needs->processes_per_worker = 1;
	needs->descriptors_per_worker = is_image(job) ? 2 : 0;
}

static int worker_setup(struct worker *worker, struct err *err)
{
	struct place *place = worker->state;
	if (!is_image(worker->job))
		return 0;
	if (fd_pipe(place->ends) != 0)
		return err_errno(err, errno, "cannot make a pipe");
	fcntl(place->ends[0], F_SETFL, O_NONBLOCK);
	return 0;
}

static void worker_teardown(struct worker *worker)
{
	const struct place *place = worker->state;
	for (int i = 0; i < 2 && is_image(worker->job); i++)
		close(place->ends[i]);
}

static uint64_t task(struct worker *worker, uint64_t index)
{
	(void)index;
	const struct params *params = worker->job->params;
	struct cell *cell = cell_of(worker);
	atomic_store_explicit(&cell->running_ns, 0, memory_order_relaxed);
	blocking_begin(worker);
	uint64_t asked_ns = clock_monotonic_ns();
	int failed = makers[params->kind](worker);
	blocking_end(worker);
	if (failed)
		return worker_fail(
			worker, "cannot make a %s: %s", kinds[params->kind], strerror(failed));
	uint64_t running_ns = atomic_load_explicit(&cell->running_ns, memory_order_relaxed);
	if (!running_ns)
		return worker_fail(worker, "a new program did not say when it began");
	histogram_add(&cell->until, running_ns - asked_ns, 1);
	return 1;
}

static void teardown(struct job *job)
{
	const struct cell *cells = job->shared;
	struct tally until;
	tally_init(&until);
	for (uint32_t i = 0; i < job->workers; i++)
		tally_add_histogram(&until, &cells[i].until);
	if (until.total) {
		job->metrics[METRIC_UNTIL_P50_S] = (double)tally_quantile(&until, 0.5) * 1e-9;
		job->metrics[METRIC_UNTIL_P99_S] = (double)tally_quantile(&until, 0.99) * 1e-9;
	}
	tally_release(&until);
}

static const struct option params[] = {
	{
		.name = "kind",
		.type = OPTION_ENUM,
		.offset = offsetof(struct params, kind),
		.fallback = "thread",
		.choices = kinds,
		.help = "a thread, a fork, or a fresh image of conrun's own program: by "
			"posix_spawn, or by fork and execve",
	},
	OPTION_END,
};

static const struct metric metrics[] = {
	[METRIC_UNTIL_P50_S] = {.name = "until_running_p50_s",
		.help = "from asking for the thread or process until it runs, an image: its "
			"main(); half of them took no longer"},
	[METRIC_UNTIL_P99_S] = {.name = "until_running_p99_s",
		.help = "the same; 99 of 100 took no longer"},
	{.name = NULL},
};

const struct workload workload_spawn = {
	.name = "spawn",
	.group = GROUP_MEMORY,
	.summary = "makes threads and processes: how long until they run",
	.operation = "makes a thread or process that ends at once, and waits for its end",
	.params = params,
	.params_bytes = sizeof(struct params),
	.metrics = metrics,
	.worker_bytes = sizeof(struct place),
	.shared_bytes = shared_bytes,
	.needs = needs,
	.worker_setup = worker_setup,
	.task = task,
	.worker_teardown = worker_teardown,
	.teardown = teardown,
};
