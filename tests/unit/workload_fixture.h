/*
 * A workload at work, without an executor: its hooks are called as the engine would call them,
 * its tasks run on plain threads, and what it reports goes where the engine keeps it.
 */
#ifndef TESTS_WORKLOAD_FIXTURE_H
#define TESTS_WORKLOAD_FIXTURE_H

#include "engine/crew.h"
#include "workloads/workload.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* clang-format off: it needs what stands before it. */
#include <cmocka.h>
/* clang-format on */

enum { BENCH_OPTIONS = 8, BENCH_WORKERS = 8 };

struct bench {
	struct crew_engine engine;
	struct seat seats[BENCH_WORKERS];
	struct arena arena;
	char scratch[64];
	double metrics[RESULT_METRICS];
};

/* Every value of `option` among settings of the form "name=value"; none: its default. */
static inline union value bench_value(
	struct bench *bench, const struct option *option, const char *const *settings)
{
	union value values[BENCH_OPTIONS];
	size_t count = 0, length = strlen(option->name);
	for (; *settings; settings++) {
		struct err err = {""};
		if (strncmp(*settings, option->name, length) != 0 || (*settings)[length] != '=')
			continue;
		if (option_parse(option, *settings + length + 1, &bench->arena, &values[count++],
			    &err) != 0)
			fail_msg("%s", err.text);
	}
	if (count == 0)
		return option_default(option);
	if (!option->list)
		return values[0];
	union value *items = arena_alloc(&bench->arena, sizeof(values));
	memcpy(items, values, sizeof(values));
	struct option_list *list = arena_alloc(&bench->arena, sizeof(*list));
	*list = (struct option_list){count, items};
	return (union value){.list = list};
}

static inline void *bench_params(struct bench *bench, const char *const *settings)
{
	const struct workload *workload = bench->engine.workload;
	void *params = arena_alloc(&bench->arena, workload->params_bytes);
	union value values[BENCH_OPTIONS];
	if (!workload->params)
		return params;
	for (size_t i = 0; i < option_count(workload->params); i++)
		values[i] = bench_value(bench, &workload->params[i], settings);
	option_store(workload->params, values, params);
	return params;
}

static inline void bench_seat(struct bench *bench, uint32_t index)
{
	struct region *region = bench->engine.region;
	bench->seats[index] = (struct seat){
		.worker = {.job = &bench->engine.job,
			.state = region_state(region, index),
			.index = index,
			.attention = &region->attention,
			.report = region_report(region, index)},
		.engine = &bench->engine,
	};
	struct worker *worker = &bench->seats[index].worker;
	struct err err = {""};
	if (bench->engine.workload->worker_setup &&
		bench->engine.workload->worker_setup(worker, &err) != 0)
		fail_msg("%s", err.text);
}

/* Up to the moment before the first task. */
static inline void bench_open(
	struct bench *bench, const char *name, uint32_t workers, const char *const *settings)
{
	*bench = (struct bench){.scratch = "/tmp/conrun-unit-XXXXXX"};
	arena_init(&bench->arena);
	assert_non_null(mkdtemp(bench->scratch));
	const struct workload *workload = workload_find(name);
	assert_non_null(workload);
	bench->engine.workload = workload;
	struct job *job = &bench->engine.job;
	*job = (struct job){.workload = workload,
		.executor = "bench",
		.params = bench_params(bench, settings),
		.workers = workers,
		.seed = 1,
		.folder = ".",
		.scratch = bench->scratch,
		.metrics = bench->metrics};
	struct region_plan plan = {.workers = workers, .state_bytes = workload->worker_bytes};
	plan.shared_bytes = workload->shared_bytes ? workload->shared_bytes(job) : 0;
	bench->engine.region = region_map(&plan);
	assert_non_null(bench->engine.region);
	job->shared = region_shared(bench->engine.region);
	struct err err = {""};
	if (workload->setup && workload->setup(job, &err) != 0)
		fail_msg("%s", err.text);
	for (uint32_t i = 0; i < workers; i++)
		bench_seat(bench, i);
}

/* One task on the first worker. */
static inline uint64_t bench_task(struct bench *bench, uint64_t index)
{
	struct worker *worker = &bench->seats[0].worker;
	worker->failed = false;
	return bench->engine.workload->task(worker, index);
}

static inline void *bench_thread(void *arg)
{
	struct worker *worker = arg;
	uint64_t sum = 0;
	for (uint64_t i = worker->index; i < worker->job->tasks; i += worker->job->workers)
		sum += seat_of(worker)->engine->workload->task(worker, i);
	return (void *)(uintptr_t)sum;
}

/* All tasks, each worker on a thread of its own; the checksum. */
static inline uint64_t bench_run(struct bench *bench, uint64_t tasks)
{
	pthread_t threads[BENCH_WORKERS];
	uint64_t checksum = 0;
	bench->engine.job.tasks = tasks;
	for (uint32_t i = 0; i < bench->engine.job.workers; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, bench_thread, &bench->seats[i].worker),
			0);
	for (uint32_t i = 0; i < bench->engine.job.workers; i++) {
		void *sum;
		pthread_join(threads[i], &sum);
		checksum += (uintptr_t)sum;
	}
	return checksum;
}

static inline double bench_metric(const struct bench *bench, unsigned metric)
{
	double sum = bench->metrics[metric];
	for (uint32_t i = 0; i < bench->engine.job.workers; i++)
		sum += bench->seats[i].worker.report->metrics[metric];
	return sum;
}

/* The text of the first task that failed. */
static inline const char *bench_error(const struct bench *bench)
{
	return bench->engine.region->error;
}

/* The tear-down hooks; the metrics are complete after it. */
static inline void bench_finish(struct bench *bench)
{
	const struct workload *workload = bench->engine.workload;
	for (uint32_t i = 0; i < bench->engine.job.workers && workload->worker_teardown; i++)
		workload->worker_teardown(&bench->seats[i].worker);
	if (workload->teardown)
		workload->teardown(&bench->engine.job);
}

static inline void bench_close(struct bench *bench)
{
	region_unmap(bench->engine.region);
	arena_release(&bench->arena);
	char read_file[sizeof(bench->scratch) + 8];
	snprintf(read_file, sizeof(read_file), "%s/read", bench->scratch);
	unlink(read_file);
	/* Fails where a task left a file behind. */
	assert_int_equal(rmdir(bench->scratch), 0);
}

/* SETTINGS("n=5", "sync=none"); SETTINGS(NULL) for all defaults. */
#define SETTINGS(...) ((const char *const[]){__VA_ARGS__, NULL})

#endif
