/* tcp_echo and the server of a run's own: every byte looked at, and servers that misbehave. */
#include "workload_fixture.h"
#include "workloads/server.h"
#include "workloads/server_request.h"
#include "workloads/tcp_echo.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

/* ---- requests ---- */

struct case_of_request {
	const char *text;
	int status; /* 0: not complete */
	bool head, close, says_so;
	size_t left; /* bytes behind it */
};

#define HOST "Host: x\r\n"

static const struct case_of_request requests[] = {
	{"GET / HTTP/1.1\r\n" HOST "\r\n", 200, false, false, false, 0},
	{"GET /a%20b?c=d HTTP/1.1\r\nhOsT:\t y \r\n\r\nGET", 200, false, false, false, 3},
	{"GET / HTTP/1.1\n" HOST "\n", 200, false, false, false, 0},
	{"\r\n\nGET / HTTP/1.1\r\n" HOST "\r\n", 200, false, false, false, 0},
	{"HEAD / HTTP/1.1\r\n" HOST "\r\n", 200, true, false, false, 0},
	{"GET / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", 200, false, true, false, 0},
	{"GET / HTTP/1.1\r\n" HOST "Connection: a, CLOSE ,b\r\n\r\n", 200, false, true, false, 0},
	{"GET / HTTP/1.1\r\n" HOST "Connection: closed\r\n\r\n", 200, false, false, false, 0},
	{"GET / HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n", 200, false, false, false, 0},
	{"GET / HTTP/1.0\r\n\r\n", 200, false, true, false, 0},
	{"GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", 200, false, false, true, 0},
	{"GET / HTTP/1.1\r\n\r\n", 400, false, true, false, 0},
	{"GET / HTTP/1.1\r\n" HOST "no colon\r\n\r\n", 400, false, true, false, 0},
	{"GET / HTTP/1.1\r\n" HOST ": empty\r\n\r\n", 400, false, true, false, 0},
	{"GET / HTTP/1.1\r\n" HOST "a b: c\r\n\r\n", 400, false, true, false, 0},
	{"GET / HTTP/1.1\r\n" HOST " folded\r\n\r\n", 400, false, true, false, 0},
	{"GET  / HTTP/1.1\r\n" HOST "\r\n", 400, false, true, false, 0},
	{"GET /\r\n", 400, false, true, false, 0},
	{"hello\r\n", 400, false, true, false, 0},
	{"\x16\x03\x01\n", 400, false, true, false, 0},
	{"GET / HTTP/1.x\r\n", 400, false, true, false, 0},
	{"GET / HTTP/2.0\r\n" HOST "\r\n", 505, false, true, false, 0},
	{"POST / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", 405, false, true, false, 0},
	{"GET / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc", 413, false, true, false, 0},
	{"GET / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n", 413, false, true, false,
		0},
	{"", 0, false, false, false, 0},
	{"\r\n", 0, false, false, false, 0},
	{"GET / HTTP/1.1\r\n" HOST, 0, false, false, false, 0},
	{"GET / HTTP/1.1\r\n" HOST "\r", 0, false, false, false, 0},
};

static void requests_are_understood(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(requests) / sizeof(*requests); i++) {
		const struct case_of_request *wanted = &requests[i];
		struct request request;
		size_t count = strlen(wanted->text);
		/* Without a byte behind it, so that a sanitizer sees one that is read too many. */
		char *bytes = malloc(count ? count : 1);
		memcpy(bytes, wanted->text, count);
		size_t taken = request_read(bytes, count, &request);
		free(bytes);
		if (wanted->status == 0) {
			assert_int_equal(taken, 0);
			continue;
		}
		if (request.status != wanted->status || request.head != wanted->head ||
			request.close != wanted->close || request.says_so != wanted->says_so ||
			taken != count - wanted->left)
			fail_msg("%zu: %d, %zu of %zu bytes", i, request.status, taken, count);
	}
}

/* Cut anywhere, it is incomplete; nothing is answered too early. */
static void a_request_in_pieces(void **state)
{
	(void)state;
	static const char text[] = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
	struct request request;
	for (size_t count = 0; count < sizeof(text) - 1; count++)
		assert_int_equal(request_read(text, count, &request), 0);
	assert_int_equal(request_read(text, sizeof(text) - 1, &request), sizeof(text) - 1);
}

static void an_endless_request(void **state)
{
	(void)state;
	static char text[REQUEST_MOST_BYTES + 1];
	struct request request;
	memset(text, 'a', sizeof(text));
	assert_int_equal(request_read(text, sizeof(text) - 1, &request), 0);
	assert_int_equal(request_read(text, sizeof(text), &request), sizeof(text));
	assert_int_equal(request.status, 431);
}

/* ---- the server ---- */

static int connect_to(uint16_t port)
{
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* The sum of the words of what a GET brings, without the code under test. */
static uint64_t sum_of_get(uint16_t port, int64_t size)
{
	static const char get[] = "GET / HTTP/1.0\r\n\r\n";
	int fd = connect_to(port);
	assert_int_equal(write(fd, get, sizeof(get) - 1), sizeof(get) - 1);
	FILE *file = fdopen(fd, "r");
	char line[256];
	while (fgets(line, sizeof(line), file) && line[0] != '\r')
		;
	uint64_t sum = 0;
	for (int64_t i = 0; i < size; i++)
		sum += (uint64_t)(unsigned char)fgetc(file) << i % 8 * 8;
	assert_int_equal(fgetc(file), EOF);
	fclose(file);
	return sum;
}

static struct server *start_server(int64_t size)
{
	static struct server server;
	struct server_plan plan = {.seed = 7, .size_bytes = size};
	struct err err = {""};
	server = (struct server){0};
	if (server_start(&server, &plan, &err) != 0)
		fail_msg("%s", err.text);
	assert_true(server.pid > 0);
	return &server;
}

/* Around the length of the block that bodies are made of. */
static void bodies_are_what_their_sum_says(void **state)
{
	(void)state;
	static const int64_t sizes[] = {0, 1, 7, 8, 65535, 65536, 65537, 3 * 65536, 1000003};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct server *server = start_server(sizes[i]);
		struct server_plan plan = {.seed = 7, .size_bytes = sizes[i]};
		assert_int_equal(sum_of_get(server->http_port, sizes[i]), server_body_sum(&plan));
		server_stop(server);
	}
}

static void a_server_ends_once(void **state)
{
	(void)state;
	struct server never = {0};
	server_stop(&never);
	struct server *server = start_server(1);
	pid_t pid = server->pid;
	server_stop(server);
	assert_int_equal(kill(pid, 0), -1);
	server_stop(server);
	/* One that died, was reaped by somebody else, and whose number another process has. */
	server = start_server(1);
	kill(server->pid, SIGKILL);
	assert_int_equal(waitpid(server->pid, NULL, 0), server->pid);
	server->pid = getppid();
	server_stop(server);
}

/* ---- tcp_echo ---- */

static void check_echo(uint32_t workers, uint64_t tasks, uint64_t of_task, double connections,
	const char *const *settings)
{
	struct bench bench;
	bench_open(&bench, "tcp_echo", workers, settings);
	uint64_t sum = bench_run(&bench, tasks);
	if (*bench_error(&bench))
		fail_msg("%s", bench_error(&bench));
	assert_int_equal(sum, tasks * of_task);
	bench_finish(&bench);
	assert_true(bench_metric(&bench, TCP_ECHO_METRIC_CONNECTIONS) == connections);
	assert_true(bench_metric(&bench, TCP_ECHO_METRIC_AT_ONCE) >= 1);
	bench_close(&bench);
}

static void messages_come_back(void **state)
{
	(void)state;
	check_echo(1, 5, 64, 1, SETTINGS(NULL));
	check_echo(4, 40, 64, 4, SETTINGS(NULL));
	check_echo(4, 40, 64, 40, SETTINGS("connect=per_task"));
	check_echo(2, 6, 3, 2, SETTINGS("message_size=1B", "messages=3"));
	check_echo(2, 6, 10, 2, SETTINGS("message_size=5B", "messages=2", "hold=1ms"));
	check_echo(1, 2, 4097, 1, SETTINGS("message_size=4097B"));
	/* More than the kernel keeps for both sides: sent and received at the same time. */
	check_echo(2, 2, 33554435, 2, SETTINGS("message_size=33554435B"));
}

/* What a server of the test's own does with its first connection. */
enum manner {
	CLOSES,       /* having sent so many bytes back */
	RESETS,       /* the same */
	FALLS_SILENT, /* the same */
	LIES,         /* about the byte behind them */
	TAKES_TIME,   /* sends all back, byte by byte */
};

struct host {
	enum manner manner;
	size_t bytes;
	int listener, fd;
	char port[16]; /* a setting */
	pthread_t thread;
};

enum { HOST_MESSAGE_BYTES = 64 };

static void close_with_a_reset(int fd)
{
	struct linger reset = {.l_onoff = 1, .l_linger = 0};
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	close(fd);
}

static void *be_host(void *arg)
{
	struct host *host = arg;
	char message[HOST_MESSAGE_BYTES];
	host->fd = accept(host->listener, NULL, NULL);
	if (recv(host->fd, message, sizeof(message), MSG_WAITALL) != HOST_MESSAGE_BYTES)
		return NULL;
	if (host->manner == LIES)
		message[host->bytes++] ^= 1;
	for (size_t i = 0; i < host->bytes; i++) {
		if (host->manner == TAKES_TIME)
			nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
		send(host->fd, message + i, 1, MSG_NOSIGNAL);
	}
	if (host->manner == RESETS)
		close_with_a_reset(host->fd);
	else if (host->manner == CLOSES)
		close(host->fd);
	return NULL;
}

static void open_host(struct host *host, enum manner manner, size_t bytes)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	*host = (struct host){.manner = manner, .bytes = bytes};
	host->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(host->listener, (struct sockaddr *)&address, length), 0);
	assert_int_equal(listen(host->listener, 1), 0);
	getsockname(host->listener, (struct sockaddr *)&address, &length);
	snprintf(host->port, sizeof(host->port), "port=%d", ntohs(address.sin_port));
	assert_int_equal(pthread_create(&host->thread, NULL, be_host, host), 0);
}

static void close_host(struct host *host)
{
	pthread_join(host->thread, NULL);
	if (host->manner != CLOSES && host->manner != RESETS)
		close(host->fd);
	close(host->listener);
}

/* What a task says about such a host; "" if all went well. */
static void assert_says(enum manner manner, size_t bytes, const char *expected)
{
	struct host host;
	struct bench bench;
	open_host(&host, manner, bytes);
	bench_open(&bench, "tcp_echo", 1,
		SETTINGS("host=127.0.0.1", host.port, "reply_timeout=300ms"));
	uint64_t value = bench_task(&bench, 0);
	assert_int_equal(value, *expected ? 0 : HOST_MESSAGE_BYTES);
	assert_int_equal(bench.seats[0].worker.failed, *expected != '\0');
	const char *error = bench_error(&bench);
	if (*expected ? !strstr(error, expected) || !strstr(error, host.port + strlen("port="))
		      : *error)
		fail_msg("%s", error);
	bench_finish(&bench);
	bench_close(&bench);
	close_host(&host);
}

static void hosts_that_misbehave(void **state)
{
	(void)state;
	assert_says(TAKES_TIME, 64, "");
	assert_says(CLOSES, 0, "closed the connection after 0 of 64 bytes");
	assert_says(CLOSES, 5, "closed the connection after 5 of 64 bytes");
	assert_says(RESETS, 0, "Connection reset by peer");
	assert_says(FALLS_SILENT, 0, "sent 0 of 64 bytes back within 300ms");
	assert_says(FALLS_SILENT, 63, "sent 63 of 64 bytes back within 300ms");
	assert_says(LIES, 0, "byte 0 of 64 came back wrong");
	assert_says(LIES, 63, "byte 63 of 64 came back wrong");
}

/* A kept connection that was lost costs the task that finds out, and no other. */
static void a_new_connection_after_a_failure(void **state)
{
	(void)state;
	struct bench bench;
	bench_open(&bench, "tcp_echo", 1, SETTINGS(NULL));
	struct tcp_echo_shared *shared = bench.engine.job.shared;
	struct tcp_echo_worker *mine = tcp_echo_worker_of(&bench.seats[0].worker);
	assert_int_equal(bench_task(&bench, 0), 64);
	shutdown(mine->echo.fd, SHUT_WR);
	assert_int_equal(bench_task(&bench, 1), 0);
	assert_true(bench.seats[0].worker.failed);
	assert_int_equal(bench_task(&bench, 2), 64);
	/* The server is gone. */
	kill(shared->server.pid, SIGKILL);
	assert_int_equal(waitpid(shared->server.pid, NULL, 0), shared->server.pid);
	assert_int_equal(bench_task(&bench, 3), 0);
	assert_int_equal(bench_task(&bench, 4), 0);
	bench_finish(&bench);
	bench_close(&bench);
}

static void a_stopped_task_returns(void **state)
{
	(void)state;
	struct host host;
	struct bench bench;
	pthread_t thread;
	open_host(&host, FALLS_SILENT, 3);
	bench_open(
		&bench, "tcp_echo", 1, SETTINGS("host=127.0.0.1", host.port, "reply_timeout=24h"));
	bench.engine.job.tasks = 1;
	assert_int_equal(pthread_create(&thread, NULL, bench_thread, &bench.seats[0].worker), 0);
	nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
	assert_int_not_equal(pthread_tryjoin_np(thread, NULL), 0);
	/* Relaxed: the flag is all that is passed. */
	atomic_store_explicit(
		&bench.engine.region->attention, ATTENTION_STOP, memory_order_relaxed);
	pthread_join(thread, NULL);
	bench_finish(&bench);
	bench_close(&bench);
	close_host(&host);
}

static void a_host_by_name(void **state)
{
	(void)state;
	struct host host;
	struct bench bench;
	open_host(&host, TAKES_TIME, 64);
	/* It may stand for ::1 as well, where nobody listens. */
	bench_open(&bench, "tcp_echo", 1, SETTINGS("host=localhost", host.port));
	struct tcp_echo_shared *shared = bench.engine.job.shared;
	assert_memory_equal(shared->target.name, "127.0.0.1:", strlen("127.0.0.1:"));
	bench_finish(&bench);
	bench_close(&bench);
	close(connect_to((uint16_t)strtoul(host.port + strlen("port="), NULL, 10)));
	close_host(&host);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_are_understood),
		cmocka_unit_test(a_request_in_pieces),
		cmocka_unit_test(an_endless_request),
		cmocka_unit_test(bodies_are_what_their_sum_says),
		cmocka_unit_test(a_server_ends_once),
		cmocka_unit_test(messages_come_back),
		cmocka_unit_test(hosts_that_misbehave),
		cmocka_unit_test(a_new_connection_after_a_failure),
		cmocka_unit_test(a_stopped_task_returns),
		cmocka_unit_test(a_host_by_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
