/*
 * The connection itself, and the form that blocks.
 *
 * Connections are closed with a reset, not with the usual farewell. The side that says farewell
 * first keeps the pair of addresses for a minute (TIME_WAIT, RFC 9293, 3.3.2), so a client that
 * makes a connection a task runs out of its 28,000 or so ports within seconds, and would measure
 * that. Nothing is lost: the message has come back and been looked at before.
 */
#include "workloads/echo.h"

#include "base/option.h"
#include "base/text.h"
#include "measure/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

/* A source address has some 28,000 ports towards one server (ip_local_port_range); when half of
 * them are taken, the kernel searches long for one that is not. */
enum { CONNECTIONS_OF_A_SOURCE = 8192 };

/* The most that one call moves: others on the loop wait meanwhile. */
enum { MOST_BYTES = 64 * 1024 };

/* ---- connections ---- */

bool echo_is_open(struct echo *echo)
{
	/* A forked worker has a copy of what its parent knows; two must not share one stream. */
	if (echo->owner != 0 && echo->owner != getpid())
		echo->owner = 0;
	return echo->owner != 0;
}

static int set_options(int fd, bool blocks)
{
	struct linger reset = {.l_onoff = 1, .l_linger = 0};
	struct timeval slice = {.tv_usec = ECHO_SLICE_MS * 1000};
	int on = 1;
	int failed = setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset)) |
		     setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	/* A connect that lasts longer goes on behind our back, as if it did not block. */
	if (blocks)
		failed |= setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &slice, sizeof(slice)) |
			  setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &slice, sizeof(slice));
	return failed;
}

/* Descriptors are handed out from the lowest on: so many share a source, the next have another. */
static int choose_source(int fd, const struct echo_target *target)
{
	int place = fd / CONNECTIONS_OF_A_SOURCE, on = 1;
	if (place == 0 || !target->local)
		return 0;
	struct sockaddr_in source = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK + (uint32_t)place)};
	return setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on)) |
	       bind(fd, (struct sockaddr *)&source, sizeof(source));
}

static int cannot_connect(const struct echo *echo, int code, struct err *err)
{
	return err_errno(err, code, "cannot connect to %s", echo->target->name);
}

int echo_open(struct echo *echo, const struct echo_target *target, bool blocks, struct err *err)
{
	int flags = SOCK_STREAM | SOCK_CLOEXEC | (blocks ? 0 : SOCK_NONBLOCK);
	echo->target = target;
	echo->blocks = blocks;
	echo->connecting = false;
	echo->fd = socket(target->address.ss_family, flags, 0);
	if (echo->fd < 0)
		return err_errno(err, errno, "cannot make a socket");
	echo->owner = getpid();
	if (set_options(echo->fd, blocks) != 0 || choose_source(echo->fd, target) != 0)
		return err_errno(err, errno, "cannot set a socket up");
	if (connect(echo->fd, (const struct sockaddr *)&target->address, target->length) != 0) {
		/* EINTR: it goes on as well (connect(2)). */
		if (errno != EINPROGRESS && errno != EINTR)
			return cannot_connect(echo, errno, err);
		echo->connecting = true;
		return 0;
	}
	echo->made++;
	return 0;
}

void echo_close(struct echo *echo)
{
	if (echo_is_open(echo))
		close(echo->fd);
	echo->owner = 0;
}

/* ---- a message ---- */

void echo_begin(struct echo *echo, struct echo_message *message)
{
	echo->message = message;
	echo->sent = 0;
	echo->received = 0;
}

static void release(struct worker *locked)
{
	if (locked)
		blocking_begin(locked);
}

static void take(struct worker *locked)
{
	if (locked)
		blocking_end(locked);
}

static bool is_not_yet(int code)
{
	return code == EAGAIN || code == EWOULDBLOCK || code == EINTR;
}

static int end_connecting(struct echo *echo, struct err *err)
{
	int failed = 0;
	socklen_t length = sizeof(failed);
	if (getsockopt(echo->fd, SOL_SOCKET, SO_ERROR, &failed, &length) != 0)
		failed = errno;
	if (failed)
		return cannot_connect(echo, failed, err);
	echo->connecting = false;
	echo->made++;
	return 0;
}

static int send_some(struct echo *echo, struct worker *locked, struct err *err)
{
	uint64_t left = echo->message->bytes - echo->sent;
	size_t count = left < MOST_BYTES ? (size_t)left : MOST_BYTES;
	const char *bytes = echo->message->give(echo->message, echo->sent, &count);
	release(locked);
	ssize_t sent = send(echo->fd, bytes, count, MSG_NOSIGNAL | MSG_DONTWAIT);
	int code = errno;
	take(locked);
	if (sent < 0 && !is_not_yet(code))
		return err_errno(err, code, "cannot send to %s", echo->target->name);
	echo->sent += sent > 0 ? (uint64_t)sent : 0;
	return 0;
}

static int ended_early(const struct echo *echo, struct err *err)
{
	return err_set(err, "%s closed the connection after %" PRIu64 " of %" PRIu64 " bytes",
		echo->target->name, echo->received, echo->message->bytes);
}

/* No more than was sent is looked for: what else there is shows as wrong bytes of the next. */
static int receive_some(struct echo *echo, struct worker *locked, struct err *err)
{
	uint64_t left = echo->sent - echo->received;
	size_t count = left < MOST_BYTES ? (size_t)left : MOST_BYTES;
	char *room = echo->message->room(echo->message, echo->received, &count);
	bool waits = echo->blocks && echo->sent == echo->message->bytes;
	release(locked);
	ssize_t got = recv(echo->fd, room, count, waits ? 0 : MSG_DONTWAIT);
	int code = errno;
	take(locked);
	if (got < 0 && is_not_yet(code))
		return 0;
	if (got < 0)
		return err_errno(err, code, "cannot receive from %s", echo->target->name);
	if (got == 0)
		return ended_early(echo, err);
	size_t right = echo->message->take(echo->message, echo->received, (size_t)got);
	echo->received += right;
	if (right < (size_t)got)
		return err_set(err, "byte %" PRIu64 " of %" PRIu64 " came back wrong from %s",
			echo->received, echo->message->bytes, echo->target->name);
	return 0;
}

int echo_step(struct echo *echo, int ready, struct worker *locked, struct err *err)
{
	const struct echo_message *message = echo->message;
	if (echo->connecting) {
		if (!(ready & POLLOUT))
			return POLLOUT;
		if (end_connecting(echo, err) != 0)
			return -1;
	}
	if (ready & POLLOUT && echo->sent < message->bytes && send_some(echo, locked, err) != 0)
		return -1;
	if (ready & POLLIN && echo->received < echo->sent && receive_some(echo, locked, err) != 0)
		return -1;
	if (echo->received == message->bytes)
		return 0;
	return (echo->received < echo->sent ? POLLIN : 0) |
	       (echo->sent < message->bytes ? POLLOUT : 0);
}

/* ---- the form that blocks ---- */

int echo_late(const struct echo *echo, int64_t timeout_ns, struct err *err)
{
	struct text span;
	text_init(&span);
	option_format_duration(timeout_ns, &span);
	if (echo->connecting)
		err_set(err, "no connection to %s within %s", echo->target->name, text_get(&span));
	else
		err_set(err, "%s sent %" PRIu64 " of %" PRIu64 " bytes back within %s",
			echo->target->name, echo->received, echo->message->bytes, text_get(&span));
	text_release(&span);
	return -1;
}

/* A receive waits by itself, where that is all there is to wait for. */
static int wait_for(const struct echo_call *call, int wanted)
{
	const struct echo *echo = call->echo;
	struct pollfd polled = {echo->fd, (short)wanted, 0};
	if (echo->blocks && !echo->connecting && echo->sent == call->message->bytes)
		return POLLIN;
	release(call->locked);
	int count = poll(&polled, 1, ECHO_SLICE_MS);
	take(call->locked);
	return count <= 0 ? 0 : polled.revents & wanted ? polled.revents & wanted : wanted;
}

static int go_through(const struct echo_call *call, uint64_t deadline_ns, struct err *err)
{
	struct echo *echo = call->echo;
	int wanted = echo_step(echo, echo->connecting ? 0 : POLLOUT, call->locked, err);
	while (wanted > 0) {
		int ready = wait_for(call, wanted);
		wanted = ready ? echo_step(echo, ready, call->locked, err) : wanted;
		if (wanted > 0 && is_stopping(call->worker))
			return err_set(err, "the run is being ended");
		if (wanted > 0 && clock_monotonic_ns() >= deadline_ns)
			return echo_late(echo, call->timeout_ns, err);
	}
	return wanted;
}

int echo_exchange(const struct echo_call *call, struct err *err)
{
	struct echo *echo = call->echo;
	uint64_t deadline_ns = clock_monotonic_ns() + (uint64_t)call->timeout_ns;
	int failed = 0;
	if (!echo_is_open(echo)) {
		release(call->locked);
		failed = echo_open(echo, call->target, true, err);
		take(call->locked);
	}
	echo_begin(echo, call->message);
	if (!failed)
		failed = go_through(call, deadline_ns, err);
	if (failed)
		echo_close(echo);
	return failed;
}
