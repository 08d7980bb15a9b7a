/* Who the user is does not stand in what is handed on. */
#include "report/anonymous.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

struct example {
	const char *from, *to;
};

static void be(const char *home, const char *user)
{
	setenv("HOME", home, 1);
	setenv("USER", user, 1);
	setenv("LOGNAME", user, 1);
}

static void check(const struct example *examples)
{
	for (; examples->from; examples++) {
		struct text out;
		text_init(&out);
		anonymous_add(&out, examples->from);
		assert_string_equal(text_get(&out), examples->to);
		text_release(&out);
	}
}

static void home_is_a_tilde(void **state)
{
	(void)state;
	be("/home/ann/", "ann");
	check((const struct example[]){
		{"/home/ann", "~"},
		{"/home/ann/x.yaml", "~/x.yaml"},
		{"--output=/home/ann/r", "--output=~/r"},
		{"cannot open '/home/ann/a b'", "cannot open '~/a b'"},
		{"script: /home/ann/t.lua\nfile: /home/ann", "script: ~/t.lua\nfile: ~"},
		{"/home/anna/x", "/home/USER/x"},
		{"./home/ann/x", "./home/USER/x"},
		{"ann was here; root/ann.txt", "ann was here; root/ann.txt"},
		{"", ""},
		{NULL, NULL},
	});
}

static void other_homes_and_the_own_name(void **state)
{
	(void)state;
	be("/root", "ann");
	check((const struct example[]){
		{"/root/x", "~/x"},
		{"/rooted/x", "/rooted/x"},
		{"/home/bob/x", "/home/USER/x"},
		{"/Users/bob", "/Users/USER"},
		{"/home/", "/home/"},
		{"/scratch/ann/x", "/scratch/USER/x"},
		{"/scratch/ann", "/scratch/USER"},
		{"/scratch/anna/x", "/scratch/anna/x"},
		{"file:///home/bob/x", "file:///home/USER/x"},
		{"http://host/home/page", "http://host/home/page"},
		{NULL, NULL},
	});
}

/* A daemon's home may be /, and root is nobody's name. */
static void what_is_not_known_is_left(void **state)
{
	(void)state;
	be("/", "root");
	check((const struct example[]){{"/root/x", "/root/x"}, {"/a/root/x", "/a/root/x"},
		{"/usr/bin", "/usr/bin"}, {NULL, NULL}});
	unsetenv("HOME");
	unsetenv("USER");
	unsetenv("LOGNAME");
	check((const struct example[]){
		{"/a/b", "/a/b"}, {"/home/bob", "/home/USER"}, {NULL, NULL}});
}

static void all_texts_of_a_tree(void **state)
{
	(void)state;
	be("/home/ann", "ann");
	json_t *json = json_pack("{s:[s,{s:s,s:i}],s:s,s:n}", "list", "/home/ann/a", "deep",
		"/home/ann/b", "number", 7, "text", "/home/ann", "nothing");
	anonymous_json(json);
	json_t *wanted = json_pack("{s:[s,{s:s,s:i}],s:s,s:n}", "list", "~/a", "deep", "~/b",
		"number", 7, "text", "~", "nothing");
	assert_true(json_equal(json, wanted));
	json_decref(json);
	json_decref(wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(home_is_a_tilde),
		cmocka_unit_test(other_homes_and_the_own_name),
		cmocka_unit_test(what_is_not_known_is_left),
		cmocka_unit_test(all_texts_of_a_tree),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
