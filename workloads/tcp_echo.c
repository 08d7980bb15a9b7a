/*
 * Echo over TCP: a round trip through the kernel's network and another process. The loopback has no
 * distance, so what is measured is the price of connections, system calls and waking up, for one
 * or for thousands at a time.
 */
#include "workloads/tcp_echo.h"

#include "base/memory.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <time.h>

#define PORT_DEFAULT   "7"
#define PORT_DEFAULT_N 7

static size_t shared_bytes(const struct job *job)
{
	(void)job;
	return sizeof(struct tcp_echo_shared);
}

static int setup(struct job *job, struct err *err)
{
	const struct tcp_echo_params *params = job->params;
	struct tcp_echo_shared *shared = job->shared;
	struct server_plan plan = {.seed = job->seed, .backlog = job->workers};
	tcp_echo_fill_pattern(shared, job);
	if (*params->host)
		return echo_target_find(&shared->target, params->host, (uint16_t)params->port,
			params->reply_timeout_ns, err);
	if (server_start(&shared->server, &plan, err) != 0)
		return -1;
	echo_target_local(&shared->target, shared->server.echo_port);
	return 0;
}

static void teardown(struct job *job)
{
	struct tcp_echo_shared *shared = job->shared;
	server_stop(&shared->server);
	/* Relaxed: the server is gone. */
	job->metrics[TCP_ECHO_METRIC_AT_ONCE] =
		atomic_load_explicit(&shared->server.most_guests, memory_order_relaxed);
}

static int worker_setup(struct worker *worker, struct err *err)
{
	struct tcp_echo_worker *mine = memory_alloc(sizeof(*mine));
	(void)err;
	mine->room = tcp_echo_room(worker->job->params);
	((struct tcp_echo_place *)worker->state)->here = mine;
	return 0;
}

static void worker_teardown(struct worker *worker)
{
	struct tcp_echo_worker *mine = tcp_echo_worker_of(worker);
	echo_close(&mine->echo);
	free(mine->room);
	free(mine);
}

static void hold(struct worker *worker, int64_t ns)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	int64_t nsec = until.tv_nsec + ns % 1000000000;
	until.tv_sec += ns / 1000000000 + nsec / 1000000000;
	until.tv_nsec = nsec % 1000000000;
	blocking_begin(worker);
	/* An absolute time: a signal in between does not make the wait longer. */
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR &&
		!is_stopping(worker))
		;
	blocking_end(worker);
}

static int echo_messages(struct worker *worker, uint64_t index, struct err *err)
{
	const struct tcp_echo_params *params = worker->job->params;
	struct tcp_echo_message message;
	struct echo_call call = {.echo = &tcp_echo_worker_of(worker)->echo,
		.target = &tcp_echo_shared_of(worker)->target,
		.message = &message.message,
		.timeout_ns = params->reply_timeout_ns,
		.worker = worker,
		.locked = worker};
	for (uint64_t i = 0; i < (uint64_t)params->messages && !checkpoint(worker); i++) {
		tcp_echo_message(&message, worker, index, i);
		if (echo_exchange(&call, err) != 0)
			return -1;
		if (params->hold_ns > 0)
			hold(worker, params->hold_ns);
	}
	return 0;
}

static uint64_t task(struct worker *worker, uint64_t index)
{
	const struct tcp_echo_params *params = worker->job->params;
	struct echo *echo = &tcp_echo_worker_of(worker)->echo;
	unsigned made = echo->made;
	struct err err;
	int failed = echo_messages(worker, index, &err);
	if (params->connect == TCP_ECHO_PER_TASK)
		echo_close(echo);
	if (echo->made != made)
		worker_metric(worker, TCP_ECHO_METRIC_CONNECTIONS, echo->made - made);
	return failed ? worker_fail(worker, "%s", err.text)
		      : (uint64_t)(params->messages * params->message_bytes);
}

/* A table cannot say whether an option was given, only whether it differs from its default. */
static int check(const void *given, struct err *err)
{
	const struct tcp_echo_params *params = given;
	if (!*params->host && params->port != PORT_DEFAULT_N)
		return err_set(err, "tcp_echo has a port and no host; add the host");
	return 0;
}

static uint64_t known_ns(const struct job *job, uint64_t index)
{
	const struct tcp_echo_params *params = job->params;
	(void)index;
	return (uint64_t)(params->messages * params->hold_ns);
}

static const char *const connects[] = {
	[TCP_ECHO_PER_WORKER] = "per_worker", [TCP_ECHO_PER_TASK] = "per_task", NULL};

static const struct option params[] = {
	{
		.name = "connect",
		.type = OPTION_ENUM,
		.offset = offsetof(struct tcp_echo_params, connect),
		.fallback = "per_worker",
		.choices = connects,
		.help = "a connection that a worker, or a place on the loop, keeps for its tasks, "
			"or a new one for every task",
	},
	{
		.name = "messages",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct tcp_echo_params, messages),
		.fallback = "1",
		.min = "1",
		.max = "1000000",
		.help = "how many a task sends, one after the other",
	},
	{
		.name = "message_size",
		.type = OPTION_SIZE,
		.offset = offsetof(struct tcp_echo_params, message_bytes),
		.fallback = "64B",
		.min = "1B",
		.max = "1GiB",
		.help = "of each message",
	},
	{
		.name = "hold",
		.type = OPTION_DURATION,
		.offset = offsetof(struct tcp_echo_params, hold_ns),
		.fallback = "0s",
		.min = "0s",
		.max = "1h",
		.help = "how long the connection rests, open, when a message has come back",
	},
	{
		.name = "reply_timeout",
		.type = OPTION_DURATION,
		.offset = offsetof(struct tcp_echo_params, reply_timeout_ns),
		.fallback = "10s",
		.min = "1ms",
		.max = "24h",
		.help = "how long a message may take there and back, and the connection to be made",
	},
	{
		.name = "host",
		.type = OPTION_TEXT,
		.offset = offsetof(struct tcp_echo_params, host),
		.fallback = "",
		.example = "echo.example.net",
		.help = "name or address of an echo server of your own; none: the run has one, on "
			"127.0.0.1",
	},
	{
		.name = "port",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct tcp_echo_params, port),
		.fallback = PORT_DEFAULT,
		.min = "1",
		.max = "65535",
		.when = "host!=",
		.help = "of the host",
	},
	OPTION_END,
};

static const struct metric metrics[] = {
	[TCP_ECHO_METRIC_CONNECTIONS] = {.name = "connections", .help = "connections made"},
	[TCP_ECHO_METRIC_AT_ONCE] = {.name = "open_at_once",
		.help = "the most that the run's own server had open at one moment; "
			"0 with a host"},
	{.name = NULL},
};

const struct workload workload_tcp_echo = {
	.name = "tcp_echo",
	.group = GROUP_WAITING,
	.summary = "sends messages over TCP and reads them back",
	.operation = "sends each message to an echo server, reads it back and compares every byte",
	.params = params,
	.params_bytes = sizeof(struct tcp_echo_params),
	.metrics = metrics,
	.worker_bytes = sizeof(struct tcp_echo_place),
	.shared_bytes = shared_bytes,
	.opens_libraries = true,
	.needs = server_needs,
	.check = check,
	.known_ns = known_ns,
	.setup = setup,
	.worker_setup = worker_setup,
	.task = task,
	.worker_teardown = worker_teardown,
	.teardown = teardown,
	.async_bytes = sizeof(struct tcp_echo_caller),
	.async_start = tcp_echo_async_start,
};
