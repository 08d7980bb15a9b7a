/* What is read of the kernel's files, and what a call in a process of its own brings back. */
#include "base/apart.h"
#include "report/probe.h"
#include "report/topology.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void assert_list(const char *list, const char *wanted)
{
	struct text out;
	text_init(&out);
	for (long at = -1; probe_next(list, &at);)
		text_addf(&out, "%ld ", at);
	assert_string_equal(text_get(&out), wanted);
	text_release(&out);
}

static void lists_of_cpus(void **state)
{
	(void)state;
	assert_list("0-3,8", "0 1 2 3 8 ");
	assert_list("0", "0 ");
	assert_list("2,5-6,9-9", "2 5 6 9 ");
	assert_list("", "");
	assert_list("none", "");
	assert_list("1,x", "1 ");
}

static void what_is_not_there_is_null(void **state)
{
	(void)state;
	assert_true(json_is_null(probe_line_json("/proc/no/such/file", "")));
	assert_true(json_is_null(probe_number_json("/proc/self/comm")));
	assert_true(json_is_null(probe_line_json("/proc/self/status", "NoSuchKey")));
	json_t *pid = probe_number_json("/proc/sys/kernel/pid_max");
	assert_true(json_integer_value(pid) > 0);
	json_decref(pid);
}

/* Whatever this machine is: there are no more sockets than cores, nor cores than threads. */
static void topology_fits_together(void **state)
{
	(void)state;
	json_t *json = topology_json();
	static const char *const levels[] = {"sockets", "cores", "threads"};
	json_int_t fewer = 1;
	for (size_t i = 0; i < 3; i++) {
		json_t *count = json_object_get(json, levels[i]);
		if (json_is_null(count))
			continue;
		assert_true(json_integer_value(count) >= fewer);
		fewer = json_integer_value(count);
	}
	json_decref(json);
}

static int changed;

static int change(void *arg, struct err *err)
{
	(void)err;
	changed = *(int *)arg;
	return 0;
}

static int complain(void *arg, struct err *err)
{
	(void)arg;
	return err_set(err, "no luck");
}

static int die(void *arg, struct err *err)
{
	(void)arg;
	(void)err;
	return raise(SIGKILL);
}

static int leave(void *arg, struct err *err)
{
	(void)arg;
	(void)err;
	_exit(3);
}

static void a_call_apart(void **state)
{
	(void)state;
	struct err err = {""};
	int value = 7;
	assert_int_equal(apart(change, &value, "try", &err), 0);
	assert_int_equal(changed, 0);
	assert_string_equal(err.text, "");
	assert_int_equal(apart(complain, NULL, "try", &err), -1);
	assert_string_equal(err.text, "no luck");
	assert_int_equal(apart(die, NULL, "try", &err), -1);
	assert_non_null(strstr(err.text, "cannot try: its process died of signal 9"));
	assert_int_equal(apart(leave, NULL, "try", &err), -1);
	assert_string_equal(err.text, "cannot try: its process ended with code 3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_of_cpus),
		cmocka_unit_test(what_is_not_there_is_null),
		cmocka_unit_test(topology_fits_together),
		cmocka_unit_test(a_call_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
