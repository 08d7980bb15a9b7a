/* Files appear whole or not at all, and grow by whole lines, also where the disk is full. */
#include "report/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64], path[128];

static int make_folder(void **state)
{
	(void)state;
	snprintf(folder, sizeof(folder), "/tmp/conrun-file-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/out.csv", folder);
	return 0;
}

static size_t count_files(bool remove_them)
{
	char name[512];
	size_t count = 0;
	DIR *dir = opendir(folder);
	for (struct dirent *entry; (entry = readdir(dir));) {
		if (entry->d_name[0] == '.')
			continue;
		count++;
		snprintf(name, sizeof(name), "%s/%s", folder, entry->d_name);
		if (remove_them && unlink(name))
			rmdir(name);
	}
	closedir(dir);
	return count;
}

static int remove_folder(void **state)
{
	(void)state;
	count_files(true);
	return rmdir(folder);
}

static void assert_content(const char *expected)
{
	char bytes[256] = "";
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	size_t count = fread(bytes, 1, sizeof(bytes) - 1, file);
	fclose(file);
	assert_int_equal(count, strlen(expected));
	assert_string_equal(bytes, expected);
}

/* What a full disk does, without a disk: writes beyond `bytes` fail with EFBIG. */
static void limit_files(rlim_t bytes)
{
	struct rlimit limit;
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &limit);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void appears_only_when_committed(void **state)
{
	struct file file;
	struct err err;
	(void)state;
	assert_int_equal(file_create(&file, path, &err), 0);
	assert_int_equal(file_add(&file, "hello\n", 6, &err), 0);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(file_commit(&file, &err), 0);
	assert_content("hello\n");
	assert_int_equal(count_files(false), 1);
}

static void replaces_and_abandons(void **state)
{
	struct file file;
	struct err err;
	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(file_create(&file, path, &err), 0);
		assert_int_equal(file_add(&file, i ? "new" : "old", 3, &err), 0);
		assert_int_equal(file_commit(&file, &err), 0);
	}
	assert_content("new");
	assert_int_equal(file_create(&file, path, &err), 0);
	assert_int_equal(file_add(&file, "never", 5, &err), 0);
	file_abandon(&file);
	assert_content("new");
	assert_int_equal(count_files(false), 1);
}

static void is_readable_by_umask(void **state)
{
	struct file file;
	struct err err;
	struct stat status;
	(void)state;
	mode_t old = umask(022);
	assert_int_equal(file_create(&file, path, &err), 0);
	assert_int_equal(file_commit(&file, &err), 0);
	umask(old);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0644);
}

static void keeps_the_old_file_when_the_disk_is_full(void **state)
{
	struct file file;
	struct err err = {.text = ""};
	char block[8192];
	(void)state;
	memset(block, 'x', sizeof(block));
	assert_int_equal(file_create(&file, path, &err), 0);
	assert_int_equal(file_add(&file, "old", 3, &err), 0);
	assert_int_equal(file_commit(&file, &err), 0);

	limit_files(4096);
	assert_int_equal(file_create(&file, path, &err), 0);
	assert_int_equal(file_add(&file, block, sizeof(block), &err), 0);
	assert_int_equal(file_commit(&file, &err), -1);
	limit_files(RLIM_INFINITY);
	assert_non_null(strstr(err.text, path));
	assert_non_null(strstr(err.text, strerror(EFBIG)));
	assert_content("old");
	assert_int_equal(count_files(false), 1);
}

static void names_the_file_of_a_missing_folder(void **state)
{
	struct file file;
	struct lines lines;
	struct err err = {.text = ""};
	(void)state;
	assert_int_equal(file_create(&file, "/nonexistent/x.csv", &err), -1);
	assert_non_null(strstr(err.text, "'/nonexistent/x.csv'"));
	assert_int_equal(lines_create(&lines, "/nonexistent/y.csv", &err), -1);
	assert_non_null(strstr(err.text, "'/nonexistent/y.csv'"));
}

static void grows_by_whole_lines_only(void **state)
{
	struct lines lines;
	struct err err = {.text = ""};
	(void)state;
	assert_int_equal(lines_create(&lines, path, &err), 0);
	assert_int_equal(lines_add(&lines, "first\r\n", 7, &err), 0);
	assert_content("first\r\n");
	limit_files(10);
	assert_int_equal(lines_add(&lines, "second\r\n", 8, &err), -1);
	limit_files(RLIM_INFINITY);
	assert_non_null(strstr(err.text, path));
	assert_content("first\r\n");
	assert_int_equal(lines_add(&lines, "third\r\n", 7, &err), 0);
	assert_int_equal(lines_close(&lines, &err), 0);
	assert_content("first\r\nthird\r\n");
}

static void makes_folders(void **state)
{
	struct err err = {.text = ""};
	struct text made;
	char deep[256], base[256], second[256];
	(void)state;
	text_init(&made);
	snprintf(deep, sizeof(deep), "%s/a", folder);
	assert_int_equal(folder_make(deep, &err), 0);
	assert_int_equal(folder_make(deep, &err), 0);
	snprintf(base, sizeof(base), "%s/run", folder);
	snprintf(second, sizeof(second), "%s/run-2", folder);
	assert_int_equal(folder_make_new(base, &made, &err), 0);
	assert_string_equal(text_get(&made), base);
	assert_int_equal(folder_make_new(base, &made, &err), 0);
	assert_string_equal(text_get(&made), second);
	assert_int_equal(folder_make("/proc/nowhere/x", &err), -1);
	assert_non_null(strstr(err.text, "'/proc/nowhere'"));
	text_release(&made);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			appears_only_when_committed, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(
			replaces_and_abandons, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(
			is_readable_by_umask, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(
			keeps_the_old_file_when_the_disk_is_full, make_folder, remove_folder),
		cmocka_unit_test(names_the_file_of_a_missing_folder),
		cmocka_unit_test_setup_teardown(
			grows_by_whole_lines_only, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(makes_folders, make_folder, remove_folder),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
