/*
 * `workers` children, each behind a request pipe and a reply pipe. The host writes requests, at
 * most `depth` in flight per child, and sleeps in epoll until a reply can be read; with one child
 * it sleeps in read itself, which spares a system call. Request pipes are written without
 * blocking, so that host and child never wait for each other with both pipes full.
 *
 * A child that dies takes the requests in flight with it; they are lost and counted, another child
 * takes its place, and the rest goes on. Its death shows as the end of its reply pipe or, where a
 * process that it left behind holds that open, by SIGCHLD. SIGCHLD comes only in epoll_pwait2, or,
 * with one child, makes its reply pipe non-blocking: no read can begin to sleep behind it.
 */
#include "executors/pipe.h"

#include "base/fd.h"
#include "base/memory.h"
#include "executors/message.h"
#include "executors/options.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EVENTS = 64 };

struct peer {
	struct worker *worker;
	pid_t pid;
	int to, from; /* requests, replies */
	struct buffer requests, replies;
	/* of depth: in flight, in order of sending, which is that of the replies */
	struct errand *ring;
	uint32_t oldest, in_flight;
	bool wants_room; /* its request pipe is full: epoll tells when there is room */
};

struct pipes {
	const struct pipe_options *options;
	int epoll;
	uint32_t in_flight; /* of all peers */
	uint32_t turn;      /* of feed_idle */
	bool polled;        /* epoll watches the reply pipes */
	bool alone;         /* one child: its reply pipe is read without epoll, and blocks */
	struct peer peers[];
};

size_t pipe_buffer_bytes(const struct pipe_options *options)
{
	return (size_t)options->depth * (size_t)options->message_bytes;
}

/* Two buffers on each side, and the ring. */
static size_t worker_bytes(const void *given, const struct workload *workload)
{
	const struct pipe_options *options = given;
	(void)workload;
	return 4 * pipe_buffer_bytes(options) + (size_t)options->depth * sizeof(struct errand);
}

/* From here on epoll tells of the peer's replies. A pipe that nobody polls is read more cheaply. */
static int watch(const struct pipes *pipes, struct peer *peer, struct err *err)
{
	struct epoll_event replies = {.events = EPOLLIN, .data.ptr = peer};
	fcntl(peer->from, F_SETFL, O_NONBLOCK);
	if (epoll_ctl(pipes->epoll, EPOLL_CTL_ADD, peer->from, &replies) == 0)
		return 0;
	return err_errno(err, errno, "cannot watch the pipe of worker %u", peer->worker->index);
}

static int connect_peer(struct pipes *pipes, struct peer *peer, bool late, struct err *err)
{
	int request[2], reply[2];
	if (fd_pipe(request) != 0 || fd_pipe(reply) != 0)
		return err_errno(
			err, errno, "cannot make the pipes of worker %u", peer->worker->index);
	struct birth birth = {.late = late, .fds = {request[0], reply[1]}};
	peer->pid = crew_bear(peer->worker, (enum start)pipes->options->start, &birth);
	int saved_errno = errno;
	close(request[0]);
	close(reply[1]);
	if (peer->pid < 0)
		return err_errno(err, saved_errno, "cannot make the process of worker %u",
			peer->worker->index);
	peer->to = request[1];
	peer->from = reply[0];
	fcntl(peer->to, F_SETFL, O_NONBLOCK);
	return pipes->polled ? watch(pipes, peer, err) : 0;
}

static int check_alive(struct crew *crew, struct err *err)
{
	struct pipes *pipes = crew->places;
	pid_t pid = waitpid(-1, NULL, WNOHANG);
	for (uint32_t i = 0; pid > 0 && i < crew->workers; i++)
		if (pipes->peers[i].pid == pid)
			return err_set(err, "worker %u died while it was set up", i);
	return 0;
}

static void configure(struct crew *crew)
{
	const struct pipe_options *options = crew->options;
	crew_set_pin(crew, (enum pin)options->pin);
}

static int start(struct crew *crew, struct err *err)
{
	const struct pipe_options *options = crew->options;
	struct pipes *pipes =
		memory_alloc(sizeof(*pipes) + crew->workers * sizeof(pipes->peers[0]));
	crew->places = pipes;
	pipes->options = options;
	pipes->alone = crew->workers == 1;
	pipes->epoll = fd_raise(epoll_create1(EPOLL_CLOEXEC));
	if (pipes->epoll < 0)
		return err_errno(err, errno, "cannot make an epoll descriptor");
	for (uint32_t i = 0; i < crew->workers; i++) {
		struct peer *peer = &pipes->peers[i];
		peer->worker = crew_worker(crew, i);
		peer->ring = memory_alloc((size_t)options->depth * sizeof(peer->ring[0]));
		buffer_init(&peer->requests, pipe_buffer_bytes(options));
		buffer_init(&peer->replies, pipe_buffer_bytes(options));
		if (connect_peer(pipes, peer, false, err) != 0)
			return -1;
	}
	return crew_await_ready(crew, check_alive, err);
}

/* Writes what the pipe takes. A child that is gone is noticed when its reply pipe ends. */
static void send_requests(struct pipes *pipes, struct peer *peer)
{
	while (!buffer_is_empty(&peer->requests) && buffer_drain(&peer->requests, peer->to) > 0)
		;
	bool full = !buffer_is_empty(&peer->requests) && errno == EAGAIN;
	if (full == peer->wants_room)
		return;
	struct epoll_event room = {.events = EPOLLOUT, .data.ptr = peer};
	epoll_ctl(pipes->epoll, full ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, peer->to, &room);
	peer->wants_room = full;
}

/* Tops the peer up to `depth` in flight. */
static void feed(struct crew *crew, struct peer *peer)
{
	struct pipes *pipes = crew->places;
	uint32_t depth = (uint32_t)pipes->options->depth;
	uint64_t task;
	while (peer->in_flight < depth && crew_try_next(crew, &task)) {
		struct request request = {task, worker_submission(peer->worker, task)};
		peer->ring[(peer->oldest + peer->in_flight++) % depth] =
			(struct errand){task, request.submitted, peer->worker->index};
		pipes->in_flight++;
		buffer_pack(&peer->requests);
		buffer_put(&peer->requests, (size_t)pipes->options->message_bytes, &request,
			sizeof(request));
	}
	send_requests(pipes, peer);
}

static struct errand take_oldest(struct pipes *pipes, struct peer *peer)
{
	struct errand sent = peer->ring[peer->oldest];
	peer->oldest = (peer->oldest + 1) % (uint32_t)pipes->options->depth;
	peer->in_flight--;
	pipes->in_flight--;
	return sent;
}

static void take_replies(struct pipes *pipes, struct peer *peer)
{
	struct reply reply;
	bool intact;
	while (buffer_take(&peer->replies, (size_t)pipes->options->message_bytes, &reply,
		sizeof(reply), &intact)) {
		struct errand sent = take_oldest(pipes, peer);
		if (!intact || reply.task != sent.task)
			worker_reject(peer->worker, "a reply's bytes did not arrive as sent",
				&reply.outcome);
		worker_settle(peer->worker, &sent, &reply.outcome);
	}
}

/* For on_child: a handler has no other way to them. */
static volatile sig_atomic_t child_ended;
static volatile sig_atomic_t blocking_fd = -1;

static void on_child(int signal)
{
	int saved_errno = errno;
	(void)signal;
	child_ended = 1;
	if (blocking_fd >= 0)
		fcntl(blocking_fd, F_SETFL, O_NONBLOCK);
	errno = saved_errno;
}

static void watch_children(const struct pipes *pipes)
{
	/* No SA_RESTART: a read that sleeps is to come back. */
	struct sigaction action = {.sa_handler = on_child};
	blocking_fd = pipes->alone ? pipes->peers[0].from : -1;
	sigaction(SIGCHLD, &action, NULL);
	child_ended = 1; /* one may have died before anybody watched */
}

/* The peer's process is dead and reaped. */
static int replace(struct crew *crew, struct peer *peer, int wait_status, struct err *err)
{
	struct pipes *pipes = crew->places;
	close(peer->to);
	close(peer->from);
	peer->pid = 0;
	peer->wants_room = false;
	peer->requests.from = peer->requests.to = peer->replies.from = peer->replies.to = 0;
	if (peer->in_flight)
		crew_lost(
			peer->worker, wait_status, peer->ring[peer->oldest].task, peer->in_flight);
	while (peer->in_flight) {
		struct errand sent = take_oldest(pipes, peer);
		worker_forfeit(peer->worker, &sent);
	}
	if (crew_stopped(crew))
		return 0;
	if (connect_peer(pipes, peer, true, err) != 0)
		return -1;
	if (pipes->alone)
		blocking_fd = peer->from;
	feed(crew, peer);
	return 0;
}

/* The reply pipe has ended: its process is dead or dying. */
static int await_and_replace(struct crew *crew, struct peer *peer, struct err *err)
{
	int wait_status = 0;
	while (waitpid(peer->pid, &wait_status, 0) < 0 && errno == EINTR)
		;
	return replace(crew, peer, wait_status, err);
}

static struct peer *find_peer(const struct crew *crew, pid_t pid)
{
	struct pipes *pipes = crew->places;
	for (uint32_t i = 0; i < crew->workers; i++)
		if (pipes->peers[i].pid == pid)
			return &pipes->peers[i];
	return NULL;
}

/* Children that ended; the replies that they still wrote count. */
static int replace_ended(struct crew *crew, struct err *err)
{
	struct peer *peer;
	int wait_status;
	pid_t pid;
	if (!child_ended)
		return 0;
	child_ended = 0;
	while ((pid = waitpid(-1, &wait_status, WNOHANG)) > 0) {
		if (!(peer = find_peer(crew, pid)))
			continue; /* a child of a task's, which the host has inherited */
		fcntl(peer->from, F_SETFL, O_NONBLOCK);
		while (buffer_fill(&peer->replies, peer->from) > 0)
			take_replies(crew->places, peer);
		if (replace(crew, peer, wait_status, err) != 0)
			return -1;
	}
	return 0;
}

static int hear(struct crew *crew, struct peer *peer, struct err *err)
{
	struct pipes *pipes = crew->places;
	ssize_t got = buffer_fill(&peer->replies, peer->from);
	if (got < 0 && errno == EAGAIN)
		return replace_ended(crew, err); /* or said of a predecessor */
	if (got <= 0)
		return await_and_replace(crew, peer, err);
	take_replies(pipes, peer);
	feed(crew, peer);
	return 0;
}

/* One child and nothing to write: its read is as good as epoll. */
static int serve_one(struct crew *crew, struct err *err)
{
	struct pipes *pipes = crew->places;
	struct peer *only = &pipes->peers[0];
	while (pipes->in_flight && !only->wants_room && !crew_is_paced(crew))
		if (hear(crew, only, err) != 0)
			return -1;
	return 0;
}

/* Sleeps until a pipe is ready or, if a child could take it, the next task arrives. */
static int await_events(const struct crew *crew, struct epoll_event *events)
{
	const struct pipes *pipes = crew->places;
	uint64_t in_ns = crew_next_in_ns(crew);
	struct timespec patience = {(time_t)(in_ns / 1000000000u), (long)(in_ns % 1000000000u)};
	uint64_t room = (uint64_t)crew->workers * (uint64_t)pipes->options->depth;
	bool for_ever = in_ns == CREW_NO_TASK || pipes->in_flight == room;
	sigset_t none;
	sigemptyset(&none);
	return epoll_pwait2(pipes->epoll, events, EVENTS, for_ever ? NULL : &patience, &none);
}

/* Tasks have arrived while children were idle: they go round, so that none has them all. */
static void feed_idle(struct crew *crew)
{
	struct pipes *pipes = crew->places;
	bool paced = crew_is_paced(crew); /* else whoever replied was fed at once */
	for (uint32_t i = 0; paced && i < crew->workers && crew_next_in_ns(crew) == 0; i++) {
		pipes->turn = (pipes->turn + 1) % crew->workers;
		feed(crew, &pipes->peers[pipes->turn]);
	}
}

/* SIGCHLD is let through by epoll_pwait2 alone from here on: none can come just before it. */
static int watch_all(struct crew *crew, struct err *err)
{
	struct pipes *pipes = crew->places;
	sigset_t child;
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	pipes->polled = true;
	for (uint32_t i = 0; i < crew->workers; i++)
		if (watch(pipes, &pipes->peers[i], err) != 0)
			return -1;
	return 0;
}

static int serve_all(struct crew *crew, struct err *err)
{
	struct pipes *pipes = crew->places;
	struct epoll_event events[EVENTS];
	if (watch_all(crew, err) != 0)
		return -1;
	while (crew_next_in_ns(crew) != CREW_NO_TASK || pipes->in_flight) {
		int count = await_events(crew, events);
		for (int i = 0; i < count; i++) {
			struct peer *peer = events[i].data.ptr;
			if (events[i].events & EPOLLOUT)
				send_requests(pipes, peer);
			else if (hear(crew, peer, err) != 0)
				return -1;
		}
		if (replace_ended(crew, err) != 0)
			return -1;
		feed_idle(crew);
	}
	return 0;
}

static int run(struct crew *crew, struct err *err)
{
	struct pipes *pipes = crew->places;
	watch_children(pipes);
	for (uint32_t i = 0; i < crew->workers; i++)
		feed(crew, &pipes->peers[i]);
	if (pipes->alone && serve_one(crew, err) != 0)
		return -1;
	bool done = pipes->in_flight == 0 && crew_next_in_ns(crew) == CREW_NO_TASK;
	return done ? 0 : serve_all(crew, err);
}

static void stop(struct crew *crew)
{
	struct pipes *pipes = crew->places;
	for (uint32_t i = 0; i < crew->workers; i++)
		if (pipes->peers[i].pid)
			close(pipes->peers[i].to);
	for (uint32_t i = 0; i < crew->workers; i++) {
		struct peer *peer = &pipes->peers[i];
		if (peer->pid)
			waitpid(peer->pid, NULL, 0);
		free(peer->ring);
		buffer_release(&peer->requests);
		buffer_release(&peer->replies);
	}
	free(pipes);
}

static const struct option options[] = {
	{
		.name = "depth",
		.type = OPTION_INTEGER,
		.offset = offsetof(struct pipe_options, depth),
		.fallback = "1",
		.min = "1",
		.max = "65536",
		.help = "requests in flight per child",
	},
	{
		.name = "message_size",
		.type = OPTION_SIZE,
		.offset = offsetof(struct pipe_options, message_bytes),
		.fallback = "64B",
		.min = "48B",
		.max = "16MiB",
		.help = "bytes of every request and of every reply, all verified",
	},
	OPTION_START(struct pipe_options),
	OPTION_PIN(struct pipe_options),
	OPTION_END,
};

_Static_assert(MESSAGE_LEAST <= 48, "the least message_size holds a reply");

const struct executor executor_pipe = {
	.name = "pipe",
	.summary = "one of `workers` children, by a request pipe and a reply pipe",
	.wait = "from writing the request until the child runs it",
	.options = options,
	.options_bytes = sizeof(struct pipe_options),
	.kind = WORKER_PROCESS,
	.pool = true,
	.descriptors = 2,
	.worker_bytes = worker_bytes,
	.configure = configure,
	.start = start,
	.run = run,
	.stop = stop,
	.child = pipe_child,
};
