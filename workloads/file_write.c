/*
 * Writing files: every task makes one, fills it, checks its size and removes it. Workers write
 * files of their own, so they meet in the file system and not in one inode.
 */
#include "workloads/block.h"
#include "workloads/workload.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum sync { SYNC_NONE, SYNC_FDATASYNC };

static const char *const syncs[] = {
	[SYNC_NONE] = "none",
	[SYNC_FDATASYNC] = "fdatasync",
	NULL,
};

struct params {
	int64_t size_bytes, block_bytes;
	int sync;
};

static int worker_setup(struct worker *worker, struct err *err)
{
	const struct params *params = worker->job->params;
	struct block *block = worker->state;
	size_t bytes = (size_t)params->block_bytes;
	block->bytes = block_alloc(bytes);
	block_fill(worker->job, 0, block->bytes, bytes);
	char file[32];
	snprintf(file, sizeof(file), "write-%" PRIu32, worker->index);
	return block_path(worker->job, file, block->path, err);
}

static uint64_t fail(struct worker *worker, const char *what)
{
	const struct block *block = worker->state;
	return worker_fail(worker, "cannot %s '%s': %s", what, block->path, strerror(errno));
}

static uint64_t check_size(struct worker *worker, int fd)
{
	const struct params *params = worker->job->params;
	const struct block *block = worker->state;
	struct stat status;
	if (fstat(fd, &status) != 0)
		return fail(worker, "examine");
	if (status.st_size != params->size_bytes)
		return worker_fail(worker, "'%s' has %jd bytes instead of %" PRId64, block->path,
			(intmax_t)status.st_size, params->size_bytes);
	return (uint64_t)status.st_size;
}

static uint64_t write_file(struct worker *worker, int fd)
{
	const struct params *params = worker->job->params;
	const struct block *block = worker->state;
	for (int64_t left = params->size_bytes; left > 0; left -= params->block_bytes) {
		if (checkpoint(worker))
			return 0;
		int64_t count = left < params->block_bytes ? left : params->block_bytes;
		blocking_begin(worker);
		int written = block_write(fd, block->bytes, (size_t)count);
		blocking_end(worker);
		if (written != 0)
			return fail(worker, "write");
	}
	blocking_begin(worker);
	int synced = params->sync == SYNC_FDATASYNC ? fdatasync(fd) : 0;
	blocking_end(worker);
	if (synced != 0)
		return fail(worker, "sync");
	return check_size(worker, fd);
}

static uint64_t task(struct worker *worker, uint64_t index)
{
	(void)index;
	const struct block *block = worker->state;
	/* Truncating: a worker that died may have left its file to the one that replaces it. */
	blocking_begin(worker);
	int fd = open(block->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	blocking_end(worker);
	if (fd < 0)
		return fail(worker, "create");
	uint64_t bytes = write_file(worker, fd);
	blocking_begin(worker);
	int closed = close(fd), removed = unlink(block->path);
	blocking_end(worker);
	if ((closed != 0 || removed != 0) && !worker->failed)
		bytes = fail(worker, closed != 0 ? "close" : "remove");
	return bytes;
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
		.help = "of each file",
	},
	{
		.name = "block",
		.type = OPTION_SIZE,
		.offset = offsetof(struct params, block_bytes),
		.fallback = "64KiB",
		.min = "1B",
		.max = "64MiB",
		.help = "how much one write() hands over",
	},
	{
		.name = "sync",
		.type = OPTION_ENUM,
		.offset = offsetof(struct params, sync),
		.fallback = "none",
		.choices = syncs,
		.help = "whether a task waits until the file's data is on the disk",
	},
	OPTION_END,
};

const struct workload workload_file_write = {
	.name = "file_write",
	.group = GROUP_WAITING,
	.summary = "writes files: system calls, copying and, with sync, the disk",
	.operation = "creates a file, writes it block by block, checks its size, removes it",
	.params = params,
	.params_bytes = sizeof(struct params),
	.worker_bytes = sizeof(struct block),
	.worker_setup = worker_setup,
	.task = task,
	.worker_teardown = worker_teardown,
};
