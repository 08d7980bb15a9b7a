/*
 * How long a plan takes, before it runs. A run of a workload that says how long its tasks take
 * is a list schedule (Graham, "Bounds on multiprocessing timing anomalies", 1969): each task
 * goes to the worker that is free first. Tasks that all take the same time, and runs too large
 * to walk through, are multiplied instead. A runtime is known, and no open loop ends before its
 * last task has arrived.
 */
#include "plan/plan.h"

#include <stdlib.h>

enum {
	SAMPLE = 64,             /* tasks looked at to see whether all take the same */
	MOST_SCHEDULED = 100000, /* tasks of one run */
	MOST_CALLS = 10000000,   /* of known_ns in one estimate */
};

struct estimator {
	const struct plan *plan;
	const struct workload_variant *variant; /* whose parameters are stored */
	void *params;
	uint64_t *free_at; /* a heap with the smallest on top; one a worker */
	size_t capacity;
	uint64_t calls;
};

static uint64_t saturating_add(uint64_t a, uint64_t b)
{
	uint64_t sum;
	return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

static uint64_t saturating_multiply(uint64_t a, uint64_t b)
{
	uint64_t product;
	return __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

/* Puts `value` in the place of the heap's top. */
static void replace_top(uint64_t *heap, size_t count, uint64_t value)
{
	size_t at = 0, child;
	while ((child = 2 * at + 1) < count) {
		if (child + 1 < count && heap[child + 1] < heap[child])
			child++;
		if (heap[child] >= value)
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = value;
}

static uint64_t known_ns(struct estimator *estimator, uint64_t index)
{
	struct job job = {
		.params = estimator->params, .seed = (uint64_t)estimator->plan->scenario->seed};
	estimator->calls++;
	return estimator->variant->type->known_ns(&job, index);
}

static uint64_t schedule(struct estimator *estimator, uint64_t tasks, size_t workers)
{
	if (workers > estimator->capacity) {
		estimator->free_at = memory_resize(estimator->free_at, workers, sizeof(uint64_t));
		estimator->capacity = workers;
	}
	uint64_t end = 0;
	for (size_t i = 0; i < workers; i++)
		estimator->free_at[i] = 0;
	for (uint64_t i = 0; i < tasks; i++) {
		uint64_t done = saturating_add(estimator->free_at[0], known_ns(estimator, i));
		replace_top(estimator->free_at, workers, done);
		end = done > end ? done : end;
	}
	return end;
}

/* The first tasks and as many from anywhere in the run: their mean, and whether all equal. */
static double sample(struct estimator *estimator, uint64_t tasks, bool *all_same)
{
	uint64_t count = tasks < SAMPLE ? tasks : SAMPLE, first = known_ns(estimator, 0);
	double sum = 0;
	*all_same = true;
	for (uint64_t i = 0; i < count; i++) {
		struct job place = {.seed = i};
		uint64_t near = known_ns(estimator, i);
		uint64_t far = known_ns(estimator, job_random(&place, i) % tasks);
		*all_same = *all_same && near == first && far == first;
		sum += (double)near + (double)far;
	}
	return sum / (2 * (double)count);
}

static void store_params(struct estimator *estimator, const struct workload_variant *variant)
{
	if (estimator->variant == variant)
		return;
	free(estimator->params);
	estimator->params = memory_alloc(variant->type->params_bytes);
	estimator->variant = variant;
	if (variant->type->params)
		option_store(variant->type->params, variant->values, estimator->params);
}

static uint64_t from_double(double ns)
{
	return ns < 1.8e19 ? (uint64_t)ns : UINT64_MAX;
}

static uint64_t run_ns(struct estimator *estimator, const struct experiment *experiment)
{
	uint64_t tasks = experiment->tasks, workers = experiment->workers;
	bool all_same;
	store_params(estimator, experiment->workload);
	double mean = sample(estimator, tasks, &all_same);
	workers = workers < tasks ? workers : tasks;
	if (all_same)
		return saturating_multiply((tasks + workers - 1) / workers, known_ns(estimator, 0));
	if (tasks > MOST_SCHEDULED || estimator->calls + tasks > MOST_CALLS)
		return from_double(mean * (double)tasks / (double)workers);
	return schedule(estimator, tasks, (size_t)workers);
}

/* What the scenario alone says of a run's time; false if that is nothing. */
static bool said_ns_of(
	struct estimator *estimator, const struct experiment *experiment, uint64_t *ns)
{
	bool known = experiment->workload->type->known_ns != NULL;
	*ns = experiment->runtime_ns;
	if (experiment->tasks == 0)
		return true;
	*ns = known ? run_ns(estimator, experiment) : 0;
	if (experiment->rate <= 0)
		return known;
	/* The first task of a constant rate comes at once. */
	uint64_t gaps = experiment->tasks - (experiment->arrival == ARRIVAL_CONSTANT);
	uint64_t arrival_ns = from_double((double)gaps / experiment->rate * 1e9);
	*ns = arrival_ns > *ns ? arrival_ns : *ns;
	return true;
}

/* Adds an experiment's runs. None takes longer than its timeout. */
static void add_experiment(struct estimator *estimator, const struct experiment *experiment,
	uint64_t last_ns, struct estimate *estimate)
{
	uint64_t runs = (uint64_t)experiment->repeat + experiment->warmup, ns = last_ns;
	if (ns == 0 && !said_ns_of(estimator, experiment, &ns))
		estimate->unknown_runs += runs;
	ns = ns < experiment->timeout_ns ? ns : experiment->timeout_ns;
	estimate->known_ns = saturating_add(estimate->known_ns, saturating_multiply(ns, runs));
	estimate->most_ns = saturating_add(
		estimate->most_ns, saturating_multiply(experiment->timeout_ns, runs));
}

void plan_estimate(const struct plan *plan, const uint64_t *last_ns, struct estimate *estimate)
{
	struct estimator estimator = {.plan = plan};
	uint64_t budget_ns = (uint64_t)plan->scenario->budget_ns;
	*estimate = (struct estimate){0};
	for (uint32_t i = 0; i < plan->experiment_count; i++)
		add_experiment(
			&estimator, &plan->experiments[i], last_ns ? last_ns[i] : 0, estimate);
	if (budget_ns > 0 && estimate->most_ns > budget_ns)
		estimate->most_ns = budget_ns;
	free(estimator.params);
	free(estimator.free_at);
}

uint64_t *plan_said_ns(const struct plan *plan)
{
	struct estimator estimator = {.plan = plan};
	uint64_t *said_ns = memory_alloc((plan->experiment_count + 1) * sizeof(*said_ns));
	for (uint32_t i = 0; i < plan->experiment_count; i++)
		if (!said_ns_of(&estimator, &plan->experiments[i], &said_ns[i]))
			said_ns[i] = 0;
	free(estimator.params);
	free(estimator.free_at);
	return said_ns;
}

uint64_t plan_task_ns(const struct plan *plan, const struct experiment *experiment)
{
	struct estimator estimator = {.plan = plan};
	uint64_t least = UINT64_MAX;
	if (!experiment->workload->type->known_ns)
		return 0;
	store_params(&estimator, experiment->workload);
	for (uint64_t i = 0; i < SAMPLE; i++) {
		uint64_t ns = known_ns(&estimator, i);
		least = ns < least ? ns : least;
	}
	free(estimator.params);
	return least;
}
