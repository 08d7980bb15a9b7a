/* JSON as text that can be read and compared line by line. */
#include "scenario/schema.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 100 };

static void add_value(const json_t *value, size_t depth, size_t before, struct text *out);

static void add_line(size_t depth, struct text *out)
{
	text_add(out, "\n");
	for (size_t i = 0; i < depth; i++)
		text_add(out, " ");
}

static void add_array(const json_t *array, size_t depth, struct text *out)
{
	text_add(out, "[");
	for (size_t i = 0; i < json_array_size(array); i++) {
		text_add(out, i ? "," : "");
		add_line(depth + 1, out);
		add_value(json_array_get(array, i), depth + 1, 0, out);
	}
	add_line(depth, out);
	text_add(out, "]");
}

static void add_object(json_t *object, size_t depth, struct text *out)
{
	const char *key;
	json_t *value;
	size_t count = 0;
	text_add(out, "{");
	json_object_foreach(object, key, value)
	{
		size_t start = out->length;
		text_addf(out, "%s", count++ ? "," : "");
		add_line(depth + 1, out);
		text_addf(out, "\"%s\": ", key);
		add_value(value, depth + 1, out->length - start, out);
	}
	add_line(depth, out);
	text_add(out, "}");
}

/* `before`: bytes that are on its line already, but for the indentation. */
static void add_value(const json_t *value, size_t depth, size_t before, struct text *out)
{
	char *line = json_dumps(value, JSON_ENCODE_ANY | JSON_PRESERVE_ORDER);
	bool fits = depth + before + strlen(line) < WIDTH;
	if (json_is_object(value) && !fits)
		add_object((json_t *)value, depth, out);
	else if (json_is_array(value) && !fits)
		add_array(value, depth, out);
	else
		text_add(out, line);
	free(line);
}

void schema_format(const json_t *schema, struct text *out)
{
	add_value(schema, 0, 0, out);
	text_add(out, "\n");
}
