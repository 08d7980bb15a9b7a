/*
 * Waiting: stands for every task that is blocked on something outside the CPU. The length of a
 * task's wait follows from the parameters, the seed and its index, and is the value it returns.
 */
#include "workloads/workload.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <time.h>
#include <uv.h>

struct params {
	int64_t duration_ns;
	double jitter;
	struct option_list cycle;
};

#define DURATION_DEFAULT    "10ms"
#define DURATION_DEFAULT_NS INT64_C(10000000)

/* Uniform in [-1, 1): the top 53 bits are what a double holds exactly. */
static double random_sign(const struct job *job, uint64_t index)
{
	return (double)(job_random(job, index) >> 11) * 0x1p-52 - 1.0;
}

static uint64_t wait_ns(const struct job *job, uint64_t index)
{
	const struct params *params = job->params;
	int64_t base_ns = params->duration_ns;
	if (params->cycle.count > 0)
		base_ns = params->cycle.items[index % params->cycle.count].integer;
	if (params->jitter == 0)
		return (uint64_t)base_ns;
	return (uint64_t)((double)base_ns * (1.0 + params->jitter * random_sign(job, index)));
}

static struct timespec deadline_after(uint64_t ns)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	uint64_t nsec = (uint64_t)time.tv_nsec + ns % 1000000000u;
	time.tv_sec += (time_t)(ns / 1000000000u + nsec / 1000000000u);
	time.tv_nsec = (long)(nsec % 1000000000u);
	return time;
}

static int sleep_until(struct worker *worker, const struct timespec *deadline)
{
	int code;
	/* An absolute deadline: a signal in between does not make the wait longer. */
	do {
		code = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, deadline, NULL);
	} while (code == EINTR && !is_stopping(worker));
	return code == EINTR ? 0 : code;
}

static uint64_t task(struct worker *worker, uint64_t index)
{
	uint64_t ns = wait_ns(worker->job, index);
	struct timespec deadline = deadline_after(ns);
	blocking_begin(worker);
	int code = sleep_until(worker, &deadline);
	blocking_end(worker);
	return code ? worker_fail(worker, "cannot sleep: %s", strerror(code)) : ns;
}

/* A call's own timer; it is made once and armed for every task. */
struct timed {
	bool made;
	uv_timer_t timer;
	uint64_t deadline_ns; /* of uv_hrtime */
	uint64_t value;
};

/* The loop counts whole milliseconds: it may be one early, and is then armed for one more. */
static void on_timer(uv_timer_t *timer)
{
	struct async_call *call = timer->data;
	struct timed *timed = call->state;
	if (uv_hrtime() < timed->deadline_ns)
		uv_timer_start(timer, on_timer, 1, 0);
	else
		async_done(call, timed->value);
}

static void async_start(struct async_call *call)
{
	struct timed *timed = call->state;
	if (!timed->made) {
		uv_timer_init(call->loop, &timed->timer);
		timed->timer.data = call;
		timed->made = true;
	}
	timed->value = wait_ns(call->worker->job, call->index);
	timed->deadline_ns = uv_hrtime() + timed->value;
	/* Its idea of now is as old as its last turn; a timer would end that much early. */
	uv_update_time(call->loop);
	uv_timer_start(&timed->timer, on_timer, timed->value / 1000000, 0);
}

/* A table cannot say whether an option was given, only whether it differs from its default. */
static int check(const void *given, struct err *err)
{
	const struct params *params = given;
	if (params->cycle.count > 0 && params->duration_ns != DURATION_DEFAULT_NS)
		return err_set(err, "sleep has both a duration and a cycle; remove one of them");
	return 0;
}

static const struct option params[] = {
	{
		.name = "duration",
		.type = OPTION_DURATION,
		.offset = offsetof(struct params, duration_ns),
		.fallback = DURATION_DEFAULT,
		.min = "0s",
		.max = "24h",
		.when = "cycle=[]",
		.help = "how long a task waits",
	},
	{
		.name = "jitter",
		.type = OPTION_PERCENT,
		.offset = offsetof(struct params, jitter),
		.fallback = "0%",
		.min = "0%",
		.max = "100%",
		.help = "each wait is longer or shorter by up to this share, evenly spread",
	},
	{
		.name = "cycle",
		.type = OPTION_DURATION,
		.list = true,
		.offset = offsetof(struct params, cycle),
		.min = "0s",
		.max = "24h",
		.example = "[10ms, 20ms]",
		.help = "waits that tasks take in turn, instead of duration",
	},
	OPTION_END,
};

const struct workload workload_sleep = {
	.name = "sleep",
	.group = GROUP_WAITING,
	.summary = "waits: stands for tasks that are blocked on something else",
	.operation = "sleeps for the duration, or for its turn of the cycle",
	.params = params,
	.params_bytes = sizeof(struct params),
	.check = check,
	.known_ns = wait_ns,
	.task = task,
	.async_bytes = sizeof(struct timed),
	.async_start = async_start,
};
