/*
 * HTTP: each task gets one body from a server and adds it up. The server is one of the run's own
 * in a process of its own, whose answers take as long and are as large as the parameters say; or
 * any that a URL names.
 *
 * A worker has one handle and so one connection at a time. Under `async` all handles are on one
 * loop, and as many connections as transfers are in flight.
 */
#include "workloads/fetch.h"

#include "base/memory.h"
#include "workloads/server.h"
#include "workloads/workload.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct params {
	const char *url;
	int64_t size_bytes, delay_ns;
	bool keep_alive;
	int64_t response_timeout_ns;
	int64_t expect_status;
};

#define SIZE_DEFAULT     "16KiB"
#define DELAY_DEFAULT    "10ms"
#define SIZE_DEFAULT_B   INT64_C(16384)
#define DELAY_DEFAULT_NS INT64_C(10000000)

enum { METRIC_RECEIVED, METRIC_CONNECTIONS };

struct shared {
	struct server server;
	uint64_t body_sum; /* of the server's body */
};

enum { URL_BYTES = 40 };

/* One transfer at a time. */
struct getter {
	struct fetch fetch; /* first: a fetch is its getter's */
	uint64_t sum;       /* of the body so far */
};

/* A worker's, in the memory of the process that set it up. */
struct getters {
	char server_url[URL_BYTES];
	struct fetch_loop *loop; /* under async only */
	uint32_t count, given;
	struct getter all[]; /* under async one for each place */
};

struct place { /* worker->state */
	struct getters *here;
};

static bool own_server(const struct params *params)
{
	return !*params->url;
}

/* ---- the body ---- */

static int64_t body_bytes(const struct params *params)
{
	return own_server(params) ? params->size_bytes : 0;
}

/* What the bytes add to the sum of 64-bit words, the last one filled up with zeros, of a text in
 * which `before` bytes stand before them. */
static uint64_t word_sum(uint64_t before, const char *bytes, size_t count)
{
	enum { WORD = sizeof(uint64_t) };
	uint64_t sum = 0, word = 0;
	size_t at = before % WORD;
	if (at) {
		size_t first = count < WORD - at ? count : WORD - at;
		memcpy((char *)&sum + at, bytes, first);
		bytes += first;
		count -= first;
	}
	for (; count >= WORD; bytes += WORD, count -= WORD) {
		memcpy(&word, bytes, WORD);
		sum += word;
	}
	word = 0;
	memcpy(&word, bytes, count);
	return sum + word;
}

static bool add_up(struct fetch *fetch, const char *bytes, size_t count)
{
	struct getter *getter = (struct getter *)fetch;
	getter->sum += word_sum(fetch->received_bytes, bytes, count);
	return true;
}

/* ---- a task ---- */

static uint64_t judge_status(struct worker *worker, const struct getter *getter)
{
	const struct params *params = worker->job->params;
	int status = getter->fetch.status;
	return worker_fail(worker, "'%s' answered %d, not %" PRId64 "%s", getter->fetch.url, status,
		params->expect_status,
		status / 100 == 3 ? "; redirects are not followed, name the place itself" : "");
}

/* A task's value, from its answer. */
static uint64_t judge(struct worker *worker, const struct getter *getter)
{
	const struct params *params = worker->job->params;
	const struct shared *shared = worker->job->shared;
	worker_metric(worker, METRIC_RECEIVED, (double)getter->fetch.received_bytes);
	if (getter->fetch.status != params->expect_status)
		return judge_status(worker, getter);
	if (own_server(params) && getter->sum != shared->body_sum)
		return worker_fail(worker,
			"received %" PRIu64 " bytes that are not those of the server",
			getter->fetch.received_bytes);
	return getter->sum;
}

static uint64_t conclude(
	struct worker *worker, const struct getter *getter, const struct err *failed)
{
	worker_metric(worker, METRIC_CONNECTIONS, getter->fetch.connections);
	if (!failed)
		return judge(worker, getter);
	return is_stopping(worker) ? 0 : worker_fail(worker, "%s", failed->text);
}

static uint64_t task(struct worker *worker, uint64_t index)
{
	struct getter *getter = ((struct place *)worker->state)->here->all;
	struct err err;
	(void)index;
	getter->sum = 0;
	/* The body is added up without the gil too: it arrives in the midst of what blocks. */
	blocking_begin(worker);
	int failed = fetch_get(&getter->fetch, &err);
	blocking_end(worker);
	return conclude(worker, getter, failed ? &err : NULL);
}

/* ---- on a loop ---- */

static void on_done(struct fetch *fetch, const struct err *failed)
{
	struct async_call *call = fetch->arg;
	async_done(call, conclude(call->worker, (struct getter *)fetch, failed));
}

/* A call keeps the getter that it was given first. */
static struct getter *getter_of(struct async_call *call, struct getters *getters)
{
	struct getter **kept = call->state;
	if (!*kept) {
		*kept = &getters->all[getters->given++];
		(*kept)->fetch.done = on_done;
		(*kept)->fetch.arg = call;
	}
	return *kept;
}

static void async_start(struct async_call *call)
{
	struct getters *getters = ((struct place *)call->worker->state)->here;
	struct getter *getter = getter_of(call, getters);
	struct err err;
	getter->sum = 0;
	if (fetch_loop_start(getters->loop, call->loop, &getter->fetch, &err) != 0)
		async_done(call, worker_fail(call->worker, "%s", err.text));
}

/* ---- a run ---- */

static size_t shared_bytes(const struct job *job)
{
	(void)job;
	return sizeof(struct shared);
}

static int setup(struct job *job, struct err *err)
{
	const struct params *params = job->params;
	struct shared *shared = job->shared;
	struct server_plan plan = {.seed = job->seed,
		.size_bytes = params->size_bytes,
		.delay_ns = params->delay_ns,
		.backlog = job->workers};
	if (!own_server(params))
		return 0;
	shared->body_sum = server_body_sum(&plan);
	return server_start(&shared->server, &plan, err);
}

static void teardown(struct job *job)
{
	struct shared *shared = job->shared;
	server_stop(&shared->server);
}

static bool is_on_loop(const struct job *job)
{
	return strcmp(job->executor, "async") == 0;
}

static int open_all(const struct worker *worker, struct getters *getters, struct err *err)
{
	const struct params *params = worker->job->params;
	const struct fetch_plan plan = {
		.worker = worker,
		.timeout_ns = params->response_timeout_ns,
		.body_bytes = body_bytes(params),
		.take = add_up,
	};
	const char *url = own_server(params) ? getters->server_url : params->url;
	for (uint32_t i = 0; i < getters->count; i++) {
		struct fetch *fetch = &getters->all[i].fetch;
		if (fetch_open(fetch, &plan, err) != 0 ||
			fetch_aim(fetch, url, params->keep_alive, err) != 0)
			return -1;
	}
	return 0;
}

static int worker_setup(struct worker *worker, struct err *err)
{
	const struct job *job = worker->job;
	const struct shared *shared = job->shared;
	bool on_loop = is_on_loop(job);
	uint32_t count = on_loop ? job->workers : 1;
	if (fetch_load(err) != 0)
		return -1;
	struct getters *getters = memory_alloc(sizeof(*getters) + count * sizeof(getters->all[0]));
	((struct place *)worker->state)->here = getters;
	getters->count = count;
	snprintf(getters->server_url, URL_BYTES, "http://127.0.0.1:%u/",
		(unsigned)shared->server.http_port);
	if (on_loop && !(getters->loop = fetch_loop_open(count, err)))
		return -1;
	return open_all(worker, getters, err);
}

static void worker_teardown(struct worker *worker)
{
	struct getters *getters = ((struct place *)worker->state)->here;
	for (uint32_t i = 0; i < getters->count; i++)
		fetch_close(&getters->all[i].fetch);
	fetch_loop_close(getters->loop);
	free(getters);
}

/* ---- its table ---- */

static int supported(const void *params, struct err *err)
{
	(void)params;
	return fetch_load(err);
}

/* In a process of their own, each with few descriptors. */
static bool are_processes(const struct job *job)
{
	return strncmp(job->executor, "process", strlen("process")) == 0 ||
	       strcmp(job->executor, "pipe") == 0;
}

/* A handle and its connection, without the buffer: measured with libcurl 7.88 under `async`, 5,000
 * of them. One that is on no common loop has a pair of descriptors to be woken by; one that looks
 * up a name another, and a thread. The server is a process with a connection to each worker. */
static void needs(const struct job *job, struct needs *needs)
{
	enum { HANDLE_BYTES = 12 * 1024, SERVER_BYTES = 1024 * 1024, DESCRIPTORS = 32 };
	const struct params *params = job->params;
	bool own = own_server(params);
	needs->bytes_per_worker = HANDLE_BYTES + (uint64_t)fetch_buffer_bytes(body_bytes(params));
	needs->descriptors_per_worker = 1 + (is_on_loop(job) ? 0 : 2) + (own ? 0 : 2);
	needs->processes_per_worker = own ? 0 : 1;
	needs->bytes_per_run = own ? SERVER_BYTES : 0;
	needs->descriptors_per_run = DESCRIPTORS + (own && are_processes(job) ? job->workers : 0);
	needs->processes_per_run = own;
}

/* A table cannot say whether an option was given, only whether it differs from its default. */
static int check(const void *given, struct err *err)
{
	const struct params *params = given;
	if (own_server(params))
		return 0;
	if (params->size_bytes != SIZE_DEFAULT_B || params->delay_ns != DELAY_DEFAULT_NS)
		return err_set(err,
			"size and delay are those of the built-in server; remove them, or the url");
	return fetch_check_url(params->url, err);
}

static const struct option params[] = {
	{
		.name = "url",
		.type = OPTION_TEXT,
		.offset = offsetof(struct params, url),
		.fallback = "",
		.example = "http://localhost:8000/",
		.help = "what to get, by http or https, without a proxy; without it, what a server "
			"of the run's own serves",
	},
	{
		.name = "size",
		.type = OPTION_SIZE,
		.offset = offsetof(struct params, size_bytes),
		.fallback = SIZE_DEFAULT,
		.min = "0B",
		.max = "1TiB",
		.when = "url=",
		.help = "of the built-in server's answer",
	},
	{
		.name = "delay",
		.type = OPTION_DURATION,
		.offset = offsetof(struct params, delay_ns),
		.fallback = DELAY_DEFAULT,
		.min = "0s",
		.max = "1h",
		.when = "url=",
		.help = "how long the built-in server waits before it answers",
	},
	{
		.name = "keep_alive",
		.type = OPTION_BOOL,
		.offset = offsetof(struct params, keep_alive),
		.fallback = "true",
		.help = "a worker keeps its connection from one task to the next",
	},
	{
		.name = "response_timeout",
		.type = OPTION_DURATION,
		.offset = offsetof(struct params, response_timeout_ns),
		.fallback = "30s",
		.min = "1ms",
		.max = "24h",
		.help = "a task fails that has no whole answer by then",
	},
	{
		.name = "expect_status",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct params, expect_status),
		.fallback = "200",
		.min = "100",
		.max = "599",
		.help = "the answer's HTTP status; with any other the task fails",
	},
	OPTION_END,
};

static const struct metric metrics[] = {
	[METRIC_RECEIVED] = {.name = "received_bytes", .help = "of all whole answers' bodies"},
	[METRIC_CONNECTIONS] = {.name = "connections", .help = "connections that were made"},
	{.name = NULL},
};

const struct workload workload_fetch = {
	.name = "fetch",
	.group = GROUP_WAITING,
	.summary = "gets a body from an HTTP server: waiting for somebody else",
	.operation = "sends one HTTP/1.1 GET, receives the answer, adds up the 64-bit words of "
		     "its body",
	.opens_libraries = true,
	.params = params,
	.params_bytes = sizeof(struct params),
	.metrics = metrics,
	.worker_bytes = sizeof(struct place),
	.shared_bytes = shared_bytes,
	.supported = supported,
	.needs = needs,
	.check = check,
	.setup = setup,
	.worker_setup = worker_setup,
	.task = task,
	.worker_teardown = worker_teardown,
	.teardown = teardown,
	.async_bytes = sizeof(struct getter *),
	.async_start = async_start,
};
