/* Rows of runs that are made again leave tasks.csv; all others stay as they are. */
#include "report/task_blocks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define HEADER "experiment,round,task\r\n"
#define A1     "xa,1,0\r\nxa,1,1\r\n"
#define B1     "xb,1,0\r\n"
#define A2     "xa,2,0\r\nxa,2,1\r\nxa,2,2\r\n"

static char path[] = "/tmp/conrun-test-XXXXXX";

static void write_file(const char *text)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void check_file(const char *expected)
{
	char text[512] = "";
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	assert_string_equal(text, expected);
}

static struct task_blocks read_blocks(void)
{
	struct task_blocks blocks;
	struct err err;
	assert_int_equal(task_blocks_read(&blocks, path, &err), 0);
	return blocks;
}

static void remove_dropped(struct task_blocks *blocks)
{
	struct err err;
	assert_int_equal(task_blocks_remove(blocks, path, &err), 0);
	task_blocks_release(blocks);
}

static void test_blocks_are_found(void **state)
{
	(void)state;
	write_file(HEADER A1 B1 A2);
	struct task_blocks blocks = read_blocks();
	assert_int_equal(blocks.count, 3);
	assert_string_equal(blocks.items[1].prefix, "xb,1,");
	assert_int_equal(blocks.items[1].from, strlen(HEADER A1));
	assert_int_equal(blocks.items[2].to, strlen(HEADER A1 B1 A2));
	assert_false(blocks.any_dropped);
	task_blocks_drop(&blocks, "xa,3,");
	assert_false(blocks.any_dropped);
	task_blocks_release(&blocks);
}

static void test_dropped_leave_and_new_stay(void **state)
{
	(void)state;
	write_file(HEADER A1 B1 A2);
	struct task_blocks blocks = read_blocks();
	task_blocks_drop(&blocks, "xb,1,");
	write_file(HEADER A1 B1 A2 "xb,1,9\r\n"); /* the session went on */
	remove_dropped(&blocks);
	check_file(HEADER A1 A2 "xb,1,9\r\n");
}

static void test_first_and_last(void **state)
{
	(void)state;
	write_file(HEADER A1 B1 A2);
	struct task_blocks blocks = read_blocks();
	task_blocks_drop(&blocks, "xa,1,");
	task_blocks_drop(&blocks, "xa,2,");
	remove_dropped(&blocks);
	check_file(HEADER B1);
}

/* A session that was gone on with, and killed before it had put its file in order. */
static void test_the_later_holds(void **state)
{
	(void)state;
	write_file(HEADER A1 B1 "xa,1,7\r\n");
	struct task_blocks blocks = read_blocks();
	assert_true(blocks.any_dropped);
	remove_dropped(&blocks);
	check_file(HEADER B1 "xa,1,7\r\n");
}

static void test_missing_file(void **state)
{
	struct task_blocks blocks;
	struct err err;
	(void)state;
	assert_int_equal(task_blocks_read(&blocks, "/nowhere/tasks.csv", &err), -1);
	assert_non_null(strstr(err.text, "/nowhere/tasks.csv"));
	task_blocks_release(&blocks);
}

static int make_file(void **state)
{
	(void)state;
	return close(mkstemp(path));
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks_are_found),
		cmocka_unit_test(test_dropped_leave_and_new_stay),
		cmocka_unit_test(test_first_and_last),
		cmocka_unit_test(test_the_later_holds),
		cmocka_unit_test(test_missing_file),
	};
	return cmocka_run_group_tests(tests, make_file, remove_file);
}
