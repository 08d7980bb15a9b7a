/*
 * The server's process, and its life. The ports are open before it exists: whoever connects early
 * waits in the kernel's queue, and nobody has to wait for the server to be ready.
 */
#include "workloads/server.h"

#include "base/memory.h"
#include "workloads/block.h"
#include "workloads/server_loop.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Whoever finds the queue full tries again a second later. */
static int backlog_of(const struct server_plan *plan)
{
	enum { LEAST = 128 };
	return plan->backlog < LEAST ? LEAST : (int)plan->backlog;
}

/* ---- in its process ---- */

void server_lend_input(uv_handle_t *handle, size_t wanted, uv_buf_t *buffer)
{
	struct server_loop *loop = handle->data;
	(void)wanted;
	*buffer = uv_buf_init(loop->input, SERVER_INPUT_BYTES);
}

static int listen_on(struct server_loop *loop, uv_tcp_t *tcp, int fd, uv_connection_cb accept_one)
{
	int failed = uv_tcp_init(&loop->uv, tcp);
	tcp->data = loop;
	if (!failed)
		failed = uv_tcp_open(tcp, fd);
	return failed ? failed : uv_listen((uv_stream_t *)tcp, backlog_of(&loop->plan), accept_one);
}

/* What the host does with signals is the host's; but a client that goes away is no signal. */
static void reset_signals(void)
{
	sigset_t none;
	for (int number = 1; number < NSIG; number++)
		signal(number, number == SIGPIPE ? SIG_IGN : SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void fill_block(struct server_loop *loop)
{
	struct job job = {.seed = loop->plan.seed};
	block_fill(&job, 0, loop->block, SERVER_BLOCK_BYTES);
}

static _Noreturn void run_server(
	pid_t host, struct server *server, const struct server_plan *plan, const int fds[2])
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != host)
		_exit(1);
	prctl(PR_SET_NAME, "conrun-server");
	reset_signals();
	struct server_loop *loop = memory_alloc(sizeof(*loop));
	loop->plan = *plan;
	loop->server = server;
	fill_block(loop);
	if (uv_loop_init(&loop->uv) != 0 || server_http_open(loop) != 0 ||
		listen_on(loop, &loop->http, fds[0], server_http_accept) != 0 ||
		listen_on(loop, &loop->echo, fds[1], server_echo_accept) != 0)
		_exit(1);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	_exit(0);
}

/* ---- in the host ---- */

/* A listening socket on a port that the kernel chooses; -1 with errno. */
static int open_port(const struct server_plan *plan, uint16_t *port)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (bind(fd, (struct sockaddr *)&address, length) != 0 ||
		listen(fd, backlog_of(plan)) != 0 ||
		getsockname(fd, (struct sockaddr *)&address, &length) != 0) {
		int failed = errno;
		close(fd);
		errno = failed;
		return -1;
	}
	*port = ntohs(address.sin_port);
	return fd;
}

/* The parent's copies of the ports are closed: they are to vanish with the server. */
static pid_t fork_server(struct server *server, const struct server_plan *plan, const int fds[2])
{
	pid_t host = getpid(), pid = fork();
	if (pid == 0)
		run_server(host, server, plan, fds);
	int failed = errno;
	close(fds[0]);
	close(fds[1]);
	errno = failed;
	return pid;
}

int server_start(struct server *server, const struct server_plan *plan, struct err *err)
{
	int fds[2];
	fds[0] = open_port(plan, &server->http_port);
	if (fds[0] < 0)
		return err_errno(err, errno, "cannot open a port on 127.0.0.1");
	fds[1] = open_port(plan, &server->echo_port);
	if (fds[1] < 0) {
		err_errno(err, errno, "cannot open a second port on 127.0.0.1");
		close(fds[0]);
		return -1;
	}
	pid_t pid = fork_server(server, plan, fds);
	if (pid < 0)
		return err_errno(err, errno, "cannot fork the server");
	server->pid = pid;
	return 0;
}

void server_needs(const struct job *job, struct needs *needs)
{
	/* What it has open beside connections; and what the kernel has for a connection with both
	 * its ends here: 8.2 KiB of slabs on Linux 6. */
	enum { DESCRIPTORS = 16, CONNECTION_BYTES = 8 * 1024 };
	needs->bytes_per_worker += CONNECTION_BYTES;
	needs->descriptors_per_run += job->workers + DESCRIPTORS;
	needs->processes_per_run += 1;
}

void server_stop(struct server *server)
{
	/* A number that no child has any more may be another's by now. */
	if (server->pid <= 0 || waitpid(server->pid, NULL, WNOHANG) != 0)
		return;
	kill(server->pid, SIGKILL);
	while (waitpid(server->pid, NULL, 0) < 0 && errno == EINTR)
		;
	server->pid = 0;
}

uint64_t server_body_sum(const struct server_plan *plan)
{
	static unsigned char block[SERVER_BLOCK_BYTES + sizeof(uint64_t)];
	struct job job = {.seed = plan->seed};
	uint64_t size = (uint64_t)plan->size_bytes;
	block_fill(&job, 0, block, SERVER_BLOCK_BYTES);
	uint64_t sum = block_sum(block, SERVER_BLOCK_BYTES) * (size / SERVER_BLOCK_BYTES);
	return sum + block_sum(block, size % SERVER_BLOCK_BYTES);
}
