/* cow, memory, alloc, yield and wake: what their tasks are worth, and how they notice what must not
 * be. */
#include "workload_fixture.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* The thread sanitizer has a history of its own to write, in pages of its own. */
#ifdef __SANITIZE_THREAD__
enum { MOST_EXTRA_PAGES = 6 };
#else
enum { MOST_EXTRA_PAGES = 0 };
#endif

enum { PAGES_TOUCHED, PAGES_COPIED }; /* of cow */
enum { MOVED_BYTES, LOADS };          /* of memory */

static uint64_t random_of(const struct bench *bench, uint64_t index)
{
	return job_random(&bench->engine.job, index);
}

/* The memory that a worker's state begins with a pointer to. */
static unsigned char *memory_of(const struct bench *bench)
{
	unsigned char *memory;
	memcpy(&memory, bench->seats[0].worker.state, sizeof(memory));
	return memory;
}

static void assert_fails(struct bench *bench, const char *text)
{
	assert_int_equal(bench_task(bench, 0), 0);
	assert_true(bench->seats[0].worker.failed);
	assert_string_equal(bench_error(bench), text);
}

/* ---- cow ---- */

static void what_a_child_touches_is_copied(void **state)
{
	(void)state;
	static const struct {
		const char *touch;
		double pages;
	} cases[] = {{"touch=0%", 0}, {"touch=1%", 1}, {"touch=50%", 32}, {"touch=100%", 64}};
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char heap[32];
	snprintf(heap, sizeof(heap), "heap=%zuB", 64 * page);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct bench bench;
		bench_open(&bench, "cow", 2, SETTINGS(heap, cases[i].touch));
		uint64_t sum = 0;
		for (uint64_t j = 0; j < 64; j++)
			sum += random_of(&bench, j);
		assert_int_equal(bench_run(&bench, 6), 6 * sum);
		assert_true(bench_metric(&bench, PAGES_TOUCHED) == 6 * cases[i].pages);
		double more = bench_metric(&bench, PAGES_COPIED) - 6 * cases[i].pages;
		assert_true(more >= 0 && more <= MOST_EXTRA_PAGES);
		bench_finish(&bench);
		bench_close(&bench);
	}
}

static void a_page_that_changed_is_noticed(void **state)
{
	(void)state;
	struct bench bench;
	bench_open(&bench, "cow", 1, SETTINGS("heap=1MiB", "touch=0%"));
	memory_of(&bench)[0] ^= 1;
	char text[128];
	snprintf(text, sizeof(text),
		"1 of %zu pages changed in the parent when its child wrote to them",
		(1 << 20) / (size_t)sysconf(_SC_PAGESIZE));
	assert_fails(&bench, text);
	bench_finish(&bench);
	bench_close(&bench);
}

static void a_child_that_dies_is_noticed(void **state)
{
	(void)state;
	struct bench bench;
	bench_open(&bench, "cow", 1, SETTINGS("heap=1MiB"));
	assert_int_equal(mprotect(memory_of(&bench), 1 << 20, PROT_READ), 0);
	/* The test's own handler would be the child's as well. */
	void (*handler)(int) = signal(SIGSEGV, SIG_DFL);
	assert_fails(&bench, "the child was killed by SIGSEGV");
	signal(SIGSEGV, handler);
	bench_finish(&bench);
	bench_close(&bench);
}

/* From here on this process can make no other one. */
static void forbid_forks(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EAGAIN),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = {sizeof(code) / sizeof(*code), code};
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
}

static void a_fork_that_fails_is_the_tasks_error(void **state)
{
	(void)state;
	struct bench bench;
	bench_open(&bench, "cow", 1, SETTINGS("heap=1MiB"));
	pid_t process = fork();
	assert_true(process >= 0);
	if (process == 0) {
		forbid_forks();
		bench_task(&bench, 0);
		_exit(bench.seats[0].worker.failed ? 0 : 1);
	}
	int status;
	assert_int_equal(waitpid(process, &status, 0), process);
	assert_int_equal(status, 0);
	assert_string_equal(
		bench_error(&bench), "cannot fork a child: Resource temporarily unavailable");
	bench_finish(&bench);
	bench_close(&bench);
}

/* ---- memory ---- */

/* What `tasks` tasks on a new buffer are worth. */
static uint64_t sum_of(const char *const *settings, uint64_t tasks, double bytes, double loads)
{
	struct bench bench;
	bench_open(&bench, "memory", 2, settings);
	uint64_t sum = bench_run(&bench, tasks);
	assert_true(bench_metric(&bench, MOVED_BYTES) == bytes);
	assert_true(bench_metric(&bench, LOADS) == loads);
	bench_finish(&bench);
	bench_close(&bench);
	return sum;
}

/* Of the words from `first` on, as a job with the fixture's seed has them. */
static uint64_t sum_of_randoms(uint64_t first, uint64_t count)
{
	struct job job = {.seed = 1};
	uint64_t sum = 0;
	for (uint64_t i = first; i < first + count; i++)
		sum += job_random(&job, i);
	return sum;
}

static void every_word_is_read(void **state)
{
	(void)state;
	assert_int_equal(sum_of(SETTINGS("pattern=read", "size=4KiB"), 3, 3 * 4096, 0),
		3 * sum_of_randoms(0, 512));
	/* Two pieces and a bit; a size that is no multiple of a line is cut down to one. */
	assert_int_equal(
		sum_of(SETTINGS("pattern=read", "size=9000050B", "passes=2"), 1, 2 * 8999936.0, 0),
		2 * sum_of_randoms(0, 8999936 / 8));
}

/* Bytes that repeat: every word of a pass is the same. */
static void every_piece_is_written(void **state)
{
	(void)state;
	uint64_t expected = 0;
	struct job job = {.seed = 1};
	for (uint64_t i = 0; i < 3; i++)
		expected += 3 * (job_random(&job, i) & 0xff) * UINT64_C(0x0101010101010101);
	assert_int_equal(
		sum_of(SETTINGS("pattern=write", "size=8388736B"), 3, 3 * 8388736.0, 0), expected);
}

static void every_piece_is_copied(void **state)
{
	(void)state;
	/* Each half has two pieces, each of which carries the number of its pass. */
	uint64_t number = sum_of_randoms(0, 1);
	assert_int_equal(
		sum_of(SETTINGS("pattern=copy", "size=8389120B", "passes=2"), 1, 2 * 8389120.0, 0),
		2 * number + 2 * (number + 1));
}

static void a_copy_is_whole(void **state)
{
	(void)state;
	enum { HALF = 64 * 1024 };
	struct bench bench;
	bench_open(&bench, "memory", 1, SETTINGS("pattern=copy", "size=128KiB"));
	const unsigned char *memory = memory_of(&bench);
	assert_memory_not_equal(memory, memory + HALF, HALF);
	bench_task(&bench, 0);
	assert_memory_equal(memory, memory + HALF, HALF);
	bench_finish(&bench);
	bench_close(&bench);
}

/* One cycle goes through all of them: the sum is that of all, wherever it begins. */
static void a_chase_visits_every_line(void **state)
{
	(void)state;
	assert_int_equal(
		sum_of(SETTINGS("pattern=chase", "size=1MiB"), 4, 4 * 1048576.0, 4 * 16384.0),
		4 * sum_of_randoms(0, 16384));
	assert_int_equal(sum_of(SETTINGS("pattern=chase", "size=4KiB", "passes=5"), 2, 10 * 4096.0,
				 10 * 64.0),
		10 * sum_of_randoms(0, 64));
}

static void a_chase_that_goes_astray_is_noticed(void **state)
{
	(void)state;
	struct bench bench;
	bench_open(&bench, "memory", 1, SETTINGS("pattern=chase", "size=4KiB"));
	/* The node that it begins with skips one: a line begins with where the next one is. */
	unsigned char *start = memory_of(&bench) + random_of(&bench, 0) % 64 * 64;
	void *next;
	memcpy(&next, start, sizeof(void *));
	memcpy(start, next, sizeof(void *));
	assert_fails(&bench, "the chase did not come back to where it began");
	bench_finish(&bench);
	bench_close(&bench);
}

/* ---- alloc ---- */

static void blocks_are_of_the_size_that_was_asked_for(void **state)
{
	(void)state;
	static const char *const kinds[] = {"kind=malloc", "kind=mmap"};
	static const char *const sizes[] = {
		"size=8B", "size=63B", "size=64B", "size=71B", "size=4096B", "size=1MiB"};
	static const uint64_t bytes[] = {8, 63, 64, 71, 4096, 1 << 20};
	for (size_t i = 0; i < 2; i++)
		for (size_t j = 0; j < sizeof(bytes) / sizeof(*bytes); j++) {
			struct bench bench;
			bench_open(&bench, "alloc", 2,
				SETTINGS(kinds[i], sizes[j], "spread=0%", "live=7",
					"operations=50"));
			assert_int_equal(bench_run(&bench, 4), 4 * 50 * bytes[j]);
			assert_true(bench_metric(&bench, 0) == 4 * 50 * (double)bytes[j]);
			bench_finish(&bench);
			bench_close(&bench);
		}
}

static void spread_blocks_average_the_size(void **state)
{
	(void)state;
	struct bench bench;
	bench_open(&bench, "alloc", 4, SETTINGS("size=1000B", "spread=100%"));
	/* Five standard errors of the mean of 800,000 sizes are 3.3 bytes. */
	uint64_t sum = bench_run(&bench, 8);
	assert_true(sum > 996 * UINT64_C(800000) && sum < 1004 * UINT64_C(800000));
	bench_finish(&bench);
	bench_close(&bench);
}

/* ---- yield and wake ---- */

static void the_scheduler_is_asked_n_times(void **state)
{
	(void)state;
	static const char *const ways[] = {"by=futex", "by=condvar", "by=semaphore"};
	struct bench bench;
	bench_open(&bench, "yield", 4, SETTINGS("n=100"));
	assert_int_equal(bench_run(&bench, 8), 800);
	bench_close(&bench);
	for (size_t i = 0; i < 3; i++) {
		bench_open(&bench, "wake", 3, SETTINGS(ways[i], "n=50"));
		assert_int_equal(bench_run(&bench, 9), 450);
		assert_true(bench_metric(&bench, 0) == 450);
		bench_finish(&bench);
		/* Its partners are gone with it. */
		assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
		bench_close(&bench);
	}
}

/* ---- all ---- */

/* Each would take many minutes if it did not look at the flag while it works. */
static void stopped_tasks_return(void **state)
{
	(void)state;
	static const char *const endless[][4] = {
		{"memory", "pattern=read", "passes=1000000000", NULL},
		{"memory", "pattern=write", "passes=1000000000", NULL},
		{"memory", "pattern=copy", "passes=1000000000", NULL},
		{"memory", "pattern=chase", "passes=1000000000", NULL},
		{"alloc", "operations=1000000000", NULL},
		{"alloc", "operations=1000000000", "size=64MiB", NULL},
		{"yield", "n=1000000000", NULL},
		{"wake", "n=1000000000", "by=futex", NULL},
		{"wake", "n=1000000000", "by=condvar", NULL},
		{"wake", "n=1000000000", "by=semaphore", NULL},
	};
	for (size_t i = 0; i < sizeof(endless) / sizeof(*endless); i++) {
		struct bench bench;
		pthread_t thread;
		bench_open(&bench, endless[i][0], 1, endless[i] + 1);
		bench.engine.job.tasks = 1;
		assert_int_equal(
			pthread_create(&thread, NULL, bench_thread, &bench.seats[0].worker), 0);
		nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
		assert_int_not_equal(pthread_tryjoin_np(thread, NULL), 0);
		/* Relaxed: the flag is all that is passed. */
		atomic_store_explicit(
			&bench.engine.region->attention, ATTENTION_STOP, memory_order_relaxed);
		pthread_join(thread, NULL);
		assert_string_equal(bench_error(&bench), "");
		bench_finish(&bench);
		bench_close(&bench);
	}
}

/* What one run of `workers` workers under `executor` needs. */
static struct needs needs_of(
	const char *name, const char *executor, uint32_t workers, const char *const *settings)
{
	struct bench bench = {.engine.workload = workload_find(name)};
	struct needs needs = {0};
	arena_init(&bench.arena);
	struct job job = {
		.executor = executor, .workers = workers, .params = bench_params(&bench, settings)};
	bench.engine.workload->needs(&job, &needs);
	arena_release(&bench.arena);
	return needs;
}

static void needs_are_known_before(void **state)
{
	(void)state;
	const uint64_t mib = 1 << 20;
	assert_int_equal(needs_of("memory", "thread", 100, SETTINGS("size=1TiB")).bytes_per_run,
		100 * (mib << 20));
	assert_int_equal(
		needs_of("memory", "async", 100, SETTINGS("size=1MiB")).bytes_per_run, mib);
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	struct needs cow = needs_of("cow", "thread", 3, SETTINGS("heap=8MiB", "touch=50%"));
	assert_int_equal(cow.bytes_per_run, 3 * (12 * mib + page));
	assert_int_equal(cow.processes_per_run, 3);
	assert_true(
		needs_of("alloc", "pipe", 2, SETTINGS("size=1MiB", "live=100", "operations=100"))
			.bytes_per_run >= 200 * mib);
	/* Never more blocks than are ever allocated. */
	assert_true(needs_of("alloc", "pipe", 2, SETTINGS("size=1MiB", "live=100", "operations=10"))
			    .bytes_per_run < 21 * mib);
	assert_int_equal(needs_of("wake", "process", 50, SETTINGS(NULL)).processes_per_run, 50);
	assert_int_equal(needs_of("wake", "async", 50, SETTINGS(NULL)).processes_per_run, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_child_touches_is_copied),
		cmocka_unit_test(a_page_that_changed_is_noticed),
		cmocka_unit_test(a_child_that_dies_is_noticed),
		cmocka_unit_test(a_fork_that_fails_is_the_tasks_error),
		cmocka_unit_test(every_word_is_read),
		cmocka_unit_test(every_piece_is_written),
		cmocka_unit_test(every_piece_is_copied),
		cmocka_unit_test(a_copy_is_whole),
		cmocka_unit_test(a_chase_visits_every_line),
		cmocka_unit_test(a_chase_that_goes_astray_is_noticed),
		cmocka_unit_test(blocks_are_of_the_size_that_was_asked_for),
		cmocka_unit_test(spread_blocks_average_the_size),
		cmocka_unit_test(the_scheduler_is_asked_n_times),
		cmocka_unit_test(stopped_tasks_return),
		cmocka_unit_test(needs_are_known_before),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
