#include "workloads/digest.h"

#include "base/library.h"
#include "base/optional.h"

#include <assert.h>
#include <stdatomic.h>

const char *const digest_names[] = {"md5", "sha1", "sha224", "sha256", "sha384", "sha512",
	"sha3_256", "sha3_512", "blake2s", "blake2b", NULL};

#ifdef CONRUN_LIBCRYPTO

#include <openssl/evp.h>

/* As its default provider calls them (OSSL_PROVIDER-default(7)); parallel to digest_names. */
static const char *const their_names[] = {"MD5", "SHA1", "SHA224", "SHA256", "SHA384", "SHA512",
	"SHA3-256", "SHA3-512", "BLAKE2S-256", "BLAKE2B-512"};
enum { ALGORITHMS = sizeof(their_names) / sizeof(*their_names) };
static_assert(sizeof(digest_names) / sizeof(*digest_names) == ALGORITHMS + 1, "parallel tables");
static_assert(DIGEST_BYTES_MOST == EVP_MAX_MD_SIZE, "room for every digest");

static __typeof__(EVP_MD_fetch) *md_fetch;
static __typeof__(EVP_MD_free) *md_free;
static __typeof__(EVP_MD_get_size) *md_get_size;
static __typeof__(EVP_MD_CTX_new) *md_ctx_new;
static __typeof__(EVP_MD_CTX_free) *md_ctx_free;
static __typeof__(EVP_DigestInit_ex) *digest_init;
static __typeof__(EVP_DigestUpdate) *digest_update;
static __typeof__(EVP_DigestFinal_ex) *digest_final;

static const struct library_symbol symbols[] = {
	{"EVP_MD_fetch", (void **)&md_fetch},
	{"EVP_MD_free", (void **)&md_free},
	{"EVP_MD_get_size", (void **)&md_get_size},
	{"EVP_MD_CTX_new", (void **)&md_ctx_new},
	{"EVP_MD_CTX_free", (void **)&md_ctx_free},
	{"EVP_DigestInit_ex", (void **)&digest_init},
	{"EVP_DigestUpdate", (void **)&digest_update},
	{"EVP_DigestFinal_ex", (void **)&digest_final},
	{NULL, NULL},
};
static struct library libcrypto = {&library_libcrypto, symbols, NULL};

/* What was fetched stays for as long as the process: fetching searches all providers. */
static _Atomic(EVP_MD *) fetched[ALGORITHMS];

int digest_open(int algorithm, struct err *err)
{
	/* Acquire: whoever sees the algorithm sees what fetching it wrote. */
	if (atomic_load_explicit(&fetched[algorithm], memory_order_acquire))
		return 0;
	if (library_open(&libcrypto, err) != 0)
		return -1;
	EVP_MD *found = md_fetch(NULL, their_names[algorithm], NULL), *none = NULL;
	if (!found)
		return err_set(err, "%s of this machine has no %s; use another algorithm",
			library_libcrypto.file, digest_names[algorithm]);
	/* Release: see above. Another thread may have been quicker. */
	if (!atomic_compare_exchange_strong_explicit(
		    &fetched[algorithm], &none, found, memory_order_release, memory_order_relaxed))
		md_free(found);
	return 0;
}

/* Relaxed: digest_open has come before, in this thread or in the one that made it. */
static EVP_MD *algorithm_of(int algorithm)
{
	return atomic_load_explicit(&fetched[algorithm], memory_order_relaxed);
}

size_t digest_length(int algorithm)
{
	return (size_t)md_get_size(algorithm_of(algorithm));
}

bool digest_make(struct digest *digest, int algorithm)
{
	*digest = (struct digest){algorithm, md_ctx_new()};
	if (digest->context && digest_init(digest->context, algorithm_of(algorithm), NULL))
		return true;
	digest_free(digest);
	return false;
}

void digest_free(struct digest *digest)
{
	md_ctx_free(digest->context);
	digest->context = NULL;
}

/* Without naming the algorithm, whose reference count all threads would raise and lower. */
bool digest_begin(struct digest *digest)
{
	return digest_init(digest->context, NULL, NULL);
}

bool digest_add(struct digest *digest, const void *bytes, size_t count)
{
	return digest_update(digest->context, bytes, count);
}

bool digest_end(struct digest *digest, unsigned char out[DIGEST_BYTES_MOST])
{
	return digest_final(digest->context, out, NULL);
}

#else

int digest_open(int algorithm, struct err *err)
{
	(void)algorithm;
	return library_not_built(&library_libcrypto, err);
}

size_t digest_length(int algorithm)
{
	(void)algorithm;
	return 0;
}

bool digest_make(struct digest *digest, int algorithm)
{
	*digest = (struct digest){.algorithm = algorithm};
	return false;
}

void digest_free(struct digest *digest)
{
	(void)digest;
}

bool digest_begin(struct digest *digest)
{
	(void)digest;
	return false;
}

bool digest_add(struct digest *digest, const void *bytes, size_t count)
{
	(void)digest, (void)bytes, (void)count;
	return false;
}

bool digest_end(struct digest *digest, unsigned char out[DIGEST_BYTES_MOST])
{
	(void)digest, (void)out;
	return false;
}

#endif
