/* Shared libraries that are opened when a run needs them, and what is said where they are not. */
#include "base/library.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* clang-format off: it needs what stands before it. */
#include <cmocka.h>
/* clang-format on */

/* Every program of this project has libm. */
static const struct library_source math = {"libm", "libm.so.6", "libc6", "libc6-dev", "tests"};
static const struct library_source nowhere = {
	"libnone", "libconrun-none.so.9", "libnone9", "libnone-dev", "tests"};

static double (*cosine)(double);
static const struct library_symbol found[] = {{"cos", (void **)&cosine}, {NULL, NULL}};

static void opens_once_and_fills_in(void **state)
{
	(void)state;
	struct library libm = {&math, found, NULL};
	struct err err = {""};
	cosine = NULL;
	assert_int_equal(library_open(&libm, &err), 0);
	assert_non_null(libm.handle);
	assert_true(cosine(0) == 1);
	void *handle = libm.handle;
	cosine = NULL;
	assert_int_equal(library_open(&libm, &err), 0);
	assert_ptr_equal(libm.handle, handle);
	assert_null(cosine);
	assert_string_equal(err.text, "");
}

static void missing_file_names_the_package(void **state)
{
	(void)state;
	struct library none = {&nowhere, found, NULL};
	/* It is tried anew each time: it may have been installed. */
	for (int i = 0; i < 2; i++) {
		struct err err = {""};
		assert_int_equal(library_open(&none, &err), -1);
		assert_null(none.handle);
		assert_non_null(strstr(err.text, "cannot open libnone: libconrun-none.so.9: "));
		assert_non_null(strstr(err.text, "; install libnone9"));
	}
}

static void missing_symbol_is_named(void **state)
{
	(void)state;
	static void (*nothing)(void);
	static const struct library_symbol symbols[] = {{"cos", (void **)&cosine},
		{"conrun_no_such_function", (void **)&nothing}, {NULL, NULL}};
	struct library libm = {&math, symbols, NULL};
	struct err err = {""};
	assert_int_equal(library_open(&libm, &err), -1);
	assert_null(libm.handle);
	assert_string_equal(err.text, "libm (libm.so.6) has no conrun_no_such_function; install a "
				      "newer libc6");
}

static void not_built_names_the_package(void **state)
{
	(void)state;
	static const char expected[] =
		"this conrun was built without libnone; install libnone-dev and build it again";
	struct err err = {""};
	assert_int_equal(library_not_built(&nowhere, &err), -1);
	assert_string_equal(err.text, expected);

	struct library_source left_out = nowhere;
	left_out.file = NULL;
	struct library none = {&left_out, found, NULL};
	err.text[0] = '\0';
	assert_int_equal(library_open(&none, &err), -1);
	assert_string_equal(err.text, expected);
}

enum { THREADS = 4 };

static void *open_it(void *library)
{
	struct err err;
	return (void *)(intptr_t)library_open(library, &err);
}

static void threads_may_open_it_together(void **state)
{
	(void)state;
	struct library libm = {&math, found, NULL};
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, open_it, &libm), 0);
	for (int i = 0; i < THREADS; i++) {
		void *opened;
		pthread_join(threads[i], &opened);
		assert_null(opened);
	}
	assert_non_null(libm.handle);
	assert_true(cosine(0) == 1);
}

static void sources_are_complete(void **state)
{
	(void)state;
	size_t count = 0;
	for (; library_sources[count]; count++) {
		const struct library_source *source = library_sources[count];
		assert_true(source->name && source->package && source->build_package);
		assert_non_null(source->purpose);
	}
	assert_int_equal(count, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_once_and_fills_in),
		cmocka_unit_test(missing_file_names_the_package),
		cmocka_unit_test(missing_symbol_is_named),
		cmocka_unit_test(not_built_names_the_package),
		cmocka_unit_test(threads_may_open_it_together),
		cmocka_unit_test(sources_are_complete),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
