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

static void merge(
	struct entries *entries, const struct node *from, bool inside, struct diag *diag)
{
	if (from->kind == NODE_MAP) {
		for (size_t i = 0; i < from->count; i++)
			add_entry(entries, from->pairs[i], true);
	} else if (from->kind == NODE_LIST && !inside) {
		for (size_t i = 0; i < from->count; i++)
			merge(entries, from->items[i], true, diag);
	} else if (from->kind != NODE_BROKEN) {
		diag_error(diag, from->place,
			"'<<' merges a mapping or a list of mappings, not %s",
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
		diag_error(
			diag, key->place, "a key is %s; write plain text", node_kind_name(key));
}

static void keep(struct node *map, const struct entries *entries, struct arena *arena)
{
	struct pair *pairs = arena_alloc(arena, entries->count * sizeof(*pairs));
	map->pairs = pairs;
	map->count = 0;
	map->size = map->height = 1;
	for (size_t i = 0; i < entries->count; i++) {
		const struct entry *entry = &entries->items[i];
		if (entry->dropped)
			continue;
		pairs[map->count++] = entry->pair;
		map->size += 1 + entry->pair.value->size;
		if (entry->pair.value->height >= map->height)
			map->height = entry->pair.value->height + 1;
	}
}

void node_set_pairs(struct node *map, const struct node *const *read, size_t count,
	struct arena *arena, struct diag *diag)
{
	struct entries entries = {0};
	for (size_t i = 0; i + 1 < count; i += 2) {
		if (read[i]->kind != NODE_SCALAR)
			check_key(read[i], diag);
		else if (!is_merge(read[i]))
			add_entry(&entries, (struct pair){read[i], read[i + 1]}, false);
	}
	for (size_t i = 0; i + 1 < count; i += 2) {
		if (is_merge(read[i]))
			merge(&entries, read[i + 1], false, diag);
	}
	drop_repeated(&entries, diag);
	keep(map, &entries, arena);
	free(entries.items);
}
