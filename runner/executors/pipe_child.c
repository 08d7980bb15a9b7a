/*
 * A pipe worker: reads requests, runs them, writes replies. Replies are held back only while
 * another whole request is at hand, so at depth 1 each is written at once and deep pipes are
 * written in batches.
 */
#include "executors/message.h"
#include "executors/pipe.h"

#include <signal.h>

struct service {
	struct worker *worker;
	struct buffer requests, replies;
	size_t message_bytes;
	int in, out;
};

static bool flush(struct service *service)
{
	while (!buffer_is_empty(&service->replies))
		if (buffer_drain(&service->replies, service->out) < 0)
			return false;
	return true;
}

static bool answer(struct service *service, const struct request *request, bool intact)
{
	struct reply reply = {.task = request->task};
	const struct errand errand = {request->task, request->submitted, service->worker->index};
	if (intact)
		worker_compute(service->worker, &errand, &reply.outcome);
	else
		worker_reject(service->worker, "a request's bytes did not arrive as sent",
			&reply.outcome);
	if (service->replies.size - service->replies.to < service->message_bytes && !flush(service))
		return false;
	buffer_put(&service->replies, service->message_bytes, &reply, sizeof(reply));
	return true;
}

static void serve(struct service *service)
{
	struct request request;
	bool intact;
	while (buffer_fill(&service->requests, service->in) > 0) {
		while (buffer_take(&service->requests, service->message_bytes, &request,
			sizeof(request), &intact))
			if (!answer(service, &request, intact))
				return;
		if (!flush(service))
			return;
	}
}

/* What the host does about SIGCHLD is the host's; a task may make children of its own. */
static void expect_no_signals(void)
{
	sigset_t child;
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_UNBLOCK, &child, NULL);
}

int pipe_child(struct worker *worker, const struct birth *birth)
{
	const struct pipe_options *options = worker_options(worker);
	struct service service = {.worker = worker,
		.message_bytes = (size_t)options->message_bytes,
		.in = birth->fds[0],
		.out = birth->fds[1]};
	expect_no_signals();
	buffer_init(&service.requests, pipe_buffer_bytes(options));
	buffer_init(&service.replies, pipe_buffer_bytes(options));
	if ((birth->late ? worker_reenter(worker) : worker_enter(worker)) != 0)
		return 1;
	serve(&service);
	worker_leave(worker);
	buffer_release(&service.requests);
	buffer_release(&service.replies);
	return 0;
}
