/*
 * Rules: which cells an `exclude`, a `when` or a `baseline` means. A rule is a mapping; each of
 * its keys is one test, and a cell matches if it passes all of them.
 */
#include "scenario/rules.h"

#include <stdlib.h>
#include <string.h>

/* What a test's key can be compared to. */
struct subject {
	enum rule_key key;
	const char *name;
	const struct option *options[16]; /* of that name; own_keys have their own */
	size_t option_count;
	bool numeric;
};

static bool is_numeric(const struct option *option)
{
	return option->type != OPTION_BOOL && option->type != OPTION_ENUM &&
	       option->type != OPTION_TEXT;
}

static void add_option(struct subject *subject, const struct option *option)
{
	if (!option || option->list ||
		subject->option_count == sizeof(subject->options) / sizeof(subject->options[0]))
		return;
	subject->options[subject->option_count++] = option;
	subject->numeric |= is_numeric(option);
}

/* The options of that name which this scenario's workloads and executors have. */
static void find_options(struct check *check, struct subject *subject)
{
	for (size_t i = 0; i < check->type_count; i++)
		add_option(subject, option_find(check->types[i]->params, subject->name));
	for (size_t i = 0; executor_registry[i]; i++) {
		if (check->executor_used[i])
			add_option(subject,
				option_find(executor_registry[i]->options, subject->name));
	}
}

static const struct {
	const char *name;
	enum rule_key key;
	const struct option *option;
} own_keys[] = {
	{"workload", RULE_WORKLOAD, NULL},
	{"type", RULE_TYPE, NULL},
	{"executor", RULE_EXECUTOR, NULL},
	{"workers", RULE_WORKERS, &workers_option},
	{"tasks", RULE_TASKS, &load_options[LOAD_TASKS]},
	{"runtime", RULE_RUNTIME, &load_options[LOAD_RUNTIME]},
	{"rate", RULE_RATE, &load_options[LOAD_RATE]},
	{"arrival", RULE_ARRIVAL, &load_options[LOAD_ARRIVAL]},
};

enum { OWN_KEYS = sizeof(own_keys) / sizeof(own_keys[0]) };

static void add_table(struct names *names, const struct option *table)
{
	for (; table && table->name; table++) {
		bool known = table->list;
		for (size_t i = 0; i < names->count && !known; i++)
			known = !strcmp(names->items[i], table->name);
		if (!known)
			names_add(names, table->name);
	}
}

static void report_key(struct check *check, const struct node *key, const char *what)
{
	struct names names = {0};
	for (size_t i = 0; i < OWN_KEYS; i++)
		names_add(&names, own_keys[i].name);
	for (size_t i = 0; i < check->type_count; i++)
		add_table(&names, check->types[i]->params);
	for (size_t i = 0; executor_registry[i]; i++) {
		if (check->executor_used[i])
			add_table(&names, executor_registry[i]->options);
	}
	names_report(check, key->place, &names, key->text,
		"unknown key '%.60s' in %s; it is no option of this scenario's workloads and "
		"executors",
		key->text, what);
}

static bool find_subject(struct check *check, const struct node *key, struct subject *subject)
{
	*subject = (struct subject){.key = RULE_OPTION, .name = key->text};
	for (size_t i = 0; i < OWN_KEYS; i++) {
		if (strcmp(own_keys[i].name, key->text))
			continue;
		subject->key = own_keys[i].key;
		add_option(subject, own_keys[i].option);
		return true;
	}
	find_options(check, subject);
	return subject->option_count > 0;
}

/* ---- values ---- */

static bool is_used_type(const struct check *check, const char *name)
{
	for (size_t i = 0; i < check->type_count; i++)
		if (!strcmp(check->types[i]->name, name))
			return true;
	return false;
}

static void check_type(struct check *check, const struct node *node)
{
	struct names names = {0};
	if (is_used_type(check, node->text))
		return;
	for (size_t i = 0; workload_registry[i]; i++)
		if (is_used_type(check, workload_registry[i]->name))
			names_add(&names, workload_registry[i]->name);
	names_report(check, node->place, &names, node->text,
		"no workload of this scenario has the type '%.60s'", node->text);
}

/* A type, or the label of one with its options: `thread_pool[chunk=64]`. */
static void check_executor(struct check *check, const struct node *node)
{
	struct names names = {0};
	size_t type_length = strcspn(node->text, "[");
	bool found = false;
	for (size_t i = 0; executor_registry[i]; i++) {
		const char *name = executor_registry[i]->name;
		if (!check->executor_used[i])
			continue;
		found |= strlen(name) == type_length && !strncmp(name, node->text, type_length);
		names_add(&names, name);
	}
	if (found)
		free(names.items);
	else
		names_report(check, node->place, &names, node->text,
			"this scenario has no executor '%.60s'", node->text);
}

/* Good for one of the options is good: which one a cell has is known only in the plan. */
static void parse_value(struct check *check, const struct subject *subject, const struct node *node,
	const char *text, union value *value)
{
	struct err err, first;
	for (size_t i = 0; i < subject->option_count; i++) {
		if (!option_parse(subject->options[i], text, check->scratch, value, &err))
			return;
		if (!i)
			first = err;
	}
	diag_err(check->diag, node->place, &first);
}

static void check_value(struct check *check, const struct subject *subject, const struct node *node,
	const char *text, union value *value)
{
	if (subject->key == RULE_WORKLOAD)
		workload_named(check, node);
	else if (subject->key == RULE_TYPE)
		check_type(check, node);
	else if (subject->key == RULE_EXECUTOR)
		check_executor(check, node);
	else
		parse_value(check, subject, node, text, value);
}

/* Takes the operator off the front of a text. */
static enum rule_op take_op(const char **text)
{
	static const struct {
		const char *sign;
		enum rule_op op;
	} ops[] = {
		{">=", RULE_AT_LEAST},
		{"<=", RULE_AT_MOST},
		{"!=", RULE_NOT_EQUAL},
		{">", RULE_MORE},
		{"<", RULE_LESS},
	};
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		size_t length = strlen(ops[i].sign);
		if (strncmp(*text, ops[i].sign, length))
			continue;
		*text += length;
		*text += strspn(*text, " ");
		return ops[i].op;
	}
	return RULE_EQUAL;
}

/* A test while its values are read. */
struct test_values {
	const struct subject *subject;
	bool alone; /* one value, which may be a comparison */
	enum rule_op op;
	size_t count;
	const char **texts;
	union value *typed;
};

static void read_value(struct check *check, const struct node *node, void *into)
{
	struct test_values *values = into;
	const struct subject *subject = values->subject;
	if (!check_kind(check, node, NODE_SCALAR, subject->name))
		return;
	const char *text = node->text;
	values->op = subject->numeric ? take_op(&text) : RULE_EQUAL;
	if (values->op != RULE_EQUAL && !values->alone) {
		diag_error(check->diag, node->place,
			"'%.60s' is a comparison, and cannot stand in a list", node->text);
		return;
	}
	check_value(check, subject, node, text, &values->typed[values->count]);
	values->texts[values->count++] = arena_text(check->arena, text);
}

static void read_test(struct check *check, const struct subject *subject,
	const struct node *node, struct rule_test *test)
{
	bool list = node->kind == NODE_LIST;
	size_t count = list ? node->count : 1;
	struct test_values values = {.subject = subject,
		.alone = !list,
		.texts = arena_alloc(check->arena, count * sizeof(const char *)),
		.typed = arena_alloc(check->arena, count * sizeof(union value))};
	if (!count)
		diag_error(check->diag, node->place,
			"'%s' has an empty list; it matches nothing", subject->name);
	check_each(check, node, read_value, &values);
	*test = (struct rule_test){.key = subject->key,
		.option = arena_text(check->arena, subject->name),
		.op = values.op,
		.count = values.count,
		.texts = values.texts,
		.own = subject->key == RULE_OPTION ? NULL : subject->options[0], /* or NULL */
		.values = values.typed};
}

void rule_read(
	struct check *check, const struct node *node, const char *what, struct rule *rule)
{
	if (!check_kind(check, node, NODE_MAP, what))
		return;
	if (!node->count)
		diag_error(check->diag, node->place, "%s is empty, and would match everything",
			what);
	struct rule_test *tests = arena_alloc(check->arena, node->count * sizeof(*tests));
	*rule = (struct rule){node->count, tests, node->place.line, node->place.column};
	for (size_t i = 0; i < node->count; i++) {
		struct subject subject;
		if (find_subject(check, node->pairs[i].key, &subject))
			read_test(check, &subject, node->pairs[i].value, &tests[i]);
		else
			report_key(check, node->pairs[i].key, what);
	}
}
