/* Growing text, nearest words, UTF-8 and the hash. */
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void text_grows(void **state)
{
	(void)state;
	struct text text;
	text_init(&text);
	assert_string_equal(text_get(&text), "");
	for (int i = 0; i < 1000; i++)
		text_addf(&text, "%d,", i % 10);
	assert_int_equal(text.length, 2000);
	assert_int_equal(strlen(text_get(&text)), 2000);
	text_clear(&text);
	assert_string_equal(text_get(&text), "");
	text_add(&text, "a");
	text_add_bytes(&text, "bcd", 2);
	assert_string_equal(text_get(&text), "abc");
	text_release(&text);
	assert_null(text.bytes);
}

static void a_long_format_is_not_cut(void **state)
{
	(void)state;
	struct text text;
	text_init(&text);
	text_addf(&text, "%*s|", 500, "x");
	text_addf(&text, "%*s|", 1000, "y");
	assert_int_equal(text.length, 1502);
	assert_int_equal(text_get(&text)[1501], '|');
	assert_int_equal(text_get(&text)[1500], 'y');
	text_release(&text);
}

static void the_nearest_word(void **state)
{
	(void)state;
	static const char *const words[] = {
		"workers", "workloads", "tasks", "timeout", "n", "seed"};
	static const struct {
		const char *word, *nearest;
	} cases[] = {
		{"worker", "workers"},
		{"wrokers", "workers"}, /* a swap is one step */
		{"WORKERS", "workers"},
		{"workload", "workloads"},
		{"tsk", NULL}, /* two steps for three letters */
		{"taks", "tasks"},
		{"timeuot", "timeout"},
		{"m", NULL}, /* nothing of the word is left */
		{"velocity", NULL},
		{"", NULL},
		{"a word that is far too long to be a mistyped key of any scenario whatsoever",
			NULL},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *nearest = text_nearest(cases[i].word, words, 6);
		if (cases[i].nearest)
			assert_string_equal(nearest ? nearest : "nothing", cases[i].nearest);
		else
			assert_null(nearest);
	}
	assert_null(text_nearest("worker", words, 0));
}

static void the_first_byte_that_is_not_utf8(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t fault; /* 99: none */
	} cases[] = {
		{"", 99},
		{"plain", 99},
		{"gr\xc3\xb6\xc3\x9f"
		 "e \xe2\x82\xac \xf0\x9f\x98\x80",
			99},
		{"ab\xff", 2},
		{"a\xc3", 1},            /* cut off */
		{"a\x80", 1},            /* a continuation alone */
		{"\xc0\xaf", 0},         /* overlong */
		{"\xe0\x80\xaf", 0},     /* overlong */
		{"\xed\xa0\x80", 0},     /* a surrogate */
		{"\xf4\x90\x80\x80", 0}, /* past U+10FFFF */
		{"\xf0\x9f\x98", 0},     /* cut off */
		{"\xe2\x82\xac\xe2\x28\xa1", 3},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t length = strlen(cases[i].bytes);
		size_t expected = cases[i].fault == 99 ? length : cases[i].fault;
		assert_int_equal(text_utf8_fault(cases[i].bytes, length), expected);
	}
	assert_int_equal(text_utf8_fault("a\0b", 3), 3);
}

/* Vectors from the authors' page. */
static void the_hash_is_fnv_1a(void **state)
{
	(void)state;
	assert_true(text_hash(TEXT_HASH_START, "", 0) == UINT64_C(0xcbf29ce484222325));
	assert_true(text_hash(TEXT_HASH_START, "a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
	uint64_t hash = text_hash(TEXT_HASH_START, "foo", 3);
	assert_true(text_hash(hash, "bar", 3) == UINT64_C(0x85944171f73967e8));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_grows),
		cmocka_unit_test(a_long_format_is_not_cut),
		cmocka_unit_test(the_nearest_word),
		cmocka_unit_test(the_first_byte_that_is_not_utf8),
		cmocka_unit_test(the_hash_is_fnv_1a),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
