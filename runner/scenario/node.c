/* The YAML tree: looking at it, and the mappings' rules (duplicate keys, `<<`); see node.h. */
#include "scenario/node.h"

#include <stdlib.h>
#include <string.h>

const struct pair *node_pair(const struct node *map, const char *key)
{
	for (size_t i = 0; i < map->count; i++) {
		if (!strcmp(map->pairs[i].key->text, key))
			return &map->pairs[i];
	}
	return NULL;
}

const struct node *node_find(const struct node *map, const char *key)
{
	const struct pair *pair = node_pair(map, key);
	return pair ? pair->value : NULL;
}

bool node_is_empty(const struct node *node)
{
	return node->kind == NODE_SCALAR && node->plain &&
	       (!*node->text || !strcmp(node->text, "~"));
}

size_t node_tight_key(const struct node *node)
{
	if (node->kind != NODE_SCALAR || !node->plain)
		return 0;
	size_t length = strspn(node->text, "abcdefghijklmnopqrstuvwxyz_");
	return node->text[length] == ':' && node->text[length + 1] ? length : 0;
}

const char *node_kind_name(const struct node *node)
{
	static const char *const names[] = {
		[NODE_SCALAR] = "a single value",
		[NODE_LIST] = "a list",
		[NODE_MAP] = "a mapping",
		[NODE_BROKEN] = "broken",
	};
	return node_is_empty(node) ? "nothing" : names[node->kind];
}

static void count_child(struct node *parent, const struct node *child)
{
	parent->size += child->size;
	if (child->height >= parent->height)
		parent->height = child->height + 1;
}

void node_keep_items(struct node *list, const struct node *const *items, size_t count)
{
	list->items = items;
	list->count = count;
	list->size = list->height = 1;
	for (size_t i = 0; i < count; i++)
		count_child(list, items[i]);
}

void node_keep_pairs(struct node *map, const struct pair *pairs, size_t count)
{
	map->pairs = pairs;
	map->count = count;
	map->size = map->height = 1;
	for (size_t i = 0; i < count; i++) {
		map->size++; /* the key */
		count_child(map, pairs[i].value);
	}
}

/* A pair on its way into a mapping. */
struct entry {
	struct pair pair;
	size_t order;
	bool merged, dropped;
};

struct entries {
	struct entry *items;
	size_t count, capacity;
};

static void add_entry(struct entries *entries, struct pair pair, bool merged)
{
	entries->items = memory_grow(
		entries->items, entries->count, &entries->capacity, sizeof(*entries->items));
	entries->items[entries->count] =
		(struct entry){.pair = pair, .order = entries->count, .merged = merged};
	entries->count++;
}

static bool is_merge(const struct node *key)
{
	return key->kind == NODE_SCALAR && key->plain && !strcmp(key->text, "<<");
}

static void merge(struct entries *entries, const struct node *from, bool inside, struct diag *diag)
{
	if (from->kind == NODE_MAP) {
		for (size_t i = 0; i < from->count; i++)
			add_entry(entries, from->pairs[i], true);
	} else if (from->kind == NODE_LIST && !inside) {
		for (size_t i = 0; i < from->count; i++)
			merge(entries, from->items[i], true, diag);
	} else if (from->kind != NODE_BROKEN) {
		diag_error(diag, from->place,
			"'<<' merges a mapping or a list of mappings, not %s; name one by its "
			"anchor: <<: *anchor",
			node_kind_name(from));
	}
}

static int by_key(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = strcmp(x->pair.key->text, y->pair.key->text);
	return order ? order : (x->order > y->order) - (x->order < y->order);
}

static int by_order(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	return (x->order > y->order) - (x->order < y->order);
}

/* Of entries with one key the first stays; written ones come before merged ones. */
static void drop_repeated(struct entries *entries, struct diag *diag)
{
	if (!entries->count)
		return;
	qsort(entries->items, entries->count, sizeof(*entries->items), by_key);
	const struct entry *kept = &entries->items[0];
	for (size_t i = 1; i < entries->count; i++) {
		struct entry *entry = &entries->items[i];
		entry->dropped = !strcmp(entry->pair.key->text, kept->pair.key->text);
		if (entry->dropped && !entry->merged)
			diag_error(diag, entry->pair.key->place,
				"duplicate key '%.60s'; it is already on line %d",
				entry->pair.key->text, kept->pair.key->place.line);
		if (!entry->dropped)
			kept = entry;
	}
	qsort(entries->items, entries->count, sizeof(*entries->items), by_order);
}

static void check_key(const struct node *key, struct diag *diag)
{
	if (key->kind != NODE_BROKEN)
		diag_error(diag, key->place, "a key is %s; write plain text", node_kind_name(key));
}

/* `{type:sleep}` is a key without a value to YAML. Reports that; the pair that was meant. */
static struct pair split_key(
	const struct node *key, const struct node *value, struct arena *arena, struct diag *diag)
{
	size_t length = node_tight_key(key);
	if (!length || !node_is_empty(value))
		return (struct pair){key, value};
	struct node *first = arena_alloc(arena, sizeof(*first));
	struct node *second = arena_alloc(arena, sizeof(*second));
	*first = *second = *key;
	first->text = arena_copy(arena, key->text, length);
	second->text = arena_text(arena, key->text + length + 1);
	second->place.column += (int)length + 1;
	diag_error(diag, key->place,
		"'%.60s' is one word; write a blank behind the ':': %.60s: %.60s", key->text,
		first->text, second->text);
	return (struct pair){first, second};
}

static void keep(struct node *map, const struct entries *entries, struct arena *arena)
{
	struct pair *pairs = arena_alloc(arena, entries->count * sizeof(*pairs));
	size_t count = 0;
	for (size_t i = 0; i < entries->count; i++)
		if (!entries->items[i].dropped)
			pairs[count++] = entries->items[i].pair;
	node_keep_pairs(map, pairs, count);
}

void node_set_pairs(struct node *map, const struct node *const *read, size_t count,
	struct arena *arena, struct diag *diag)
{
	struct entries entries = {0};
	for (size_t i = 0; i + 1 < count; i += 2) {
		if (read[i]->kind != NODE_SCALAR)
			check_key(read[i], diag);
		else if (!is_merge(read[i]))
			add_entry(&entries, split_key(read[i], read[i + 1], arena, diag), false);
	}
	for (size_t i = 0; i + 1 < count; i += 2) {
		if (is_merge(read[i]))
			merge(&entries, read[i + 1], false, diag);
	}
	drop_repeated(&entries, diag);
	keep(map, &entries, arena);
	free(entries.items);
}
