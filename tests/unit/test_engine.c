/* Runs of in-test workloads through every executor: statuses, counts, checksums, nothing left. */
#include "engine/run.h"
#include "measure/clock.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { SECOND = 1000000000 };

static uint64_t square(struct worker *worker, uint64_t index)
{
	(void)worker;
	return index * index;
}

static const struct workload squares = {.name = "squares", .task = square};

static uint64_t every_tenth(struct worker *worker, uint64_t index, void (*harm)(struct worker *))
{
	if (index % 10 == 9)
		harm(worker);
	return 1;
}

static void die_of_segv(struct worker *worker)
{
	(void)worker;
	signal(SIGSEGV, SIG_DFL); /* not the sanitizer's report */
	raise(SIGSEGV);
}

static uint64_t crash(struct worker *worker, uint64_t index)
{
	return every_tenth(worker, index, die_of_segv);
}

static const struct workload crashing = {.name = "crashing", .task = crash};

static void call_exit(struct worker *worker)
{
	(void)worker;
	_exit(7);
}

static uint64_t leave(struct worker *worker, uint64_t index)
{
	return every_tenth(worker, index, call_exit);
}

static const struct workload leaving = {.name = "leaving", .task = leave};

static uint64_t fail_tenth(struct worker *worker, uint64_t index)
{
	return index % 10 == 9 ? worker_fail(worker, "task %d says no", (int)index) : 1;
}

static const struct workload failing = {.name = "failing", .task = fail_tenth};

static uint64_t hang(struct worker *worker, uint64_t index)
{
	(void)index;
	sigset_t all;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, NULL);
	while (worker->job->tasks)
		pause();
	return 0;
}

static const struct workload hanging = {.name = "hanging", .task = hang};

/* Leaves a process behind that is in no group of the run's and has no parent in it. */
static uint64_t orphan(struct worker *worker, uint64_t index)
{
	(void)worker, (void)index;
	pid_t pid = fork();
	if (pid == 0) {
		setsid();
		if (fork() == 0)
			sleep(1000);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	return 1;
}

static const struct workload orphaning = {.name = "orphaning", .task = orphan};

static int refuse_setup(struct job *job, struct err *err)
{
	(void)job;
	return err_set(err, "no setup today");
}

static const struct workload unusable = {.name = "unusable", .setup = refuse_setup, .task = square};

static int refuse_worker(struct worker *worker, struct err *err)
{
	return worker->index == 1 ? err_set(err, "worker 1 is not fit") : 0;
}

static const struct workload half_usable = {
	.name = "half_usable", .worker_setup = refuse_worker, .task = square};

struct counting_state {
	uint64_t tasks;
};

static int counting_worker_setup(struct worker *worker, struct err *err)
{
	(void)err;
	((struct counting_state *)worker->state)->tasks = 0;
	return 0;
}

static uint64_t counting_task(struct worker *worker, uint64_t index)
{
	(void)index;
	((struct counting_state *)worker->state)->tasks++;
	worker_metric(worker, 0, 2);
	return 0;
}

static void counting_worker_teardown(struct worker *worker)
{
	_Atomic uint64_t *sum = worker->job->shared;
	*sum += ((struct counting_state *)worker->state)->tasks;
}

static size_t counting_shared(const struct job *job)
{
	(void)job;
	return sizeof(uint64_t);
}

static void counting_teardown(struct job *job)
{
	job->metrics[1] = (double)*(_Atomic uint64_t *)job->shared;
}

static const struct metric counting_metrics[] = {
	{.name = "twice", .help = "2 a task"},
	{.name = "counted", .help = "tasks by the workers' own count"},
	{.name = NULL},
};

static const struct workload counting = {
	.name = "counting",
	.metrics = counting_metrics,
	.worker_bytes = sizeof(struct counting_state),
	.shared_bytes = counting_shared,
	.worker_setup = counting_worker_setup,
	.task = counting_task,
	.worker_teardown = counting_worker_teardown,
	.teardown = counting_teardown,
};

/* ---- driving ---- */

static struct result result;
static struct experiment load; /* what runs have beside tasks */
static bool with_gil;

static void run(const char *executor_name, const struct workload *workload, uint32_t workers,
	uint64_t tasks, uint64_t timeout_ns)
{
	const struct executor *executor = executor_find(executor_name);
	assert_non_null(executor);
	union value values[8];
	for (size_t i = 0; executor->options && i < option_count(executor->options); i++) {
		values[i] = option_default(&executor->options[i]);
		if (strcmp(executor->options[i].name, "gil") == 0)
			values[i].integer = with_gil;
	}
	struct workload_variant workload_variant = {
		.name = workload->name, .type = workload, .folder = "."};
	struct executor_variant executor_variant = {
		.label = executor_name, .type = executor, .values = values};
	struct experiment experiment = {.workload = &workload_variant,
		.executor = &executor_variant,
		.workers = executor->ignores_workers ? 1 : workers,
		.tasks = tasks,
		.timeout_ns = timeout_ns,
		.runtime_ns = load.runtime_ns,
		.rate = load.rate,
		.arrival = load.arrival};
	struct err err = {""};
	int ran = run_execute(&experiment, 1, NULL, &result, &err);
	assert_string_equal(err.text, "");
	assert_int_equal(ran, 0);
	/* No child of any kind is left. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static const char *const all[] = {
	"sequential", "thread", "thread_pool", "process", "process_pool", "pipe", "async", NULL};
static const char *const in_threads[] = {"sequential", "async", "thread", "thread_pool", NULL};
static const char *const in_processes[] = {"process", "process_pool", "pipe", NULL};

static void test_ok(void **state)
{
	(void)state;
	for (const char *const *name = all; *name; name++) {
		run(*name, &squares, 3, 100, 20 * (uint64_t)SECOND);
		assert_string_equal(result.error, "");
		assert_int_equal(result.status, STATUS_OK);
		assert_int_equal(result.tasks_ok, 100);
		assert_int_equal(result.tasks_failed + result.tasks_lost, 0);
		assert_int_equal(result.checksum, 328350); /* sum of i², i < 100 */
		assert_int_equal(result.task_ns.total, 100);
		assert_int_equal(result.wait_ns.total, 100);
		assert_true(result.elapsed_known);
		assert_true(result.elapsed_ns > 0);
		assert_true(result.usage.known);
		assert_true(result.usage.cpu_user_ns >= 0);
		assert_true(result.max_rss_bytes > 0);
	}
}

static void test_more_workers_than_tasks(void **state)
{
	(void)state;
	for (const char *const *name = all; *name; name++) {
		run(*name, &squares, 40, 3, 20 * (uint64_t)SECOND);
		assert_int_equal(result.status, STATUS_OK);
		assert_int_equal(result.checksum, 5);
	}
}

static void test_crash_in_threads_loses_all(void **state)
{
	(void)state;
	for (const char *const *name = in_threads; *name; name++) {
		run(*name, &crashing, 2, 100, 20 * (uint64_t)SECOND);
		assert_int_equal(result.status, STATUS_CRASHED);
		assert_non_null(strstr(result.error, "SIGSEGV"));
		assert_true(result.tasks_lost >= 1);
		assert_int_equal(result.tasks_ok + result.tasks_lost, 100);
		assert_false(result.elapsed_known);
	}
}

static void test_crash_in_processes_loses_its_tasks(void **state)
{
	(void)state;
	for (const char *const *name = in_processes; *name; name++) {
		run(*name, &crashing, 2, 100, 20 * (uint64_t)SECOND);
		assert_int_equal(result.status, STATUS_CRASHED);
		assert_non_null(strstr(result.error, "SIGSEGV"));
		assert_non_null(strstr(result.error, "and 9 more died"));
		assert_int_equal(result.tasks_ok, 90);
		assert_int_equal(result.tasks_lost, 10);
		assert_true(result.elapsed_known);
		assert_int_equal(result.task_ns.total, 90);
	}
}

static void test_exit(void **state)
{
	(void)state;
	for (const char *const *name = all; *name; name++) {
		run(*name, &leaving, 2, 100, 20 * (uint64_t)SECOND);
		assert_int_equal(result.status, STATUS_CRASHED);
		assert_non_null(strstr(result.error, "exited with code 7"));
		assert_int_equal(result.tasks_ok + result.tasks_lost, 100);
	}
}

static void test_failing(void **state)
{
	(void)state;
	for (const char *const *name = all; *name; name++) {
		run(*name, &failing, 2, 100, 20 * (uint64_t)SECOND);
		assert_int_equal(result.status, STATUS_FAILED);
		assert_non_null(strstr(result.error, "says no"));
		assert_int_equal(result.tasks_ok, 90);
		assert_int_equal(result.tasks_failed, 10);
		assert_int_equal(result.tasks_lost, 0);
	}
}

static void test_hang(void **state)
{
	(void)state;
	for (const char *const *name = all; *name; name++) {
		run(*name, &hanging, 2, 4, SECOND / 5);
		assert_int_equal(result.status, STATUS_TIMEOUT);
		assert_non_null(strstr(result.error, "200ms"));
		assert_int_equal(result.tasks_lost, 4);
	}
}

static void test_orphans_are_ended(void **state)
{
	(void)state;
	for (const char *const *name = all; *name; name++) {
		run(*name, &orphaning, 2, 4, 20 * (uint64_t)SECOND);
		assert_int_equal(result.status, STATUS_OK);
	}
}

static void test_setup_fails(void **state)
{
	(void)state;
	for (const char *const *name = all; *name; name++) {
		run(*name, &unusable, 2, 4, 20 * (uint64_t)SECOND);
		assert_int_equal(result.status, STATUS_FAILED);
		assert_string_equal(result.error, "no setup today");
		assert_int_equal(result.tasks_lost, 4);
	}
}

static void test_worker_setup_fails(void **state)
{
	(void)state;
	for (const char *const *name = all; *name; name++) {
		if (executor_find(*name)->kind == WORKER_HOST)
			continue; /* it has worker 0 only */
		run(*name, &half_usable, 3, 40, 20 * (uint64_t)SECOND);
		assert_int_equal(result.status, STATUS_FAILED);
		assert_string_equal(result.error, "worker 1 is not fit");
	}
}

static void test_state_and_metrics(void **state)
{
	(void)state;
	for (const char *const *name = all; *name; name++) {
		run(*name, &counting, 3, 50, 20 * (uint64_t)SECOND);
		assert_int_equal(result.status, STATUS_OK);
		assert_true(result.metrics_known);
		assert_int_equal((int)result.metrics[0], 100);
		assert_int_equal((int)result.metrics[1], 50);
	}
}

static void test_runtime(void **state)
{
	(void)state;
	load = (struct experiment){.runtime_ns = SECOND / 5};
	for (const char *const *name = all; *name; name++) {
		run(*name, &squares, 3, 0, 20 * (uint64_t)SECOND);
		assert_string_equal(result.error, "");
		assert_int_equal(result.status, STATUS_OK);
		assert_true(result.tasks_ok > 10);
		assert_int_equal(result.task_ns.total, result.tasks_ok);
		assert_int_equal(result.tasks_lost, 0);
		assert_true(result.elapsed_ns < SECOND / 4);
		assert_true(result.elapsed_ns > SECOND / 20);
	}
	load = (struct experiment){0};
}

static void test_rate(void **state)
{
	(void)state;
	for (int arrival = ARRIVAL_CONSTANT; arrival <= ARRIVAL_POISSON; arrival++) {
		load = (struct experiment){.rate = 1000, .arrival = arrival};
		for (const char *const *name = all; *name; name++) {
			run(*name, &squares, 3, 200, 20 * (uint64_t)SECOND);
			assert_string_equal(result.error, "");
			assert_int_equal(result.status, STATUS_OK);
			assert_int_equal(result.tasks_ok, 200);
			assert_int_equal(result.wait_ns.total, 200);
			assert_true(result.elapsed_ns > SECOND / 10);
			assert_true(result.backlog >= 1);
		}
	}
	load = (struct experiment){0};
}

static uint64_t slow(struct worker *worker, uint64_t index)
{
	(void)worker, (void)index;
	usleep(5000);
	return 1;
}

static const struct workload slowly = {.name = "slowly", .task = slow};

/* Tasks come twice as fast as they can be done: the queue shows in the waits and in the backlog. */
static void test_overload(void **state)
{
	(void)state;
	load = (struct experiment){.rate = 400, .runtime_ns = SECOND / 4};
	for (const char *const *name = all; *name; name++) {
		run(*name, &slowly, 1, 0, 20 * (uint64_t)SECOND);
		assert_int_equal(result.status, STATUS_OK);
		assert_int_equal(result.tasks_ok, 100);
		assert_true(result.backlog > 30);
		assert_true(tally_quantile(&result.wait_ns, 1) > SECOND / 10);
	}
	load = (struct experiment){0};
}

enum { COUNT_TO = 20 * 1000 * 1000 };

static uint64_t count_up(struct worker *worker, uint64_t index)
{
	for (volatile int i = 0; i < COUNT_TO; i++)
		if (i % 1024 == 0 && checkpoint(worker))
			return 0;
	return index;
}

static const struct workload counting_up = {.name = "counting_up", .task = count_up};

static uint64_t block(struct worker *worker, uint64_t index)
{
	blocking_begin(worker);
	usleep(100 * 1000);
	blocking_end(worker);
	return index;
}

static const struct workload blocking = {.name = "blocking", .task = block};

/* One lock to compute: the threads' CPU time cannot overlap, whatever the machine. */
static void test_gil(void **state)
{
	(void)state;
	static const char *const names[] = {"thread", "thread_pool"};
	for (int i = 0; i < 2; i++) {
		with_gil = true;
		run(names[i], &counting_up, 4, 8, 60 * (uint64_t)SECOND);
		assert_int_equal(result.status, STATUS_OK);
		assert_int_equal(result.checksum, 28);
		assert_int_equal(result.executor_metrics_known, 3);
		assert_true(result.executor_metrics[0] > 0);
		assert_true(result.executor_metrics[1] > 0);
		assert_true(result.lifecycle.running_ns < (int64_t)(result.elapsed_ns * 1.15));

		run(names[i], &blocking, 8, 8, 60 * (uint64_t)SECOND);
		assert_int_equal(result.status, STATUS_OK);
		assert_true(result.elapsed_ns < 4 * (uint64_t)SECOND / 10); /* not 0.8 s */

		with_gil = false;
		run(names[i], &counting_up, 4, 8, 60 * (uint64_t)SECOND);
		assert_int_equal(result.status, STATUS_OK);
		assert_int_equal(result.executor_metrics_known, 0);
	}
}

static void test_limit(void **state)
{
	(void)state;
	run("thread_pool", &squares, 100 * 1000 * 1000, 10, SECOND);
	assert_int_equal(result.status, STATUS_SKIPPED_LIMIT);
	assert_non_null(strstr(result.error, "there is room for"));
}

static int open_engine(void **state)
{
	(void)state;
	struct err err;
	result_init(&result);
	return engine_open(&err);
}

static int close_engine(void **state)
{
	(void)state;
	result_release(&result);
	engine_close();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ok),
		cmocka_unit_test(test_more_workers_than_tasks),
		cmocka_unit_test(test_crash_in_threads_loses_all),
		cmocka_unit_test(test_crash_in_processes_loses_its_tasks),
		cmocka_unit_test(test_exit),
		cmocka_unit_test(test_failing),
		cmocka_unit_test(test_hang),
		cmocka_unit_test(test_orphans_are_ended),
		cmocka_unit_test(test_setup_fails),
		cmocka_unit_test(test_worker_setup_fails),
		cmocka_unit_test(test_state_and_metrics),
		cmocka_unit_test(test_runtime),
		cmocka_unit_test(test_rate),
		cmocka_unit_test(test_overload),
		cmocka_unit_test(test_gil),
		cmocka_unit_test(test_limit),
	};
	return cmocka_run_group_tests(tests, open_engine, close_engine);
}
