#include "workloads/partner.h"

#include "base/futex.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

const char *const partner_kinds[] = {
	[PARTNER_PROCESS] = "process",
	[PARTNER_THREAD] = "thread",
	NULL,
};

/* Robust: the kernel itself says that the owner died (set_robust_list(2)), to every process that
 * has the memory. */
static int init_life(pthread_mutex_t *life)
{
	pthread_mutexattr_t attributes;
	pthread_mutexattr_init(&attributes);
	pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	int code = pthread_mutex_init(life, &attributes);
	pthread_mutexattr_destroy(&attributes);
	return code;
}

static void live(struct partner *partner)
{
	pthread_mutex_lock(&partner->life);
	partner->plan.run(partner, partner->plan.arg);
	pthread_mutex_unlock(&partner->life);
}

static void *thread_main(void *arg)
{
	live(arg);
	return NULL;
}

/* Copies of others' ends would keep a channel open when its owner is gone. */
static void close_others(const int keep[2])
{
	int low = keep[0] < keep[1] ? keep[0] : keep[1];
	int high = keep[0] < keep[1] ? keep[1] : keep[0];
	unsigned first = STDERR_FILENO + 1;
	for (int i = 0; i < 2; i++) {
		int kept = i == 0 ? low : high;
		if (kept < (int)first)
			continue;
		if (kept > (int)first)
			close_range(first, (unsigned)kept - 1, 0);
		first = (unsigned)kept + 1;
	}
	close_range(first, ~0u, 0);
}

static _Noreturn void process_main(struct partner *partner, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	close_others(partner->plan.keep);
	live(partner);
	_exit(0);
}

static int start_process(struct partner *partner)
{
	pid_t parent = getpid(), pid = fork();
	if (pid == 0)
		process_main(partner, parent);
	partner->pid = pid;
	return pid < 0 ? errno : 0;
}

/* Signals are for the main thread: what an executor waits for there has to come back by them. */
static int start_thread(struct partner *partner)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int code = pthread_create(&partner->thread, NULL, thread_main, partner);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return code;
}

static bool died_early(const struct partner *partner)
{
	return partner->plan.kind == PARTNER_PROCESS &&
	       waitpid(partner->pid, NULL, WNOHANG) == partner->pid;
}

static int await_ready(struct partner *partner, struct err *err)
{
	/* Acquire: what the partner set up is seen. */
	while (!atomic_load_explicit(&partner->ready, memory_order_acquire)) {
		futex_wait(&partner->ready, 0, PARTNER_PATIENCE_NS);
		if (died_early(partner))
			return err_set(err, "a partner process died while it was set up");
	}
	return 0;
}

int partner_start(struct partner *partner, const struct partner_plan *plan, struct err *err)
{
	partner->plan = *plan;
	/* Relaxed: nobody else knows of it yet. */
	atomic_store_explicit(&partner->ready, 0, memory_order_relaxed);
	int code = init_life(&partner->life);
	if (code == 0 && plan->kind == PARTNER_PROCESS)
		code = start_process(partner);
	else if (code == 0)
		code = start_thread(partner);
	if (code)
		return err_errno(err, code, "cannot start a partner %s", partner_kinds[plan->kind]);
	partner->started = true;
	return await_ready(partner, err);
}

void partner_ready(struct partner *partner)
{
	/* Release: see await_ready. */
	atomic_store_explicit(&partner->ready, 1, memory_order_release);
	futex_wake(&partner->ready, 1);
}

bool partner_is_gone(struct partner *partner)
{
	int code = pthread_mutex_trylock(&partner->life);
	/* Given back as it is, a dead one's lock says ENOTRECOVERABLE to all who ask later. */
	if (code == 0 || code == EOWNERDEAD)
		pthread_mutex_unlock(&partner->life);
	return code != EBUSY;
}

void partner_end(struct partner *partner)
{
	if (!partner->started)
		return;
	partner->started = false;
	if (partner->plan.kind == PARTNER_THREAD) {
		pthread_join(partner->thread, NULL);
		return;
	}
	/* ECHILD: the executor has noticed its end, and the pid may be somebody else's by now. */
	if (waitpid(partner->pid, NULL, WNOHANG) != 0)
		return;
	kill(partner->pid, SIGKILL);
	while (waitpid(partner->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static void on_alarm(int signal_number)
{
	(void)signal_number;
}

int partner_alarm_arm(struct partner_alarm *alarm)
{
	/* Without SA_RESTART: the call is to return. */
	struct sigaction action = {.sa_handler = on_alarm};
	struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGALRM};
	struct timespec period = {0, (long)PARTNER_PATIENCE_NS};
	struct itimerspec times = {period, period};
	event._sigev_un._tid = gettid();
	if (sigaction(SIGALRM, &action, NULL) != 0 ||
		timer_create(CLOCK_MONOTONIC, &event, &alarm->timer) != 0)
		return -1;
	return timer_settime(alarm->timer, 0, &times, NULL);
}

void partner_alarm_disarm(const struct partner_alarm *alarm)
{
	timer_delete(alarm->timer);
}
