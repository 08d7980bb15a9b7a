#include "workloads/block.h"

#include "base/memory.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int block_path(const struct job *job, const char *file, char path[PATH_MAX], struct err *err)
{
	int length = snprintf(path, PATH_MAX, "%s/%s", job->scratch, file);
	if (length < 0 || length >= PATH_MAX)
		return err_set(err, "path too long: '%s/%s'", job->scratch, file);
	return 0;
}

unsigned char *block_alloc(size_t bytes)
{
	size_t whole = (bytes + sizeof(uint64_t) - 1) / sizeof(uint64_t) * sizeof(uint64_t);
	unsigned char *block = memory_alloc(whole);
	/* Or the first task would pay for the page faults. */
	memset(block, 0xff, whole);
	return block;
}

void block_fill(const struct job *job, uint64_t offset, unsigned char *bytes, size_t count)
{
	for (size_t done = 0; done < count; done += sizeof(uint64_t)) {
		uint64_t word = job_random(job, (offset + done) / sizeof(uint64_t));
		size_t left = count - done;
		memcpy(bytes + done, &word, left < sizeof(word) ? left : sizeof(word));
	}
}

uint64_t block_sum(unsigned char *block, size_t count)
{
	uint64_t sum = 0;
	size_t over = count % sizeof(uint64_t);
	if (over > 0)
		memset(block + count, 0, sizeof(uint64_t) - over);
	for (size_t done = 0; done < count; done += sizeof(uint64_t)) {
		uint64_t word;
		memcpy(&word, block + done, sizeof(word));
		sum += word;
	}
	return sum;
}

int64_t block_read(int fd, unsigned char *bytes, size_t count)
{
	size_t done = 0;
	while (done < count) {
		ssize_t got = read(fd, bytes + done, count - done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (int64_t)done;
}

int block_write(int fd, const unsigned char *bytes, size_t count)
{
	size_t done = 0;
	while (done < count) {
		ssize_t put = write(fd, bytes + done, count - done);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		done += (size_t)put;
	}
	return 0;
}
