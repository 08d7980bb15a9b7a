/* The tables of all workloads, and what those that compute, wait and fail are worth. */
#include "measure/clock.h"
#include "workload_fixture.h"

#include <ctype.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

/* What must be given has no default, but an example; a list's example has brackets, and is read
 * where scenarios are. */
static void check_option(const struct option *option)
{
	struct arena arena;
	union value value;
	struct err err = {""};
	arena_init(&arena);
	assert_true(option->help && !isupper((unsigned char)option->help[0]));
	assert_int_not_equal(option->help[strlen(option->help) - 1], '.');
	assert_true(option->fallback || option->list || option->example);
	const char *example = option->list ? NULL : option->example;
	const char *const texts[] = {option->fallback, option->min, option->max, example};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i] && option_parse(option, texts[i], &arena, &value, &err) != 0)
			fail_msg("%s: %s", option->name, err.text);
	arena_release(&arena);
}

/* The registry keeps each group together, so that `conrun list` has each heading once. */
static void groups_are_together(void **state)
{
	(void)state;
	bool seen[GROUP_FAULT + 1] = {false};
	enum workload_group before = GROUP_NONE;
	for (size_t i = 0; workload_registry()[i]; i++) {
		enum workload_group group = workload_registry()[i]->group;
		if (group == GROUP_NONE)
			fail_msg("%s has no group", workload_registry()[i]->name);
		if (group != before && seen[group])
			fail_msg("%s stands apart from its group", workload_registry()[i]->name);
		seen[group] = true;
		before = group;
	}
}

static void tables_are_complete(void **state)
{
	(void)state;
	for (size_t i = 0; workload_registry()[i]; i++) {
		const struct workload *workload = workload_registry()[i];
		assert_ptr_equal(workload_find(workload->name), workload);
		assert_true(workload->summary && workload->operation && workload->task);
		for (size_t j = 0; workload->params && j < option_count(workload->params); j++)
			check_option(&workload->params[j]);
		size_t metrics = 0;
		while (workload->metrics && workload->metrics[metrics].name)
			assert_non_null(workload->metrics[metrics++].help);
		assert_true(metrics <= RESULT_METRICS);
	}
	assert_null(workload_find("nap"));
}

/* The value of one task. */
static uint64_t value_of(const char *name, uint64_t index, const char *const *settings)
{
	struct bench bench;
	bench_open(&bench, name, 1, settings);
	uint64_t value = bench_task(&bench, index);
	assert_false(bench.seats[0].worker.failed);
	bench_finish(&bench);
	bench_close(&bench);
	return value;
}

static void noop_is_worth_nothing(void **state)
{
	(void)state;
	assert_int_equal(value_of("noop", 5, SETTINGS(NULL)), 0);
}

/* Around the places where its loop is cut into blocks. */
static void count_is_worth_n(void **state)
{
	(void)state;
	assert_int_equal(value_of("count", 0, SETTINGS("n=0")), 0);
	assert_int_equal(value_of("count", 0, SETTINGS("n=1")), 1);
	assert_int_equal(value_of("count", 0, SETTINGS("n=262143")), 262143);
	assert_int_equal(value_of("count", 0, SETTINGS("n=262144")), 262144);
	assert_int_equal(value_of("count", 7, SETTINGS("n=262145")), 262145);
	assert_int_equal(value_of("count", 7, SETTINGS(NULL)), 10000000);
}

static void sum_squares_is_the_closed_form(void **state)
{
	(void)state;
	static const uint64_t sizes[] = {0, 1, 2, 131071, 131072, 131073, 5000000};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		char n[32];
		snprintf(n, sizeof(n), "n=%llu", (unsigned long long)sizes[i]);
		unsigned __int128 k = sizes[i], sum = k ? (k - 1) * k * (2 * k - 1) / 6 : 0;
		assert_int_equal(value_of("sum_squares", 0, SETTINGS(n)), (uint64_t)sum);
	}
	/* Modulo 2^64: this sum is 9.0e19. */
	unsigned __int128 k = 6500000, sum = (k - 1) * k * (2 * k - 1) / 6;
	assert_true(sum > UINT64_MAX);
	assert_int_equal(value_of("sum_squares", 0, SETTINGS("n=6500000")), (uint64_t)sum);
}

enum { SIEVE = 3000 };

static void primes_are_those_of_a_sieve(void **state)
{
	(void)state;
	bool composite[SIEVE] = {true, true};
	for (uint64_t i = 2; i < SIEVE; i++)
		for (uint64_t j = 2 * i; j < SIEVE; j += i)
			composite[j] = true;
	struct bench bench;
	bench_open(&bench, "primes", 1, SETTINGS("from=0", "to=2999"));
	uint64_t found = 0;
	for (uint64_t i = 0; i < SIEVE; i++) {
		assert_int_equal(bench_task(&bench, i), composite[i] ? 0 : i);
		found += !composite[i];
	}
	assert_int_equal(bench_metric(&bench, 0), found);
	assert_int_equal(bench_task(&bench, SIEVE + 2999), 2999);
	bench_close(&bench);
}

static void large_primes(void **state)
{
	(void)state;
	/* The square of the prime 1000003, and the two primes around 10^12. */
	assert_int_equal(
		value_of("primes", 0, SETTINGS("from=1000006000009", "to=1000006000009")), 0);
	assert_int_equal(value_of("primes", 0, SETTINGS("from=999999999989", "to=1000000000038")),
		999999999989);
	assert_int_equal(value_of("primes", 50, SETTINGS("from=999999999989", "to=1000000000039")),
		1000000000039);
}

static void primes_of_the_gallery(void **state)
{
	(void)state;
	struct bench bench;
	bench_open(&bench, "primes", 4, SETTINGS(NULL));
	assert_int_equal(
		bench_run(&bench, 100), 100003 + 100019 + 100043 + 100049 + 100057 + 100069);
	assert_int_equal(bench_metric(&bench, 0), 6);
	bench_close(&bench);
}

/* What `check` says about the settings; "" if nothing. */
static void assert_check(const char *name, const char *const *settings, const char *expected)
{
	struct bench bench = {.engine.workload = workload_find(name)};
	struct err err = {""};
	arena_init(&bench.arena);
	const void *params = bench_params(&bench, settings);
	int result = bench.engine.workload->check(params, &err);
	assert_int_equal(result, *expected ? -1 : 0);
	assert_string_equal(err.text, expected);
	arena_release(&bench.arena);
}

static void settings_that_contradict_each_other(void **state)
{
	(void)state;
	assert_check("primes", SETTINGS("from=5", "to=5"), "");
	assert_check(
		"primes", SETTINGS("from=5", "to=4"), "to is 4 and from is 5; to must not be less");
	assert_check("sleep", SETTINGS("cycle=1s", "cycle=2s"), "");
	assert_check("sleep", SETTINGS("duration=1s", "cycle=2s"),
		"sleep has both a duration and a cycle; remove one of them");
}

static void sleep_lasts_as_long_as_it_says(void **state)
{
	(void)state;
	struct bench bench;
	bench_open(&bench, "sleep", 1, SETTINGS("cycle=1ms", "cycle=3ms", "cycle=0s"));
	static const uint64_t turns_ns[] = {1000000, 3000000, 0, 1000000};
	for (uint64_t i = 0; i < 4; i++) {
		uint64_t began = clock_monotonic_ns();
		assert_int_equal(bench_task(&bench, i), turns_ns[i]);
		assert_true(clock_monotonic_ns() - began >= turns_ns[i]);
		assert_int_equal(
			workload_find("sleep")->known_ns(&bench.engine.job, i), turns_ns[i]);
	}
	bench_close(&bench);
	assert_int_equal(value_of("sleep", 1, SETTINGS(NULL)), 10000000);
}

static void jitter_spreads_evenly_and_repeats(void **state)
{
	(void)state;
	struct bench bench;
	bench_open(&bench, "sleep", 1, SETTINGS("duration=100s", "jitter=30%"));
	uint64_t (*wait)(const struct job *, uint64_t) = workload_find("sleep")->known_ns;
	enum { DRAWS = 10000 };
	double sum_s = 0, least_s = 1e9, most_s = 0;
	for (uint64_t i = 0; i < DRAWS; i++) {
		uint64_t ns = wait(&bench.engine.job, i);
		assert_int_equal(ns, wait(&bench.engine.job, i));
		double s = (double)ns / 1e9;
		sum_s += s;
		least_s = s < least_s ? s : least_s;
		most_s = s > most_s ? s : most_s;
	}
	assert_true(least_s >= 70 && least_s < 70.1);
	assert_true(most_s <= 130 && most_s > 129.9);
	/* Five standard errors of a uniform distribution's mean are 0.87 s. */
	assert_true(sum_s / DRAWS > 99.1 && sum_s / DRAWS < 100.9);
	bench.engine.job.seed = 2;
	uint64_t other = wait(&bench.engine.job, 0);
	bench.engine.job.seed = 1;
	assert_int_not_equal(other, wait(&bench.engine.job, 0));
	bench_close(&bench);
}

static void nothing(int signal_number)
{
	(void)signal_number;
}

static void set_stop(struct bench *bench, uint32_t stop)
{
	/* Relaxed: the flag is all that is passed. */
	atomic_store_explicit(&bench->engine.region->attention, stop, memory_order_relaxed);
}

static void a_stopped_sleep_returns_on_a_signal(void **state)
{
	(void)state;
	struct bench bench;
	bench_open(&bench, "sleep", 1, SETTINGS("duration=1h"));
	sigaction(SIGUSR1, &(struct sigaction){.sa_handler = nothing}, NULL);
	bench.engine.job.tasks = 1;
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, bench_thread, &bench.seats[0].worker), 0);
	/* Not yet stopped: a signal does not end the wait. */
	for (int i = 0; i < 5; i++) {
		nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
		pthread_kill(thread, SIGUSR1);
	}
	assert_int_not_equal(pthread_tryjoin_np(thread, NULL), 0);
	set_stop(&bench, 1);
	do {
		pthread_kill(thread, SIGUSR1);
		nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
	} while (pthread_tryjoin_np(thread, NULL) != 0);
	bench_close(&bench);
}

/* Each would take many minutes if it did not look at the flag while it works. */
static void stopped_tasks_return(void **state)
{
	(void)state;
	static const char *const endless[][4] = {
		{"count", "n=1000000000000", NULL},
		{"sum_squares", "n=1000000000000", NULL},
		{"primes", "from=999999999999999989", "to=999999999999999989", NULL},
		{"counter", "n=1000000000000", NULL},
		{"counter", "n=1000000", "hold=1000000", NULL},
		{"file_read", "block=1B", "size=64MiB", NULL},
		{"file_write", "block=1B", "size=1TiB", NULL},
	};
	for (size_t i = 0; i < sizeof(endless) / sizeof(*endless); i++) {
		struct bench bench;
		pthread_t thread;
		bench_open(&bench, endless[i][0], 1, endless[i] + 1);
		bench.engine.job.tasks = 1;
		assert_int_equal(
			pthread_create(&thread, NULL, bench_thread, &bench.seats[0].worker), 0);
		nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
		assert_int_not_equal(pthread_tryjoin_np(thread, NULL), 0);
		set_stop(&bench, 1);
		pthread_join(thread, NULL);
		bench_finish(&bench);
		bench_close(&bench);
	}
}

static void every_third_task_fails(void **state)
{
	(void)state;
	struct bench bench;
	bench_open(&bench, "fault", 1, SETTINGS("kind=error", "every=3"));
	for (uint64_t i = 0; i < 9; i++) {
		assert_int_equal(bench_task(&bench, i), i % 3 == 2 ? 0 : 1);
		assert_int_equal(bench.seats[0].worker.failed, i % 3 == 2);
	}
	assert_string_equal(bench_error(&bench), "task 2 failed on purpose");
	bench_close(&bench);
}

/* How a process ends that runs one faulty task. */
static int end_of(const char *const *settings)
{
	struct bench bench;
	bench_open(&bench, "fault", 1, settings);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		bench_task(&bench, 0);
		_exit(99);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	bench_close(&bench);
	return status;
}

static void faults_end_their_process(void **state)
{
	(void)state;
	int status = end_of(SETTINGS("kind=segv"));
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSEGV);
	status = end_of(SETTINGS("kind=abort"));
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
	status = end_of(SETTINGS("kind=exit", "code=42"));
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 42);
	assert_int_equal(WEXITSTATUS(end_of(SETTINGS("kind=segv", "every=2"))), 99);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_are_complete),
		cmocka_unit_test(groups_are_together),
		cmocka_unit_test(noop_is_worth_nothing),
		cmocka_unit_test(count_is_worth_n),
		cmocka_unit_test(sum_squares_is_the_closed_form),
		cmocka_unit_test(primes_are_those_of_a_sieve),
		cmocka_unit_test(large_primes),
		cmocka_unit_test(primes_of_the_gallery),
		cmocka_unit_test(settings_that_contradict_each_other),
		cmocka_unit_test(sleep_lasts_as_long_as_it_says),
		cmocka_unit_test(jitter_spreads_evenly_and_repeats),
		cmocka_unit_test(a_stopped_sleep_returns_on_a_signal),
		cmocka_unit_test(stopped_tasks_return),
		cmocka_unit_test(every_third_task_fails),
		cmocka_unit_test(faults_end_their_process),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
