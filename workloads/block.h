/*
 * What the file workloads share: a worker's block of bytes, the path of the file that it comes
 * from or goes to, and moving it whole.
 */
#ifndef WORKLOADS_BLOCK_H
#define WORKLOADS_BLOCK_H

#include "workloads/workload.h"

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

/* A file workload's per-worker state. */
struct block {
	unsigned char *bytes; /* by block_alloc; owned */
	char path[PATH_MAX];
};

/* Makes the path of `file` in the run's scratch folder; -1 where it is too long. */
int block_path(const struct job *job, const char *file, char path[PATH_MAX], struct err *err);

/* Memory with room for a whole 64-bit word at its end, every page touched; free() it. */
unsigned char *block_alloc(size_t bytes);

/* Bytes that follow from the seed and their place in the file; `offset`: a multiple of 8. */
void block_fill(const struct job *job, uint64_t offset, unsigned char *bytes, size_t count);

/* The sum of the block's 64-bit words; the last one is filled up with zeros, in place. */
uint64_t block_sum(unsigned char *block, size_t count);

/* read(2) until `count` bytes are there or the file ends; how many, or -1 with errno. */
int64_t block_read(int fd, unsigned char *bytes, size_t count);

/* write(2) until all is written; -1 with errno. */
int block_write(int fd, const unsigned char *bytes, size_t count);

#endif
