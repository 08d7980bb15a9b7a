/*
 * `--set`: values of the command line in the place of the file's. A path of keys, and of places in
 * lists, leads through the tree. What lies on it is copied: the node of an anchor stands in several
 * places, and only this one is to change. See asked.h.
 */
#include "scenario/asked.h"
#include "scenario/load.h"

#include <string.h>

struct setting { /* one of them on its way into the tree */
	struct check *check;
	int source;
	const char *text, *end;   /* the path is what stands before `end` */
	const struct node *value; /* NULL: what is there is taken out */
	bool failed;              /* which was reported; the tree stays as it is */
};

static struct place place_of(const struct setting *setting, const char *at)
{
	struct place place =
		diag_place(setting->text, strlen(setting->text), (size_t)(at - setting->text));
	place.source = setting->source;
	return place;
}

/* The path as far as the dot before `at`, for messages. */
static const char *path_before(const struct setting *setting, const char *at)
{
	size_t length = at > setting->text ? (size_t)(at - setting->text) - 1 : 0;
	return arena_format(
		setting->check->scratch, "%.*s", (int)(length < 60 ? length : 60), setting->text);
}

static struct node *new_map(const struct setting *setting, struct place place)
{
	struct node *map = arena_alloc(setting->check->scratch, sizeof(*map));
	*map = (struct node){.kind = NODE_MAP, .place = place, .size = 1, .height = 1, .text = ""};
	return map;
}

static bool is_number(const char *at, size_t length)
{
	size_t digits = 0;
	while (digits < length && at[digits] >= '0' && at[digits] <= '9')
		digits++;
	return length > 0 && digits == length;
}

static size_t to_dot(const struct setting *setting, const char *at)
{
	size_t left = (size_t)(setting->end - at);
	const char *dot = memchr(at, '.', left);
	return dot ? (size_t)(dot - at) : left;
}

/* What is not there yet and the path goes on in from `at`: a list if that is a place, a mapping if
 * it is a key. A workload's name can be a number. */
static const struct node *new_below(
	const struct setting *setting, struct place place, const char *at, const char *key)
{
	struct node *below = new_map(setting, place);
	if (is_number(at, to_dot(setting, at)) && strcmp(key, "workloads") != 0)
		below->kind = NODE_LIST;
	return below;
}

static const struct node *put(
	struct setting *setting, const struct node *old, const char *at, size_t depth);

/* ---- mappings ---- */

static bool is_key(const struct node *key, const char *at, size_t length)
{
	return strlen(key->text) == length && !memcmp(key->text, at, length);
}

static const struct pair *find_pair(const struct node *map, const char *at, size_t length)
{
	for (size_t i = 0; i < map->count; i++)
		if (is_key(map->pairs[i].key, at, length))
			return &map->pairs[i];
	return NULL;
}

/* The key that the path goes on with: the longest of the mapping's own, since names may have dots
 * in them, else what stands before the next dot. */
static size_t key_length(const struct setting *setting, const struct node *map, const char *at)
{
	size_t left = (size_t)(setting->end - at), longest = 0;
	for (size_t i = 0; i < map->count; i++) {
		size_t length = strlen(map->pairs[i].key->text);
		if (length > longest && length <= left &&
			!memcmp(map->pairs[i].key->text, at, length) &&
			(length == left || at[length] == '.'))
			longest = length;
	}
	return longest ? longest : to_dot(setting, at);
}

static const struct node *new_key(const struct setting *setting, const char *at, size_t length)
{
	struct node *key = arena_alloc(setting->check->scratch, sizeof(*key));
	*key = (struct node){.kind = NODE_SCALAR,
		.place = place_of(setting, at),
		.size = 1,
		.height = 1,
		.text = arena_copy(setting->check->scratch, at, length)};
	return key;
}

static bool is_rival(const char *key, const char *of)
{
	return (!strcmp(of, "tasks") && !strcmp(key, "runtime")) ||
	       (!strcmp(of, "runtime") && !strcmp(key, "tasks"));
}

/* Tasks and runtime take each other's place, as in an include; not those of the command line. */
static bool gives_way(
	const struct setting *setting, const struct pair *pair, const char *to, size_t depth)
{
	bool has_load = depth == 0 || !strncmp(setting->text, "include.", 8) ||
			!strncmp(setting->text, "overrides.", 10);
	return has_load && setting->value && !pair->value->place.source &&
	       is_rival(pair->key->text, to);
}

/* A copy of the mapping with one pair more, or another, or without it (value NULL). */
static const struct node *with_pair(
	struct setting *setting, const struct node *map, struct pair pair, size_t depth)
{
	struct node *copy = new_map(setting, map->place);
	struct pair *pairs =
		arena_alloc(setting->check->scratch, (map->count + 1) * sizeof(*pairs));
	size_t count = 0;
	bool found = false;
	for (size_t i = 0; i < map->count; i++) {
		const struct pair *old = &map->pairs[i];
		bool same = !strcmp(old->key->text, pair.key->text);
		found |= same;
		if (same && pair.value)
			pairs[count++] = pair;
		else if (!same && !gives_way(setting, old, pair.key->text, depth))
			pairs[count++] = *old;
	}
	if (!found && pair.value)
		pairs[count++] = pair;
	node_keep_pairs(copy, pairs, count);
	return copy;
}

static void report_absent(struct setting *setting, const struct node *map, const char *at,
	const char *key, const char *what)
{
	struct names names = {0};
	for (size_t i = 0; i < map->count; i++)
		names_add(&names, map->pairs[i].key->text);
	names_report(setting->check, place_of(setting, at), &names, key, "there is no %s'%.60s'%s",
		what, key, setting->value ? "" : " to take out");
	setting->failed = true;
}

/* A parameter of a workload that there is not, but almost: of a new one the type comes first. */
static bool is_misspelt(const struct setting *setting, const struct node *map, const char *at,
	const struct node *key, size_t depth)
{
	static const char section[] = "workloads.", type[] = "type";
	const char *rest = at + strlen(key->text) + 1;
	const char **names =
		arena_alloc(setting->check->scratch, (map->count + 1) * sizeof(char *));
	if (depth != 1 || strncmp(setting->text, section, strlen(section)) || rest > setting->end ||
		is_key(&(struct node){.text = type}, rest, (size_t)(setting->end - rest)))
		return false;
	for (size_t i = 0; i < map->count; i++)
		names[i] = map->pairs[i].key->text;
	return text_nearest(key->text, names, map->count) != NULL;
}

static const struct node *put_in_map(
	struct setting *setting, const struct node *map, const char *at, size_t depth)
{
	size_t length = key_length(setting, map, at);
	const struct pair *old = find_pair(map, at, length);
	const struct node *key = new_key(setting, at, length);
	bool last = at + length == setting->end;
	if (!length) {
		diag_error(setting->check->diag, place_of(setting, at),
			"a key is missing here; write for instance --set 'workers=[1,8]'");
		setting->failed = true;
	} else if (last && !setting->value && !old) {
		report_absent(setting, map, at, key->text, "");
	} else if (!old && is_misspelt(setting, map, at, key, depth)) {
		report_absent(setting, map, at, key->text, "workload ");
	}
	if (setting->failed)
		return map;
	const struct node *below = old ? old->value : NULL;
	if (!last && (!below || node_is_empty(below)))
		below = new_below(setting, key->place, at + length + 1, key->text);
	const struct node *value = put(setting, below, at + length + 1, depth + 1);
	/* Where the path goes on, the key is still the file's. */
	struct pair pair = {old && !last ? old->key : key, value};
	return setting->failed ? map : with_pair(setting, map, pair, depth);
}

/* ---- lists ---- */

/* What an item is called: itself, or its type. */
static const char *item_name(const struct node *item)
{
	if (item->kind == NODE_MAP)
		item = node_find(item, "type");
	return item && item->kind == NODE_SCALAR ? item->text : "";
}

/* The place of an item, which is a number or what only one of them is called; or SIZE_MAX. */
static size_t find_item(const struct node *list, const char *at, size_t length)
{
	size_t place = 0, found = SIZE_MAX, matches = 0;
	if (is_number(at, length)) {
		for (size_t i = 0; i < length && place < 1000000; i++)
			place = place * 10 + (size_t)(at[i] - '0');
		return place;
	}
	for (size_t i = 0; i < list->count; i++) {
		const char *name = item_name(list->items[i]);
		if (strlen(name) != length || memcmp(name, at, length))
			continue;
		found = i;
		matches++;
	}
	return matches == 1 ? found : SIZE_MAX;
}

static void report_place(struct setting *setting, const struct node *list, const char *at)
{
	struct text places;
	text_init(&places);
	for (size_t i = 0; i < list->count && i < 20; i++)
		text_addf(&places, "%s%zu %.30s", i ? ", " : "", i, item_name(list->items[i]));
	diag_error(setting->check->diag, place_of(setting, at),
		"'%s' is a list of %zu; write the place of one of them, or %zu to add one",
		path_before(setting, at), list->count, list->count);
	if (list->count)
		diag_note(setting->check->diag, "there: %s", text_get(&places));
	text_release(&places);
	setting->failed = true;
}

/* A copy of the list with another item, or one more, or without it (item NULL). */
static const struct node *with_item(const struct setting *setting, const struct node *list,
	size_t place, const struct node *item)
{
	struct node *copy = arena_alloc(setting->check->scratch, sizeof(*copy));
	const struct node **items =
		arena_alloc(setting->check->scratch, (list->count + 1) * sizeof(*items));
	size_t count = 0;
	*copy = *list;
	for (size_t i = 0; i <= list->count; i++) {
		if (i == place && item)
			items[count++] = item;
		else if (i != place && i < list->count)
			items[count++] = list->items[i];
	}
	node_keep_items(copy, items, count);
	return copy;
}

static const struct node *put_in_list(
	struct setting *setting, const struct node *list, const char *at, size_t depth)
{
	size_t length = to_dot(setting, at);
	size_t place = find_item(list, at, length);
	bool last = at + length == setting->end;
	if (place > list->count || (place == list->count && last && !setting->value)) {
		report_place(setting, list, at);
		return list;
	}
	const struct node *below = place < list->count ? list->items[place] : NULL;
	if (!last && !below)
		below = new_below(setting, place_of(setting, at), at + length + 1, "");
	const struct node *item = put(setting, below, at + length + 1, depth + 1);
	return setting->failed ? list : with_item(setting, list, place, item);
}

/* ---- the path ---- */

/* An executor that is only named, as one that can have options. */
static const struct node *as_executor(const struct setting *setting, const struct node *name)
{
	struct node *map = new_map(setting, name->place);
	struct node *key = arena_alloc(setting->check->scratch, sizeof(*key));
	struct pair *pair = arena_alloc(setting->check->scratch, sizeof(*pair));
	*key = *name;
	key->text = "type";
	*pair = (struct pair){key, name};
	node_keep_pairs(map, pair, 1);
	return map;
}

static const struct node *refuse(
	struct setting *setting, const struct node *old, const char *at, const char *why)
{
	diag_error(setting->check->diag, place_of(setting, at), "'%s' %s", path_before(setting, at),
		why);
	setting->failed = true;
	return old;
}

/* What stands where the rest of the path, from `at` on, has led to: `old` as it is changed. NULL:
 * it is taken out. Behind the last key `at` is behind the `=`. */
static const struct node *put(
	struct setting *setting, const struct node *old, const char *at, size_t depth)
{
	if (at > setting->end)
		return setting->value;
	if (depth == NODE_DEPTH_MOST)
		return refuse(setting, old, at, "is nested too deep; the most is 64 levels");
	if (old->kind == NODE_LIST)
		return put_in_list(setting, old, at, depth);
	if (old->kind == NODE_SCALAR && executor_find(old->text))
		old = as_executor(setting, old);
	if (old->kind == NODE_MAP)
		return put_in_map(setting, old, at, depth);
	if (old->kind == NODE_SCALAR)
		return refuse(setting, old, at,
			"is a single value, with nothing below it; set the whole of it");
	setting->failed = true; /* it is broken, which was reported */
	return old;
}

/* ---- values ---- */

/* Blanks in the place of the path: lines and columns are then those of the option. */
static const char *blank_path(const struct setting *setting)
{
	char *text = arena_text(setting->check->scratch, setting->text), *out = text;
	for (const char *at = setting->text; at <= setting->end; at++)
		if (((unsigned char)*at & 0xc0) != 0x80)
			*out++ = *at == '\n' ? '\n' : ' ';
	memmove(out, setting->end + 1, strlen(setting->end + 1) + 1);
	return text;
}

/* Nothing, said so: `~` as in the file, but shells take that for a folder. */
static bool is_null(const struct node *value)
{
	return value->kind == NODE_SCALAR && value->plain &&
	       (!strcmp(value->text, "~") || !strcmp(value->text, "null"));
}

static bool read_value(struct setting *setting)
{
	struct diag *diag = setting->check->diag;
	size_t errors = diag->errors;
	const char *text = blank_path(setting);
	setting->value = node_parse_source(
		setting->source, text, strlen(text), setting->check->scratch, diag);
	if (diag->errors > errors)
		return false;
	if (!setting->value) {
		diag_error(diag, place_of(setting, setting->end),
			"a value is missing behind the '='; null takes out what is there");
		return false;
	}
	if (is_null(setting->value))
		setting->value = NULL;
	return true;
}

static const struct node *apply(struct check *check, const struct node *root, int source)
{
	const char *text = check->scenario->sources[source - 1].text;
	struct setting setting = {
		.check = check, .source = source, .text = text, .end = strchr(text, '=')};
	if (!load_check_text(check->diag, source))
		return root;
	if (!setting.end || setting.end == text) {
		struct place place = {.line = 1, .column = 1, .source = source};
		diag_error(check->diag, place,
			"not KEY=VALUE; write for instance --set 'workers=[1,8]'");
		return root;
	}
	return read_value(&setting) ? put(&setting, root, text, 0) : root;
}

const struct node *sets_apply(struct check *check, const struct node *root)
{
	size_t count = check->scenario->reading.set_count;
	struct setting none = {.check = check};
	if (count && (!root || node_is_empty(root)))
		root = new_map(&none, (struct place){.line = 1, .column = 1});
	for (size_t i = 0; i < count && root->kind == NODE_MAP; i++)
		root = apply(check, root, (int)i + 1);
	return root;
}
