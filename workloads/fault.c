/*
 * Tasks that go wrong on purpose: every n-th one crashes, leaves, hangs, eats memory, leaves a
 * process behind or reports an error. It shows what the other tasks of a run lose by it, and is
 * what conrun's own handling of dead, stuck and runaway processes is tested with.
 */
#include "workloads/workload.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum kind {
	KIND_SEGV,
	KIND_ABORT,
	KIND_EXIT,
	KIND_HANG,
	KIND_ERROR,
	KIND_OOM,
	KIND_ORPHAN,
};

static const char *const kinds[] = {
	[KIND_SEGV] = "segv",
	[KIND_ABORT] = "abort",
	[KIND_EXIT] = "exit",
	[KIND_HANG] = "hang",
	[KIND_ERROR] = "error",
	[KIND_OOM] = "oom",
	[KIND_ORPHAN] = "orphan",
	NULL,
};

struct params {
	int kind;
	int64_t every;
	int64_t code;
	int64_t size_bytes;
};

enum { PIECE_BYTES = 64 * 1024, ORPHAN_SLEEPS_S = 3600 };

static uint64_t fault_segv(struct worker *worker, uint64_t index)
{
	(void)worker;
	(void)index;
	/* A sanitizer's handler would make an ordinary exit of it. */
	signal(SIGSEGV, SIG_DFL);
	/* Volatile, so that the compiler neither sees an invalid access nor drops it. */
	static volatile uintptr_t nowhere = 8;
	*(volatile char *)nowhere = 1;
	return 0;
}

static uint64_t fault_abort(struct worker *worker, uint64_t index)
{
	(void)worker;
	(void)index;
	abort();
}

static uint64_t fault_exit(struct worker *worker, uint64_t index)
{
	(void)index;
	const struct params *params = worker->job->params;
	/* Not exit(): what the program had buffered before the fork is not the worker's to
	 * write. */
	_exit((int)params->code);
}

/* Deaf to everything that can be blocked, and without a checkpoint: only SIGKILL ends it. */
static uint64_t fault_hang(struct worker *worker, uint64_t index)
{
	(void)worker;
	(void)index;
	sigset_t all;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	while (pause() != 0)
		; /* it only ever returns -1 */
	return 0;
}

static uint64_t fault_error(struct worker *worker, uint64_t index)
{
	return worker_fail(worker, "task %" PRIu64 " failed on purpose", index);
}

/* If the machine itself runs out first, this process is the one to go (proc(5)). */
static void volunteer(void)
{
	FILE *file = fopen("/proc/self/oom_score_adj", "we");
	if (!file)
		return;
	fputs("1000", file);
	fclose(file);
}

/* From here on the system refuses all that malloc or mmap ask for. Data, not address space: the
 * sanitizers reserve terabytes of that. */
static void forbid_more(void)
{
	struct rlimit data;
	if (getrlimit(RLIMIT_DATA, &data) != 0)
		return;
	data.rlim_cur = 0;
	setrlimit(RLIMIT_DATA, &data);
}

/* More memory, and all of it in use. False: refused. */
static bool eat_piece(void)
{
	void *piece =
		mmap(NULL, PIECE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (piece == MAP_FAILED)
		return false;
	memset(piece, 1, PIECE_BYTES);
	return true;
}

/*
 * The limit comes last: what its process had asked for before is not refused to others, threads
 * that are just being made among them, but to this task alone. Each worker has an even share of
 * `size`, so that the run as a whole stays below it.
 */
static uint64_t fault_oom(struct worker *worker, uint64_t index)
{
	(void)index;
	const struct params *params = worker->job->params;
	uint64_t share = (uint64_t)params->size_bytes / worker->job->workers;
	volunteer();
	for (uint64_t taken = 0; taken + PIECE_BYTES <= share; taken += PIECE_BYTES) {
		if (checkpoint(worker))
			return 0;
		if (!eat_piece())
			abort();
	}
	forbid_more();
	eat_piece();
	abort();
}

/* _Fork: another thread may hold a lock that fork's handlers would wait for. */
static _Noreturn void leave_orphan(void)
{
	setsid();
	pid_t orphan = _Fork();
	if (orphan == 0)
		sleep(ORPHAN_SLEEPS_S);
	_exit(orphan < 0 ? errno : 0);
}

/* A daemon's way out (daemon(7)): its parent is gone, its session and process group are its own. */
static uint64_t fault_orphan(struct worker *worker, uint64_t index)
{
	int wait_status = 0;
	(void)index;
	blocking_begin(worker);
	pid_t parent = _Fork();
	if (parent == 0)
		leave_orphan();
	int failed = parent < 0 ? errno : 0;
	while (parent > 0 && waitpid(parent, &wait_status, 0) < 0 && errno == EINTR)
		;
	blocking_end(worker);
	if (!failed)
		failed = WEXITSTATUS(wait_status);
	return failed ? worker_fail(worker, "cannot fork an orphan: %s", strerror(failed)) : 1;
}

static uint64_t (*const faults[])(struct worker *, uint64_t) = {
	[KIND_SEGV] = fault_segv,
	[KIND_ABORT] = fault_abort,
	[KIND_EXIT] = fault_exit,
	[KIND_HANG] = fault_hang,
	[KIND_ERROR] = fault_error,
	[KIND_OOM] = fault_oom,
	[KIND_ORPHAN] = fault_orphan,
};

static uint64_t task(struct worker *worker, uint64_t index)
{
	const struct params *params = worker->job->params;
	uint64_t every = (uint64_t)params->every;
	return index % every == every - 1 ? faults[params->kind](worker, index) : 1;
}

static const struct option params[] = {
	{
		.name = "kind",
		.type = OPTION_ENUM,
		.offset = offsetof(struct params, kind),
		.fallback = "segv",
		.choices = kinds,
		.help = "invalid memory access, abort(), exit, endless wait, an error that is "
			"returned, memory until there is none, a process left behind",
	},
	{
		.name = "every",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, every),
		.fallback = "1",
		.min = "1",
		.max = "1000000000000",
		.help = "every how many tasks one goes wrong; the others return at once",
	},
	{
		.name = "code",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, code),
		.fallback = "3",
		.min = "0",
		.max = "255",
		.when = "kind=exit",
		.help = "the exit code",
	},
	{
		.name = "size",
		.type = OPTION_SIZE,
		.offset = offsetof(struct params, size_bytes),
		.fallback = "256MiB",
		.min = "0B",
		.max = "1TiB",
		.when = "kind=oom",
		.help = "the most that all workers together take; none gets more",
	},
	OPTION_END,
};

const struct workload workload_fault = {
	.name = "fault",
	.group = GROUP_FAULT,
	.summary = "crashes, exits, hangs, eats memory or fails on purpose",
	.operation = "returns at once, but every n-th task goes wrong as kind says",
	.params = params,
	.params_bytes = sizeof(struct params),
	.task = task,
};
