/*
 * libyaml's events → the tree. The first fault of the syntax ends the reading; what else is
 * wrong (tags, unknown anchors, duplicate keys) is collected. The bounds are checked as the
 * tree grows, so no input makes it large: an alias counts for all that it stands for.
 */
#include "scenario/node.h"
#include "scenario/syntax.h"

#include <stdlib.h>
#include <string.h>

struct frame {
	struct node *node;
	size_t first;          /* in `pending`: where its children begin */
	struct anchor *anchor; /* or NULL */
};

struct anchor {
	uint64_t hash;
	const struct node *node;
	bool open; /* its node is still being read: an alias would hold itself */
};

struct reader {
	yaml_parser_t parser;
	struct arena *arena;
	struct diag *diag;
	int source;
	struct diag_source parsed;

	struct frame frames[NODE_DEPTH_MOST];
	size_t depth;
	const struct node **pending; /* complete nodes whose parents are not */
	size_t pending_count, pending_capacity;
	struct anchor anchors[NODE_ANCHORS_MOST];
	size_t anchor_count;
	size_t size; /* logical, of all that was read */
	const struct node *root;
	bool done;
};

static struct place place_of(const struct reader *reader, yaml_mark_t mark)
{
	return (struct place){(int)mark.line + 1, (int)mark.column + 1, reader->source};
}

static void fatal(struct reader *reader, struct place place, const char *message)
{
	diag_error(reader->diag, place, "%s", message);
	reader->done = true;
}

/* False once the tree is too large. */
static bool count_nodes(struct reader *reader, struct place place, size_t size)
{
	reader->size += size;
	if (reader->size <= NODE_SIZE_MOST)
		return true;
	diag_error(reader->diag, place,
		"the scenario grows past %d values here, aliases written out; that is the most",
		NODE_SIZE_MOST);
	reader->done = true;
	return false;
}

/* A complete node: its parent's next child, or the root. */
static void add_child(struct reader *reader, const struct node *node)
{
	if (!reader->depth) {
		reader->root = node;
		return;
	}
	reader->pending = memory_grow(reader->pending, reader->pending_count,
		&reader->pending_capacity, sizeof(struct node *));
	reader->pending[reader->pending_count++] = node;
}

static void check_tag(struct reader *reader, struct place place, const yaml_char_t *tag)
{
	if (!tag)
		return;
	diag_error(reader->diag, place, "the tag '%.60s' has no meaning here", (const char *)tag);
	diag_note(reader->diag, tag[0] == '!' && tag[1] == '='
					? "put a comparison in quotes: \"!=4\""
					: "the key says what type its value has; put text that "
					  "begins with ! in quotes");
}

/* ---- anchors ---- */

static struct anchor *find_anchor(struct reader *reader, const yaml_char_t *name)
{
	uint64_t hash = text_hash(TEXT_HASH_START, name, strlen((const char *)name));
	for (size_t i = reader->anchor_count; i > 0; i--) {
		if (reader->anchors[i - 1].hash == hash)
			return &reader->anchors[i - 1];
	}
	return NULL;
}

/* A name that is anchored again stands for the newer node from here on, as YAML has it. */
static struct anchor *set_anchor(
	struct reader *reader, const struct node *node, const yaml_char_t *name)
{
	if (!name)
		return NULL;
	struct anchor *anchor = find_anchor(reader, name);
	if (!anchor && reader->anchor_count == NODE_ANCHORS_MOST) {
		fatal(reader, node->place, "too many anchors; the most is 1000");
		return NULL;
	}
	if (!anchor)
		anchor = &reader->anchors[reader->anchor_count++];
	anchor->hash = text_hash(TEXT_HASH_START, name, strlen((const char *)name));
	anchor->node = node;
	anchor->open = node->kind != NODE_SCALAR;
	return anchor;
}

static const struct node *broken(struct reader *reader, struct place place)
{
	struct node *node = arena_alloc(reader->arena, sizeof(*node));
	node->kind = NODE_BROKEN;
	node->place = place;
	node->size = node->height = 1;
	return node;
}

static void read_alias(struct reader *reader, const yaml_event_t *event)
{
	struct place place = place_of(reader, event->start_mark);
	const char *name = (const char *)event->data.alias.anchor;
	const struct anchor *anchor = find_anchor(reader, event->data.alias.anchor);
	if (!anchor || anchor->open) {
		diag_error(reader->diag, place,
			anchor ? "the anchor '&%.60s' would hold itself; write out what is meant"
			       : "no anchor '&%.60s' above; anchors stand before they are used",
			name);
		add_child(reader, broken(reader, place));
		return;
	}
	if (reader->depth + anchor->node->height > NODE_DEPTH_MOST)
		fatal(reader, place, "nested too deep; the most is 64 levels");
	else if (count_nodes(reader, place, anchor->node->size))
		add_child(reader, anchor->node);
}

/* ---- nodes ---- */

static struct node *new_node(struct reader *reader, enum node_kind kind, yaml_mark_t mark)
{
	struct node *node = arena_alloc(reader->arena, sizeof(*node));
	node->kind = kind;
	node->place = place_of(reader, mark);
	node->size = node->height = 1;
	node->text = "";
	return node;
}

static void read_scalar(struct reader *reader, const yaml_event_t *event)
{
	struct node *node = new_node(reader, NODE_SCALAR, event->start_mark);
	const char *value = (const char *)event->data.scalar.value;
	if (!count_nodes(reader, node->place, 1))
		return;
	check_tag(reader, node->place, event->data.scalar.tag);
	if (strlen(value) != event->data.scalar.length) {
		diag_error(reader->diag, node->place, "a NUL character in a value; leave it out");
		node->kind = NODE_BROKEN;
	}
	node->text = arena_text(reader->arena, value);
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	set_anchor(reader, node, event->data.scalar.anchor);
	add_child(reader, node);
}

static void open_node(struct reader *reader, enum node_kind kind, yaml_mark_t mark,
	const yaml_char_t *anchor, const yaml_char_t *tag)
{
	struct node *node = new_node(reader, kind, mark);
	if (reader->depth == NODE_DEPTH_MOST) {
		fatal(reader, node->place, "nested too deep; the most is 64 levels");
		return;
	}
	if (!count_nodes(reader, node->place, 1))
		return;
	check_tag(reader, node->place, tag);
	reader->frames[reader->depth++] =
		(struct frame){node, reader->pending_count, set_anchor(reader, node, anchor)};
}

static void set_items(
	struct node *list, const struct node *const *read, size_t count, struct arena *arena)
{
	const struct node **items = arena_alloc(arena, count * sizeof(*items));
	for (size_t i = 0; i < count; i++)
		items[i] = read[i];
	node_keep_items(list, items, count);
}

static void close_node(struct reader *reader)
{
	struct frame frame = reader->frames[--reader->depth];
	size_t count = reader->pending_count - frame.first;
	const struct node *const *read = count ? reader->pending + frame.first : NULL;
	if (frame.node->kind == NODE_LIST)
		set_items(frame.node, read, count, reader->arena);
	else
		node_set_pairs(frame.node, read, count, reader->arena, reader->diag);
	reader->pending_count = frame.first;
	if (frame.anchor && frame.anchor->node == frame.node)
		frame.anchor->open = false;
	add_child(reader, frame.node);
}

static void read_event(struct reader *reader, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (reader->root)
			fatal(reader, place_of(reader, event->start_mark),
				"a second document begins here; a scenario is one document");
		return;
	case YAML_ALIAS_EVENT:
		read_alias(reader, event);
		return;
	case YAML_SCALAR_EVENT:
		read_scalar(reader, event);
		return;
	case YAML_SEQUENCE_START_EVENT:
		open_node(reader, NODE_LIST, event->start_mark, event->data.sequence_start.anchor,
			event->data.sequence_start.tag);
		return;
	case YAML_MAPPING_START_EVENT:
		open_node(reader, NODE_MAP, event->start_mark, event->data.mapping_start.anchor,
			event->data.mapping_start.tag);
		return;
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		close_node(reader);
		return;
	case YAML_STREAM_END_EVENT:
		reader->done = true;
		return;
	default:
		return;
	}
}

static void read_all(struct reader *reader)
{
	while (!reader->done) {
		yaml_event_t event;
		if (!yaml_parser_parse(&reader->parser, &event)) {
			syntax_report(
				&reader->parser, &reader->parsed, reader->source, reader->diag);
			reader->root = NULL;
			return;
		}
		read_event(reader, &event);
		yaml_event_delete(&event);
	}
}

const struct node *node_parse_source(
	int source, const char *text, size_t length, struct arena *arena, struct diag *diag)
{
	struct reader *reader = memory_alloc(sizeof(*reader));
	reader->arena = arena;
	reader->diag = diag;
	reader->source = source;
	reader->parsed = (struct diag_source){NULL, text, length};
	if (yaml_parser_initialize(&reader->parser)) {
		yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
		yaml_parser_set_input_string(&reader->parser, (const unsigned char *)text, length);
		read_all(reader);
		yaml_parser_delete(&reader->parser);
	} else {
		diag_error(diag, (struct place){.source = source}, "out of memory");
	}
	const struct node *root = reader->depth ? NULL : reader->root;
	free(reader->pending);
	free(reader);
	return root;
}

const struct node *node_parse(
	const char *text, size_t length, struct arena *arena, struct diag *diag)
{
	return node_parse_source(0, text, length, arena, diag);
}
