#include "base/memory.h"
#include "workloads/tcp_echo.h"

#include <string.h>

enum { WORD = sizeof(uint64_t), ROOM_MOST_BYTES = 64 * 1024, COMPARED_WORDS = 64 };

void tcp_echo_fill_pattern(struct tcp_echo_shared *shared, const struct job *job)
{
	for (uint64_t i = 0; i < TCP_ECHO_PATTERN_WORDS; i++)
		shared->pattern[i] = job_random(job, i);
}

static size_t room_bytes(uint64_t message_bytes)
{
	return message_bytes < ROOM_MOST_BYTES ? (size_t)message_bytes : ROOM_MOST_BYTES;
}

unsigned char *tcp_echo_room(const struct tcp_echo_params *params)
{
	/* The first and the last word may be wanted only in part. */
	return memory_alloc(room_bytes((uint64_t)params->message_bytes) + 2 * WORD);
}

/* The words from `place` on. Cheap: it is paid for twice a byte, while the clock runs. */
static void write_words(
	const struct tcp_echo_message *message, uint64_t place, unsigned char *out, size_t words)
{
	for (size_t i = 0; i < words; i++, place++) {
		/* 2^64 divided by the golden ratio: no two pieces of the pattern's length are the
		 * same. */
		uint64_t turn = place / TCP_ECHO_PATTERN_WORDS * UINT64_C(0x9e3779b97f4a7c15);
		uint64_t word = message->shared->pattern[place % TCP_ECHO_PATTERN_WORDS] ^
				(message->key + turn);
		memcpy(out + i * WORD, &word, WORD);
	}
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static const char *give(struct echo_message *base, uint64_t offset, size_t *count)
{
	struct tcp_echo_message *message = (struct tcp_echo_message *)base;
	size_t into = offset % WORD;
	*count = least(*count, room_bytes(base->bytes));
	write_words(message, offset / WORD, message->room, (into + *count + WORD - 1) / WORD);
	return (char *)message->room + into;
}

static char *room(struct echo_message *base, uint64_t offset, size_t *count)
{
	struct tcp_echo_message *message = (struct tcp_echo_message *)base;
	(void)offset;
	*count = least(*count, room_bytes(base->bytes));
	return (char *)message->room;
}

static size_t equal_bytes(const unsigned char *a, const unsigned char *b, size_t count)
{
	size_t equal = 0;
	if (memcmp(a, b, count) == 0)
		return count;
	while (a[equal] == b[equal])
		equal++;
	return equal;
}

static size_t take(struct echo_message *base, uint64_t offset, size_t count)
{
	struct tcp_echo_message *message = (struct tcp_echo_message *)base;
	unsigned char expected[COMPARED_WORDS * WORD];
	for (size_t done = 0, piece; done < count; done += piece) {
		size_t into = (offset + done) % WORD;
		piece = least(count - done, sizeof(expected) - into);
		write_words(message, (offset + done) / WORD, expected,
			(into + piece + WORD - 1) / WORD);
		size_t equal = equal_bytes(message->room + done, expected + into, piece);
		if (equal < piece)
			return done + equal;
	}
	return count;
}

void tcp_echo_message(struct tcp_echo_message *message, const struct worker *worker, uint64_t index,
	uint64_t number)
{
	const struct tcp_echo_params *params = worker->job->params;
	*message = (struct tcp_echo_message){
		.message = {(uint64_t)params->message_bytes, give, room, take},
		.shared = tcp_echo_shared_of(worker),
		.room = tcp_echo_worker_of(worker)->room,
		.key = job_random(worker->job, index * (uint64_t)params->messages + number),
	};
}
