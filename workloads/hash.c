/*
 * Hashing: computing that reads all of its data once, by libcrypto as most programs do. A worker
 * has a message of random bytes; a task sets the first eight from its index and computes the
 * digest, of which eight bytes are its value.
 *
 * By default it is computing like any other, which takes the gil. With `release_gil` it is done as
 * in Python's hashlib, which gives the lock up while it hashes more than 2047 bytes.
 */
#include "workloads/block.h"
#include "workloads/digest.h"
#include "workloads/workload.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { METRIC_HASHED_BYTES };
enum { PIECE_BYTES = 1 << 16 }; /* between two checkpoints: about 0.1 ms */

struct params {
	int algorithm;
	int64_t size_bytes;
	bool release_gil;
};

struct hash {
	struct digest digest;
	unsigned char *message; /* by block_alloc; owned */
};

static int supported(const void *given, struct err *err)
{
	const struct params *params = given;
	return digest_open(params->algorithm, err);
}

static void needs(const struct job *job, struct needs *needs)
{
	const struct params *params = job->params;
	needs->bytes_per_worker = (uint64_t)params->size_bytes;
}

static int worker_setup(struct worker *worker, struct err *err)
{
	const struct params *params = worker->job->params;
	struct hash *hash = worker->state;
	if (digest_open(params->algorithm, err) != 0)
		return -1;
	if (!digest_make(&hash->digest, params->algorithm))
		return err_set(err, "libcrypto cannot make a %s", digest_names[params->algorithm]);
	hash->message = block_alloc((size_t)params->size_bytes);
	block_fill(worker->job, 0, hash->message, (size_t)params->size_bytes);
	return 0;
}

static bool is_over(struct worker *worker, bool without_gil)
{
	return without_gil ? is_stopping(worker) : checkpoint(worker);
}

static bool hash_message(struct worker *worker, unsigned char out[DIGEST_BYTES_MOST])
{
	const struct params *params = worker->job->params;
	struct hash *hash = worker->state;
	size_t size = (size_t)params->size_bytes;
	bool good = digest_begin(&hash->digest);
	for (size_t done = 0; good && done < size && !is_over(worker, params->release_gil);
		done += PIECE_BYTES) {
		size_t piece = size - done < PIECE_BYTES ? size - done : PIECE_BYTES;
		good = digest_add(&hash->digest, hash->message + done, piece);
	}
	return good && digest_end(&hash->digest, out);
}

/* The digest's first eight bytes, in the order in which it is written. */
static uint64_t value_of(const unsigned char digest[DIGEST_BYTES_MOST])
{
	uint64_t value = 0;
	for (size_t i = 0; i < sizeof(value); i++)
		value = value << 8 | digest[i];
	return value;
}

static uint64_t task(struct worker *worker, uint64_t index)
{
	const struct params *params = worker->job->params;
	struct hash *hash = worker->state;
	unsigned char digest[DIGEST_BYTES_MOST];
	size_t size = (size_t)params->size_bytes;
	uint64_t word = job_random(worker->job, index);
	memcpy(hash->message, &word, size < sizeof(word) ? size : sizeof(word));
	if (params->release_gil)
		blocking_begin(worker);
	bool good = hash_message(worker, digest);
	if (params->release_gil)
		blocking_end(worker);
	if (!good)
		return worker_fail(
			worker, "libcrypto cannot compute a %s", digest_names[params->algorithm]);
	worker_metric(worker, METRIC_HASHED_BYTES, (double)size);
	return value_of(digest);
}

static void worker_teardown(struct worker *worker)
{
	struct hash *hash = worker->state;
	digest_free(&hash->digest);
	free(hash->message);
}

static const struct option params[] = {
	{
		.name = "algorithm",
		.type = OPTION_ENUM,
		.offset = offsetof(struct params, algorithm),
		.fallback = "sha256",
		.choices = digest_names,
		.help = "which digest is computed; names as in Python's hashlib",
	},
	{
		.name = "size",
		.type = OPTION_SIZE,
		.offset = offsetof(struct params, size_bytes),
		.fallback = "1MiB",
		.min = "0B",
		.max = "1TiB",
		.help = "of the message; every worker holds one in memory",
	},
	{
		.name = "release_gil",
		.type = OPTION_BOOL,
		.offset = offsetof(struct params, release_gil),
		.fallback = "false",
		.when = "executor.gil=true",
		.help = "under gil: gives the lock up while it hashes, as Python's hashlib does",
	},
	OPTION_END,
};

static const struct metric metrics[] = {
	[METRIC_HASHED_BYTES] = {.name = "hashed_bytes", .help = "bytes of all messages hashed"},
	{.name = NULL},
};

const struct workload workload_hash = {
	.name = "hash",
	.group = GROUP_CPU,
	.summary = "computes digests by libcrypto: computing that reads memory",
	.operation = "computes the digest of size bytes, the first eight of which follow from the "
		     "index",
	.opens_libraries = true,
	.params = params,
	.params_bytes = sizeof(struct params),
	.metrics = metrics,
	.worker_bytes = sizeof(struct hash),
	.supported = supported,
	.needs = needs,
	.worker_setup = worker_setup,
	.task = task,
	.worker_teardown = worker_teardown,
};
