#include "engine/host.h"

#include "base/memory.h"
#include "engine/crew.h"
#include "measure/account.h"
#include "measure/clock.h"

#include <stdlib.h>
#include <unistd.h>

uint32_t host_workers(const struct experiment *experiment)
{
	bool spare = !experiment->executor->type->pool && experiment->tasks < experiment->workers;
	return spare ? (uint32_t)experiment->tasks : experiment->workers;
}

static void *make_params(const struct option *table, const union value *values, size_t bytes)
{
	void *params = memory_alloc(bytes);
	if (table)
		option_store(table, values, params);
	return params;
}

static struct job make_job(const struct experiment *experiment, uint64_t seed)
{
	const struct workload_variant *variant = experiment->workload;
	return (struct job){
		.params = make_params(variant->type->params, variant->values, variant->type->params_bytes),
		.tasks = experiment->tasks,
		.workers = host_workers(experiment),
		.seed = seed,
	};
}

struct region_plan host_region_plan(const struct experiment *experiment, uint64_t seed)
{
	const struct workload *workload = experiment->workload->type;
	struct job job = make_job(experiment, seed);
	struct region_plan plan = {
		.workers = job.workers,
		.bins_count = experiment->executor->type->pool ? job.workers : 1,
		.state_bytes = workload->worker_bytes,
		.shared_bytes = workload->shared_bytes ? workload->shared_bytes(&job) : 0,
	};
	free((void *)job.params);
	return plan;
}

static void make_seats(struct crew_engine *engine)
{
	struct region *region = engine->region;
	uint32_t workers = engine->crew.workers;
	size_t bytes = workers * sizeof(struct seat);
	struct seat *seats = memory_aligned(alignof(struct seat), bytes);
	for (uint32_t i = 0; i < workers; i++)
		seats[i] = (struct seat){
			.worker = {.job = &engine->job,
				.state = region_state(region, i),
				.index = i,
				.stop = &region->stop,
				.report = region_report(region, i)},
			.engine = engine,
			.bins = region_bins(region, i < region->bins_count ? i : 0),
			.chunk = 1,
		};
	engine->seats = seats;
}

static void make_engine(struct crew_engine *engine, const struct host_spec *spec)
{
	const struct executor_variant *executor = spec->experiment->executor;
	*engine = (struct crew_engine){
		.executor = executor->type,
		.workload = spec->experiment->workload->type,
		.region = spec->region,
		.job = make_job(spec->experiment, spec->seed),
	};
	engine->job.shared = region_shared(spec->region);
	engine->job.scratch = spec->scratch;
	engine->crew = (struct crew){
		.options = make_params(
			executor->type->options, executor->values, executor->type->options_bytes),
		.workers = engine->job.workers,
		.tasks = engine->job.tasks,
		.engine = engine,
	};
	make_seats(engine);
}

static void enter(struct region *region, enum phase phase)
{
	/* Release: the program that sees a phase sees all that the one before it left. */
	atomic_store_explicit(&region->phase, phase, memory_order_release);
}

static _Noreturn void give_up(struct region *region, const struct err *err)
{
	region_error(region, err->text);
	enter(region, PHASE_UNUSABLE);
	_exit(0);
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
	for (uint32_t i = 0; i < engine->crew.workers; i++)
		usage_subtract(&engine->region->usage, &engine->seats[i].worker.report->usage_began);
}

static void tear_down(struct crew_engine *engine)
{
	struct region *region = engine->region;
	enter(region, PHASE_STOP);
	if (engine->executor->stop)
		engine->executor->stop(&engine->crew);
	region->stop_ended = clock_ticks();
	add_usage_of_children(engine);
	for (uint32_t i = 0; engine->prepared && i < engine->crew.workers; i++)
		seat_tear_down(&engine->seats[i]);
	engine->job.metrics = region->metrics;
	if (engine->workload->teardown)
		engine->workload->teardown(&engine->job);
}

_Noreturn void host_main(const struct host_spec *spec)
{
	struct region *region = spec->region;
	struct crew_engine *engine = memory_alloc(sizeof(*engine));
	struct err err;
	region_populate(region, region->bytes);
	make_engine(engine, spec);
	if (engine->workload->setup && engine->workload->setup(&engine->job, &err) != 0)
		give_up(region, &err);
	start(engine);
	run(engine);
	tear_down(engine);
	enter(region, PHASE_DONE);
	/* Not exit(): what the program has buffered or registered is the program's. */
	_exit(0);
}
