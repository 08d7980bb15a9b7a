/* Builds a crew from its run, in the host and in every spawned image alike. */
#include "base/memory.h"
#include "engine/crew.h"
#include "engine/pace.h"

static uint32_t crew_workers(const struct experiment *experiment)
{
	uint64_t tasks = pace_tasks(experiment);
	bool spare = !experiment->executor->type->pool && tasks && tasks < experiment->workers;
	return spare ? (uint32_t)tasks : experiment->workers;
}

void *crew_params(const struct option *table, const union value *values, size_t bytes)
{
	void *params = memory_alloc(bytes);
	if (table)
		option_store(table, values, params);
	return params;
}

struct job crew_job(const struct experiment *experiment, uint64_t seed)
{
	const struct workload_variant *variant = experiment->workload;
	return (struct job){
		.workload = variant->type,
		.executor = experiment->executor->type->name,
		.params = crew_params(
			variant->type->params, variant->values, variant->type->params_bytes),
		.tasks = pace_tasks(experiment),
		.workers = crew_workers(experiment),
		.seed = seed,
		.folder = variant->folder,
	};
}

static struct seat make_seat(struct crew_engine *engine, uint32_t index)
{
	struct region *region = engine->region;
	return (struct seat){
		.worker = {.job = &engine->job,
			.state = region_state(region, index),
			.index = index,
			.attention = &region->attention,
			.report = region_report(region, index)},
		.engine = engine,
		.bins = region_bins(region, index < region->bins_count ? index : 0),
		.ring = region_ring(region, index),
		.chunk = 1,
	};
}

static void make_seats(struct crew_engine *engine, uint32_t first, uint32_t count)
{
	engine->seats = memory_aligned(alignof(struct seat), count * sizeof(struct seat));
	engine->first_seat = first;
	engine->seat_count = count;
	for (uint32_t i = 0; i < count; i++)
		engine->seats[i] = make_seat(engine, first + i);
}

void crew_assemble(struct crew_engine *engine, const struct experiment *experiment, uint64_t seed,
	const char *scratch, struct region *region, uint32_t only)
{
	const struct executor_variant *executor = experiment->executor;
	*engine = (struct crew_engine){
		.executor = executor->type,
		.workload = experiment->workload->type,
		.region = region,
		.job = crew_job(experiment, seed),
	};
	engine->job.shared = region_shared(region);
	engine->job.scratch = scratch;
	engine->crew = (struct crew){
		.options = crew_params(
			executor->type->options, executor->values, executor->type->options_bytes),
		.workers = engine->job.workers,
		.tasks = engine->job.tasks ? engine->job.tasks : UINT64_MAX,
		.workload = engine->workload,
		.engine = engine,
	};
	engine->spawned = only != CREW_ALL;
	if (!engine->spawned)
		make_seats(engine, 0, region->workers);
	else
		make_seats(engine, only, 1);
	if (engine->executor->configure)
		engine->executor->configure(&engine->crew);
}
