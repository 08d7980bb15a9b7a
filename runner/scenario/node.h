/*
 * YAML as a tree: scalars, lists and mappings that know where in the file they stand. All
 * scalars are text; the key that expects one types it.
 *
 * Anchors, aliases and `<<` are resolved: an alias is a second pointer to the same node, so a
 * tree that would expand without bound stays small, and its logical size is bounded all the
 * same.
 */
#ifndef SCENARIO_NODE_H
#define SCENARIO_NODE_H

#include "base/memory.h"
#include "scenario/diag.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	NODE_DEPTH_MOST = 64,
	NODE_SIZE_MOST = 100000, /* nodes, each alias counted with all that it stands for */
	NODE_ANCHORS_MOST = 1000,
};

enum node_kind {
	NODE_SCALAR,
	NODE_LIST,
	NODE_MAP,
	NODE_BROKEN, /* its error was reported already */
};

struct pair {
	const struct node *key; /* always a scalar */
	const struct node *value;
};

struct node {
	enum node_kind kind;
	bool plain; /* a scalar without quotes */
	struct place place;
	size_t size;   /* logical: this node and all below */
	size_t height; /* 1 for what has nothing below it */
	size_t count;  /* items or pairs */
	const char *text;
	const struct node *const *items;
	const struct pair *pairs;
};

/* The tree of a whole text, or NULL. Problems go to `diag`; a tree can come with some, too. */
const struct node *node_parse(
	const char *text, size_t length, struct arena *arena, struct diag *diag);

/* The same for the diag's nth other source; `text` is what stands there, or has blanks where that
 * has something else. NULL without a problem: nothing but blanks. */
const struct node *node_parse_source(
	int source, const char *text, size_t length, struct arena *arena, struct diag *diag);

/* A mapping's pair with that key, or NULL; and its value. */
const struct pair *node_pair(const struct node *map, const char *key);
const struct node *node_find(const struct node *map, const char *key);

/* Nothing was written where a value belongs: `tasks:` or `~`. */
bool node_is_empty(const struct node *node);

/* `type:sleep`, a single word to YAML: the length of the key that it was meant to have; else 0. */
size_t node_tight_key(const struct node *node);

/* "a mapping", "a list", "text": for messages. */
const char *node_kind_name(const struct node *node);

/*
 * A mapping's pairs from what was read (key, value, key, value …): complains about duplicates
 * and merges what `<<` names; keys that are written out win, then the first to be merged.
 */
void node_set_pairs(struct node *map, const struct node *const *read, size_t count,
	struct arena *arena, struct diag *diag);

/* Sets a list's items and a mapping's pairs, and counts what it is then. */
void node_keep_items(struct node *list, const struct node *const *items, size_t count);
void node_keep_pairs(struct node *map, const struct pair *pairs, size_t count);

#endif
