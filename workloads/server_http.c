/*
 * HTTP: every GET gets the same body. A connection is read from until it has a whole request, and
 * again when that is answered; what follows it meanwhile (pipelining) stays where it is.
 */
#include "base/memory.h"
#include "base/text.h"
#include "measure/clock.h"
#include "workloads/server_loop.h"
#include "workloads/server_request.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { HEAD_BYTES = 256, PIECES = 16 };

/* What is still read from one that is being sent away, so that it sees its answer: to close a
 * socket with bytes unread resets the connection. */
enum { LEAVING_MOST_BYTES = 1 << 20 };

struct server_visitor {
	uv_tcp_t tcp; /* first: a handle is its visitor */
	struct text input;
	struct request request;
	bool busy; /* from a whole request until its answer is sent */
	bool leaving;
	size_t passed_over; /* bytes, while it is leaving */

	/* The answer. */
	char head[HEAD_BYTES];
	size_t head_bytes, head_sent;
	int64_t body_left;
	size_t writing_bytes;
	uv_write_t write;
	uv_shutdown_t shutdown;

	uint64_t due_ns;
	struct server_visitor *next; /* that waits */
};

static struct server_loop *loop_of(const struct server_visitor *visitor)
{
	return visitor->tcp.data;
}

/* ---- the end ---- */

static void on_closed(uv_handle_t *handle)
{
	struct server_visitor *visitor = (struct server_visitor *)handle;
	text_release(&visitor->input);
	free(visitor);
}

static void leave(struct server_visitor *visitor)
{
	uv_handle_t *handle = (uv_handle_t *)visitor;
	if (!uv_is_closing(handle))
		uv_close(handle, on_closed);
}

static void on_shut_down(uv_shutdown_t *shutdown, int status)
{
	if (status != 0)
		leave((struct server_visitor *)shutdown->handle);
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer);

static void read_on(struct server_visitor *visitor)
{
	int failed = uv_read_start((uv_stream_t *)visitor, server_lend_input, on_read);
	if (failed && failed != UV_EALREADY)
		leave(visitor);
}

/* Says that nothing more comes, and waits until the other side has understood. */
static void send_away(struct server_visitor *visitor)
{
	uv_stream_t *stream = (uv_stream_t *)visitor;
	visitor->leaving = true;
	if (uv_shutdown(&visitor->shutdown, stream, on_shut_down) != 0)
		leave(visitor);
	else
		read_on(visitor);
}

/* ---- the answer ---- */

static void serve(struct server_visitor *visitor);

static void write_head(struct server_visitor *visitor)
{
	const struct request *request = &visitor->request;
	int64_t size = request->status == 200 ? loop_of(visitor)->plan.size_bytes : 0;
	const char *connection = request->close     ? "Connection: close\r\n"
				 : request->says_so ? "Connection: keep-alive\r\n"
						    : "";
	int length = snprintf(visitor->head, HEAD_BYTES,
		"HTTP/1.1 %d %s\r\nContent-Type: application/octet-stream\r\n"
		"Content-Length: %" PRId64 "\r\n%s%s\r\n",
		request->status, request_reason(request->status), size,
		request->status == 405 ? "Allow: GET, HEAD\r\n" : "", connection);
	visitor->head_bytes = (size_t)length;
	visitor->head_sent = 0;
	visitor->body_left = request->head ? 0 : size;
}

static unsigned gather(struct server_visitor *visitor, uv_buf_t *pieces)
{
	unsigned count = 0;
	size_t head_left = visitor->head_bytes - visitor->head_sent;
	if (head_left)
		pieces[count++] =
			uv_buf_init(visitor->head + visitor->head_sent, (unsigned)head_left);
	struct server_loop *loop = loop_of(visitor);
	/* The first piece goes on where the body has come to in its block. */
	size_t at = (size_t)((loop->plan.size_bytes - visitor->body_left) % SERVER_BLOCK_BYTES);
	for (int64_t left = visitor->body_left; left > 0 && count < PIECES; at = 0) {
		int64_t most = (int64_t)(SERVER_BLOCK_BYTES - at);
		unsigned length = (unsigned)(left < most ? left : most);
		pieces[count++] = uv_buf_init((char *)loop->block + at, length);
		left -= length;
	}
	return count;
}

static void advance(struct server_visitor *visitor, size_t sent)
{
	size_t head_left = visitor->head_bytes - visitor->head_sent;
	size_t of_head = sent < head_left ? sent : head_left;
	visitor->head_sent += of_head;
	visitor->body_left -= (int64_t)(sent - of_head);
}

static bool is_sent(const struct server_visitor *visitor)
{
	return visitor->head_sent == visitor->head_bytes && visitor->body_left == 0;
}

static void send_rest(struct server_visitor *visitor);

static void on_written(uv_write_t *write, int status)
{
	struct server_visitor *visitor = (struct server_visitor *)write->handle;
	if (status != 0) {
		leave(visitor);
		return;
	}
	advance(visitor, visitor->writing_bytes);
	if (is_sent(visitor)) {
		visitor->busy = false;
		serve(visitor);
	} else {
		send_rest(visitor);
	}
}

/* By way of the loop, so that a long body does not keep it from the others. */
static void send_rest(struct server_visitor *visitor)
{
	uv_buf_t pieces[PIECES];
	unsigned count = gather(visitor, pieces);
	visitor->writing_bytes = 0;
	for (unsigned i = 0; i < count; i++)
		visitor->writing_bytes += pieces[i].len;
	if (uv_write(&visitor->write, (uv_stream_t *)visitor, pieces, count, on_written) != 0)
		leave(visitor);
}

/* What the socket takes at once is gone when this returns. */
static void answer(struct server_visitor *visitor)
{
	uv_buf_t pieces[PIECES];
	write_head(visitor);
	unsigned count = gather(visitor, pieces);
	int sent = uv_try_write((uv_stream_t *)visitor, pieces, count);
	if (sent < 0 && sent != UV_EAGAIN) {
		leave(visitor);
		return;
	}
	advance(visitor, sent > 0 ? (size_t)sent : 0);
	if (is_sent(visitor))
		visitor->busy = false;
	else
		send_rest(visitor);
}

/* ---- the delay ---- */

static void set_alarm(struct server_loop *loop)
{
	uint64_t due_ns = loop->waiting->due_ns;
	struct itimerspec at = {
		.it_value = {(time_t)(due_ns / 1000000000u), (long)(due_ns % 1000000000u)}};
	timerfd_settime(loop->alarm_fd, TFD_TIMER_ABSTIME, &at, NULL);
}

static void on_alarm(uv_poll_t *alarm, int status, int events)
{
	struct server_loop *loop = alarm->data;
	uint64_t times, now_ns = clock_monotonic_ns();
	(void)status, (void)events;
	if (read(loop->alarm_fd, &times, sizeof(times)) < 0)
		return;
	while (loop->waiting && loop->waiting->due_ns <= now_ns) {
		struct server_visitor *visitor = loop->waiting;
		loop->waiting = visitor->next;
		if (!loop->waiting)
			loop->waiting_end = &loop->waiting;
		answer(visitor);
		serve(visitor);
	}
	if (loop->waiting)
		set_alarm(loop);
}

static void answer_later(struct server_visitor *visitor)
{
	struct server_loop *loop = loop_of(visitor);
	bool first = !loop->waiting;
	visitor->due_ns = clock_monotonic_ns() + (uint64_t)loop->plan.delay_ns;
	visitor->next = NULL;
	*loop->waiting_end = visitor;
	loop->waiting_end = &visitor->next;
	if (first)
		set_alarm(loop);
}

int server_http_open(struct server_loop *loop)
{
	loop->waiting_end = &loop->waiting;
	loop->alarm_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (loop->alarm_fd < 0)
		return uv_translate_sys_error(errno);
	int failed = uv_poll_init(&loop->uv, &loop->alarm, loop->alarm_fd);
	loop->alarm.data = loop;
	return failed ? failed : uv_poll_start(&loop->alarm, UV_READABLE, on_alarm);
}

/* ---- requests ---- */

/* Takes the next one off the input; false: there is no whole one. */
static bool take_request(struct server_visitor *visitor)
{
	struct text *input = &visitor->input;
	size_t taken = request_read(text_get(input), input->length, &visitor->request);
	if (taken == 0)
		return false;
	memmove(input->bytes, input->bytes + taken, input->length - taken);
	input->length -= taken;
	return true;
}

/* Goes on as far as it can: until an answer has to wait, or a request is not complete. */
static void serve(struct server_visitor *visitor)
{
	struct server_loop *loop = loop_of(visitor);
	while (!visitor->busy && !visitor->request.close && take_request(visitor)) {
		visitor->busy = true;
		if (loop->plan.delay_ns > 0 && visitor->request.status == 200)
			answer_later(visitor);
		else
			answer(visitor);
	}
	if (uv_is_closing((uv_handle_t *)visitor))
		return;
	if (visitor->busy)
		uv_read_stop((uv_stream_t *)visitor);
	else if (visitor->request.close)
		send_away(visitor);
	else
		read_on(visitor);
}

static void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer)
{
	struct server_visitor *visitor = (struct server_visitor *)stream;
	if (count > 0 && visitor->leaving)
		visitor->passed_over += (size_t)count;
	if (count < 0 || visitor->passed_over > LEAVING_MOST_BYTES) {
		leave(visitor);
	} else if (count > 0 && !visitor->leaving) {
		text_add_bytes(&visitor->input, buffer->base, (size_t)count);
		serve(visitor);
	}
}

void server_http_accept(uv_stream_t *listener, int status)
{
	struct server_visitor *visitor;
	if (status != 0)
		return;
	visitor = memory_alloc(sizeof(*visitor));
	text_init(&visitor->input);
	uv_tcp_init(listener->loop, &visitor->tcp);
	visitor->tcp.data = listener->data;
	if (uv_accept(listener, (uv_stream_t *)visitor) != 0 ||
		uv_tcp_nodelay(&visitor->tcp, 1) != 0 ||
		uv_read_start((uv_stream_t *)visitor, server_lend_input, on_read) != 0)
		leave(visitor);
}
