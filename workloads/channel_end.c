#include "workloads/channel_end.h"

#include "workloads/channel_ring.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

const char *const channel_kinds[] = {
	[CHANNEL_PIPE] = "pipe",
	[CHANNEL_SOCKETPAIR] = "socketpair",
	[CHANNEL_UNIX] = "unix",
	[CHANNEL_TCP] = "tcp",
	[CHANNEL_EVENTFD] = "eventfd",
	[CHANNEL_SHM] = "shm",
	NULL,
};

/* More than all messages of a task together can add up to in an eventfd. */
#define EVENTFD_END (UINT64_C(1) << 62)

static int make_pipes(struct end ends[2])
{
	int there[2], back[2];
	if (pipe2(there, O_CLOEXEC) != 0)
		return errno;
	ends[0].out = there[1];
	ends[1].in = there[0];
	if (pipe2(back, O_CLOEXEC) != 0)
		return errno;
	ends[0].in = back[0];
	ends[1].out = back[1];
	return 0;
}

static int make_eventfds(struct end ends[2])
{
	ends[0].out = eventfd(0, EFD_CLOEXEC);
	ends[0].in = ends[0].out < 0 ? -1 : eventfd(0, EFD_CLOEXEC);
	if (ends[0].in < 0)
		return errno;
	ends[1].in = fcntl(ends[0].out, F_DUPFD_CLOEXEC, 0);
	ends[1].out = ends[1].in < 0 ? -1 : fcntl(ends[0].in, F_DUPFD_CLOEXEC, 0);
	return ends[1].out < 0 ? errno : 0;
}

static int make_socketpair(struct end ends[2])
{
	int sockets[2];
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0)
		return errno;
	for (int i = 0; i < 2; i++)
		ends[i].in = ends[i].out = sockets[i];
	return 0;
}

/* Connects to a listener and accepts at once: its queue holds the connection meanwhile. */
static int connect_to(int listener, int family, struct end ends[2])
{
	struct sockaddr_storage address;
	socklen_t length = sizeof(address);
	if (listen(listener, 1) != 0 ||
		getsockname(listener, (struct sockaddr *)&address, &length) != 0)
		return errno;
	ends[0].in = ends[0].out = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (ends[0].in < 0 || connect(ends[0].in, (struct sockaddr *)&address, length) != 0)
		return errno;
	ends[1].in = ends[1].out = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	return ends[1].in < 0 ? errno : 0;
}

static int make_by_address(const struct sockaddr *address, socklen_t length, struct end ends[2])
{
	int listener = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (listener < 0)
		return errno;
	int code = bind(listener, address, length) == 0 ? 0 : errno;
	if (code == 0)
		code = connect_to(listener, address->sa_family, ends);
	close(listener);
	return code;
}

/* Without a name: the kernel gives it a free one of its abstract names (unix(7), autobind). */
static int make_unix(struct end ends[2])
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	return make_by_address((const struct sockaddr *)&address, sizeof(address.sun_family), ends);
}

/* Messages leave at once; and closing leaves no port in TIME-WAIT, for there may be many. */
static int make_tcp(struct end ends[2])
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct linger abort_it = {1, 0};
	int at_once = 1;
	int code = make_by_address((const struct sockaddr *)&address, sizeof(address), ends);
	for (int i = 0; code == 0 && i < 2; i++)
		if (setsockopt(ends[i].in, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof(at_once)) ||
			setsockopt(ends[i].in, SOL_SOCKET, SO_LINGER, &abort_it, sizeof(abort_it)))
			code = errno;
	return code;
}

static int make_rings(struct end ends[2])
{
	struct channel_ring *rings = mmap(NULL, 2 * sizeof(struct channel_ring),
		PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (rings == MAP_FAILED)
		return errno;
	for (int i = 0; i < 2; i++) {
		ends[i].ring_in = &rings[i];
		ends[i].ring_out = &rings[1 - i];
	}
	return 0;
}

static int send_stream(const struct end *end, const void *bytes, size_t count)
{
	const char *from = bytes;
	while (count > 0) {
		ssize_t put = write(end->out, from, count);
		if (put < 0 && errno != EINTR)
			return errno == ECONNRESET ? EPIPE : errno;
		if (put > 0) {
			from += put;
			count -= (size_t)put;
		}
	}
	return 0;
}

static int receive_stream(const struct end *end, void *bytes, size_t count)
{
	char *to = bytes;
	while (count > 0) {
		ssize_t got = read(end->in, to, count);
		if (got < 0 && errno != EINTR)
			return errno == ECONNRESET ? EPIPE : errno;
		if (got == 0)
			return EPIPE;
		if (got > 0) {
			to += got;
			count -= (size_t)got;
		}
	}
	return 0;
}

/* An eventfd has no end that could be closed: whoever waits is woken by partner_alarm_arm. */
static int move_event(
	const struct end *end, int fd, ssize_t (*move)(int, uint64_t *), uint64_t *value)
{
	while (move(fd, value) != EVENTFD_BYTES) {
		if (errno != EINTR)
			return errno;
		if (end->partner && partner_is_gone(end->partner))
			return EPIPE;
	}
	return 0;
}

static ssize_t write_event(int fd, uint64_t *value)
{
	return write(fd, value, sizeof(*value));
}

static ssize_t read_event(int fd, uint64_t *value)
{
	return read(fd, value, sizeof(*value));
}

static int send_event(const struct end *end, const void *bytes, size_t count)
{
	uint64_t value;
	memcpy(&value, bytes, count);
	return move_event(end, end->out, write_event, &value);
}

static int receive_event(const struct end *end, void *bytes, size_t count)
{
	uint64_t value = 0;
	int code = move_event(end, end->in, read_event, &value);
	memcpy(bytes, &value, count);
	return code == 0 && value >= EVENTFD_END ? EPIPE : code;
}

static bool is_gone(void *partner)
{
	return partner_is_gone(partner);
}

static struct channel_ring_patience patience_of(const struct end *end)
{
	return (struct channel_ring_patience){
		end->spin, end->partner ? is_gone : NULL, end->partner};
}

static int send_ring(const struct end *end, const void *bytes, size_t count)
{
	struct channel_ring_patience how = patience_of(end);
	return channel_ring_send(end->ring_out, bytes, count, &how) ? 0 : EPIPE;
}

static int receive_ring(const struct end *end, void *bytes, size_t count)
{
	struct channel_ring_patience how = patience_of(end);
	return channel_ring_receive(end->ring_in, bytes, count, &how) ? 0 : EPIPE;
}

static const struct {
	int (*make)(struct end ends[2]); /* 0 or an errno value */
	int (*send)(const struct end *end, const void *bytes, size_t count);
	int (*receive)(const struct end *end, void *bytes, size_t count);
} kinds[] = {
	[CHANNEL_PIPE] = {make_pipes, send_stream, receive_stream},
	[CHANNEL_SOCKETPAIR] = {make_socketpair, send_stream, receive_stream},
	[CHANNEL_UNIX] = {make_unix, send_stream, receive_stream},
	[CHANNEL_TCP] = {make_tcp, send_stream, receive_stream},
	[CHANNEL_EVENTFD] = {make_eventfds, send_event, receive_event},
	[CHANNEL_SHM] = {make_rings, send_ring, receive_ring},
};

int end_pair(enum channel_kind kind, struct end ends[2], struct err *err)
{
	for (int i = 0; i < 2; i++)
		ends[i] = (struct end){.kind = kind, .in = -1, .out = -1};
	int code = kinds[kind].make(ends);
	if (code == 0)
		return 0;
	end_close(&ends[0]);
	end_close(&ends[1]);
	return err_errno(err, code, "cannot make a %s channel", channel_kinds[kind]);
}

int end_send(const struct end *end, const void *bytes, size_t count)
{
	return kinds[end->kind].send(end, bytes, count);
}

int end_receive(const struct end *end, void *bytes, size_t count)
{
	return kinds[end->kind].receive(end, bytes, count);
}

void end_hang_up(const struct end *end)
{
	static const uint64_t last = EVENTFD_END;
	if (end->kind == CHANNEL_EVENTFD)
		send_event(end, &last, sizeof(last));
	if (end->kind == CHANNEL_SHM)
		channel_ring_close(end->ring_in), channel_ring_close(end->ring_out);
}

void end_close(struct end *end)
{
	if (end->in >= 0)
		close(end->in);
	if (end->out >= 0 && end->out != end->in)
		close(end->out);
	end->in = end->out = -1;
}

void end_free(struct end *end)
{
	struct channel_ring *rings = end->ring_in < end->ring_out ? end->ring_in : end->ring_out;
	if (rings)
		munmap(rings, 2 * sizeof(struct channel_ring));
	end->ring_in = end->ring_out = NULL;
}
