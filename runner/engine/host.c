#include "engine/host.h"

#include "base/memory.h"
#include "engine/crew.h"
#include "engine/image.h"
#include "engine/limits.h"
#include "measure/account.h"
#include "measure/clock.h"

#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

struct region_plan host_region_plan(const struct experiment *experiment, uint64_t seed)
{
	const struct workload *workload = experiment->workload->type;
	struct job job = crew_job(experiment, seed);
	struct region_plan plan = {
		.workers = experiment->executor->type->alone ? 1 : job.workers,
		.bins_count = experiment->executor->type->claims ? job.workers : 1,
		.state_bytes = workload->worker_bytes,
		.attachable = experiment->executor->type->kind == WORKER_PROCESS ||
			      image_has_host(workload),
		.schedule_count = experiment->rate > 0 ? job.tasks : 0,
		.shared_bytes = workload->shared_bytes ? workload->shared_bytes(&job) : 0,
		.lanes = job.workers,
		.lanes_shared = experiment->executor->type->alone,
		.tasks = job.tasks,
	};
	free((void *)job.params);
	return plan;
}

int host_check_limits(const struct experiment *experiment, const struct region_plan *plan,
	const struct room *room, struct err *err)
{
	const struct executor *executor = experiment->executor->type;
	const struct workload *workload = experiment->workload->type;
	struct crew_size size = {.executor = executor,
		.workers = experiment->workers,
		.region_bytes = region_bytes(plan)};
	if (workload->needs) {
		struct job job = crew_job(experiment, 0);
		workload->needs(&job, &size.needs);
		free((void *)job.params);
	}
	if (executor->worker_bytes) {
		void *options = crew_params(
			executor->options, experiment->executor->values, executor->options_bytes);
		size.worker_bytes = executor->worker_bytes(options, experiment->workload->type);
		free(options);
	}
	if (!executor->pool && !executor->alone)
		size.workers = plan->workers; /* no more places than tasks */
	return limits_check(&size, room, err);
}

static void enter(struct region *region, enum phase phase)
{
	/* Release: the program that sees a phase sees all that the one before it left. */
	atomic_store_explicit(&region->phase, phase, memory_order_release);
}

static _Noreturn void leave_in(struct region *region, enum phase phase, const struct err *err)
{
	region_error(region, err->text);
	enter(region, phase);
	_exit(0);
}

static _Noreturn void give_up(struct region *region, const struct err *err)
{
	leave_in(region, PHASE_UNUSABLE, err);
}

static void set_up(struct crew_engine *engine)
{
	const struct workload *workload = engine->workload;
	struct err err;
	if (workload->supported && workload->supported(engine->job.params, &err) != 0)
		leave_in(engine->region, PHASE_UNSUPPORTED, &err);
	if (workload->setup && workload->setup(&engine->job, &err) != 0)
		give_up(engine->region, &err);
}

static void start(struct crew_engine *engine)
{
	struct region *region = engine->region;
	struct err err;
	enter(region, PHASE_START);
	region->start_began = clock_ticks();
	if (engine->executor->start(&engine->crew, &err) != 0)
		give_up(region, &err);
	region->start_ended = clock_ticks();
}

static void run(struct crew_engine *engine)
{
	struct region *region = engine->region;
	struct err err;
	struct usage self = usage_now(RUSAGE_SELF), children = usage_now(RUSAGE_CHILDREN);
	enter(region, PHASE_RUN);
	if (region->schedule_count)
		prctl(PR_SET_TIMERSLACK, 1); /* arrivals are to be kept to the microsecond */
	/* Relaxed: crew_release publishes it to the workers; the program only shows it. */
	atomic_store_explicit(&region->released, clock_ticks(), memory_order_relaxed);
	crew_release(engine);
	int ran = engine->executor->run(&engine->crew, &err);
	/* Here what was used up to the release is taken off; what children used, see below. */
	region->usage = usage_now(RUSAGE_SELF);
	usage_subtract(&region->usage, &self);
	usage_subtract(&region->usage, &children);
	if (ran != 0)
		give_up(region, &err);
}

/* Children are accounted for when they are reaped, whole: a pool's began before the release. */
static void add_usage_of_children(struct crew_engine *engine)
{
	struct usage children = usage_now(RUSAGE_CHILDREN);
	usage_add(&engine->region->usage, &children);
	for (uint32_t i = 0; i < engine->seat_count; i++)
		usage_subtract(
			&engine->region->usage, &engine->seats[i].worker.report->usage_began);
}

static void tear_down(struct crew_engine *engine)
{
	struct region *region = engine->region;
	enter(region, PHASE_STOP);
	if (engine->executor->stop)
		engine->executor->stop(&engine->crew);
	region->stop_ended = clock_ticks();
	add_usage_of_children(engine);
	for (uint32_t i = 0; engine->prepared && i < engine->seat_count; i++)
		seat_tear_down(&engine->seats[i]);
	engine->job.metrics = region->metrics;
	if (engine->workload->teardown)
		engine->workload->teardown(&engine->job);
}

_Noreturn void host_main(const struct host_spec *spec)
{
	struct region *region = spec->region;
	struct crew_engine *engine = memory_alloc(sizeof(*engine));
	atomic_store_explicit(&region->host, getpid(), memory_order_relaxed);
	region_populate(region, region->recording_at);
	region_populate(
		(char *)region + region->recording_at, region->bytes - region->recording_at);
	crew_assemble(engine, spec->experiment, spec->seed, spec->scratch, region, CREW_ALL);
	set_up(engine);
	start(engine);
	run(engine);
	tear_down(engine);
	enter(region, PHASE_DONE);
	/* Not exit(): what the program has buffered or registered is the program's. */
	_exit(0);
}
