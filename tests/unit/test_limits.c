/*
 * What a run takes is added up before it begins. The limits are this machine's own, so what is
 * tested is what the message says was needed, and on which side of a limit that we set ourselves a
 * sum falls.
 */
#include "engine/limits.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

/* clang-format off: it needs what stands before it. */
#include <cmocka.h>
/* clang-format on */

static const struct executor threads = {.name = "threads", .kind = WORKER_THREAD};
static const struct executor pipes = {.name = "pipes", .kind = WORKER_PROCESS, .descriptors = 2};
static const struct executor host = {.name = "host", .kind = WORKER_HOST};

static void assert_room(struct crew_size size)
{
	struct room room = limits_room();
	struct err err = {""};
	if (limits_check(&size, &room, &err) != 0)
		fail_msg("%s", err.text);
}

/* The error begins with the limit's name and what is needed, and says how to do with less. */
static void assert_lack(struct crew_size size, const char *beginning)
{
	struct room room = limits_room();
	struct err err = {""};
	assert_int_equal(limits_check(&size, &room, &err), -1);
	if (strncmp(err.text, beginning, strlen(beginning)) != 0)
		fail_msg("%s", err.text);
	assert_non_null(strstr(err.text, "; use fewer workers"));
}

static void nothing_special_has_room(void **state)
{
	(void)state;
	assert_room((struct crew_size){.executor = &threads, .workers = 4});
	assert_room((struct crew_size){.executor = &pipes, .workers = 4});
	assert_room((struct crew_size){.executor = &host, .workers = 1});
}

static struct crew_size with_needs(
	const struct executor *executor, uint32_t workers, struct needs needs)
{
	return (struct crew_size){.executor = executor, .workers = workers, .needs = needs};
}

static void memory_is_added_up(void **state)
{
	(void)state;
	const uint64_t much = UINT64_C(1) << 50;
	assert_lack(with_needs(&host, 1, (struct needs){.bytes_per_run = much}),
		"memory: needs 1.0 PiB, there is room for ");
	const struct needs both = {.bytes_per_worker = much, .bytes_per_run = much / 2};
	assert_lack(with_needs(&host, 3, both), "memory: needs 3.5 PiB, there is room for ");
}

static void what_no_number_can_hold_is_too_much(void **state)
{
	(void)state;
	static const char most[] = "memory: needs 8.0 EiB";
	assert_lack(with_needs(&host, 1, (struct needs){.bytes_per_run = UINT64_MAX}), most);
	assert_lack(with_needs(&host, 3, (struct needs){.bytes_per_worker = UINT64_MAX / 2}), most);
	assert_lack(
		with_needs(&host, 1,
			(struct needs){.bytes_per_run = INT64_MAX, .bytes_per_worker = INT64_MAX}),
		most);
	assert_lack(
		(struct crew_size){.executor = &threads, .workers = 2, .region_bytes = SIZE_MAX},
		most);
}

/* The limit's name depends on the machine, and on who asks. */
static void assert_processes(struct crew_size size, uint64_t needed, const char *what)
{
	struct room room = limits_room();
	struct err err = {""};
	char expected[64];
	snprintf(expected, sizeof(expected), ": needs %" PRIu64 " %s, ", needed, what);
	assert_int_equal(limits_check(&size, &room, &err), -1);
	if (!strstr(err.text, expected))
		fail_msg("%s", err.text);
}

static void processes_are_added_up(void **state)
{
	(void)state;
	const uint64_t many = UINT64_C(1) << 40;
	/* The host, its workers, and what the workload starts. */
	assert_processes(with_needs(&threads, 4, (struct needs){.processes_per_run = many}),
		many + 5, "threads");
	assert_processes(with_needs(&pipes, 4, (struct needs){.processes_per_worker = many}),
		4 * many + 5, "processes");
	assert_processes(
		with_needs(&host, 4,
			(struct needs){.processes_per_worker = many, .processes_per_run = 1}),
		4 * many + 2, "processes");
}

enum { DESCRIPTORS = 200, DESCRIPTORS_FREE = 200 - 64 };

static void descriptors_are_those_of_one_process(void **state)
{
	(void)state;
	struct rlimit before;
	const struct rlimit few = {DESCRIPTORS, DESCRIPTORS};
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	if (before.rlim_max < DESCRIPTORS)
		skip();
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);

	/* Threads have all of them in the host. */
	struct needs needs = {.descriptors_per_worker = DESCRIPTORS_FREE / 4};
	assert_room(with_needs(&threads, 4, needs));
	needs.descriptors_per_run = 1;
	assert_lack(with_needs(&threads, 4, needs), "RLIMIT_NOFILE: needs 137 descriptors");

	/* A child has one worker's, and what the host had when it was forked. */
	needs = (struct needs){.descriptors_per_worker = DESCRIPTORS_FREE - 8};
	assert_room(with_needs(&pipes, 4, needs));
	needs.descriptors_per_run = 1;
	assert_lack(with_needs(&pipes, 4, needs), "RLIMIT_NOFILE: needs 137 descriptors");
	assert_lack(with_needs(&pipes, DESCRIPTORS_FREE / 2 + 1, (struct needs){0}),
		"RLIMIT_NOFILE: needs 138 descriptors");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_special_has_room),
		cmocka_unit_test(memory_is_added_up),
		cmocka_unit_test(what_no_number_can_hold_is_too_much),
		cmocka_unit_test(processes_are_added_up),
		/* The last one: a hard limit is lowered for good. */
		cmocka_unit_test(descriptors_are_those_of_one_process),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
