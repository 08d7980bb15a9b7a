/* `tcp_echo` on an event loop: each task in flight has a connection of its own. */
#include "base/memory.h"
#include "workloads/tcp_echo.h"

#include <stdlib.h>
#include <string.h>

static void then(struct echo_flight *flight, const struct err *failed);

static const struct tcp_echo_params *params_of(const struct async_call *call)
{
	return call->worker->job->params;
}

static void finish(struct async_call *call)
{
	const struct tcp_echo_params *params = params_of(call);
	struct tcp_echo_caller *caller = call->state;
	if (caller->failed)
		worker_fail(call->worker, "%s", caller->failed);
	free(caller->failed);
	caller->failed = NULL;
	async_done(call, (uint64_t)(params->messages * params->message_bytes));
}

static void close_it(struct async_call *call)
{
	struct tcp_echo_caller *caller = call->state;
	caller->step = TCP_ECHO_CLOSES;
	echo_flight_close(&caller->flight);
}

static void next_message(struct async_call *call)
{
	const struct tcp_echo_params *params = params_of(call);
	struct tcp_echo_caller *caller = call->state;
	if (caller->number < (uint64_t)params->messages) {
		caller->step = TCP_ECHO_MOVES;
		tcp_echo_message(&caller->message, call->worker, call->index, caller->number++);
		echo_flight_exchange(&caller->flight, call->loop,
			&tcp_echo_shared_of(call->worker)->target, &caller->message.message,
			params->reply_timeout_ns);
	} else if (params->connect == TCP_ECHO_PER_TASK) {
		close_it(call);
	} else {
		finish(call);
	}
}

static void count_connection(struct async_call *call)
{
	struct echo *echo = &((struct tcp_echo_caller *)call->state)->flight.echo;
	if (echo->made)
		worker_metric(call->worker, TCP_ECHO_METRIC_CONNECTIONS, echo->made);
	echo->made = 0;
}

static void then(struct echo_flight *flight, const struct err *failed)
{
	struct async_call *call = flight->data;
	struct tcp_echo_caller *caller = call->state;
	if (caller->step == TCP_ECHO_MOVES)
		count_connection(call);
	if (failed) {
		caller->failed = memory_alloc(strlen(failed->text) + 1);
		memcpy(caller->failed, failed->text, strlen(failed->text));
		close_it(call);
	} else if (caller->step == TCP_ECHO_MOVES && params_of(call)->hold_ns > 0) {
		caller->step = TCP_ECHO_RESTS;
		echo_flight_rest(flight, call->loop, params_of(call)->hold_ns);
	} else if (caller->step == TCP_ECHO_CLOSES) {
		finish(call);
	} else {
		next_message(call);
	}
}

void tcp_echo_async_start(struct async_call *call)
{
	struct tcp_echo_caller *caller = call->state;
	caller->flight.then = then;
	caller->flight.data = call;
	caller->number = 0;
	next_message(call);
}
