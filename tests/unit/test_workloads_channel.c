/*
 * Channels: all that is sent arrives, in pieces or merged; what does not is noticed, and nobody
 * waits for a partner that is gone.
 */
#include "workload_fixture.h"
#include "workloads/channel_end.h"
#include "workloads/channel_ring.h"
#include "workloads/partner.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

static const char *const kinds[] = {
	"kind=pipe", "kind=socketpair", "kind=unix", "kind=tcp", "kind=eventfd", "kind=shm"};
static const char *const modes[] = {"mode=one_way", "mode=ping_pong"};
static const char *const peers[] = {"peer=process", "peer=thread"};
enum { KINDS = sizeof(kinds) / sizeof(*kinds), MODES = 2, PEERS = 2 };

static void check_value(const char *const *settings, uint64_t bytes)
{
	struct bench bench;
	bench_open(&bench, "channel", 2, settings);
	assert_int_equal(bench_run(&bench, 4), 4 * bytes);
	assert_string_equal(bench_error(&bench), "");
	bench_finish(&bench);
	bench_close(&bench);
}

static void every_byte_is_counted(void **state)
{
	(void)state;
	for (size_t kind = 0; kind < KINDS; kind++)
		for (size_t mode = 0; mode < MODES; mode++)
			for (size_t peer = 0; peer < PEERS; peer++)
				check_value(SETTINGS(kinds[kind], modes[mode], peers[peer],
						    "messages=777"),
					(mode + 1) * 777 * 8);
}

/* Larger than what any kind holds, odd, and the least. */
static void sizes(void **state)
{
	(void)state;
	static const struct {
		const char *setting;
		uint64_t bytes;
	} of[] = {{"message_size=1B", 1}, {"message_size=65537B", 65537},
		{"message_size=1MiB", 1 << 20}, {"message_size=3000001B", 3000001}};
	for (size_t kind = 0; kind < KINDS; kind++)
		for (size_t size = 0; size < 4 && kind != CHANNEL_EVENTFD; size++) {
			check_value(SETTINGS(kinds[kind], "mode=one_way", of[size].setting,
					    "messages=3"),
				3 * of[size].bytes);
			check_value(SETTINGS(kinds[kind], "mode=ping_pong", of[size].setting,
					    "messages=3"),
				6 * of[size].bytes);
		}
}

static void without_spinning(void **state)
{
	(void)state;
	check_value(SETTINGS("kind=shm", "spin=0", "messages=20000", "mode=one_way"), 20000 * 8);
	check_value(SETTINGS("kind=shm", "spin=0", "messages=500"), 500 * 16);
}

static void an_eventfd_has_eight_bytes(void **state)
{
	(void)state;
	struct bench bench = {.engine.workload = workload_find("channel")};
	struct err err = {""};
	arena_init(&bench.arena);
	int (*check)(const void *, struct err *) = bench.engine.workload->check;
	const char *const *wrong = SETTINGS("kind=eventfd", "message_size=4B");
	assert_int_equal(check(bench_params(&bench, wrong), &err), -1);
	assert_string_equal(err.text, "an eventfd moves values of 8 bytes; set message_size to 8B, "
				      "or give eventfd a workload of its own");
	assert_int_equal(check(bench_params(&bench, SETTINGS("kind=eventfd")), &err), 0);
	assert_int_equal(check(bench_params(&bench, SETTINGS("message_size=4B")), &err), 0);
	arena_release(&bench.arena);
}

static pid_t partner_of(const struct bench *bench)
{
	return ((const struct partner *)bench->engine.job.shared)->pid;
}

/* The error of the first task after the partner was killed; the next one finds it of no use. */
static void check_killed(const char *kind, const char *mode)
{
	struct bench bench;
	bench_open(&bench, "channel", 1, SETTINGS(kind, mode, "messages=200"));
	assert_int_not_equal(bench_task(&bench, 0), 0);
	assert_int_equal(kill(partner_of(&bench), SIGKILL), 0);
	siginfo_t info;
	assert_int_equal(waitid(P_PID, (id_t)partner_of(&bench), &info, WEXITED | WNOWAIT), 0);
	assert_int_equal(bench_task(&bench, 1), 0);
	assert_true(bench.seats[0].worker.failed);
	assert_non_null(strstr(bench_error(&bench), "of 200: the partner has ended"));
	assert_int_equal(bench_task(&bench, 2), 0);
	assert_true(bench.seats[0].worker.failed);
	bench_finish(&bench);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	bench_close(&bench);
}

static void a_killed_partner_is_not_waited_for(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	for (size_t kind = 0; kind < KINDS; kind++)
		for (size_t mode = 0; mode < MODES; mode++)
			check_killed(kinds[kind], modes[mode]);
}

/* The only descriptor of a pipe that can be written to: the worker's end. */
static int worker_end(void)
{
	int found = -1;
	for (int fd = 3; fd < 100; fd++) {
		int flags = fcntl(fd, F_GETFL);
		if (flags < 0 || (flags & O_ACCMODE) != O_WRONLY || lseek(fd, 0, SEEK_CUR) >= 0)
			continue;
		assert_int_equal(found, -1);
		found = fd;
	}
	return found;
}

/* A byte too many moves all others on by one place. */
static void bytes_that_were_not_sent_are_noticed(void **state)
{
	(void)state;
	for (size_t mode = 0; mode < MODES; mode++) {
		struct bench bench;
		bench_open(&bench, "channel", 1,
			SETTINGS("kind=pipe", modes[mode], "messages=5", "message_size=100B"));
		assert_int_equal(write(worker_end(), "x", 1), 1);
		assert_int_equal(bench_task(&bench, 0), 0);
		assert_true(bench.seats[0].worker.failed);
		assert_string_equal(
			bench_error(&bench), "5 of 5 messages did not arrive as they were sent");
		bench_finish(&bench);
		bench_close(&bench);
	}
}

/* As a task leaves it whose process was killed. */
static void a_channel_that_was_left_in_a_task_is_not_used(void **state)
{
	(void)state;
	struct bench bench;
	bench_open(&bench, "channel", 1, SETTINGS("kind=pipe", "messages=100"));
	/* Relaxed: there is one thread. */
	atomic_store_explicit(
		&bench.engine.region->attention, ATTENTION_STOP, memory_order_relaxed);
	assert_int_equal(bench_task(&bench, 0), 0);
	assert_false(bench.seats[0].worker.failed);
	atomic_store_explicit(&bench.engine.region->attention, 0, memory_order_relaxed);
	assert_int_equal(bench_task(&bench, 1), 0);
	assert_string_equal(bench_error(&bench), "the channel is of no more use: a task was cut "
						 "short in the middle of a message");
	bench_finish(&bench);
	bench_close(&bench);
}

/* Its counts begin just before they wrap, as they do after 4 GiB. */
static void a_ring_goes_on_for_ever(void **state)
{
	(void)state;
	static unsigned char sent[CHANNEL_RING_BYTES], received[CHANNEL_RING_BYTES];
	struct channel_ring *ring = aligned_alloc(CHANNEL_RING_APART, sizeof(*ring));
	struct channel_ring_patience how = {0};
	memset(ring, 0, sizeof(*ring));
	/* Relaxed: there is one thread. */
	atomic_store_explicit(&ring->sent.bytes, UINT32_MAX - 100, memory_order_relaxed);
	atomic_store_explicit(&ring->received.bytes, UINT32_MAX - 100, memory_order_relaxed);
	for (size_t i = 0; i < sizeof(sent); i++)
		sent[i] = (unsigned char)(i * 7 + i / 256);
	for (size_t size = CHANNEL_RING_BYTES; size > 0; size /= 3) {
		memset(received, 0, sizeof(received));
		assert_true(channel_ring_send(ring, sent, size, &how));
		assert_true(channel_ring_receive(ring, received, size, &how));
		assert_memory_equal(sent, received, size);
	}
	channel_ring_close(ring);
	assert_false(channel_ring_receive(ring, received, 1, &how));
	free(ring);
}

static void die_at_once(struct partner *partner, void *arg)
{
	(void)partner;
	(void)arg;
}

static void a_partner_that_dies_early_is_an_error(void **state)
{
	(void)state;
	struct partner *partner = memory_aligned(64, sizeof(*partner));
	struct partner_plan plan = {.run = die_at_once, .keep = {-1, -1}};
	struct err err = {""};
	assert_int_equal(partner_start(partner, &plan, &err), -1);
	assert_string_equal(err.text, "a partner process died while it was set up");
	partner_end(partner);
	free(partner);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_is_counted),
		cmocka_unit_test(sizes),
		cmocka_unit_test(without_spinning),
		cmocka_unit_test(an_eventfd_has_eight_bytes),
		cmocka_unit_test(a_killed_partner_is_not_waited_for),
		cmocka_unit_test(bytes_that_were_not_sent_are_noticed),
		cmocka_unit_test(a_channel_that_was_left_in_a_task_is_not_used),
		cmocka_unit_test(a_ring_goes_on_for_ever),
		cmocka_unit_test(a_partner_that_dies_early_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
