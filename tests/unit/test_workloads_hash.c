/* Digests: those of the standards, whatever the pieces, and what a task makes of them. */
#include "workload_fixture.h"
#include "workloads/block.h"
#include "workloads/digest.h"

enum { METRIC_HASHED_BYTES = 0 };

/* Of "abc": RFC 1321 (MD5), FIPS 180-4 and FIPS 202 (their examples), RFC 7693 (BLAKE2). */
static const struct {
	const char *algorithm, *digest;
} known[] = {
	{"md5", "900150983cd24fb0d6963f7d28e17f72"},
	{"sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"},
	{"sha224", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"},
	{"sha256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	{"sha384",
		"cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc23"
		"58baeca134c825a7"},
	{"sha512",
		"ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a8"
		"36ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
	{"sha3_256", "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"},
	{"sha3_512",
		"b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c9"
		"1a7ec57647e3934057340b4cf408d5a56592f8274eec53f0"},
	{"blake2s", "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982"},
	{"blake2b",
		"ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792d"
		"c252d5de4533cc9518d38aa8dbf1925ab92386edd4009923"},
};
enum { KNOWN = sizeof(known) / sizeof(*known) };

static int make_sure(void **state)
{
	(void)state;
	struct err err = {""};
	if (digest_open(0, &err) == 0)
		return 0;
	fprintf(stderr, "skipped: %s\n", err.text);
	exit(0);
}

static void compute(struct digest *digest, const char *text, size_t piece, char *hex)
{
	unsigned char bytes[DIGEST_BYTES_MOST];
	size_t length = strlen(text);
	assert_true(digest_begin(digest));
	for (size_t done = 0; done < length; done += piece)
		assert_true(digest_add(
			digest, text + done, length - done < piece ? length - done : piece));
	assert_true(digest_end(digest, bytes));
	for (size_t i = 0; i < digest_length(digest->algorithm); i++)
		snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
}

static void digests_are_those_of_the_standards(void **state)
{
	(void)state;
	for (int i = 0; i < KNOWN; i++) {
		struct err err = {""};
		struct digest digest;
		char hex[2 * DIGEST_BYTES_MOST + 1];
		assert_string_equal(digest_names[i], known[i].algorithm);
		if (digest_open(i, &err) != 0)
			fail_msg("%s", err.text);
		assert_true(digest_make(&digest, i));
		for (size_t piece = 1; piece <= 3; piece++) {
			compute(&digest, "abc", piece, hex);
			assert_string_equal(hex, known[i].digest);
		}
		digest_free(&digest);
	}
	assert_null(digest_names[KNOWN]);
}

/* The digest's first eight bytes, of the message that the table describes. */
static uint64_t by_definition(const struct job *job, uint64_t index, int algorithm, size_t size)
{
	struct digest digest;
	unsigned char *message = block_alloc(size), out[DIGEST_BYTES_MOST];
	uint64_t word = job_random(job, index), value = 0;
	block_fill(job, 0, message, size);
	memcpy(message, &word, size < sizeof(word) ? size : sizeof(word));
	assert_true(digest_make(&digest, algorithm) && digest_begin(&digest));
	assert_true(digest_add(&digest, message, size) && digest_end(&digest, out));
	for (int i = 0; i < 8; i++)
		value = value << 8 | out[i];
	digest_free(&digest);
	free(message);
	return value;
}

/* Around the pieces of 64 KiB in which a message is hashed. */
static void tasks_hash_all_of_the_message(void **state)
{
	(void)state;
	static const size_t sizes[] = {0, 1, 7, 8, 9, 1000, 65535, 65536, 65537, 200000};
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		for (int algorithm = 0; algorithm < KNOWN; algorithm++) {
			struct bench bench;
			char size[32], name[32];
			snprintf(size, sizeof(size), "size=%zuB", sizes[i]);
			snprintf(name, sizeof(name), "algorithm=%s", known[algorithm].algorithm);
			bench_open(&bench, "hash", 1, SETTINGS(size, name));
			for (uint64_t index = 0; index < 3; index++)
				assert_int_equal(bench_task(&bench, index % 2),
					by_definition(
						&bench.engine.job, index % 2, algorithm, sizes[i]));
			assert_true(
				bench_metric(&bench, METRIC_HASHED_BYTES) == 3 * (double)sizes[i]);
			bench_finish(&bench);
			bench_close(&bench);
		}
}

static void the_empty_message_is_sha256s(void **state)
{
	(void)state;
	struct bench bench;
	bench_open(&bench, "hash", 1, SETTINGS("size=0B"));
	assert_int_equal(bench_task(&bench, 9), UINT64_C(0xe3b0c44298fc1c14));
	bench_finish(&bench);
	bench_close(&bench);
}

static void threads_hash_side_by_side(void **state)
{
	(void)state;
	uint64_t sums[2];
	for (uint32_t i = 0; i < 2; i++) {
		struct bench bench;
		bench_open(&bench, "hash", i ? 4 : 1, SETTINGS("size=10kB"));
		sums[i] = bench_run(&bench, 200);
		bench_finish(&bench);
		bench_close(&bench);
	}
	assert_int_equal(sums[0], sums[1]);
}

static void a_stopped_task_ends_early(void **state)
{
	(void)state;
	static const char *const ways[] = {"release_gil=false", "release_gil=true"};
	for (int i = 0; i < 2; i++) {
		struct bench bench;
		bench_open(&bench, "hash", 1, SETTINGS("size=8MiB", ways[i]));
		uint64_t whole = bench_task(&bench, 0);
		/* Relaxed: the flag is all that is passed. */
		atomic_store_explicit(
			&bench.engine.region->attention, ATTENTION_STOP, memory_order_relaxed);
		assert_int_not_equal(bench_task(&bench, 0), whole);
		assert_false(bench.seats[0].worker.failed);
		bench_finish(&bench);
		bench_close(&bench);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(digests_are_those_of_the_standards),
		cmocka_unit_test(tasks_hash_all_of_the_message),
		cmocka_unit_test(the_empty_message_is_sha256s),
		cmocka_unit_test(threads_hash_side_by_side),
		cmocka_unit_test(a_stopped_task_ends_early),
	};
	return cmocka_run_group_tests(tests, make_sure, NULL);
}
