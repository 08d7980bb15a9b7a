/* The ring between a worker and the program: nothing is lost, overwritten or taken twice. */
#include "engine/ring.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { CAPACITY = 8, MANY = 200000 };

/* In shared memory, as in a run. */
static struct ring make_ring(void)
{
	struct memory {
		struct ring_ends ends;
		struct task_record records[CAPACITY];
	} *memory = mmap(
		NULL, sizeof(*memory), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(memory, MAP_FAILED);
	return (struct ring){&memory->ends, memory->records, CAPACITY};
}

static void put(const struct ring *ring, uint64_t task)
{
	const struct task_record record = {.task = task, .value = task * 3};
	assert_true(ring_has_room(ring));
	ring_put(ring, &record);
}

static void test_full_and_empty(void **state)
{
	struct task_record taken[CAPACITY];
	struct ring ring = make_ring();
	(void)state;
	assert_int_equal(ring_take(&ring, taken, CAPACITY), 0);
	assert_null(ring_last(&ring));
	for (uint64_t i = 0; i < CAPACITY; i++)
		put(&ring, i);
	assert_false(ring_has_room(&ring));
	assert_int_equal(ring_last(&ring)->task, CAPACITY - 1);
	assert_int_equal(ring_take(&ring, taken, 3), 3);
	assert_int_equal(ring_taken(&ring), 3);
	assert_int_equal(taken[2].task, 2);
	for (uint64_t i = 0; i < 3; i++)
		put(&ring, CAPACITY + i);
	assert_false(ring_has_room(&ring));
	assert_int_equal(ring_take(&ring, taken, CAPACITY), CAPACITY);
	for (uint64_t i = 0; i < CAPACITY; i++)
		assert_int_equal(taken[i].task, 3 + i);
}

static void test_waiting_ends(void **state)
{
	struct ring ring = make_ring();
	struct task_record taken;
	(void)state;
	for (uint64_t i = 0; i < CAPACITY; i++)
		put(&ring, i);
	assert_false(ring_await_room(&ring, 1000000));
	assert_int_equal(ring_take(&ring, &taken, 1), 1);
	assert_true(ring_await_room(&ring, 0));
}

/* A task that writes anywhere may hit the ring's own words. */
static void test_nonsense_is_not_followed(void **state)
{
	struct ring ring = make_ring();
	struct task_record taken[CAPACITY];
	(void)state;
	atomic_store(&ring.ends->head, UINT64_C(1) << 60);
	assert_int_equal(ring_take(&ring, taken, CAPACITY), 0);
}

static void produce(const struct ring *ring)
{
	for (uint64_t i = 0; i < MANY; i++) {
		while (!ring_has_room(ring))
			ring_await_room(ring, 1000000000);
		put(ring, i);
	}
}

static void consume(const struct ring *ring)
{
	struct task_record taken[CAPACITY];
	for (uint64_t next = 0; next < MANY;) {
		size_t count = ring_take(ring, taken, 1 + next % CAPACITY);
		for (size_t i = 0; i < count; i++, next++) {
			assert_int_equal(taken[i].task, next);
			assert_int_equal(taken[i].value, next * 3);
		}
	}
	assert_int_equal(ring_taken(ring), MANY);
}

static void *producer(void *arg)
{
	produce(arg);
	return NULL;
}

static void test_between_threads(void **state)
{
	struct ring ring = make_ring();
	pthread_t thread;
	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, producer, &ring), 0);
	consume(&ring);
	pthread_join(thread, NULL);
}

static void test_between_processes(void **state)
{
	struct ring ring = make_ring();
	int status;
	(void)state;
	pid_t pid = fork();
	if (pid == 0) {
		produce(&ring);
		_exit(0);
	}
	consume(&ring);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full_and_empty),
		cmocka_unit_test(test_waiting_ends),
		cmocka_unit_test(test_nonsense_is_not_followed),
		cmocka_unit_test(test_between_threads),
		cmocka_unit_test(test_between_processes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
