/*
 * One event loop (libuv) on the host's own thread, with `workers` tasks in flight. A task in its
 * asynchronous form leaves the loop free until it is done; any other runs to its end on the loop,
 * and whatever else is in flight waits for it: its row shows the price, as asyncio's would.
 */
#include "base/memory.h"
#include "executors/executor.h"
#include "executors/options.h"

#include <errno.h>
#include <stdalign.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <uv.h>

struct async_options {
	int pin;
};

/* A place for a task in flight. */
struct flight {
	struct async_call call; /* first: a call is its flight */
	struct loop *owner;
	struct errand errand;
	uint64_t started;
	struct flight *next; /* in the list of ready or of idle ones */
};

struct loop {
	struct crew *crew;
	struct worker *worker;
	uv_loop_t uv;
	/* submitted, not yet started; first come, first served */
	struct flight *ready, **ready_end;
	struct flight *idle; /* places without a task */
	uv_poll_t arrivals;  /* of a timerfd: uv's own timers count milliseconds */
	int arrivals_fd;
	bool starting; /* start_ready is at work further up the stack */
	char *flights;
	size_t flight_bytes;
};

static void configure(struct crew *crew)
{
	const struct async_options *options = crew->options;
	crew_set_pin(crew, (enum pin)options->pin);
}

static size_t flight_bytes(const struct workload *workload)
{
	size_t grain = alignof(max_align_t);
	return (sizeof(struct flight) + workload->async_bytes + grain - 1) / grain * grain;
}

static size_t worker_bytes(const void *options, const struct workload *workload)
{
	(void)options;
	return flight_bytes(workload);
}

static struct flight *flight_at(const struct loop *loop, uint32_t index)
{
	return (struct flight *)(loop->flights + index * loop->flight_bytes);
}

static int start(struct crew *crew, struct err *err)
{
	struct loop *loop = memory_alloc(sizeof(*loop));
	loop->crew = crew;
	loop->worker = crew_worker(crew, 0);
	loop->ready_end = &loop->ready;
	loop->flight_bytes = flight_bytes(crew->workload);
	loop->flights = memory_alloc(crew->workers * loop->flight_bytes);
	crew->places = loop;
	int failed = uv_loop_init(&loop->uv);
	if (failed)
		return err_set(err, "cannot make an event loop: %s", uv_strerror(failed));
	for (uint32_t i = 0; i < crew->workers; i++) {
		struct flight *flight = flight_at(loop, i);
		flight->owner = loop;
		flight->errand.lane = i;
		flight->call = (struct async_call){
			.worker = loop->worker, .loop = &loop->uv, .state = flight + 1};
	}
	return crew_prepare(crew, err);
}

/* Arms the clock for the next arrival, if there is a place for it: tasks that are overdue wait for
 * one, see put_idle. Where none will arrive the loop ends when nothing is in flight. */
static void await_arrival(struct loop *loop)
{
	uint64_t in_ns = crew_next_in_ns(loop->crew);
	if (in_ns == CREW_NO_TASK) {
		uv_poll_stop(&loop->arrivals);
		return;
	}
	if (!loop->idle)
		return;
	struct itimerspec at = {
		.it_value = {(time_t)(in_ns / 1000000000u), (long)(in_ns % 1000000000u)}};
	if (in_ns == 0)
		at.it_value.tv_nsec = 1;
	timerfd_settime(loop->arrivals_fd, 0, &at, NULL);
}

/* The place is free. It stays idle where no task is there yet (an open loop) or ever will be. */
static void put_idle(struct flight *flight)
{
	struct loop *loop = flight->owner;
	bool first = !loop->idle;
	flight->next = loop->idle;
	loop->idle = flight;
	if (first && crew_is_paced(loop->crew))
		await_arrival(loop);
}

/* Takes the next task for the place: it is in flight from here on, even while the loop is busy. */
static void submit(struct flight *flight)
{
	struct loop *loop = flight->owner;
	if (!crew_try_next(loop->crew, &flight->call.index)) {
		put_idle(flight);
		return;
	}
	flight->errand.task = flight->call.index;
	flight->errand.submitted = worker_submission(loop->worker, flight->call.index);
	flight->next = NULL;
	*loop->ready_end = flight;
	loop->ready_end = &flight->next;
}

static struct flight *take_ready(struct loop *loop)
{
	struct flight *flight = loop->ready;
	if (flight) {
		loop->ready = flight->next;
		if (!loop->ready)
			loop->ready_end = &loop->ready;
	}
	return flight;
}

static void block(struct flight *flight)
{
	struct outcome outcome;
	worker_compute(flight->call.worker, &flight->errand, &outcome);
	worker_settle(flight->call.worker, &flight->errand, &outcome);
	submit(flight);
}

static void start_ready(struct loop *loop)
{
	void (*async_start)(struct async_call *) = loop->crew->workload->async_start;
	struct flight *flight;
	if (loop->starting)
		return;
	loop->starting = true;
	while ((flight = take_ready(loop))) {
		if (!async_start) {
			block(flight);
			continue;
		}
		flight->started = worker_commence(loop->worker, &flight->errand);
		async_start(&flight->call);
	}
	loop->starting = false;
}

void async_done(struct async_call *call, uint64_t value)
{
	struct flight *flight = (struct flight *)call;
	struct outcome outcome = {
		.started = flight->started, .finished = crew_now(), .value = value};
	worker_conclude(call->worker, &flight->errand, &outcome);
	worker_settle(call->worker, &flight->errand, &outcome);
	submit(flight);
	start_ready(flight->owner);
}

static void on_arrival(uv_poll_t *arrivals, int status, int events)
{
	struct loop *loop = arrivals->data;
	uint64_t times;
	(void)status, (void)events;
	if (read(loop->arrivals_fd, &times, sizeof(times)) < 0)
		return;
	while (loop->idle && crew_next_in_ns(loop->crew) == 0) {
		struct flight *flight = loop->idle;
		loop->idle = flight->next;
		submit(flight);
	}
	start_ready(loop);
	await_arrival(loop);
}

static int watch_arrivals(struct loop *loop, struct err *err)
{
	if (!crew_is_paced(loop->crew))
		return 0;
	loop->arrivals_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (loop->arrivals_fd < 0)
		return err_errno(err, errno, "cannot make a timer for arrivals");
	uv_poll_init(&loop->uv, &loop->arrivals, loop->arrivals_fd);
	loop->arrivals.data = loop;
	uv_poll_start(&loop->arrivals, UV_READABLE, on_arrival);
	await_arrival(loop);
	return 0;
}

static int run(struct crew *crew, struct err *err)
{
	struct loop *loop = crew->places;
	if (watch_arrivals(loop, err) != 0)
		return -1;
	worker_begin(loop->worker);
	for (uint32_t i = 0; i < crew->workers; i++)
		submit(flight_at(loop, i));
	start_ready(loop);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	worker_leave(loop->worker);
	return 0;
}

/* Handles that tasks kept go with the host: the loop is not run again. */
static void stop(struct crew *crew)
{
	struct loop *loop = crew->places;
	free(loop->flights);
	free(loop);
}

static const struct option options[] = {
	OPTION_PIN(struct async_options),
	OPTION_END,
};

const struct executor executor_async = {
	.name = "async",
	.summary = "a callback on one event loop, `workers` tasks in flight",
	.wait = "from being in flight until the loop comes to start it",
	.options = options,
	.options_bytes = sizeof(struct async_options),
	.kind = WORKER_HOST,
	.alone = true,
	.worker_bytes = worker_bytes,
	.configure = configure,
	.start = start,
	.run = run,
	.stop = stop,
};
