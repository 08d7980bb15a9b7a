/* `fetch` without an executor: what its values are worth, how it fails, and that it stops. */
#include "base/memory.h"
#include "base/optional.h"
#include "measure/clock.h"
#include "workload_fixture.h"
#include "workloads/fetch.h"
#include "workloads/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>
#include <uv.h>

enum { METRIC_RECEIVED, METRIC_CONNECTIONS };

static void assert_check(const char *const *settings, const char *expected)
{
	struct bench bench = {.engine.workload = workload_find("fetch")};
	struct err err = {""};
	arena_init(&bench.arena);
	const void *params = bench_params(&bench, settings);
	int result = bench.engine.workload->check(params, &err);
	assert_int_equal(result, *expected ? -1 : 0);
	assert_string_equal(err.text, expected);
	arena_release(&bench.arena);
}

static void urls_are_checked(void **state)
{
	(void)state;
	static const struct {
		const char *url, *expected;
	} urls[] = {
		{"", ""},
		{"http://localhost", ""},
		{"HTTPS://example.org:8000/a?b=c#d", ""},
		{"http://[::1]:80/", ""},
		{"ftp://example.org/", "'ftp://example.org/' is not a URL of http:// or https://"},
		{"file:///etc/passwd", "'file:///etc/passwd' is not a URL of http:// or https://"},
		{"localhost:80", "'localhost:80' is not a URL of http:// or https://"},
		{"http:/x", "'http:/x' is not a URL of http:// or https://"},
		{"http://", "'http://' names no host"},
		{"https:///path", "'https:///path' names no host"},
		{"http://?query", "'http://?query' names no host"},
		{"http://a b", "a URL has no spaces or control characters; write %20 for a space"},
		{"http://a\n", "a URL has no spaces or control characters; write %20 for a space"},
	};
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		char setting[100];
		snprintf(setting, sizeof(setting), "url=%s", urls[i].url);
		assert_check(SETTINGS(setting), urls[i].expected);
	}
}

static void a_url_has_no_size_or_delay(void **state)
{
	(void)state;
	static const char expected[] =
		"size and delay are those of the built-in server; remove them, or the url";
	assert_check(SETTINGS("size=1B", "delay=0s"), "");
	assert_check(SETTINGS("url=http://localhost/", "keep_alive=false"), "");
	assert_check(SETTINGS("url=http://localhost/", "size=1B"), expected);
	assert_check(SETTINGS("url=http://localhost/", "delay=1s"), expected);
}

#ifdef CONRUN_LIBCURL

/* ---- the built-in server ---- */

static void values_are_the_bodys_sum(void **state)
{
	(void)state;
	static const int sizes[] = {0, 1, 7, 8, 9, 16384, 65536, 65537, 1000000};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		char size[32];
		struct bench bench;
		const struct server_plan plan = {.seed = 1, .size_bytes = sizes[i]};
		snprintf(size, sizeof(size), "size=%dB", sizes[i]);
		bench_open(&bench, "fetch", 1, SETTINGS(size, "delay=0s"));
		for (uint64_t task = 0; task < 3; task++)
			assert_int_equal(bench_task(&bench, task), server_body_sum(&plan));
		assert_string_equal(bench_error(&bench), "");
		bench_finish(&bench);
		assert_int_equal(bench_metric(&bench, METRIC_RECEIVED), 3 * sizes[i]);
		assert_int_equal(bench_metric(&bench, METRIC_CONNECTIONS), 1);
		bench_close(&bench);
	}
}

static void workers_have_a_connection_each(void **state)
{
	(void)state;
	static const struct {
		const char *setting;
		int connections;
	} kinds[] = {{"keep_alive=true", 5}, {"keep_alive=false", 40}};
	const struct server_plan plan = {.seed = 1, .size_bytes = 16384};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct bench bench;
		bench_open(&bench, "fetch", 5, SETTINGS("delay=1ms", kinds[i].setting));
		assert_int_equal(bench_run(&bench, 40), 40 * server_body_sum(&plan));
		bench_finish(&bench);
		assert_int_equal(bench_metric(&bench, METRIC_CONNECTIONS), kinds[i].connections);
		bench_close(&bench);
	}
}

static void another_status_is_a_failure(void **state)
{
	(void)state;
	struct bench bench;
	bench_open(&bench, "fetch", 1, SETTINGS("delay=0s", "expect_status=204"));
	assert_int_equal(bench_task(&bench, 0), 0);
	assert_true(bench.seats[0].worker.failed);
	assert_non_null(strstr(bench_error(&bench), "' answered 200, not 204"));
	bench_finish(&bench);
	bench_close(&bench);
}

/* ---- servers of the tests' own ---- */

static int listen_here(char *setting, size_t size)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, length), 0);
	assert_int_equal(listen(fd, 16), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	snprintf(setting, size, "url=http://127.0.0.1:%u/", ntohs(address.sin_port));
	return fd;
}

static void nobody_listens(void **state)
{
	(void)state;
	struct bench bench;
	char url[64], expected[128];
	close(listen_here(url, sizeof(url)));
	bench_open(&bench, "fetch", 1, SETTINGS(url));
	bench_task(&bench, 0);
	assert_true(bench.seats[0].worker.failed);
	snprintf(expected, sizeof(expected),
		"cannot fetch '%s': cannot connect: Connection refused", url + strlen("url="));
	assert_string_equal(bench_error(&bench), expected);
	bench_finish(&bench);
	bench_close(&bench);
}

/* The kernel takes the connection; nobody ever reads from it. */
static void no_answer_in_time(void **state)
{
	(void)state;
	struct bench bench;
	char url[64];
	int fd = listen_here(url, sizeof(url));
	bench_open(&bench, "fetch", 1, SETTINGS(url, "response_timeout=30ms"));
	uint64_t began = clock_monotonic_ns();
	bench_task(&bench, 0);
	assert_true(clock_monotonic_ns() - began >= 30000000);
	assert_true(bench.seats[0].worker.failed);
	assert_non_null(strstr(bench_error(&bench), "': no whole answer within 30ms ("));
	bench_finish(&bench);
	bench_close(&bench);
	close(fd);
}

static void a_stopped_transfer_ends(void **state)
{
	(void)state;
	struct bench bench;
	char url[64];
	pthread_t thread;
	int fd = listen_here(url, sizeof(url));
	bench_open(&bench, "fetch", 1, SETTINGS(url, "response_timeout=24h"));
	bench.engine.job.tasks = 1;
	assert_int_equal(pthread_create(&thread, NULL, bench_thread, &bench.seats[0].worker), 0);
	nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
	assert_int_not_equal(pthread_tryjoin_np(thread, NULL), 0);
	/* Relaxed: the flag is all that is passed. */
	atomic_store_explicit(
		&bench.engine.region->attention, ATTENTION_STOP, memory_order_relaxed);
	pthread_join(thread, NULL);
	assert_false(bench.seats[0].worker.failed);
	assert_string_equal(bench_error(&bench), "");
	bench_finish(&bench);
	bench_close(&bench);
	close(fd);
}

/* A body that arrives in pieces of 1, 2, 3, … bytes. */
enum { PIECES = 40, BODY_BYTES = PIECES * (PIECES + 1) / 2, BODY_WORDS = (BODY_BYTES + 7) / 8 };

static void fill_body(char *body)
{
	for (size_t i = 0; i < BODY_BYTES; i++)
		body[i] = (char)(i * 7 + 1);
}

static void *serve_in_pieces(void *arg)
{
	char request[4096], body[BODY_BYTES];
	int listener = *(int *)arg, fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC), at = 0;
	static const struct timespec pause = {.tv_nsec = 200000};
	ssize_t got = recv(fd, request, sizeof(request), 0);
	fill_body(body);
	int length = got > 0 ? dprintf(fd,
				       "HTTP/1.1 200 OK\r\nConnection: close\r\n"
				       "Content-Length: %zu\r\n\r\n",
				       sizeof(body))
			     : -1;
	for (int piece = 1; length > 0 && piece <= PIECES; at += piece++) {
		length = (int)send(fd, body + at, (size_t)piece, MSG_NOSIGNAL);
		nanosleep(&pause, NULL);
	}
	close(fd);
	return NULL;
}

static void pieces_add_up(void **state)
{
	(void)state;
	struct bench bench;
	char url[64];
	pthread_t server;
	uint64_t words[BODY_WORDS] = {0}, sum = 0;
	fill_body((char *)words);
	for (size_t i = 0; i < BODY_WORDS; i++)
		sum += words[i];
	int fd = listen_here(url, sizeof(url));
	assert_int_equal(pthread_create(&server, NULL, serve_in_pieces, &fd), 0);
	bench_open(&bench, "fetch", 1, SETTINGS(url));
	assert_int_equal(bench_task(&bench, 0), sum);
	pthread_join(server, NULL);
	bench_finish(&bench);
	bench_close(&bench);
	close(fd);
}

/* ---- on a loop ---- */

enum { TRANSFERS = 20, ROUNDS = 5 };

struct transfer {
	struct fetch fetch; /* first */
	uint64_t bytes;
	int rounds;
};

struct crowd {
	struct bench bench;
	struct fetch_loop *loop;
	uv_loop_t uv;
	unsigned connections;
	struct transfer transfers[TRANSFERS];
};

static bool count_bytes(struct fetch *fetch, const char *bytes, size_t count)
{
	(void)bytes;
	((struct transfer *)fetch)->bytes += count;
	return true;
}

static void on_done(struct fetch *fetch, const struct err *failed)
{
	struct transfer *transfer = (struct transfer *)fetch;
	struct crowd *crowd = fetch->arg;
	struct err err = {""};
	assert_null(failed);
	assert_int_equal(fetch->status, 200);
	crowd->connections += fetch->connections;
	if (++transfer->rounds < ROUNDS)
		assert_int_equal(fetch_loop_start(crowd->loop, &crowd->uv, fetch, &err), 0);
}

static void close_handle(uv_handle_t *handle, void *arg)
{
	(void)arg;
	uv_close(handle, NULL);
}

static void close_crowd(struct crowd *crowd)
{
	uv_walk(&crowd->uv, close_handle, NULL);
	uv_run(&crowd->uv, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&crowd->uv), 0);
	for (int i = 0; i < TRANSFERS; i++)
		fetch_close(&crowd->transfers[i].fetch);
	fetch_loop_close(crowd->loop);
	bench_finish(&crowd->bench);
	bench_close(&crowd->bench);
}

/* All at the same time; each again as soon as it has ended. */
static void a_loop_has_many_in_flight(void **state)
{
	(void)state;
	struct crowd *crowd = memory_alloc(sizeof(*crowd));
	struct err err = {""};
	char url[64];
	bench_open(&crowd->bench, "fetch", 1, SETTINGS("size=10kB", "delay=5ms"));
	const struct server *server = crowd->bench.engine.job.shared;
	snprintf(url, sizeof(url), "http://127.0.0.1:%u/", (unsigned)server->http_port);
	const struct fetch_plan plan = {.worker = &crowd->bench.seats[0].worker,
		.timeout_ns = INT64_C(20000000000),
		.take = count_bytes};
	crowd->loop = fetch_loop_open(TRANSFERS, &err);
	assert_non_null(crowd->loop);
	assert_int_equal(uv_loop_init(&crowd->uv), 0);
	for (int i = 0; i < TRANSFERS; i++) {
		struct fetch *fetch = &crowd->transfers[i].fetch;
		assert_int_equal(fetch_open(fetch, &plan, &err), 0);
		assert_int_equal(fetch_aim(fetch, url, true, &err), 0);
		fetch->done = on_done;
		fetch->arg = crowd;
		assert_int_equal(fetch_loop_start(crowd->loop, &crowd->uv, fetch, &err), 0);
	}
	assert_int_equal(uv_run(&crowd->uv, UV_RUN_DEFAULT), 0);
	for (int i = 0; i < TRANSFERS; i++)
		assert_int_equal(crowd->transfers[i].bytes, ROUNDS * 10000);
	assert_int_equal(crowd->connections, TRANSFERS);
	close_crowd(crowd);
	free(crowd);
}

#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(urls_are_checked),
		cmocka_unit_test(a_url_has_no_size_or_delay),
#ifdef CONRUN_LIBCURL
		cmocka_unit_test(values_are_the_bodys_sum),
		cmocka_unit_test(workers_have_a_connection_each),
		cmocka_unit_test(another_status_is_a_failure),
		cmocka_unit_test(nobody_listens),
		cmocka_unit_test(no_answer_in_time),
		cmocka_unit_test(a_stopped_transfer_ends),
		cmocka_unit_test(pieces_add_up),
		cmocka_unit_test(a_loop_has_many_in_flight),
#endif
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
