/*
 * Messages between a worker and its partner, a process or thread of its own: what does it cost to
 * hand something to somebody else, by each way that the system offers?
 *
 * A worker makes its partner itself, when it is set up, since it alone has the other end: a worker
 * that is a fresh image shares no descriptor with the host. Only where a worker's set-up runs on a
 * thread the host makes all partners before: a fork copies the map of every thread's stack, which
 * for a thousand threads, each with its own fork, takes most of a minute.
 *
 * All bytes are compared with what was sent. The pattern that messages are cut from lies in shared
 * memory, behind the links; message k of a task begins at a place that follows from k, so that one
 * that is lost, doubled or late is not taken for another.
 *
 * Invariant: between two tasks both sides stand before message 0. A task that was cut short leaves
 * `in_task` set, and no later one uses its channel.
 */
#include "base/memory.h"
#include "workloads/channel_end.h"
#include "workloads/channel_ring.h"
#include "workloads/partner.h"
#include "workloads/workload.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { PHASES = 512, WORD = sizeof(uint64_t), CACHE_LINE = 64 };
/* As much as a futex's sleep and wake-up take on machines where a pause is some 10 to 40 ns. */
#define SPIN_DEFAULT "200"

enum mode { MODE_ONE_WAY, MODE_PING_PONG };

static const char *const modes[] = {
	[MODE_ONE_WAY] = "one_way",
	[MODE_PING_PONG] = "ping_pong",
	NULL,
};

struct params {
	int kind, mode, peer;
	int64_t message_bytes, messages, spin;
};

/* A worker's; in shared memory, where the first one's partner comes first. */
struct link {
	alignas(CACHE_LINE) struct partner partner;
	const struct job *job;
	struct end mine, theirs;
	unsigned char *buffers; /* the worker's, and behind it the partner's; owned */
	bool in_task;
	_Atomic uint64_t damaged; /* messages of this task that the partner found changed */
};

static bool executor_is(const struct job *job, const char *name)
{
	return strcmp(job->executor, name) == 0;
}

/* On the event loop one worker runs all tasks, one after the other, however many are in flight. */
static size_t link_count(const struct job *job)
{
	return executor_is(job, "async") ? 1 : job->workers;
}

static struct link *link_of(const struct worker *worker)
{
	return (struct link *)worker->job->shared + worker->index;
}

static uint64_t *pattern_of(const struct job *job)
{
	return (uint64_t *)(void *)((struct link *)job->shared + link_count(job));
}

static const unsigned char *message(const struct job *job, uint64_t k)
{
	return (const unsigned char *)(pattern_of(job) + k % PHASES);
}

static bool is_intact(const struct job *job, uint64_t k, const unsigned char *bytes)
{
	const struct params *params = job->params;
	return memcmp(bytes, message(job, k), (size_t)params->message_bytes) == 0;
}

static size_t pattern_words(const struct job *job)
{
	const struct params *params = job->params;
	return (size_t)params->message_bytes / WORD + 1 + PHASES;
}

static size_t shared_bytes(const struct job *job)
{
	return link_count(job) * sizeof(struct link) + pattern_words(job) * WORD;
}

/* An eventfd adds up what it is sent: its words are small, and none is 0. */
static void fill_pattern(const struct job *job)
{
	const struct params *params = job->params;
	uint64_t *words = pattern_of(job);
	for (size_t i = 0; i < pattern_words(job); i++) {
		uint64_t word = job_random(job, i);
		words[i] = params->kind == CHANNEL_EVENTFD ? (word >> 40) + 1 : word;
	}
}

/* ---- the partner's side ---- */

struct service {
	struct link *link;
	const struct job *job;
	const struct params *params;
	struct end end;
	unsigned char *buffer;
};

static void note_damage(struct service *service)
{
	/* Relaxed: the channel orders it before the message that ends the task. */
	atomic_fetch_add_explicit(&service->link->damaged, 1, memory_order_relaxed);
}

static bool receive_one(struct service *service, uint64_t k)
{
	size_t size = (size_t)service->params->message_bytes;
	if (end_receive(&service->end, service->buffer, size) != 0)
		return false;
	if (!is_intact(service->job, k, service->buffer))
		note_damage(service);
	return true;
}

static bool receive_each(struct service *service)
{
	for (uint64_t k = 0; k < (uint64_t)service->params->messages; k++)
		if (!receive_one(service, k))
			return false;
	return true;
}

static uint64_t sum_of_values(const struct service *service)
{
	const uint64_t *values = pattern_of(service->job);
	uint64_t messages = (uint64_t)service->params->messages, sum = 0;
	for (uint64_t k = 0; k < PHASES; k++)
		sum += values[k] * (messages / PHASES + (k < messages % PHASES));
	return sum;
}

/* One read takes all that was sent since the last one: what counts is their sum. */
static bool receive_sum(struct service *service)
{
	uint64_t sum = sum_of_values(service), received = 0;
	while (received < sum) {
		uint64_t value;
		if (end_receive(&service->end, &value, sizeof(value)) != 0)
			return false;
		received += value;
	}
	if (received != sum)
		note_damage(service);
	return true;
}

static bool take_all(struct service *service)
{
	bool adds_up = service->params->kind == CHANNEL_EVENTFD;
	bool all = adds_up ? receive_sum(service) : receive_each(service);
	size_t size = (size_t)service->params->message_bytes;
	return all && end_send(&service->end, message(service->job, 0), size) == 0;
}

static bool answer_all(struct service *service)
{
	size_t size = (size_t)service->params->message_bytes;
	for (uint64_t k = 0; k < (uint64_t)service->params->messages; k++) {
		if (!receive_one(service, k) ||
			end_send(&service->end, message(service->job, k), size) != 0)
			return false;
	}
	return true;
}

/* Its end is copied before it is ready: the worker closes its own copies after that. */
static void serve(struct partner *partner, void *arg)
{
	struct link *link = arg;
	const struct params *params = link->job->params;
	struct service service = {.link = link,
		.job = link->job,
		.params = params,
		.end = link->theirs,
		.buffer = link->buffers + params->message_bytes};
	bool (*serve_task)(struct service *) = params->mode == MODE_ONE_WAY ? take_all : answer_all;
	/* Or the first message would pay for the page faults. */
	memset(service.buffer, 0xff, (size_t)params->message_bytes);
	partner_ready(partner);
	while (serve_task(&service))
		;
}

/* ---- the worker's side ---- */

static int start_partner(struct link *link, struct err *err)
{
	const struct params *params = link->job->params;
	struct partner_plan plan = {.kind = (enum partner_kind)params->peer,
		.run = serve,
		.arg = link,
		.keep = {link->theirs.in, link->theirs.out}};
	if (partner_start(&link->partner, &plan, err) != 0)
		return -1;
	if (plan.kind == PARTNER_PROCESS) {
		end_close(&link->theirs);
		link->mine.partner = &link->partner;
	}
	return 0;
}

/* With one CPU for both, whoever spins keeps the other from doing what it waits for. */
static uint64_t useful_spin(const struct params *params)
{
	cpu_set_t allowed;
	bool alone =
		sched_getaffinity(0, sizeof(allowed), &allowed) == 0 && CPU_COUNT(&allowed) == 1;
	return alone ? 0 : (uint64_t)params->spin;
}

static int make_link(struct link *link, const struct job *job, struct err *err)
{
	const struct params *params = job->params;
	struct end ends[2];
	/* A dead predecessor may have left something. */
	memset(link, 0, sizeof(*link));
	link->job = job;
	if (end_pair((enum channel_kind)params->kind, ends, err) != 0)
		return -1;
	link->mine = ends[0];
	link->theirs = ends[1];
	link->mine.spin = link->theirs.spin = useful_spin(params);
	link->buffers = memory_alloc(2 * (size_t)params->message_bytes);
	memset(link->buffers, 0xff, (size_t)params->message_bytes);
	return start_partner(link, err);
}

static bool is_set_up_on_threads(const struct job *job)
{
	return executor_is(job, "thread_pool");
}

static int setup(struct job *job, struct err *err)
{
	fill_pattern(job);
	for (size_t i = 0; i < link_count(job) && is_set_up_on_threads(job); i++)
		if (make_link((struct link *)job->shared + i, job, err) != 0)
			return -1;
	return 0;
}

static int worker_setup(struct worker *worker, struct err *err)
{
	if (is_set_up_on_threads(worker->job))
		return 0;
	return make_link(link_of(worker), worker->job, err);
}

static void worker_teardown(struct worker *worker)
{
	struct link *link = link_of(worker);
	end_hang_up(&link->mine);
	end_close(&link->mine);
	partner_end(&link->partner);
	end_close(&link->theirs);
	end_free(&link->mine);
	free(link->buffers);
}

/* Whether message k was moved; otherwise the task has failed, unless the run is being ended. */
static bool is_moved(struct worker *worker, int code, const char *what, uint64_t k)
{
	const struct params *params = worker->job->params;
	if (code == 0)
		return true;
	if (!is_stopping(worker))
		worker_fail(worker, "cannot %s message %" PRIu64 " of %" PRId64 ": %s", what, k + 1,
			params->messages, code == EPIPE ? "the partner has ended" : strerror(code));
	return false;
}

static bool send_message(struct worker *worker, uint64_t k)
{
	const struct params *params = worker->job->params;
	const struct link *link = link_of(worker);
	const unsigned char *bytes = message(worker->job, k);
	blocking_begin(worker);
	int code = end_send(&link->mine, bytes, (size_t)params->message_bytes);
	blocking_end(worker);
	return is_moved(worker, code, "send", k);
}

/* `like`: the message that it must be equal to. */
static bool receive_message(struct worker *worker, uint64_t k, uint64_t like)
{
	const struct params *params = worker->job->params;
	const struct link *link = link_of(worker);
	blocking_begin(worker);
	int code = end_receive(&link->mine, link->buffers, (size_t)params->message_bytes);
	blocking_end(worker);
	if (!is_moved(worker, code, "receive the reply to", k))
		return false;
	if (is_intact(worker->job, like, link->buffers))
		return true;
	worker_fail(worker, "the reply to message %" PRIu64 " of %" PRId64 " was not what was sent",
		k + 1, params->messages);
	return false;
}

static bool one_way(struct worker *worker)
{
	const struct params *params = worker->job->params;
	uint64_t messages = (uint64_t)params->messages;
	for (uint64_t k = 0; k < messages; k++)
		if (checkpoint(worker) || !send_message(worker, k))
			return false;
	return receive_message(worker, messages - 1, 0);
}

static bool ping_pong(struct worker *worker)
{
	const struct params *params = worker->job->params;
	for (uint64_t k = 0; k < (uint64_t)params->messages; k++)
		if (checkpoint(worker) || !send_message(worker, k) ||
			!receive_message(worker, k, k))
			return false;
	return true;
}

/* True: all messages were moved, if not unchanged. */
static bool move_all(struct worker *worker)
{
	const struct params *params = worker->job->params;
	const struct link *link = link_of(worker);
	struct partner_alarm alarm;
	bool alarmed = params->kind == CHANNEL_EVENTFD && link->mine.partner;
	if (alarmed && partner_alarm_arm(&alarm) != 0) {
		worker_fail(worker, "cannot set a timer: %s", strerror(errno));
		return false;
	}
	bool moved = params->mode == MODE_ONE_WAY ? one_way(worker) : ping_pong(worker);
	if (alarmed)
		partner_alarm_disarm(&alarm);
	return moved;
}

static uint64_t task(struct worker *worker, uint64_t index)
{
	const struct params *params = worker->job->params;
	struct link *link = link_of(worker);
	(void)index;
	if (link->in_task)
		return worker_fail(worker, "the channel is of no more use: a task was cut short in "
					   "the middle of a message");
	link->in_task = true;
	if (!move_all(worker))
		return 0;
	link->in_task = false;
	/* Relaxed: see note_damage. */
	uint64_t damaged = atomic_exchange_explicit(&link->damaged, 0, memory_order_relaxed);
	if (damaged)
		return worker_fail(worker,
			"%" PRIu64 " of %" PRId64 " messages did not arrive as they were sent",
			damaged, params->messages);
	uint64_t ways = params->mode == MODE_PING_PONG ? 2 : 1;
	return ways * (uint64_t)(params->messages * params->message_bytes);
}

static void needs(const struct job *job, struct needs *needs)
{
	const struct params *params = job->params;
	uint64_t rings = params->kind == CHANNEL_SHM ? 2 * CHANNEL_RING_BYTES : 0;
	struct needs each = {.bytes_per_worker = 2 * (uint64_t)params->message_bytes + rings,
		.processes_per_worker = 1,
		.descriptors_per_worker = CHANNEL_DESCRIPTORS};
	struct needs alone = {.bytes_per_run = each.bytes_per_worker,
		.processes_per_run = 1,
		.descriptors_per_run = CHANNEL_DESCRIPTORS};
	*needs = link_count(job) == 1 ? alone : each;
}

static int check(const void *given, struct err *err)
{
	const struct params *params = given;
	if (params->kind == CHANNEL_EVENTFD && params->message_bytes != EVENTFD_BYTES)
		return err_set(err,
			"an eventfd moves values of 8 bytes; set message_size to 8B, or "
			"give eventfd a workload of its own");
	return 0;
}

static const struct option params[] = {
	{
		.name = "kind",
		.type = OPTION_ENUM,
		.offset = offsetof(struct params, kind),
		.fallback = "pipe",
		.choices = channel_kinds,
		.help = "pipe (two of them), socketpair, unix (a socket, by address), tcp (on the "
			"loopback interface), eventfd, shm (a ring in shared memory)",
	},
	{
		.name = "mode",
		.type = OPTION_ENUM,
		.offset = offsetof(struct params, mode),
		.fallback = "ping_pong",
		.choices = modes,
		.help = "one_way: a message is sent while others are on their way, and one reply "
			"ends the task; ping_pong: a reply to each",
	},
	{
		.name = "message_size",
		.type = OPTION_SIZE,
		.offset = offsetof(struct params, message_bytes),
		.fallback = "8B",
		.min = "1B",
		.max = "64MiB",
		.help = "bytes of each message and of each reply, all of them compared; an eventfd "
			"has 8B",
	},
	{
		.name = "messages",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, messages),
		.fallback = "1000",
		.min = "1",
		.max = "1000000000",
		.help = "how many a task sends, without the replies",
	},
	{
		.name = "peer",
		.type = OPTION_ENUM,
		.offset = offsetof(struct params, peer),
		.fallback = "process",
		.choices = partner_kinds,
		.help = "what each worker's partner is",
	},
	{
		.name = "spin",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, spin),
		.fallback = SPIN_DEFAULT,
		.min = "0",
		.max = "1000000",
		.when = "kind=shm",
		.help = "how often shm looks again for a message, or for room, before it sleeps; "
			"on one CPU "
			"never",
	},
	OPTION_END,
};

const struct workload workload_channel = {
	.name = "channel",
	.group = GROUP_CHANNEL,
	.summary = "messages between two sides, by pipe, socket, eventfd or shared memory",
	.operation = "sends `messages` messages to the worker's partner, which replies to each, or "
		     "to all of them once",
	.params = params,
	.params_bytes = sizeof(struct params),
	.shared_bytes = shared_bytes,
	.needs = needs,
	.check = check,
	.setup = setup,
	.worker_setup = worker_setup,
	.task = task,
	.worker_teardown = worker_teardown,
};
