/*
 * One run, from the program's side. The program stays single-threaded and forks a host for every
 * run: nothing ever forks in a threaded parent, and a crash costs one row.
 */
#include "engine/run.h"

#include "engine/gather.h"
#include "engine/host.h"
#include "engine/image.h"
#include "engine/pace.h"
#include "engine/processes.h"
#include "engine/scratch.h"
#include "engine/spec.h"
#include "measure/clock.h"
#include "measure/noise.h"
#include "script/expr.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	TICK_NS = 100 * 1000 * 1000,
	/* A run that is ended early is asked by the stop flag, then by SIGTERM, then killed. */
	GRACE_NS = 250 * 1000 * 1000,
};

static struct {
	sigset_t watched, before;
	int signals; /* signalfd */
	bool interrupted;
} engine = {.signals = -1};

int engine_open(struct err *err)
{
	sigemptyset(&engine.watched);
	sigaddset(&engine.watched, SIGINT);
	sigaddset(&engine.watched, SIGTERM);
	sigaddset(&engine.watched, SIGHUP);
	sigprocmask(SIG_BLOCK, &engine.watched, &engine.before);
	engine.signals = signalfd(-1, &engine.watched, SFD_CLOEXEC | SFD_NONBLOCK);
	if (engine.signals < 0)
		return err_errno(err, errno, "cannot watch for signals");
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
		return err_errno(err, errno, "cannot become the subreaper of the runs' processes");
	engine.interrupted = false;
	clock_init();
	image_find_host();
	return 0;
}

void engine_close(void)
{
	close(engine.signals);
	engine.signals = -1;
	sigprocmask(SIG_SETMASK, &engine.before, NULL);
}

bool engine_interrupted(void)
{
	struct signalfd_siginfo info;
	while (read(engine.signals, &info, sizeof(info)) == (ssize_t)sizeof(info))
		engine.interrupted = true;
	return engine.interrupted;
}

/* Pipes of many workers need many; the hard limit is what limits.c has checked. */
static void raise_descriptors(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* The host's first steps: it must not outlive the program, nor read the terminal, nor inherit what
 * the program does with signals. */
static _Noreturn void become_host(pid_t program, const struct host_spec *spec)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != program)
		_exit(1);
	setpgid(0, 0);
	sigprocmask(SIG_SETMASK, &engine.before, NULL);
	close(engine.signals);
	raise_descriptors();
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (null >= 0)
		dup2(null, STDIN_FILENO);
	if (spec->region->fd >= 0 && image_has_host(spec->experiment->workload->type))
		image_execute_host(spec->region);
	host_main(spec);
}

static pid_t fork_host(const struct host_spec *spec, struct err *err)
{
	pid_t program = getpid();
	fflush(NULL); /* or a task that calls exit() would write the program's buffers again */
	pid_t host = fork();
	if (host == 0)
		become_host(program, spec);
	if (host < 0)
		return err_errno(err, errno, "cannot fork a host");
	setpgid(host, host); /* both sides, so that neither has to wait for the other */
	return host;
}

static void tick(const struct run_watch *watch, const struct region *region, uint64_t tasks)
{
	if (!watch->tick)
		return;
	uint64_t released = atomic_load_explicit(&region->released, memory_order_relaxed);
	struct run_progress progress = {
		.tasks_done = gather_done(region),
		.tasks = tasks,
		.elapsed_ns = released ? clock_ns(clock_ticks() - released) : 0,
	};
	watch->tick(watch->arg, &progress);
}

/* What ends a run before its own end. */
struct watchdog {
	pid_t host;
	struct region *region;
	struct ending *ending;
	uint64_t deadline_ns;
	uint64_t next_step_ns;
	enum { RUNNING, ASKED, TERMINATED, KILLED } step;
	uint64_t next_tick_ns;
	unsigned look_ms; /* until the rings of a recorded run are looked at again */
};

/* Asks, terminates, kills: each step when the one before had its grace. */
static void escalate(struct watchdog *dog, uint64_t now_ns)
{
	if (now_ns < dog->next_step_ns)
		return;
	dog->next_step_ns = now_ns + GRACE_NS;
	switch (dog->step) {
	case RUNNING:
		dog->ending->phase = get(dog->region->phase);
		/* Relaxed: see checkpoint(). */
		atomic_fetch_or_explicit(
			&dog->region->attention, ATTENTION_STOP, memory_order_relaxed);
		dog->step = ASKED;
		break;
	case ASKED:
		processes_signal(dog->host, SIGTERM);
		dog->step = TERMINATED;
		break;
	default:
		processes_signal(dog->host, SIGKILL);
		dog->step = KILLED;
	}
}

static void watch_over(struct watchdog *dog)
{
	uint64_t now_ns = clock_monotonic_ns();
	bool interrupted_before = dog->ending->interrupted;
	if (engine_interrupted() && !dog->ending->timed_out)
		dog->ending->interrupted = true;
	if (!dog->ending->interrupted && now_ns >= dog->deadline_ns)
		dog->ending->timed_out = true;
	if (dog->ending->interrupted && !interrupted_before)
		dog->next_step_ns = now_ns;
	if (dog->ending->interrupted || dog->ending->timed_out)
		escalate(dog, now_ns);
}

/* How long to sleep: the next tick, deadline or step of the watchdog, whatever comes first. */
static int patience_ms(const struct watchdog *dog, const struct run_watch *watch)
{
	uint64_t now_ns = clock_monotonic_ns();
	uint64_t until_ns = dog->step == RUNNING ? dog->deadline_ns : dog->next_step_ns;
	if (dog->next_tick_ns < until_ns)
		until_ns = dog->next_tick_ns;
	uint64_t left_ms = until_ns > now_ns ? (until_ns - now_ns) / 1000000 + 1 : 0;
	return watch->recorder && dog->look_ms < left_ms ? (int)dog->look_ms : (int)left_ms;
}

/*
 * Empties the rings of a recorded run, as often as they fill: a ring that is full holds its worker
 * up, and every look takes time from a CPU that a worker may want. How fast they fill is not known
 * before the release, and next to nothing is disturbed then.
 */
static void look(struct watchdog *dog, struct recorder *recorder)
{
	enum { LONGEST_MS = 20, RINGS_A_MS = 1000 };
	unsigned least_ms = 1 + dog->region->workers / RINGS_A_MS;
	double full = recorder_drain(recorder);
	bool released = get(dog->region->released) != 0;
	if (!released || full > 0.5)
		dog->look_ms = full < 1 ? least_ms : 0;
	else if (full < 0.125)
		dog->look_ms = dog->look_ms < LONGEST_MS ? 2 * dog->look_ms + 1 : LONGEST_MS;
}

static void tick_when_due(struct watchdog *dog, const struct run_watch *watch, uint64_t tasks)
{
	uint64_t now_ns = clock_monotonic_ns();
	if (now_ns < dog->next_tick_ns)
		return;
	tick(watch, dog->region, tasks);
	dog->next_tick_ns = now_ns + TICK_NS;
}

static void await_host(struct watchdog *dog, const struct run_watch *watch, uint64_t tasks)
{
	struct rusage usage;
	int pidfd = (int)syscall(SYS_pidfd_open, dog->host, 0);
	struct pollfd polled[] = {{pidfd, POLLIN, 0}, {engine.signals, POLLIN, 0}};
	for (;;) {
		poll(polled, 2, patience_ms(dog, watch));
		/* Without a pidfd (an old kernel, no descriptor left) the tick is the poll. */
		if ((polled[0].revents || pidfd < 0) &&
			wait4(dog->host, &dog->ending->wait_status, WNOHANG, &usage) == dog->host)
			break;
		watch_over(dog);
		if (watch->recorder)
			look(dog, watch->recorder);
		tick_when_due(dog, watch, tasks);
	}
	if (pidfd >= 0)
		close(pidfd);
	dog->ending->max_rss_bytes = usage.ru_maxrss * 1024;
	processes_clear(dog->host);
}

/* The run's, and the program's that watches it: neither is another program's. */
static struct usage usage_of_ours(void)
{
	struct usage ours = usage_now(RUSAGE_CHILDREN), own = usage_now(RUSAGE_SELF);
	usage_add(&ours, &own);
	return ours;
}

static int run_in_host(const struct host_spec *spec, const struct run_watch *watch,
	struct result *result, struct err *err)
{
	const struct experiment *experiment = spec->experiment;
	struct noise noise = noise_now();
	struct ending ending = {0};
	struct usage before = usage_of_ours();
	pid_t host = fork_host(spec, err);
	uint64_t now_ns = clock_monotonic_ns();
	if (host < 0)
		return -1;
	struct watchdog dog = {.host = host,
		.region = spec->region,
		.ending = &ending,
		.deadline_ns = now_ns + experiment->timeout_ns,
		.next_tick_ns = now_ns + TICK_NS,
		.look_ms = 1};
	if (watch->recorder)
		recorder_begin(watch->recorder, spec->region);
	await_host(&dog, watch, experiment->tasks);
	struct usage after = usage_of_ours();
	usage_subtract(&after, &before);
	result->disturbance = noise_since(&noise, after.cpu_user_ns + after.cpu_sys_ns);
	gather(experiment, spec->region, &ending, result);
	result->disturbance.recording_ns =
		watch->recorder ? (int64_t)recorder_end(watch->recorder) : -1;
	result->noise = noise_flags(
		&result->disturbance, &result->lifecycle, experiment->workers <= expr_ncpu());
	return 0;
}

static int run_in_region(struct host_spec *spec, struct region_plan *plan,
	const struct run_watch *watch, struct result *result, struct err *err)
{
	struct text written;
	text_init(&written);
	spec_write(spec->experiment, spec->seed, spec->scratch, &written);
	plan->spec_bytes = written.length;
	spec->region = region_map(plan);
	if (spec->region)
		memcpy(region_spec(spec->region), written.bytes, written.length);
	text_release(&written);
	if (!spec->region)
		return err_errno(err, errno, "cannot map %zu bytes for a run", region_bytes(plan));
	pace_make(spec->region, spec->experiment, spec->seed);
	spec->region->runtime_ticks = clock_in_ticks(spec->experiment->runtime_ns);
	int ran = run_in_host(spec, watch, result, err);
	region_unmap(spec->region);
	return ran;
}

int run_foresee(const struct experiment *experiment, uint64_t seed, bool recorded,
	const struct room *room, struct err *err)
{
	struct region_plan plan = host_region_plan(experiment, seed);
	plan.recorded = recorded;
	return host_check_limits(experiment, &plan, room, err);
}

int run_execute(const struct experiment *experiment, uint64_t seed, const struct run_watch *watch,
	struct result *result, struct err *err)
{
	static const struct run_watch unwatched = {.tick = NULL};
	struct region_plan plan = host_region_plan(experiment, seed);
	struct scratch scratch;
	struct room room = limits_room();
	struct err limit;
	if (!watch)
		watch = &unwatched;
	plan.recorded = watch->recorder != NULL;
	result_clear(result);
	if (host_check_limits(experiment, &plan, &room, &limit) != 0) {
		result->status = STATUS_SKIPPED_LIMIT;
		snprintf(result->error, sizeof(result->error), "%s", limit.text);
		return 0;
	}
	if (scratch_make(&scratch, err) != 0)
		return -1;
	struct host_spec spec = {.experiment = experiment, .seed = seed, .scratch = scratch.path};
	int ran = run_in_region(&spec, &plan, watch, result, err);
	scratch_remove(&scratch);
	return ran;
}
