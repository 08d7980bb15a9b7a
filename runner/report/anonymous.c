/* Paths are found wherever they stand in a text: an argument, a message, a scenario's lines. */
#include "report/anonymous.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Where a component of a path ends: at a slash, or at what does not belong into names. */
static bool ends_name(char c)
{
	return !c || strchr("/ \t\r\n\"'`:,;=|<>()[]{}", c);
}

/* Does the text begin with this path, and does that end where a component does? */
static bool begins_path(const char *text, const char *path, size_t length)
{
	return length > 0 && strncmp(text, path, length) == 0 && ends_name(text[length]);
}

static size_t name_length(const char *name)
{
	size_t length = 0;
	while (!ends_name(name[length]))
		length++;
	return length;
}

/* How many bytes of the text are the home folder; 0: it does not begin with it. The root of all
 * files is nobody's, though some daemons have it for a home. */
static size_t home_at(const char *text)
{
	const char *home = getenv("HOME");
	size_t length = home && *home == '/' ? strlen(home) : 0;
	while (length > 0 && home[length - 1] == '/')
		length--;
	return begins_path(text, home, length) ? length : 0;
}

/* The same for a slash and the user's name; root is not the name of a person. */
static size_t own_name_at(const char *text)
{
	static const char *const variables[] = {"USER", "LOGNAME"};
	for (size_t i = 0; *text == '/' && i < 2; i++) {
		const char *name = getenv(variables[i]);
		size_t length = name && strcmp(name, "root") != 0 ? strlen(name) : 0;
		if (begins_path(text + 1, name, length))
			return length + 1;
	}
	return 0;
}

/* How many bytes of the text are /home/NAME; `kept` of them say nothing of the name. */
static size_t other_home_at(const char *text, size_t *kept)
{
	static const char *const parents[] = {"/home/", "/Users/"};
	for (size_t i = 0; i < 2; i++) {
		*kept = strlen(parents[i]);
		size_t name = strncmp(text, parents[i], *kept) == 0 ? name_length(text + *kept) : 0;
		if (name)
			return *kept + name;
	}
	return 0;
}

/* Adds what stands for the path at the start of `text`; returns how many bytes that were. */
static size_t add_path(struct text *out, const char *text, bool start)
{
	size_t kept, length = start ? home_at(text) : 0;
	if (length) {
		text_add(out, "~");
		return length;
	}
	length = start ? other_home_at(text, &kept) : 0;
	if (length) {
		text_add_bytes(out, text, kept);
		text_add(out, "USER");
		return length;
	}
	length = own_name_at(text);
	if (length)
		text_add(out, "/USER");
	return length;
}

void anonymous_add(struct text *out, const char *from)
{
	bool start = true; /* a path may begin here */
	while (*from) {
		size_t taken = *from == '/' ? add_path(out, from, start) : 0;
		if (!taken) {
			text_add_bytes(out, from, 1);
			taken = 1;
		}
		from += taken;
		start = ends_name(from[-1]);
	}
}

static json_t *without_names(const json_t *string)
{
	struct text text;
	text_init(&text);
	anonymous_add(&text, json_string_value(string));
	json_t *json = json_string(text_get(&text));
	text_release(&text);
	return json;
}

void anonymous_json(json_t *json)
{
	const char *key;
	json_t *member;
	size_t i;
	void *next;
	json_object_foreach_safe(json, next, key, member)
	{
		if (json_is_string(member))
			json_object_set_new(json, key, without_names(member));
		else
			anonymous_json(member);
	}
	json_array_foreach(json, i, member)
	{
		if (json_is_string(member))
			json_array_set_new(json, i, without_names(member));
		else
			anonymous_json(member);
	}
}
