/*
 * Reading a file that is most likely in the page cache: system calls and copying. All tasks
 * read the same file, which setup writes; its bytes follow from the seed, so the sum proves the
 * read.
 */
#include "workloads/block.h"
#include "workloads/workload.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct params {
	int64_t size_bytes, block_bytes;
};

static size_t block_at(const struct params *params, int64_t offset)
{
	int64_t left = params->size_bytes - offset;
	return (size_t)(left < params->block_bytes ? left : params->block_bytes);
}

static int write_file(const struct job *job, int fd)
{
	enum { STEP = 1 << 16 };
	static unsigned char bytes[STEP];
	const struct params *params = job->params;
	for (int64_t offset = 0; offset < params->size_bytes; offset += STEP) {
		int64_t left = params->size_bytes - offset;
		size_t count = (size_t)(left < STEP ? left : STEP);
		block_fill(job, (uint64_t)offset, bytes, count);
		if (block_write(fd, bytes, count) != 0)
			return -1;
	}
	return 0;
}

static int setup(struct job *job, struct err *err)
{
	char path[PATH_MAX];
	if (block_path(job, "read", path, err) != 0)
		return -1;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(err, errno, "cannot create '%s'", path);
	int wrote = write_file(job, fd), write_errno = errno;
	if (close(fd) != 0 && wrote == 0) {
		wrote = -1;
		write_errno = errno;
	}
	return wrote == 0 ? 0 : err_errno(err, write_errno, "cannot write '%s'", path);
}

static int worker_setup(struct worker *worker, struct err *err)
{
	const struct params *params = worker->job->params;
	struct block *block = worker->state;
	block->bytes = block_alloc((size_t)params->block_bytes);
	return block_path(worker->job, "read", block->path, err);
}

static uint64_t read_file(struct worker *worker, int fd)
{
	const struct params *params = worker->job->params;
	struct block *block = worker->state;
	uint64_t sum = 0;
	for (int64_t offset = 0; offset < params->size_bytes && !checkpoint(worker);
		offset += params->block_bytes) {
		size_t want = block_at(params, offset);
		blocking_begin(worker);
		int64_t got = block_read(fd, block->bytes, want);
		blocking_end(worker);
		if (got < 0)
			return worker_fail(
				worker, "cannot read '%s': %s", block->path, strerror(errno));
		if ((size_t)got < want)
			return worker_fail(worker,
				"'%s' ends after %" PRId64 " of %" PRId64 " bytes", block->path,
				offset + got, params->size_bytes);
		sum += block_sum(block->bytes, want);
	}
	return sum;
}

static uint64_t task(struct worker *worker, uint64_t index)
{
	(void)index;
	struct block *block = worker->state;
	blocking_begin(worker);
	int fd = open(block->path, O_RDONLY | O_CLOEXEC);
	blocking_end(worker);
	if (fd < 0)
		return worker_fail(worker, "cannot open '%s': %s", block->path, strerror(errno));
	uint64_t sum = read_file(worker, fd);
	blocking_begin(worker);
	close(fd);
	blocking_end(worker);
	return sum;
}

static void worker_teardown(struct worker *worker)
{
	struct block *block = worker->state;
	free(block->bytes);
}

static const struct option params[] = {
	{
		.name = "size",
		.type = OPTION_SIZE,
		.offset = offsetof(struct params, size_bytes),
		.fallback = "1MiB",
		.min = "1B",
		.max = "1TiB",
		.help = "of the file",
	},
	{
		.name = "block",
		.type = OPTION_SIZE,
		.offset = offsetof(struct params, block_bytes),
		.fallback = "64KiB",
		.min = "1B",
		.max = "64MiB",
		.help = "how much one read() asks for",
	},
	OPTION_END,
};

const struct workload workload_file_read = {
	.name = "file_read",
	.group = GROUP_WAITING,
	.summary = "reads a file from the page cache: system calls and copying",
	.operation = "opens the run's file, reads it block by block, adds up its 64-bit words, "
		     "closes it",
	.params = params,
	.params_bytes = sizeof(struct params),
	.worker_bytes = sizeof(struct block),
	.setup = setup,
	.worker_setup = worker_setup,
	.task = task,
	.worker_teardown = worker_teardown,
};
