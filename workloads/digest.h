/*
 * Digests by libcrypto, for the workload `hash` and for w.hash. Without libcrypto digest_open says
 * what is missing, and nothing else may be called.
 */
#ifndef WORKLOADS_DIGEST_H
#define WORKLOADS_DIGEST_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

extern const char *const digest_names[]; /* of the algorithms; NULL-terminated */

enum { DIGEST_BYTES_MOST = 64 };

/* Opens libcrypto and finds the algorithm in it, once in a process; on any thread. */
int digest_open(int algorithm, struct err *err);

/* One computation at a time; by one thread at a time. */
struct digest {
	int algorithm;
	struct evp_md_ctx_st *context;
};

/* After digest_open; they fail where memory does. */
bool digest_make(struct digest *digest, int algorithm);
void digest_free(struct digest *digest);

/* The computation: begin, add the message in any pieces, end. False: it failed. */
bool digest_begin(struct digest *digest);
bool digest_add(struct digest *digest, const void *bytes, size_t count);
bool digest_end(struct digest *digest, unsigned char out[DIGEST_BYTES_MOST]);

/* How long an algorithm's digests are; after digest_open. */
size_t digest_length(int algorithm);

#endif
