/* UTF-8 for output: made well-formed, measured and cut by code points. */
#include "report/utf8.h"

#include <string.h>

void utf8_add(struct text *text, const char *from)
{
	size_t left = strlen(from);
	while (left > 0) {
		size_t good = text_utf8_fault(from, left);
		text_add_bytes(text, from, good);
		if (good == left)
			return;
		text_add(text, "\xEF\xBF\xBD");
		from += good + 1;
		left -= good + 1;
	}
}

json_t *utf8_json(const char *from)
{
	struct text clean;
	text_init(&clean);
	utf8_add(&clean, from);
	json_t *json = json_string(text_get(&clean));
	text_release(&clean);
	return json;
}

void utf8_add_line(struct text *text, const char *from)
{
	size_t start = text->length;
	utf8_add(text, from);
	for (size_t i = start; i < text->length; i++)
		if ((unsigned char)text->bytes[i] < ' ' || text->bytes[i] == 0x7f)
			text->bytes[i] = ' ';
}

static bool starts_code_point(char byte)
{
	return ((unsigned char)byte & 0xC0) != 0x80;
}

size_t utf8_width_of(const char *text, size_t bytes)
{
	size_t width = 0;
	for (size_t i = 0; i < bytes; i++)
		width += starts_code_point(text[i]);
	return width;
}

size_t utf8_width(const char *text)
{
	return utf8_width_of(text, strlen(text));
}

size_t utf8_bytes(const char *text, size_t width)
{
	size_t at = 0;
	for (; text[at]; at++)
		if (starts_code_point(text[at]) && width-- == 0)
			break;
	return at;
}
