/*
 * What goes through the pipes of the `pipe` executor: messages of one fixed size, each way. The
 * header is followed by filling that depends on the task and the direction, and is verified by the
 * receiver byte for byte.
 */
#ifndef EXECUTORS_MESSAGE_H
#define EXECUTORS_MESSAGE_H

#include "executors/executor.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct request {
	uint64_t task, submitted;
};

struct reply {
	uint64_t task;
	struct outcome outcome;
};

enum { MESSAGE_LEAST = sizeof(struct reply) };

/* A buffer of whole and partial messages: filled at the end, taken from the front. */
struct buffer {
	char *bytes;
	size_t from, to, size;
};

void buffer_init(struct buffer *buffer, size_t size);
void buffer_release(struct buffer *buffer);
bool buffer_is_empty(const struct buffer *buffer);

/* Appends a message of `size` bytes with this header. There must be room. */
void buffer_put(struct buffer *buffer, size_t size, const void *header, size_t header_bytes);

/* Takes one message if a whole one is there. False: not yet. `intact` tells whether its filling is
 * what was sent. */
bool buffer_take(
	struct buffer *buffer, size_t size, void *header, size_t header_bytes, bool *intact);

/* Moves what is left to the front, so that the most can be read behind it. */
void buffer_pack(struct buffer *buffer);

/* read(2) and write(2) as much as one call moves. 0: end of file; -1: errno (EINTR is retried). */
ssize_t buffer_fill(struct buffer *buffer, int fd);
ssize_t buffer_drain(struct buffer *buffer, int fd);

#endif
