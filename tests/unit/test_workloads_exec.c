/* exec: what a task is worth, what it says when it fails, and that no process outlives it. */
#include "measure/clock.h"
#include "workload_fixture.h"
#include "workloads/command.h"

#include <errno.h>
#include <sys/wait.h>

enum { METRIC_USER_S, METRIC_SYS_S, METRIC_MAX_RSS_BYTES };

static void assert_no_child_is_left(void)
{
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

/* One task; its error, "" if it did not fail. */
static void assert_ends(const char *const *settings, const char *error)
{
	struct bench bench;
	bench_open(&bench, "exec", 1, settings);
	assert_int_equal(bench_task(&bench, 0), *error ? 0 : 1);
	assert_int_equal(bench.seats[0].worker.failed, *error != '\0');
	assert_string_equal(bench_error(&bench), error);
	bench_finish(&bench);
	bench_close(&bench);
	assert_no_child_is_left();
}

static void a_command_that_ends_well_is_worth_one(void **state)
{
	(void)state;
	assert_ends(SETTINGS("command=true"), "");
	assert_ends(SETTINGS("command=/bin/true"), "");
	assert_ends(SETTINGS("command=sh", "command=-c", "command=exit 9", "exit_code=9"), "");
	assert_ends(SETTINGS("command=test", "command=", "command==", "command="), "");
	assert_ends(SETTINGS("command=sh", "command=-c", "command=test $PWD = /", "folder=/"), "");
	assert_ends(SETTINGS("command=sh", "command=-c", "command=test $X$HOME = 1",
			    "environment=X=1", "environment=HOME="),
		"");
}

static void one_that_does_not_is_an_error(void **state)
{
	(void)state;
	assert_ends(SETTINGS("command=no-such-program", "command=1"),
		"cannot run 'no-such-program': No such file or directory");
	assert_ends(SETTINGS("command=true", "environment=PATH=/none:relative"),
		"cannot run 'true': No such file or directory");
	assert_ends(SETTINGS("command=false"), "'false' exited with code 1, expected 0");
	assert_ends(SETTINGS("command=sh", "command=-c", "command=kill -SEGV $$"),
		"'sh -c kill -SEGV $$' was killed by SIGSEGV");
	assert_ends(SETTINGS("command=sh", "command=-c", "command=echo out; echo why >&2; exit 2"),
		"'sh -c echo out; echo why >&2; exit 2' exited with code 2, expected 0: why");
}

static void a_long_command_is_cut_in_its_error(void **state)
{
	(void)state;
	char word[512], expected[512];
	size_t length = (size_t)snprintf(word, sizeof(word), "command=");
	while (length < 300)
		length += (size_t)snprintf(word + length, sizeof(word) - length, "ä");
	/* 120 bytes are "false " and 57 of them. */
	length = (size_t)snprintf(expected, sizeof(expected), "'false ");
	for (int i = 0; i < 57; i++)
		length += (size_t)snprintf(expected + length, sizeof(expected) - length, "ä");
	snprintf(expected + length, sizeof(expected) - length, "…' exited with code 1, expected 0");
	assert_ends(SETTINGS("command=false", word), expected);
}

static void what_commands_used_is_added_up(void **state)
{
	(void)state;
	struct bench bench;
	bench_open(&bench, "exec", 3,
		SETTINGS("command=sh", "command=-c",
			"command=i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done"));
	assert_int_equal(bench_run(&bench, 9), 9);
	double cpu_s = bench_metric(&bench, METRIC_USER_S) + bench_metric(&bench, METRIC_SYS_S);
	assert_true(cpu_s > 0 && cpu_s < 600);
	struct worker_report *report = bench.seats[0].worker.report;
	assert_true(report->metrics[METRIC_MAX_RSS_BYTES] > 100e3);
	bench_finish(&bench);
	bench_close(&bench);
	assert_no_child_is_left();
}

/* Stops the run while a command is under way; how long the task took to return. */
static uint64_t stopped_after_ns(const char *script)
{
	struct bench bench;
	pthread_t thread;
	bench_open(&bench, "exec", 1, SETTINGS("command=sh", "command=-c", script));
	bench.engine.job.tasks = 1;
	assert_int_equal(pthread_create(&thread, NULL, bench_thread, &bench.seats[0].worker), 0);
	nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL);
	assert_int_not_equal(pthread_tryjoin_np(thread, NULL), 0);
	uint64_t began_ns = clock_monotonic_ns();
	/* Relaxed: the flag is all that is passed. */
	atomic_store_explicit(&bench.engine.region->attention, 1, memory_order_relaxed);
	pthread_join(thread, NULL);
	uint64_t ended_ns = clock_monotonic_ns();
	bench_finish(&bench);
	bench_close(&bench);
	assert_no_child_is_left();
	return ended_ns - began_ns;
}

static void a_run_that_is_ended_ends_its_command(void **state)
{
	(void)state;
	static const uint64_t soon_ns = 20 * UINT64_C(1000000000);
	assert_true(stopped_after_ns("command=exec sleep 600") < soon_ns);
	assert_true(stopped_after_ns("command=trap '' TERM; while :; do :; done") < soon_ns);
	assert_true(stopped_after_ns("command=while :; do echo loud >&2; done") < soon_ns);
}

/* What is remembered of `text`, written in two pieces. */
static void assert_last_line(const char *text, const char *expected)
{
	static const union value words[] = {{.text = "true"}};
	struct command_params params = {
		.words = {1, words}, .folder = "/", .output = OUTPUT_DISCARD};
	struct command command;
	struct outlet outlet;
	struct err err = {""};
	char line[sizeof(outlet.tail) + 1];
	size_t length = strlen(text), half = length / 2;
	assert_int_equal(command_make(&command, &params, &err), 0);
	assert_int_equal(outlet_open(&outlet, &command, &err), 0);
	assert_int_equal(outlet_begin(&outlet, 0, &err), 0);
	assert_int_equal(write(outlet.to, text, half), half);
	outlet_drain(&outlet);
	assert_int_equal(write(outlet.to, text + half, length - half), length - half);
	outlet_drain(&outlet);
	outlet_last_line(&outlet, line);
	assert_string_equal(line, expected);
	outlet_close(&outlet);
	command_release(&command);
}

static void the_last_line_is_the_last_that_says_something(void **state)
{
	(void)state;
	assert_last_line("", "");
	assert_last_line(" \n\n\t", "");
	assert_last_line("one", "one");
	assert_last_line("one\ntwo\n", "two");
	assert_last_line("one\ntwo  \n\n  \n", "two");
	assert_last_line("10%\r50%\r100%\r\n", "100%");
	assert_last_line("a\tb\033[1mc\n", "a b [1mc");
}

static void a_long_line_keeps_its_end(void **state)
{
	(void)state;
	enum { LONG = 3001 };
	char text[LONG + 1], expected[512 + 1];
	for (size_t i = 0; i < LONG; i++)
		text[i] = (char)('a' + i % 26);
	text[LONG] = '\0';
	snprintf(expected, sizeof(expected), "%s", text + LONG - 512);
	assert_last_line(text, expected);
	/* Two bytes a character: the cut falls into one, of which nothing is left. */
	for (size_t i = 0; i + 1 < LONG; i += 2)
		memcpy(text + i, "ä", 2);
	text[LONG - 1] = 'x';
	snprintf(expected, sizeof(expected), "%s", text + LONG - 511);
	assert_last_line(text, expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_that_ends_well_is_worth_one),
		cmocka_unit_test(one_that_does_not_is_an_error),
		cmocka_unit_test(a_long_command_is_cut_in_its_error),
		cmocka_unit_test(what_commands_used_is_added_up),
		cmocka_unit_test(a_run_that_is_ended_ends_its_command),
		cmocka_unit_test(the_last_line_is_the_last_that_says_something),
		cmocka_unit_test(a_long_line_keeps_its_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
