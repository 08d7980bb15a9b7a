#include "measure/account.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
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

struct schedule schedule_now(void)
{
	struct schedule schedule = {.known = false};
	/* A task may rely on errno across a helper; keep it. */
	int saved_errno = errno;
	int fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		char text[96];
		ssize_t length = read(fd, text, sizeof(text) - 1);
		close(fd);
		if (length > 0) {
			text[length] = '\0';
			char *rest;
			schedule.running_ns = strtoll(text, &rest, 10);
			schedule.runnable_ns = strtoll(rest, NULL, 10);
			schedule.known = true;
		}
	}
	errno = saved_errno;
	return schedule;
}

void lifecycle_add(struct lifecycle *sum, const struct schedule *from, const struct schedule *to,
	uint64_t alive_ns)
{
	if (!from->known || !to->known)
		return;
	int64_t running = to->running_ns - from->running_ns;
	int64_t runnable = to->runnable_ns - from->runnable_ns;
	int64_t blocked = (int64_t)alive_ns - running - runnable;
	sum->known = true;
	sum->running_ns += running;
	sum->runnable_ns += runnable;
	/* The two accounts and the clock are not read at one instant. */
	sum->blocked_ns += blocked > 0 ? blocked : 0;
}
