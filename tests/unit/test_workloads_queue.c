/*
 * The queue: every item that is put is taken once, whatever the number of sides and the room; no
 * kind loses a wake-up, and nobody waits for a consumer that is gone.
 */
#include "workload_fixture.h"
#include "workloads/bounded.h"

#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>

static const struct bounded_kind *const kinds[] = {
	&bounded_mutex_cond, &bounded_semaphore, &bounded_lock_free};
static const char *const syncs[] = {"sync=mutex_cond", "sync=semaphore", "sync=lock_free"};
static const char *const peers[] = {"peer=process", "peer=thread"};
enum { KINDS = 3, PEERS = 2, METRIC_FULL_WAITS = 0, METRIC_EMPTY_WAITS = 1 };

static struct bounded *make(const struct bounded_kind *kind, uint64_t capacity)
{
	struct bounded *bounded = memory_aligned(BOUNDED_APART, bounded_bytes(capacity));
	bounded->capacity = capacity;
	assert_int_equal(kind->make(bounded), 0);
	return bounded;
}

static void first_in_first_out_and_bounded(void **state)
{
	(void)state;
	for (size_t i = 0; i < KINDS; i++)
		for (uint64_t capacity = 1; capacity <= 5; capacity++) {
			struct bounded *bounded = make(kinds[i], capacity);
			struct item item = {0};
			uint64_t put = 0, taken = 0;
			for (int round = 0; round < 20; round++) {
				for (; item.value = put, (kinds[i]->put)(bounded, &item, 0); put++)
					;
				assert_int_equal(put - taken, capacity);
				for (; kinds[i]->take(bounded, &item, 0); taken++)
					assert_int_equal(item.value, taken);
				assert_int_equal(put, taken);
			}
			free(bounded);
		}
}

static void waits_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		struct bounded *bounded = make(kinds[i], 1);
		struct item item = {0};
		assert_false(kinds[i]->take(bounded, &item, 2000000));
		assert_true((kinds[i]->put)(bounded, &item, 2000000));
		assert_false((kinds[i]->put)(bounded, &item, 2000000));
		free(bounded);
	}
}

enum { SIDES = 3, EACH = 20000 };

struct side {
	const struct bounded_kind *kind;
	struct bounded *bounded;
	uint64_t sum, vain;
	bool puts;
};

/* A wait as long as this is in vain where a wake-up was lost, or where somebody was never run. */
enum { LONG_NS = 2000000000 };

static void *move_items(void *arg)
{
	struct side *side = arg;
	for (uint64_t i = 1; i <= EACH; i++) {
		struct item item = {.value = i};
		while (side->puts ? !(side->kind->put)(side->bounded, &item, LONG_NS)
				  : !side->kind->take(side->bounded, &item, LONG_NS))
			side->vain++;
		side->sum += item.value;
	}
	return NULL;
}

/* Every put has its take, so all are taken; with room for one, almost every step is a wake-up. */
static void check_sides(const struct bounded_kind *kind, uint64_t capacity)
{
	struct bounded *bounded = make(kind, capacity);
	struct side sides[2 * SIDES];
	pthread_t threads[2 * SIDES];
	uint64_t put_sum = 0, taken_sum = 0, vain = 0;
	for (int i = 0; i < 2 * SIDES; i++) {
		sides[i] = (struct side){.kind = kind, .bounded = bounded, .puts = i < SIDES};
		assert_int_equal(pthread_create(&threads[i], NULL, move_items, &sides[i]), 0);
	}
	for (int i = 0; i < 2 * SIDES; i++) {
		pthread_join(threads[i], NULL);
		*(sides[i].puts ? &put_sum : &taken_sum) += sides[i].sum;
		vain += sides[i].vain;
	}
	assert_int_equal(put_sum, SIDES * (uint64_t)EACH * (EACH + 1) / 2);
	assert_int_equal(taken_sum, put_sum);
	/* The condition variables of many glibc lose one now and then (sourceware bug 25847). A
	 * machine that stands still for as long lets each side wait in vain once. */
	if (kind != &bounded_mutex_cond)
		assert_in_range(vain, 0, 2 * SIDES);
	free(bounded);
}

static void many_sides_share_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		check_sides(kinds[i], 1);
		check_sides(kinds[i], 7);
		check_sides(kinds[i], 1000);
	}
}

static uint64_t value_of(const char *const *settings, uint32_t workers)
{
	struct bench bench;
	bench_open(&bench, "queue", workers, settings);
	uint64_t value = bench_run(&bench, 8);
	assert_string_equal(bench_error(&bench), "");
	bench_finish(&bench);
	bench_close(&bench);
	return value;
}

static void the_value_is_that_of_all_items(void **state)
{
	(void)state;
	struct job job = {.seed = 1};
	uint64_t sum = 0;
	for (uint64_t i = 0; i < 8 * 500; i++)
		sum += job_random(&job, i);
	for (size_t i = 0; i < KINDS; i++)
		for (size_t peer = 0; peer < PEERS; peer++)
			for (uint32_t workers = 1; workers <= 4; workers += 3) {
				assert_int_equal(sum, value_of(SETTINGS(syncs[i], peers[peer],
								       "items=500", "capacity=1"),
							      workers));
				assert_int_equal(sum, value_of(SETTINGS(syncs[i], peers[peer],
								       "items=500", "consumers=3"),
							      workers));
			}
}

static void waits_are_counted(void **state)
{
	(void)state;
	struct bench bench;
	/* Consumers slower than the worker: it waits with nearly every item. */
	bench_open(&bench, "queue", 1, SETTINGS("items=200", "capacity=2", "work=200000"));
	bench_task(&bench, 0);
	bench_finish(&bench);
	assert_in_range(bench_metric(&bench, METRIC_FULL_WAITS), 100, 200);
	bench_close(&bench);
	/* Room for all: it never waits. But the consumer does, between the tasks. */
	bench_open(&bench, "queue", 1, SETTINGS("items=20", "capacity=20"));
	for (uint64_t i = 0; i < 20; i++) {
		nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
		bench_task(&bench, i);
	}
	bench_finish(&bench);
	assert_int_equal(bench_metric(&bench, METRIC_FULL_WAITS), 0);
	assert_in_range(bench_metric(&bench, METRIC_EMPTY_WAITS), 1, 400);
	bench_close(&bench);
}

/* The pid of this process's only child. */
static pid_t only_child(void)
{
	DIR *proc = opendir("/proc");
	pid_t found = 0;
	assert_non_null(proc);
	for (struct dirent *entry; (entry = readdir(proc));) {
		char path[300], line[512] = "";
		int parent;
		snprintf(path, sizeof(path), "/proc/%s/stat", entry->d_name);
		FILE *file = fopen(path, "re");
		if (!file)
			continue;
		char *read = fgets(line, sizeof(line), file);
		fclose(file);
		char *behind = read ? strrchr(line, ')') : NULL;
		if (!behind || sscanf(behind, ") %*c %d", &parent) != 1 || parent != getpid())
			continue;
		assert_int_equal(found, 0);
		found = (pid_t)strtol(entry->d_name, NULL, 10);
	}
	closedir(proc);
	return found;
}

static void a_killed_consumer_is_not_waited_for(void **state)
{
	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		struct bench bench;
		bench_open(&bench, "queue", 1, SETTINGS(syncs[i], "items=100", "capacity=4"));
		assert_int_not_equal(bench_task(&bench, 0), 0);
		/* It sleeps by now: what it holds when it dies is nothing. */
		nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
		assert_int_equal(kill(only_child(), SIGKILL), 0);
		assert_int_equal(bench_task(&bench, 1), 0);
		assert_true(bench.seats[0].worker.failed);
		assert_string_equal(
			bench_error(&bench), "task 1 cannot be completed: a consumer has ended");
		bench_finish(&bench);
		assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
		bench_close(&bench);
	}
}

static void a_stopped_task_returns(void **state)
{
	(void)state;
	struct bench bench;
	bench_open(&bench, "queue", 1, SETTINGS("items=1000000000", "capacity=1"));
	bench.engine.job.tasks = 1;
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, bench_thread, &bench.seats[0].worker), 0);
	nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
	/* Relaxed: the flag is all that is passed. */
	atomic_store_explicit(
		&bench.engine.region->attention, ATTENTION_STOP, memory_order_relaxed);
	assert_int_equal(pthread_join(thread, NULL), 0);
	bench_finish(&bench);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_in_first_out_and_bounded),
		cmocka_unit_test(waits_end),
		cmocka_unit_test(many_sides_share_it),
		cmocka_unit_test(the_value_is_that_of_all_items),
		cmocka_unit_test(waits_are_counted),
		cmocka_unit_test(a_killed_consumer_is_not_waited_for),
		cmocka_unit_test(a_stopped_task_returns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
