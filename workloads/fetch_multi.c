/*
 * GETs on an event loop, by libcurl's multi interface: it says which descriptors it waits for and
 * how long, libuv waits, and what has happened is handed back.
 *
 * libcurl opens and closes connections under us, so what watches a descriptor belongs to its
 * number: it is made when the number is first seen and armed again whenever it returns. libcurl
 * says that it no longer waits for a descriptor before it closes it.
 */
#include "base/library.h"
#include "base/memory.h"
#include "base/optional.h"
#include "workloads/fetch.h"

#include <stdlib.h>

#ifdef CONRUN_LIBCURL

#include <curl/curl.h>
#include <uv.h>

static __typeof__(curl_easy_getinfo) *easy_get;
static __typeof__(curl_multi_init) *multi_init;
static __typeof__(curl_multi_cleanup) *multi_cleanup;
static __typeof__(curl_multi_setopt) *multi_set;
static __typeof__(curl_multi_add_handle) *multi_add;
static __typeof__(curl_multi_remove_handle) *multi_remove;
static __typeof__(curl_multi_socket_action) *multi_act;
static __typeof__(curl_multi_info_read) *multi_read;
static __typeof__(curl_multi_strerror) *multi_strerror;

static const struct library_symbol symbols[] = {
	{"curl_easy_getinfo", (void **)&easy_get},
	{"curl_multi_init", (void **)&multi_init},
	{"curl_multi_cleanup", (void **)&multi_cleanup},
	{"curl_multi_setopt", (void **)&multi_set},
	{"curl_multi_add_handle", (void **)&multi_add},
	{"curl_multi_remove_handle", (void **)&multi_remove},
	{"curl_multi_socket_action", (void **)&multi_act},
	{"curl_multi_info_read", (void **)&multi_read},
	{"curl_multi_strerror", (void **)&multi_strerror},
	{NULL, NULL},
};

static struct library libcurl = {&library_libcurl, symbols, NULL};

/* Other descriptors that the host may have, below those of connections. */
enum { OTHER_DESCRIPTORS = 64 };

struct watch {
	uv_poll_t poll;
	struct fetch_loop *loop; /* NULL: not made yet */
	curl_socket_t fd;
};

struct fetch_loop {
	CURLM *multi;
	uv_loop_t *uv; /* NULL before the first transfer */
	uv_timer_t timer;
	struct watch **watches; /* by descriptor */
	size_t watch_count;
};

/* ---- what has ended ---- */

static void end(struct fetch_loop *loop, CURL *easy, CURLcode code)
{
	struct fetch *fetch = NULL;
	struct err err;
	easy_get(easy, CURLINFO_PRIVATE, (char **)&fetch);
	multi_remove(loop->multi, easy);
	int failed = fetch_conclude(fetch, code, &err);
	fetch->done(fetch, failed ? &err : NULL);
}

/* `done` may begin another transfer, whose end is then found here as well. */
static void collect(struct fetch_loop *loop)
{
	CURLMsg *message;
	int left;
	while ((message = multi_read(loop->multi, &left)))
		if (message->msg == CURLMSG_DONE)
			end(loop, message->easy_handle, message->data.result);
}

/* ---- what happens ---- */

static void on_timer(uv_timer_t *timer)
{
	struct fetch_loop *loop = timer->data;
	int running;
	multi_act(loop->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	collect(loop);
}

static void on_ready(uv_poll_t *poll, int status, int events)
{
	const struct watch *watch = poll->data;
	int happened = status < 0 ? CURL_CSELECT_ERR : 0, running;
	happened |= events & UV_READABLE ? CURL_CSELECT_IN : 0;
	happened |= events & UV_WRITABLE ? CURL_CSELECT_OUT : 0;
	multi_act(watch->loop->multi, watch->fd, happened, &running);
	collect(watch->loop);
}

/* ---- what it waits for ---- */

/* Never straight into multi_act, which libcurl may be in the midst of. */
static int set_timer(CURLM *multi, long timeout_ms, void *arg)
{
	struct fetch_loop *loop = arg;
	(void)multi;
	if (timeout_ms < 0)
		return uv_timer_stop(&loop->timer);
	/* Its idea of now is as old as its last turn; a timer would end that much early. */
	uv_update_time(loop->uv);
	return uv_timer_start(&loop->timer, on_timer, (uint64_t)timeout_ms, 0);
}

static void make_room(struct fetch_loop *loop, size_t count)
{
	loop->watches = memory_resize(loop->watches, count, sizeof(*loop->watches));
	for (; loop->watch_count < count; loop->watch_count++)
		loop->watches[loop->watch_count] = memory_alloc(sizeof(struct watch));
}

/* NULL: it cannot be watched. */
static struct watch *watch_of(struct fetch_loop *loop, curl_socket_t fd)
{
	if ((size_t)fd >= loop->watch_count)
		make_room(loop, (size_t)fd + OTHER_DESCRIPTORS);
	struct watch *watch = loop->watches[fd];
	if (watch->loop)
		return watch;
	if (uv_poll_init(loop->uv, &watch->poll, fd) != 0)
		return NULL;
	watch->poll.data = watch;
	watch->loop = loop;
	watch->fd = fd;
	return watch;
}

/* Where the kernel cannot watch a descriptor, its transfer ends when its time is up: an error said
 * here would leave all transfers without an end. */
static int set_watch(CURL *easy, curl_socket_t fd, int what, void *arg, void *socket_arg)
{
	struct watch *watch = watch_of(arg, fd);
	(void)easy, (void)socket_arg;
	if (!watch)
		return 0;
	if (what == CURL_POLL_REMOVE)
		uv_poll_stop(&watch->poll);
	else
		uv_poll_start(&watch->poll,
			(what & CURL_POLL_IN ? UV_READABLE : 0) |
				(what & CURL_POLL_OUT ? UV_WRITABLE : 0),
			on_ready);
	return 0;
}

/* ---- its life ---- */

struct fetch_loop *fetch_loop_open(uint32_t transfers, struct err *err)
{
	if (library_open(&libcurl, err) != 0)
		return NULL;
	struct fetch_loop *loop = memory_alloc(sizeof(*loop));
	loop->multi = multi_init();
	if (!loop->multi) {
		free(loop);
		err_set(err, "cannot make a multi handle of libcurl: out of memory");
		return NULL;
	}
	make_room(loop, (size_t)transfers + OTHER_DESCRIPTORS);
	multi_set(loop->multi, CURLMOPT_MAXCONNECTS, (long)transfers);
	multi_set(loop->multi, CURLMOPT_SOCKETFUNCTION, set_watch);
	multi_set(loop->multi, CURLMOPT_SOCKETDATA, loop);
	multi_set(loop->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	multi_set(loop->multi, CURLMOPT_TIMERDATA, loop);
	return loop;
}

int fetch_loop_start(
	struct fetch_loop *loop, struct uv_loop_s *uv, struct fetch *fetch, struct err *err)
{
	if (!loop->uv) {
		loop->uv = uv;
		uv_timer_init(uv, &loop->timer);
		loop->timer.data = loop;
	}
	fetch->received_bytes = 0;
	fetch->reason[0] = '\0';
	CURLMcode code = multi_add(loop->multi, fetch->easy);
	return code ? err_set(err, "cannot fetch '%s': %s", fetch->url, multi_strerror(code)) : 0;
}

void fetch_loop_close(struct fetch_loop *loop)
{
	if (!loop)
		return;
	/* What it would call them about may belong to a loop that has gone. */
	multi_set(loop->multi, CURLMOPT_SOCKETFUNCTION, (curl_socket_callback)NULL);
	multi_set(loop->multi, CURLMOPT_TIMERFUNCTION, (curl_multi_timer_callback)NULL);
	multi_cleanup(loop->multi);
	for (size_t i = 0; i < loop->watch_count; i++)
		free(loop->watches[i]);
	free(loop->watches);
	free(loop);
}

#endif
