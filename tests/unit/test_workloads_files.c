/* file_read and file_write: the bytes that really passed, and errors that name the file. */
#include "workload_fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>

enum { MOST_BYTES = 1 << 20 };

/* The file's words, little by little and without the code under test. */
static uint64_t sum_of_file(const struct bench *bench, size_t expected_bytes)
{
	static unsigned char bytes[MOST_BYTES];
	char path[128];
	snprintf(path, sizeof(path), "%s/read", bench->scratch);
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	memset(bytes, 0, sizeof(bytes));
	assert_int_equal(fread(bytes, 1, sizeof(bytes), file), expected_bytes);
	fclose(file);
	uint64_t sum = 0;
	for (size_t i = 0; i < expected_bytes; i++)
		sum += (uint64_t)bytes[i] << i % 8 * 8;
	return sum;
}

static uint64_t read_sum(const char *size, const char *block, size_t expected_bytes)
{
	struct bench bench;
	bench_open(&bench, "file_read", 3, SETTINGS(size, block));
	uint64_t expected = sum_of_file(&bench, expected_bytes);
	assert_int_equal(bench_run(&bench, 7), 7 * expected);
	bench_finish(&bench);
	bench_close(&bench);
	return expected;
}

static void reads_the_whole_file(void **state)
{
	(void)state;
	uint64_t sum = read_sum("size=100003B", "block=4KiB", 100003);
	assert_int_not_equal(sum, 0);
	assert_int_equal(read_sum("size=100003B", "block=1MiB", 100003), sum);
	read_sum("size=1B", "block=64KiB", 1);
	read_sum("size=1MiB", "block=8B", 1 << 20);
}

/* Runs a task that must fail; the error must hold the file's name and `what`. */
static void assert_fails(struct bench *bench, const char *file, const char *what)
{
	assert_int_equal(bench_task(bench, 0), 0);
	assert_true(bench->seats[0].worker.failed);
	const char *error = bench_error(bench);
	if (!strstr(error, file) || !strstr(error, bench->scratch) || !strstr(error, what))
		fail_msg("%s", error);
	bench_finish(bench);
}

static void a_file_that_ends_early(void **state)
{
	(void)state;
	struct bench bench;
	bench_open(&bench, "file_read", 1, SETTINGS("size=10000B", "block=4096B"));
	char path[128];
	snprintf(path, sizeof(path), "%s/read", bench.scratch);
	assert_int_equal(truncate(path, 5000), 0);
	assert_fails(&bench, "/read'", "ends after 5000 of 10000 bytes");
	bench_close(&bench);
}

static void a_file_that_is_gone(void **state)
{
	(void)state;
	struct bench bench;
	bench_open(&bench, "file_read", 1, SETTINGS(NULL));
	char path[128];
	snprintf(path, sizeof(path), "%s/read", bench.scratch);
	assert_int_equal(unlink(path), 0);
	assert_fails(&bench, "/read'", "cannot open");
	bench_close(&bench);
}

static void setup_names_the_folder_it_cannot_write_to(void **state)
{
	(void)state;
	struct bench bench;
	bench_open(&bench, "file_read", 1, SETTINGS(NULL));
	bench.engine.job.scratch = "/nowhere/at/all";
	struct err err = {""};
	assert_int_equal(bench.engine.workload->setup(&bench.engine.job, &err), -1);
	assert_non_null(strstr(err.text, "cannot create '/nowhere/at/all/read': No such file"));
	bench_finish(&bench);
	bench_close(&bench);
}

static void writes_and_removes(void **state)
{
	(void)state;
	static const char *const syncs[] = {"sync=none", "sync=fdatasync"};
	for (size_t i = 0; i < 2; i++) {
		struct bench bench;
		bench_open(
			&bench, "file_write", 3, SETTINGS("size=100003B", "block=4KiB", syncs[i]));
		assert_int_equal(bench_run(&bench, 7), 7 * 100003);
		bench_finish(&bench);
		bench_close(&bench); /* finds an empty folder */
	}
}

static void a_write_that_fails(void **state)
{
	(void)state;
	struct bench bench;
	struct rlimit before, small = {.rlim_cur = 8192};
	bench_open(&bench, "file_write", 1, SETTINGS("size=20000B", "block=4096B"));
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	small.rlim_max = before.rlim_max;
	setrlimit(RLIMIT_FSIZE, &small);
	assert_fails(&bench, "/write-0'", "cannot write");
	setrlimit(RLIMIT_FSIZE, &before);
	bench_close(&bench); /* what was begun is removed */
}

/* As after a worker that died in the middle of its task. */
static void a_file_that_is_in_the_way(void **state)
{
	(void)state;
	struct bench bench;
	bench_open(&bench, "file_write", 1, SETTINGS("size=100B"));
	char path[128];
	snprintf(path, sizeof(path), "%s/write-0", bench.scratch);
	int fd = open(path, O_CREAT | O_WRONLY, 0600);
	assert_int_equal(ftruncate(fd, 5000), 0);
	close(fd);
	assert_int_equal(bench_task(&bench, 0), 100);
	bench_finish(&bench);
	bench_close(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_whole_file),
		cmocka_unit_test(a_file_that_ends_early),
		cmocka_unit_test(a_file_that_is_gone),
		cmocka_unit_test(setup_names_the_folder_it_cannot_write_to),
		cmocka_unit_test(writes_and_removes),
		cmocka_unit_test(a_write_that_fails),
		cmocka_unit_test(a_file_that_is_in_the_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
