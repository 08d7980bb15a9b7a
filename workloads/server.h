/*
 * A server of the run's own on the loopback interface, in a process of its own: what `fetch`,
 * `tcp_echo` and Lua scripts talk to where no other server is named. One process, one event loop,
 * thousands of connections.
 *
 *   HTTP   GET of any path: status 200, `size_bytes` bytes that follow from the seed, after
 *          `delay_ns`; keep-alive as HTTP/1.1 has it.
 *   echo   sends back what it receives.
 */
#ifndef WORKLOADS_SERVER_H
#define WORKLOADS_SERVER_H

#include "workloads/workload.h"

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>

struct server_plan {
	uint64_t seed;
	int64_t size_bytes; /* of each HTTP body */
	int64_t delay_ns;   /* before each HTTP answer; the server waits for many at a time */
	uint32_t backlog;   /* connections that may be about to be made at one moment; the kernel
			       has a limit of its own (net.core.somaxconn) */
};

/* Lies in job->shared, so that every worker finds it. */
struct server {
	pid_t pid;                     /* 0: not started */
	uint16_t http_port, echo_port; /* on 127.0.0.1 */

	/* Written by the server: connections to the echo port, and the most of them at a time. */
	_Atomic uint32_t guests, most_guests;
};

/* Starts it and returns when both ports are open; in `setup`. It ends with the host. */
int server_start(struct server *server, const struct server_plan *plan, struct err *err);

/* What it takes, if every worker has a connection to it; one end of each is the server's, the other
 * the host's where workers are threads or on a loop. Adds to what is there. */
void server_needs(const struct job *job, struct needs *needs);

/* Ends and reaps it; in `teardown`. Takes one that was not started or has died. */
void server_stop(struct server *server);

/* What the 64-bit words of a body add up to, the last one filled up with zeros: what a client that
 * has received all of it finds. */
uint64_t server_body_sum(const struct server_plan *plan);

#endif
