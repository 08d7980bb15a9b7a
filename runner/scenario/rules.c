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
	bool numeric; /* its values have an order */
	bool text;    /* they may be anything, so also begin with != */
};

bool rule_compares(const struct option *option)
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
	subject->numeric |= rule_compares(option);
	subject->text |= option->type == OPTION_TEXT;
}

/* The options of that name which this scenario's workloads and executors have. */
static void find_options(struct check *check, struct subject *subject)
{
	for (size_t i = 0; i < check->type_count; i++)
		add_option(subject, option_find(check->types[i]->params, subject->name));
	for (size_t i = 0; executor_registry[i]; i++) {
		if (check->executor_used[i])
			add_option(
				subject, option_find(executor_registry[i]->options, subject->name));
	}
}

const struct rule_own rule_own[] = {
	{"workload", RULE_WORKLOAD, NULL, "a workload of this scenario, by its name"},
	{"type", RULE_TYPE, NULL, "a workload's type"},
	{"executor", RULE_EXECUTOR, NULL,
		"an executor's type, or the label of one with its options: thread_pool[gil]"},
	{"workers", RULE_WORKERS, &workers_option, NULL},
	{"tasks", RULE_TASKS, &load_options[LOAD_TASKS], NULL},
	{"runtime", RULE_RUNTIME, &load_options[LOAD_RUNTIME], NULL},
	{"rate", RULE_RATE, &load_options[LOAD_RATE], NULL},
	{"arrival", RULE_ARRIVAL, &load_options[LOAD_ARRIVAL], NULL},
	{0},
};

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
	for (const struct rule_own *own = rule_own; own->name; own++)
		names_add(&names, own->name);
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
	for (const struct rule_own *own = rule_own; own->name; own++) {
		if (strcmp(own->name, key->text))
			continue;
		subject->key = own->key;
		add_option(subject, own->option);
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
	for (size_t i = 0; workload_registry()[i]; i++)
		if (is_used_type(check, workload_registry()[i]->name))
			names_add(&names, workload_registry()[i]->name);
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
	union value *value)
{
	struct err err, first;
	for (size_t i = 0; i < subject->option_count; i++) {
		if (!option_parse(subject->options[i], node->text, check->scratch, value, &err))
			return;
		if (!i)
			first = err;
	}
	diag_err(check->diag, node->place, &first);
}

static void check_value(struct check *check, const struct subject *subject, const struct node *node,
	union value *value)
{
	if (subject->key == RULE_WORKLOAD)
		workload_named(check, node);
	else if (subject->key == RULE_TYPE)
		check_type(check, node);
	else if (subject->key == RULE_EXECUTOR)
		check_executor(check, node);
	else
		parse_value(check, subject, node, value);
}

static const struct rule_sign signs[] = {
	{">=", RULE_AT_LEAST},
	{"<=", RULE_AT_MOST},
	{"!=", RULE_NOT_EQUAL},
	{"==", RULE_EQUAL},
	{"=", RULE_EQUAL},
	{">", RULE_MORE},
	{"<", RULE_LESS},
	{NULL, RULE_EQUAL},
};

const struct rule_sign *rule_sign_at(const char *text)
{
	const struct rule_sign *sign = signs;
	while (sign->sign && strncmp(text, sign->sign, strlen(sign->sign)))
		sign++;
	return sign->sign ? sign : NULL;
}

bool rule_report_slip(struct check *check, struct place place, const char *text)
{
	static const struct {
		const char *written, *meant;
	} slips[] = {{"=>", ">="}, {"=<", "<="}, {"<>", "!="}, {"~=", "!="}};
	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
		if (strncmp(text, slips[i].written, 2))
			continue;
		diag_error(check->diag, place, "'%s' is no comparison; write %s", slips[i].written,
			slips[i].meant);
		return true;
	}
	return false;
}

/* Takes the operator off the front of a text. What has no order can still be another. */
static enum rule_op take_op(const struct subject *subject, const char **text)
{
	const struct rule_sign *sign = rule_sign_at(*text);
	if (!sign || sign->op == RULE_EQUAL)
		return RULE_EQUAL;
	bool ordered = sign->op != RULE_NOT_EQUAL;
	if (ordered ? !subject->numeric : subject->text)
		return RULE_EQUAL;
	*text += strlen(sign->sign);
	*text += strspn(*text, " ");
	return sign->op;
}

/* A test while its values are read. */
struct test_values {
	const struct subject *subject;
	bool alone; /* one value, which may be a comparison */
	bool said;  /* the comparison is known, and stands in no value */
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
	if (!values->said && !subject->text && rule_report_slip(check, node->place, text))
		return;
	if (!values->said)
		values->op = take_op(subject, &text);
	if (!values->said && values->op != RULE_EQUAL && !values->alone) {
		diag_error(check->diag, node->place,
			"'%.60s' is a comparison, and cannot stand in a list; write it alone",
			node->text);
		return;
	}
	struct node bare = *node;
	bare.text = text;
	check_value(check, subject, &bare, &values->typed[values->count]);
	values->texts[values->count++] = arena_text(check->arena, text);
}

/* A comparison that is said applies to what has an order, and to one value. */
static void check_op(struct check *check, const struct node *key, enum rule_op op,
	const struct subject *subject, size_t count)
{
	if (op == RULE_EQUAL || op == RULE_NOT_EQUAL)
		return;
	if (!subject->numeric)
		diag_error(check->diag, key->place,
			"'%.60s' has no order; compare it by = or !=", key->text);
	else if (count > 1)
		diag_error(check->diag, key->place,
			"'%.60s' is compared with %zu values; write one, or = for any of them",
			key->text, count);
}

static void read_test(struct check *check, const struct subject *subject, const enum rule_op *op,
	const struct node *key, const struct node *node, struct rule_test *test)
{
	bool list = node->kind == NODE_LIST;
	size_t count = list ? node->count : 1;
	struct test_values values = {.subject = subject,
		.alone = !list,
		.said = op != NULL,
		.op = op ? *op : RULE_EQUAL,
		.texts = arena_alloc(check->arena, count * sizeof(const char *)),
		.typed = arena_alloc(check->arena, count * sizeof(union value))};
	if (!count)
		diag_error(check->diag, node->place, "'%s' has an empty list; it matches nothing",
			subject->name);
	check_op(check, key, values.op, subject, count);
	check_each(check, node, read_value, &values);
	*test = (struct rule_test){.key = subject->key,
		.option = arena_text(check->arena, subject->name),
		.op = values.op,
		.count = values.count,
		.texts = values.texts,
		.own = subject->key == RULE_OPTION ? NULL : subject->options[0], /* or NULL */
		.values = values.typed,
		.place = key->place};
}

void rule_test_read(struct check *check, const struct node *key, const enum rule_op *op,
	const struct node *value, const char *what, struct rule_test *test)
{
	struct subject subject;
	if (find_subject(check, key, &subject))
		read_test(check, &subject, op, key, value, test);
	else
		report_key(check, key, what);
}

/* A name alone, as in `baseline: sequential`, says most likely which executor. */
static void advise_mapping(struct check *check, const struct node *node)
{
	bool named = node->kind == NODE_SCALAR;
	if (named && workload_entry_find(check, node->text))
		check_advise(check, node, "write it as { workload: %.60s }", node->text);
	else
		check_advise(check, node, "write it as { executor: %s }",
			named && executor_find(node->text) ? node->text : "thread");
}

void rule_read(struct check *check, const struct node *node, const char *what, struct rule *rule)
{
	if (!check_kind(check, node, NODE_MAP, what)) {
		advise_mapping(check, node);
		return;
	}
	if (!node->count)
		diag_error(check->diag, node->place,
			"%s is empty, and would match everything; write for instance { executor: "
			"thread }",
			what);
	struct rule_test *tests = arena_alloc(check->arena, node->count * sizeof(*tests));
	*rule = (struct rule){node->count, tests, node->place};
	for (size_t i = 0; i < node->count; i++)
		rule_test_read(
			check, node->pairs[i].key, NULL, node->pairs[i].value, what, &tests[i]);
}
