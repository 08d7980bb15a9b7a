/*
 * A connection to an echo server and the message that is under way on it: what the workload
 * `tcp_echo` and Lua's w.echo share. One state machine, echo_step, moves the bytes that can be
 * moved; a worker that blocks calls it in a loop, a task on an event loop when its socket is ready.
 *
 * A message is sent and read back at the same time: one that is larger than what the kernel keeps
 * for both sides would otherwise never arrive.
 */
#ifndef WORKLOADS_ECHO_H
#define WORKLOADS_ECHO_H

#include "workloads/workload.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <uv.h>

enum { ECHO_NAME_BYTES = 80 };

/* Who answers. Written in `setup`, in memory that all workers share. */
struct echo_target {
	struct sockaddr_storage address;
	socklen_t length;
	bool local;                 /* on 127.0.0.1 */
	char name[ECHO_NAME_BYTES]; /* "127.0.0.1:7", for messages */
};

/* What is sent, and what becomes of what comes back. `count`: in, the most; out, how many. */
struct echo_message {
	uint64_t bytes;
	const char *(*give)(struct echo_message *message, uint64_t offset, size_t *count);
	/* Where the bytes behind `offset` are to be put. */
	char *(*room)(struct echo_message *message, uint64_t offset, size_t *count);
	/* They are there; how many of them are what was sent, up to the first that is not. */
	size_t (*take)(struct echo_message *message, uint64_t offset, size_t count);
};

/* A connection. All zero: none. */
struct echo {
	pid_t owner; /* the process whose descriptor it is; 0: there is none */
	int fd;
	bool blocks;     /* a receive may wait, for ECHO_SLICE_MS at most */
	bool connecting; /* asked for, not yet made */
	unsigned made;   /* connections so far */
	const struct echo_target *target;

	/* The message under way. */
	struct echo_message *message;
	uint64_t sent, received;
};

/* How long a worker sleeps before it looks whether its run is being ended: less than the grace
 * that a run has between its stop flag and SIGTERM. */
enum { ECHO_SLICE_MS = 200 };

/* ---- echo_target.c ---- */

void echo_target_local(struct echo_target *target, uint16_t port);

/* `host` is a name or an address. Of several addresses it is the first that takes a connection
 * within `patience_ns`; if none does, the first. */
int echo_target_find(struct echo_target *target, const char *host, uint16_t port,
	int64_t patience_ns, struct err *err);

/* ---- echo.c ---- */

/* Has this process a connection here? What another one had is forgotten. */
bool echo_is_open(struct echo *echo);

/* Asks for a connection, and waits for nothing. */
int echo_open(struct echo *echo, const struct echo_target *target, bool blocks, struct err *err);

void echo_close(struct echo *echo);

void echo_begin(struct echo *echo, struct echo_message *message);

/* Moves what can be moved, given that `ready` (POLLIN, POLLOUT) has happened. 0: the message is
 * back; -1: it will not be; else what has to be waited for. `locked` gives its gil up around calls
 * into the kernel; NULL: it has none. */
int echo_step(struct echo *echo, int ready, struct worker *locked, struct err *err);

/* Says that the time is up; returns -1. */
int echo_late(const struct echo *echo, int64_t timeout_ns, struct err *err);

struct echo_call {
	struct echo *echo;
	const struct echo_target *target;
	struct echo_message *message;
	int64_t timeout_ns;          /* from asking for a connection to the last byte */
	const struct worker *worker; /* the end of its run ends the exchange */
	struct worker *locked;       /* as for echo_step */
};

/* A message there and back, over a new connection if there is none; blocks. After an error there is
 * no connection. */
int echo_exchange(const struct echo_call *call, struct err *err);

/* ---- echo_loop.c ---- */

/* A connection on an event loop. All zero: not used yet. It stays where it is in memory. */
struct echo_flight {
	struct echo echo;
	uv_poll_t poll;
	uv_timer_t timer;
	bool has_timer;
	int events; /* that `poll` waits for; 0: it is idle */
	enum { ECHO_IDLE, ECHO_MOVES, ECHO_RESTS, ECHO_CLOSES } state;
	uint64_t deadline_ns;
	int64_t timeout_ns;

	/* Each of the calls below ends with this, once, which may begin the next: `failed` is NULL
	 * or why the message did not come back. After a failure the connection has to be closed. */
	void (*then)(struct echo_flight *flight, const struct err *failed);
	void *data; /* the caller's */
};

/* As echo_exchange; `then` may be called before this returns only where it fails. */
void echo_flight_exchange(struct echo_flight *flight, uv_loop_t *loop,
	const struct echo_target *target, struct echo_message *message, int64_t timeout_ns);

void echo_flight_rest(struct echo_flight *flight, uv_loop_t *loop, int64_t ns);
void echo_flight_close(struct echo_flight *flight); /* takes one that is not open */

#endif
