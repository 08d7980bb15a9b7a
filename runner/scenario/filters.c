/*
 * `--filter`: the words of the command line, `executor=async,thread workers > 8`, as a rule. A word
 * is a key, a comparison and values; keys and values are those of the rules in the file. See
 * asked.h.
 */
#include "scenario/asked.h"
#include "scenario/load.h"
#include "scenario/rules.h"

#include <string.h>

#define BLANKS " \t\r\n"

struct filter { /* one of them while it is read */
	struct check *check;
	int source;
	const char *text;
	const char *at; /* what comes next */
	bool gap;       /* a value is missing */
};

struct word {
	const struct node *key, *value;
	enum rule_op op;
};

enum { WORDS_MOST = 100, VALUES_MOST = 1000 };

static struct place place_of(const struct filter *filter, const char *at)
{
	struct place place =
		diag_place(filter->text, strlen(filter->text), (size_t)(at - filter->text));
	place.source = filter->source;
	return place;
}

static const struct node *new_scalar(const struct filter *filter, const char *at, size_t length)
{
	struct node *node = arena_alloc(filter->check->scratch, sizeof(*node));
	*node = (struct node){.kind = NODE_SCALAR,
		.place = place_of(filter, at),
		.size = 1,
		.height = 1,
		.text = arena_copy(filter->check->scratch, at, length)};
	return node;
}

static bool take_op(struct filter *filter, enum rule_op *op)
{
	const struct rule_sign *sign = rule_sign_at(filter->at);
	if (!sign)
		return false;
	filter->at += strlen(sign->sign);
	*op = sign->op;
	return true;
}

/* One value, to the comma or blank behind it. Quotes hold all; brackets, as in
 * `thread_pool[gil,chunk=64]`, hold commas. */
static const struct node *take_value(struct filter *filter)
{
	const char *at = filter->at;
	char quote = *at;
	if (quote == '"' || quote == '\'') {
		const char *end = strchr(at + 1, quote);
		filter->at = end ? end + 1 : at + strlen(at);
		return new_scalar(filter, at + 1, (size_t)(filter->at - at) - (end ? 2 : 1));
	}
	int depth = 0;
	for (; *at && !strchr(BLANKS, *at) && (*at != ',' || depth > 0); at++)
		depth += (*at == '[') - (*at == ']');
	const struct node *value = new_scalar(filter, filter->at, (size_t)(at - filter->at));
	filter->gap |= at == filter->at;
	filter->at = at;
	return value;
}

/* One value, or a list of them. */
static const struct node *take_values(struct filter *filter)
{
	struct check *check = filter->check;
	const struct node *values[VALUES_MOST];
	size_t count = 0;
	values[count++] = take_value(filter);
	while (*filter->at == ',' && count < VALUES_MOST) {
		filter->at++;
		values[count++] = take_value(filter);
	}
	if (count == 1)
		return values[0];
	const struct node **items = arena_alloc(check->scratch, count * sizeof(*items));
	struct node *list = arena_alloc(check->scratch, sizeof(*list));
	memcpy(items, values, count * sizeof(*items));
	*list = (struct node){.kind = NODE_LIST, .place = values[0]->place, .text = ""};
	node_keep_items(list, items, count);
	return list;
}

/* What joins conditions elsewhere. */
static bool is_joiner(const char *word)
{
	static const char *const joiners[] = {"&&", "||", "and", "or", "AND", "OR"};
	for (size_t i = 0; i < sizeof(joiners) / sizeof(joiners[0]); i++) {
		if (!strcmp(word, joiners[i]))
			return true;
	}
	return false;
}

static void report_condition(
	const struct filter *filter, const struct node *key, const char *written)
{
	diag_error(filter->check->diag, key->place, "'%.60s' is no condition; %s", written,
		is_joiner(written)
			? "all words must hold; for either, write a,b or a second --filter"
			: "write for instance executor=async or workers>8");
}

static bool begins_list(struct filter *filter)
{
	if (*filter->at != '[')
		return false;
	diag_error(filter->check->diag, place_of(filter, filter->at),
		"several values stand without brackets; write %.*s",
		(int)strcspn(filter->at + 1, "]"), filter->at + 1);
	return true;
}

static bool take_word(struct filter *filter, struct word *word)
{
	struct diag *diag = filter->check->diag;
	const char *key = filter->at;
	size_t length = strcspn(key, "=<>!~" BLANKS);
	word->key = new_scalar(filter, key, length);
	filter->at += length;
	filter->at += strspn(filter->at, BLANKS);
	if (length && rule_report_slip(filter->check, place_of(filter, filter->at), filter->at))
		return false;
	if (!length || !take_op(filter, &word->op)) {
		report_condition(filter, word->key, length ? word->key->text : key);
		return false;
	}
	filter->at += strspn(filter->at, BLANKS);
	if (begins_list(filter))
		return false;
	word->value = take_values(filter);
	if (!filter->gap)
		return true;
	size_t before = (size_t)(filter->at - key);
	diag_error(diag, place_of(filter, filter->at), "a value is missing in '%.*s'",
		(int)(before < 60 ? before : 60), key);
	return false;
}

/* All its words, or none: one of them is wrong, which was reported. */
static size_t take_words(struct filter *filter, struct word *words)
{
	size_t count = 0;
	struct diag *diag = filter->check->diag;
	if (!load_check_text(diag, filter->source))
		return 0;
	for (;;) {
		filter->at += strspn(filter->at, BLANKS);
		if (!*filter->at && count)
			return count;
		if (count == WORDS_MOST || !*filter->at)
			diag_error(diag, place_of(filter, filter->at),
				"a filter has 1 to %d conditions, such as executor=async",
				WORDS_MOST);
		if (count == WORDS_MOST || !*filter->at || !take_word(filter, &words[count++]))
			return 0;
	}
}

static void read_rule(
	struct check *check, const struct word *words, size_t count, struct rule *rule)
{
	struct rule_test *tests = arena_alloc(check->arena, count * sizeof(*tests));
	for (size_t i = 0; i < count; i++)
		rule_test_read(
			check, words[i].key, &words[i].op, words[i].value, "a filter", &tests[i]);
	*rule = (struct rule){count, tests, words[0].key->place};
}

/* False if this scenario has not what the rule names. */
static bool read_tolerant(
	struct check *check, const struct word *words, size_t count, struct rule *rule)
{
	struct diag own, *diag = check->diag;
	scenario_diag(check->scenario, check->scratch, &own);
	check->diag = &own;
	read_rule(check, words, count, rule);
	check->diag = diag;
	bool good = own.errors == 0;
	diag_release(&own);
	return good;
}

/* False: it is wrong, or this scenario has nothing for it. */
static bool read_filter(struct check *check, size_t source, struct rule *rule)
{
	struct word words[WORDS_MOST];
	struct filter filter = {.check = check, .source = (int)source + 1};
	filter.text = filter.at = check->scenario->sources[source].text;
	size_t count = take_words(&filter, words);
	if (count && check->scenario->reading.several)
		return read_tolerant(check, words, count, rule);
	if (count)
		read_rule(check, words, count, rule);
	return count > 0;
}

void filters_read(struct check *check)
{
	struct scenario *scenario = check->scenario;
	const struct reading *reading = &scenario->reading;
	size_t source = reading->set_count;
	struct rule *rules =
		arena_alloc(check->arena, (reading->filter_count + 1) * sizeof(*rules));
	scenario->filters = rules;
	for (size_t i = 0; i < reading->filter_count; i++) {
		bool known = read_filter(check, source++, &rules[scenario->filter_count]);
		scenario->filter_count += known;
		if (known && reading->known)
			reading->known[i] = true;
	}
	if (reading->cell && read_filter(check, source, &rules[scenario->filter_count]))
		scenario->cell = &rules[scenario->filter_count];
}
