/*
 * How far what a problem points to reaches, for editors that underline it. A tree knows only where
 * its nodes begin; the end is found in the text of the line, by YAML's signs.
 */
#include "scenario/diag.h"

#include <string.h>

/* A line from the problem's column on, and whether that is inside of brackets. */
struct rest {
	const char *at;
	size_t length;
	bool flow;
};

/* The bytes of a quoted text at `at` with both quotes, or all that is left. */
static size_t quoted_bytes(const char *at, size_t left)
{
	char quote = at[0];
	for (size_t i = 1; i < left; i++) {
		if (at[i] == '\\' && quote == '"')
			i++;
		else if (at[i] == quote && quote == '\'' && i + 1 < left && at[i + 1] == quote)
			i++;
		else if (at[i] == quote)
			return i + 1;
	}
	return left;
}

static bool is_quote(char c)
{
	return c == '"' || c == '\'';
}

/* Steps over a character or a quoted text, and counts the brackets that are open. */
static size_t step(const char *line, size_t length, size_t i, int *depth)
{
	if (is_quote(line[i]) && (i == 0 || strchr(" ,[{", line[i - 1])))
		return i + quoted_bytes(line + i, length - i);
	*depth += line[i] == '[' || line[i] == '{';
	*depth -= line[i] == ']' || line[i] == '}';
	return i + 1;
}

static size_t bracketed_bytes(const char *at, size_t left)
{
	int depth = 0;
	size_t i = 0;
	do
		i = step(at, left, i, &depth);
	while (i < left && depth > 0);
	return i;
}

static bool is_inside(const char *line, size_t before)
{
	int depth = 0;
	for (size_t i = 0; i < before;)
		i = step(line, before, i, &depth);
	return depth > 0;
}

static bool ends_word(const struct rest *rest, size_t i)
{
	char c = rest->at[i], next = i + 1 < rest->length ? rest->at[i + 1] : ' ';
	if (c == ':')
		return strchr(" \t\r", next) != NULL;
	if (c == ' ' || c == '\t')
		return next == '#';
	return rest->flow && strchr(",]}", c);
}

static size_t word_bytes(const struct rest *rest)
{
	size_t length = 0;
	while (length < rest->length && !ends_word(rest, length))
		length++;
	while (length > 0 && strchr(" \t", rest->at[length - 1]))
		length--;
	return length;
}

static size_t rest_bytes(const struct rest *rest)
{
	if (rest->length == 0)
		return 0;
	if (is_quote(rest->at[0]))
		return quoted_bytes(rest->at, rest->length);
	if (rest->at[0] == '[' || rest->at[0] == '{')
		return bracketed_bytes(rest->at, rest->length);
	return word_bytes(rest);
}

/* The bytes of the first `count` characters of a line. */
static size_t characters_bytes(const char *line, size_t length, int count)
{
	size_t at = 0;
	for (; at < length && count > 0; count--) {
		at++;
		while (at < length && ((unsigned char)line[at] & 0xc0) == 0x80)
			at++;
	}
	return at;
}

int diag_end_column(const struct diag *diag, struct place place)
{
	size_t length;
	int characters = 0;
	const char *line = diag_line(diag, place, &length);
	size_t before = characters_bytes(line, length, place.column - 1);
	struct rest rest = {line + before, length - before, is_inside(line, before)};
	size_t bytes = rest_bytes(&rest);
	for (size_t i = 0; i < bytes; i++)
		characters += ((unsigned char)rest.at[i] & 0xc0) != 0x80;
	return place.column + characters;
}
