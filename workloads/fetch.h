/*
 * One HTTP GET after the other through libcurl: what the workload `fetch` and Lua's w.fetch share.
 * A fetch is one caller's; it keeps its connection from one GET to the next. It blocks, or runs on
 * an event loop together with others.
 *
 * HTTP/1.1 everywhere: HTTP/2 would put all transfers of a loop into one connection and each of a
 * thread's into its own. No redirect is followed, so that a task is one request, and no proxy is
 * used, whatever the environment says: what is measured is the server that was named. Certificates
 * are checked against the system's, or those of the file that SSL_CERT_FILE names.
 */
#ifndef WORKLOADS_FETCH_H
#define WORKLOADS_FETCH_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fetch;
struct uv_loop_s;
struct worker;

struct fetch_plan {
	const struct worker *worker; /* the end of its run ends a transfer */
	int64_t timeout_ns;          /* of a whole answer; at least 1 */
	int64_t body_bytes;          /* about so many are to come; 0: not known */

	/* Takes the next piece of a body, behind fetch->received_bytes that came before it; false:
	 * it takes no more, and the transfer fails. Without the gil: no value is computed here that
	 * others see. */
	bool (*take)(struct fetch *fetch, const char *bytes, size_t count);
};

enum { FETCH_REASON_BYTES = 256 };

struct fetch {
	struct fetch_plan plan;
	const char *url; /* borrowed, from fetch_aim on */
	void *easy;      /* libcurl's handle */
	char reason[FETCH_REASON_BYTES];

	/* Of the last answer. */
	int status; /* 200 */
	uint64_t received_bytes;
	unsigned connections; /* that had to be made */

	/* On a loop: called when the transfer has ended, `failed` NULL or why not. The fetch may be
	 * used again at once. */
	void (*done)(struct fetch *fetch, const struct err *failed);
	void *arg; /* the caller's */
};

/* How much of an answer is read at a time: a large body in fewer pieces. */
static inline long fetch_buffer_bytes(int64_t body_bytes)
{
	enum { LEAST = 16 * 1024, MOST = 128 * 1024 };
	return body_bytes < LEAST ? LEAST : body_bytes > MOST ? MOST : (long)body_bytes;
}

/* Is it http:// or https:// with a host behind it? Nobody is asked. */
int fetch_check_url(const char *url, struct err *err);

/* ---- fetch_curl.c ---- */

/* Opens libcurl, once: in `supported`, while the host has one thread, and in spawned images. */
int fetch_load(struct err *err);

/* After fetch_load. */
int fetch_open(struct fetch *fetch, const struct fetch_plan *plan, struct err *err);
void fetch_close(struct fetch *fetch); /* takes one that was zeroed or could not be opened */

/* What the next GETs ask for; whether they keep the connection. */
int fetch_aim(struct fetch *fetch, const char *url, bool keep_alive, struct err *err);

/* One GET; blocks. An answer of any status is one; -1: there was none, or not all of it. */
int fetch_get(struct fetch *fetch, struct err *err);

/* What a GET came to: its CURLcode. For fetch_multi.c. */
int fetch_conclude(struct fetch *fetch, int code, struct err *err);

/* ---- fetch_multi.c ---- */

/* Transfers on an event loop, up to `transfers` of them at a time: as many connections are kept. */
struct fetch_loop *fetch_loop_open(uint32_t transfers, struct err *err);

/* Begins a GET; `done` is called later, by a callback of the loop. The same `uv` each time. */
int fetch_loop_start(
	struct fetch_loop *loop, struct uv_loop_s *uv, struct fetch *fetch, struct err *err);

/* When no transfer is on it any more; `uv` may have gone. Takes NULL. */
void fetch_loop_close(struct fetch_loop *loop);

#endif
