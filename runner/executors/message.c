#include "executors/message.h"

#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void buffer_init(struct buffer *buffer, size_t size)
{
	*buffer = (struct buffer){.bytes = memory_alloc(size), .size = size};
}

void buffer_release(struct buffer *buffer)
{
	free(buffer->bytes);
}

bool buffer_is_empty(const struct buffer *buffer)
{
	return buffer->from == buffer->to;
}

/* Word k of a message's filling; the header's first word, the task, makes messages differ. */
static uint64_t filling(uint64_t task, size_t header_bytes, size_t word)
{
	return (task + word + header_bytes) * UINT64_C(0x9e3779b97f4a7c15);
}

static uint64_t first_word(const void *header)
{
	uint64_t task;
	memcpy(&task, header, sizeof(task));
	return task;
}

void buffer_put(struct buffer *buffer, size_t size, const void *header, size_t header_bytes)
{
	char *message = buffer->bytes + buffer->to;
	uint64_t task = first_word(header);
	memcpy(message, header, header_bytes);
	size_t at = header_bytes;
	/* Whole words by themselves: their copies are one instruction each. */
	for (; at + sizeof(uint64_t) <= size; at += sizeof(uint64_t)) {
		uint64_t word = filling(task, header_bytes, at);
		memcpy(message + at, &word, sizeof(word));
	}
	uint64_t last = filling(task, header_bytes, at);
	memcpy(message + at, &last, size - at);
	buffer->to += size;
}

static bool is_intact(const char *message, size_t size, size_t header_bytes)
{
	uint64_t task = first_word(message);
	size_t at = header_bytes;
	uint64_t wrong = 0;
	for (; at + sizeof(uint64_t) <= size; at += sizeof(uint64_t)) {
		uint64_t word;
		memcpy(&word, message + at, sizeof(word));
		wrong |= word ^ filling(task, header_bytes, at);
	}
	uint64_t last = filling(task, header_bytes, at);
	return wrong == 0 && memcmp(message + at, &last, size - at) == 0;
}

bool buffer_take(
	struct buffer *buffer, size_t size, void *header, size_t header_bytes, bool *intact)
{
	if (buffer->to - buffer->from < size)
		return false;
	const char *message = buffer->bytes + buffer->from;
	memcpy(header, message, header_bytes);
	*intact = is_intact(message, size, header_bytes);
	buffer->from += size;
	return true;
}

void buffer_pack(struct buffer *buffer)
{
	if (buffer->from == 0)
		return;
	memmove(buffer->bytes, buffer->bytes + buffer->from, buffer->to - buffer->from);
	buffer->to -= buffer->from;
	buffer->from = 0;
}

ssize_t buffer_fill(struct buffer *buffer, int fd)
{
	ssize_t got;
	buffer_pack(buffer);
	do {
		got = read(fd, buffer->bytes + buffer->to, buffer->size - buffer->to);
	} while (got < 0 && errno == EINTR);
	if (got > 0)
		buffer->to += (size_t)got;
	return got;
}

ssize_t buffer_drain(struct buffer *buffer, int fd)
{
	ssize_t put;
	do {
		put = write(fd, buffer->bytes + buffer->from, buffer->to - buffer->from);
	} while (put < 0 && errno == EINTR);
	if (put > 0)
		buffer->from += (size_t)put;
	if (buffer->from == buffer->to)
		buffer->from = buffer->to = 0;
	return put;
}
