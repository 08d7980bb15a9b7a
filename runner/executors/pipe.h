/* The two sides of the `pipe` executor. */
#ifndef EXECUTORS_PIPE_H
#define EXECUTORS_PIPE_H

#include "executors/executor.h"

struct pipe_options {
	int64_t depth, message_bytes;
	int start, pin;
};

/* Room for all messages that can be in flight, one way. */
size_t pipe_buffer_bytes(const struct pipe_options *options);

/* The child's side: answers requests from birth->fds[0] on birth->fds[1] until they end. */
int pipe_child(struct worker *worker, const struct birth *birth);

#endif
