#include "measure/account.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

static int64_t timeval_ns(struct timeval time)
{
	return (int64_t)time.tv_sec * 1000000000 + (int64_t)time.tv_usec * 1000;
}

struct usage usage_now(int who)
{
	struct rusage usage;
	if (getrusage(who, &usage) != 0)
		return (struct usage){.known = false};
	return (struct usage){
		.known = true,
		.cpu_user_ns = timeval_ns(usage.ru_utime),
		.cpu_sys_ns = timeval_ns(usage.ru_stime),
		.ctx_voluntary = usage.ru_nvcsw,
		.ctx_involuntary = usage.ru_nivcsw,
		.faults_minor = usage.ru_minflt,
		.faults_major = usage.ru_majflt,
	};
}

void usage_add(struct usage *sum, const struct usage *more)
{
	sum->cpu_user_ns += more->cpu_user_ns;
	sum->cpu_sys_ns += more->cpu_sys_ns;
	sum->ctx_voluntary += more->ctx_voluntary;
	sum->ctx_involuntary += more->ctx_involuntary;
	sum->faults_minor += more->faults_minor;
	sum->faults_major += more->faults_major;
}

void usage_subtract(struct usage *sum, const struct usage *less)
{
	sum->cpu_user_ns -= less->cpu_user_ns;
	sum->cpu_sys_ns -= less->cpu_sys_ns;
	sum->ctx_voluntary -= less->ctx_voluntary;
	sum->ctx_involuntary -= less->ctx_involuntary;
	sum->faults_minor -= less->faults_minor;
	sum->faults_major -= less->faults_major;
}

/* By hand: in a child that was just forked every library function is a page fault. */
static int64_t second_number(const char *text)
{
	int64_t number = 0;
	while (*text >= '0' && *text <= '9')
		text++;
	while (*text == ' ')
		text++;
	for (; *text >= '0' && *text <= '9'; text++)
		number = number * 10 + (*text - '0');
	return number;
}

struct schedule schedule_now(void)
{
	struct schedule schedule = {.known = false};
	struct timespec running;
	/* A task may rely on errno across a helper; keep it. */
	int saved_errno = errno;
	/* A process's first thread is found without looking through its threads: a third less. */
	bool first = gettid() == getpid();
	int fd = open(first ? "/proc/self/schedstat" : "/proc/thread-self/schedstat",
		O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		char text[96];
		ssize_t length = read(fd, text, sizeof(text) - 1);
		close(fd);
		/* The first field is only brought up to date at a tick or a switch; the clock
		 * is always. */
		if (length > 0 && clock_gettime(CLOCK_THREAD_CPUTIME_ID, &running) == 0) {
			text[length] = '\0';
			schedule.runnable_ns = second_number(text);
			schedule.running_ns =
				(int64_t)running.tv_sec * 1000000000 + running.tv_nsec;
			schedule.known = true;
		}
	}
	errno = saved_errno;
	return schedule;
}

void lifecycle_add(struct lifecycle *sum, const struct schedule *from, const struct schedule *to,
	uint64_t alive_ns, int64_t weight)
{
	if (!from->known || !to->known)
		return;
	int64_t running = to->running_ns - from->running_ns;
	int64_t runnable = to->runnable_ns - from->runnable_ns;
	int64_t blocked = (int64_t)alive_ns - running - runnable;
	sum->known = true;
	sum->running_ns += weight * running;
	sum->runnable_ns += weight * runnable;
	/* The two accounts and the clock are not read at one instant. */
	sum->blocked_ns += blocked > 0 ? weight * blocked : 0;
}
