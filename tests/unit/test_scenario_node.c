/* The YAML tree: places, aliases, merges and bounds. */
#include "scenario/node.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static struct arena arena;
static struct diag diag;

static const struct node *parsed_bytes(const char *text, size_t length)
{
	diag_release(&diag);
	diag_init(&diag, &arena, "x.yaml", text, length);
	return node_parse(text, length, &arena, &diag);
}

static const struct node *parsed(const char *text)
{
	return parsed_bytes(text, strlen(text));
}

static void is_at(const struct node *node, int line, int column)
{
	assert_int_equal(node->place.line, line);
	assert_int_equal(node->place.column, column);
}

static void nodes_know_their_places(void **state)
{
	(void)state;
	const struct node *root = parsed("größe: [1, 'two']\nb:\n  - x\n");
	assert_int_equal(diag.errors, 0);
	assert_int_equal(root->kind, NODE_MAP);
	assert_int_equal(root->count, 2);
	const struct node *list = root->pairs[0].value;
	is_at(root->pairs[0].key, 1, 1);
	is_at(list, 1, 8);
	is_at(list->items[1], 1, 12);
	assert_true(list->items[0]->plain);
	assert_false(list->items[1]->plain);
	assert_string_equal(list->items[1]->text, "two");
	is_at(node_find(root, "b")->items[0], 3, 5);
	assert_null(node_find(root, "c"));
	assert_int_equal(root->size, 1 + 1 + 3 + 1 + 2);
	assert_int_equal(root->height, 3);
}

static void aliases_share_their_node(void **state)
{
	(void)state;
	const struct node *root = parsed("a: &x [1, 2]\nb: [*x, *x]\n");
	assert_int_equal(diag.errors, 0);
	const struct node *b = node_find(root, "b");
	assert_ptr_equal(b->items[0], node_find(root, "a"));
	assert_ptr_equal(b->items[1], b->items[0]);
	assert_int_equal(b->size, 1 + 3 + 3);
}

static void merged_keys_keep_their_places(void **state)
{
	(void)state;
	const struct node *root = parsed("a: &a { p: 1, q: 2 }\nb: { q: 3, <<: *a }\n"
					 "c: { <<: [{ p: 4 }, *a] }\n'<<': 5\n");
	assert_int_equal(diag.errors, 0);
	const struct node *b = node_find(root, "b");
	assert_int_equal(b->count, 2);
	assert_string_equal(node_find(b, "q")->text, "3");
	is_at(node_find(b, "p"), 1, 12);
	assert_string_equal(node_find(node_find(root, "c"), "p")->text, "4");
	assert_string_equal(node_find(node_find(root, "c"), "q")->text, "2");
	assert_string_equal(node_find(root, "<<")->text, "5");
}

static void empty_is_what_nobody_wrote(void **state)
{
	(void)state;
	const struct node *root = parsed("a:\nb: ~\nc: ''\nd: null\ne: []\n");
	assert_true(node_is_empty(node_find(root, "a")));
	assert_true(node_is_empty(node_find(root, "b")));
	assert_false(node_is_empty(node_find(root, "c")));
	assert_false(node_is_empty(node_find(root, "d")));
	assert_false(node_is_empty(node_find(root, "e")));
	assert_null(parsed(""));
	assert_null(parsed("# only a comment\n"));
	assert_int_equal(diag.errors, 0);
}

static void faults_of_the_syntax_leave_no_tree(void **state)
{
	(void)state;
	static const char *const texts[] = {"a: [1", "a: 'x", "a: b: c", "\ta: 1\n b",
		"- a\nb: 1", "@", "a: {", "}", "a: *", "%", "a: !<x", "\xc2\x80"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_null(parsed(texts[i]));
		assert_int_equal(diag.errors, 1);
	}
}

static void other_faults_are_collected(void **state)
{
	(void)state;
	assert_non_null(parsed("a: *no\nb: !!int 1\nb: 2\n[c]: 3\nd: &d [*d]\ne: \"\\0\"\n"));
	assert_int_equal(diag.errors, 6);
}

/* Long inputs of every form that makes parsers slow or deep. */
static void large_inputs_are_read_within_bounds(void **state)
{
	(void)state;
	static const char *const units[] = {"[", "{", "- ", "? ", "[a, ", "a: ", "&a ", "*a ",
		"\"", "'", "a: [*a]\n", "&a a: 1\n", "- &b x\n- *b\n", "!t ", "| ", "\n",
		"# x\n", "---\n", "a:\n ", "{a: ", "<<: {", "a: 1\n", "x", "%Y\n", "\\", ", ",
		"a\t", "k: |\n", "- a\n"};
	enum { BYTES = 1024 * 1024 };
	char *text = malloc(BYTES);
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		size_t length = strlen(units[i]);
		for (size_t at = 0; at < BYTES; at++)
			text[at] = units[i][at % length];
		clock_t before = clock();
		const struct node *root = parsed_bytes(text, BYTES);
		assert_true(!root || root->size <= NODE_SIZE_MOST);
		/* Generous: sanitizers, a loaded machine; a quadratic reader takes minutes. */
		assert_true((double)(clock() - before) / CLOCKS_PER_SEC < 20);
		arena_release(&arena);
	}
	free(text);
}

static int setup(void **state)
{
	(void)state;
	arena_init(&arena);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	diag_release(&diag);
	arena_release(&arena);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nodes_know_their_places),
		cmocka_unit_test(aliases_share_their_node),
		cmocka_unit_test(merged_keys_keep_their_places),
		cmocka_unit_test(empty_is_what_nobody_wrote),
		cmocka_unit_test(faults_of_the_syntax_leave_no_tree),
		cmocka_unit_test(other_faults_are_collected),
		cmocka_unit_test(large_inputs_are_read_within_bounds),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
