#include "script/scan.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_keyword(const char *name, size_t length)
{
	static const char *const keywords[] = {"and", "break", "do", "else", "elseif", "end",
		"false", "for", "function", "goto", "if", "in", "local", "nil", "not", "or",
		"repeat", "return", "then", "true", "until", "while"};
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (strlen(keywords[i]) == length && strncmp(keywords[i], name, length) == 0)
			return true;
	return false;
}

static size_t name_length(const char *at)
{
	size_t length = 0;
	while (is_letter(at[length]) || is_digit(at[length]))
		length++;
	return length;
}

/* The length of `[[ … ]]` or `[==[ … ]==]`; 0 if there is none. One without an end goes on to
 * the end of the text. */
static size_t long_bracket_length(const char *at)
{
	size_t level = at[0] == '[' ? strspn(at + 1, "=") : 0;
	if (at[0] != '[' || at[level + 1] != '[')
		return 0;
	const char *end = at + level + 2;
	for (; *end; end++)
		if (*end == ']' && strspn(end + 1, "=") >= level && end[level + 1] == ']')
			return (size_t)(end - at) + level + 2;
	return strlen(at);
}

static size_t string_length(const char *at)
{
	const char *end = at + 1;
	while (*end && *end != *at)
		end += *end == '\\' && end[1] ? 2 : 1;
	return (size_t)(end - at) + (*end != '\0');
}

static size_t comment_length(const char *at)
{
	size_t block = long_bracket_length(at + 2);
	return 2 + (block ? block : strcspn(at + 2, "\n"));
}

/* As greedy as Lua: whatever could belong to a numeral does. */
static size_t number_length(const char *at)
{
	bool hex = at[0] == '0' && (at[1] == 'x' || at[1] == 'X');
	const char *exponents = hex ? "pP" : "eE";
	size_t length = hex ? 2 : 0;
	for (;; length++) {
		char c = at[length];
		if (c && strchr(exponents, c) && (at[length + 1] == '-' || at[length + 1] == '+'))
			length++;
		else if (!is_digit(c) && !is_letter(c) && c != '.')
			return length;
	}
}

static void add_number(struct text *out, const char *at, size_t length)
{
	if (strspn(at, "0123456789") == length) {
		errno = 0;
		uint64_t value = strtoull(at, NULL, 10);
		if (!errno && value > INT64_MAX) {
			text_addf(out, "0x%" PRIx64, value);
			return;
		}
	}
	text_add_bytes(out, at, length);
}

static size_t other_length(const char *at)
{
	if (at[0] == '"' || at[0] == '\'')
		return string_length(at);
	if (at[0] == '-' && at[1] == '-')
		return comment_length(at);
	size_t length = long_bracket_length(at);
	if (!length)
		length = strspn(at, ".");
	if (!length)
		length = strspn(at, ":");
	return length ? length : 1;
}

size_t scan_next(const char *text, enum scan_kind *kind)
{
	bool number = is_digit(*text) || (*text == '.' && is_digit(text[1]));
	*kind = number ? SCAN_NUMBER : is_letter(*text) ? SCAN_NAME : SCAN_OTHER;
	return number		      ? number_length(text)
	       : *kind == SCAN_NAME ? name_length(text)
				      : other_length(text);
}

void scan_expression(const char *text, void (*each)(void *arg, const char *name, size_t length),
	void *arg, struct text *out)
{
	bool member = false; /* a single dot or colon came before */
	for (size_t length; *text; text += length) {
		enum scan_kind kind;
		length = scan_next(text, &kind);
		bool number = kind == SCAN_NUMBER;
		if (kind == SCAN_NAME && !member && !is_keyword(text, length))
			each(arg, text, length);
		if (!isspace((unsigned char)*text) && strncmp(text, "--", 2) != 0)
			member = !number && length == 1 && (*text == '.' || *text == ':');
		if (number)
			add_number(out, text, length);
		else
			text_add_bytes(out, text, length);
	}
}
