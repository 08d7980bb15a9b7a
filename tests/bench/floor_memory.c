/*
 * The floor of moving memory: a loop over memcpy, or over a sum of words, and nothing else.
 *   floor_memory copy|read  KIB  TASKS
 * `copy` copies one half of so many KiB into the other; `read` adds up all of their words.
 */
#include "floor.h"

#include <string.h>

static unsigned char *make_buffer(size_t bytes)
{
	unsigned char *buffer = aligned_alloc(4096, bytes);
	need(buffer != NULL, "aligned_alloc");
	for (size_t i = 0; i < bytes; i++)
		buffer[i] = (unsigned char)i;
	return buffer;
}

static uint64_t copy(unsigned char *buffer, size_t bytes)
{
	memcpy(buffer + bytes / 2, buffer, bytes / 2);
	return 0;
}

/* Four sums: one alone would wait for its own additions. */
static uint64_t read_all(const unsigned char *buffer, size_t bytes)
{
	const uint64_t *words = (const uint64_t *)(const void *)buffer;
	uint64_t a = 0, b = 0, c = 0, d = 0;
	for (size_t i = 0; i < bytes / sizeof(*words); i += 4) {
		a += words[i];
		b += words[i + 1];
		c += words[i + 2];
		d += words[i + 3];
	}
	return a + b + c + d;
}

int main(int argc, char **argv)
{
	int reads = argc > 1 && strcmp(argv[1], "read") == 0;
	size_t bytes = argument(argc, argv, 2, 1 << 20) * 1024;
	uint64_t tasks = argument(argc, argv, 3, 1000000000), sum = 0;
	unsigned char *buffer = make_buffer(bytes);

	uint64_t started_ns = now_ns();
	for (uint64_t i = 0; i < tasks; i++) {
		sum += reads ? read_all(buffer, bytes) : copy(buffer, bytes);
		/* The compiler must take it that the memory is another now. */
		__asm__ volatile("" : "+r"(sum) : "r"(buffer) : "memory");
	}
	uint64_t elapsed_ns = now_ns() - started_ns;
	free(buffer);
	report(tasks, elapsed_ns);
	return 0;
}
