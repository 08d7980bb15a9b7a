/*
 * Inside the server's process: what its files share. One thread, one loop; nothing here is seen by
 * the host or by workers.
 */
#ifndef WORKLOADS_SERVER_LOOP_H
#define WORKLOADS_SERVER_LOOP_H

#include "workloads/server.h"

#include <stddef.h>
#include <stdint.h>
#include <uv.h>

enum { SERVER_INPUT_BYTES = 64 * 1024 };

/* A body is this block over and over: any size takes no more memory. A multiple of 8. */
enum { SERVER_BLOCK_BYTES = 64 * 1024 };

struct server_visitor; /* a connection to the HTTP port, see server_http.c */

struct server_loop {
	uv_loop_t uv;
	struct server_plan plan;
	struct server *server;
	uv_tcp_t http, echo; /* the listening sockets */

	/* What has just been read from any connection; each takes what it needs of it at once. */
	char input[SERVER_INPUT_BYTES];
	unsigned char block[SERVER_BLOCK_BYTES];

	/* Answers that wait for `delay_ns`: all wait equally long, so the first is due first. */
	struct server_visitor *waiting, **waiting_end;
	uv_poll_t alarm; /* of a timerfd: uv's own timers count milliseconds */
	int alarm_fd;
};

/* A new connection on the port; they own it from then on. */
void server_http_accept(uv_stream_t *listener, int status);
void server_echo_accept(uv_stream_t *listener, int status);

/* Makes what HTTP answers need; a uv error code or 0. */
int server_http_open(struct server_loop *loop);

/* uv_alloc_cb for both: lends the loop's input. */
void server_lend_input(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer);

#endif
