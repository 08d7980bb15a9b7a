/*
 * What the two forms of `tcp_echo` share: its parameters, and messages that differ from task to
 * task and follow from the seed, so that what comes back is compared byte by byte.
 */
#ifndef WORKLOADS_TCP_ECHO_H
#define WORKLOADS_TCP_ECHO_H

#include "workloads/echo.h"
#include "workloads/server.h"

#include <stdint.h>

enum { TCP_ECHO_PER_WORKER, TCP_ECHO_PER_TASK };

struct tcp_echo_params {
	int connect;
	int64_t messages, message_bytes;
	int64_t hold_ns, reply_timeout_ns;
	const char *host;
	int64_t port;
};

enum { TCP_ECHO_PATTERN_WORDS = 512 };

/* job->shared */
struct tcp_echo_shared {
	struct server server;
	struct echo_target target;
	uint64_t pattern[TCP_ECHO_PATTERN_WORDS];
};

/* A worker's own, in the memory of its process: under `process` each task begins with a copy of
 * what the host had, and so without a connection. */
struct tcp_echo_worker {
	struct echo echo;
	unsigned char *room; /* a piece of a message, there or back; owned */
};

/* worker->state. */
struct tcp_echo_place {
	struct tcp_echo_worker *here;
};

struct tcp_echo_message {
	struct echo_message message; /* first: a message is one of these */
	const struct tcp_echo_shared *shared;
	unsigned char *room;
	uint64_t key;
};

/* A call's state, under `async`. */
struct tcp_echo_caller {
	struct echo_flight flight;
	struct tcp_echo_message message;
	uint64_t number; /* of the next message */
	enum { TCP_ECHO_MOVES, TCP_ECHO_RESTS, TCP_ECHO_CLOSES } step;
	char *failed; /* why, until the connection is closed; owned */
};

enum { TCP_ECHO_METRIC_CONNECTIONS, TCP_ECHO_METRIC_AT_ONCE };

static inline struct tcp_echo_shared *tcp_echo_shared_of(const struct worker *worker)
{
	return worker->job->shared;
}

static inline struct tcp_echo_worker *tcp_echo_worker_of(const struct worker *worker)
{
	return ((struct tcp_echo_place *)worker->state)->here;
}

/* ---- tcp_echo_message.c ---- */

void tcp_echo_fill_pattern(struct tcp_echo_shared *shared, const struct job *job);

/* A worker's room for pieces of messages. */
unsigned char *tcp_echo_room(const struct tcp_echo_params *params);

/* Message `number` of task `index`. */
void tcp_echo_message(struct tcp_echo_message *message, const struct worker *worker, uint64_t index,
	uint64_t number);

/* ---- tcp_echo_loop.c ---- */

void tcp_echo_async_start(struct async_call *call);

#endif
