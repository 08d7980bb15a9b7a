/* Gnuplot's SVG is taken piece by piece; what is not in the tables below stays as it is. */
#include "review/svg.h"

#include "review/html.h"
#include "review/palette.h"

#include <stdio.h>
#include <string.h>

static const char start[] = "<?xml", described[] = "</desc>";

const char *svg_next(const char **drawn, size_t *length)
{
	const char *drawing = strstr(*drawn, start);
	if (!drawing)
		return NULL;
	const char *next = strstr(drawing + 1, start);
	*length = next ? (size_t)(next - drawing) : strlen(drawing);
	*drawn = drawing + *length;
	return drawing;
}

struct replacement {
	const char *from, *to;
	bool id; /* the chart's own id follows */
};

static const struct replacement replacements[] = {
	{"id='", "id='", true},
	{"id=\"", "id=\"", true},
	{"href='#", "href='#", true},
	{"'black'", "'currentColor'", false},
	{"\"black\"", "\"currentColor\"", false},
	{"fill=\"#ffffff\"", "fill=\"none\"", false}, /* the page has its own paper */
	{"font-family=\"sans-serif\"", "font-family=\"inherit\"", false},
};

/* How many bytes at `at` were replaced; 0: none. */
static size_t replace_word(const char *at, const char *id, struct text *out)
{
	for (size_t i = 0; i < sizeof(replacements) / sizeof(replacements[0]); i++) {
		const struct replacement *it = &replacements[i];
		size_t length = strlen(it->from);
		if (strncmp(at, it->from, length))
			continue;
		text_add(out, it->to);
		if (it->id)
			text_addf(out, "%s-", id);
		return length;
	}
	return 0;
}

/* `rgb(  0, 114, 178)` */
static size_t replace_colour(const char *at, struct text *out)
{
	unsigned red, green, blue;
	int length = 0;
	if (*at != 'r' || sscanf(at, "rgb(%u,%u,%u)%n", &red, &green, &blue, &length) != 3)
		return 0;
	const struct palette_colour *colour = palette_find(red, green, blue);
	if (length <= 0 || (!colour && red + green + blue > 0))
		return 0;
	if (colour)
		text_addf(out, "var(--%s)", colour->name);
	else
		text_add(out, "currentColor");
	return (size_t)length;
}

/* The drawing's own head has a title and a description that are gnuplot's. */
static const char *body_of(const char *drawing)
{
	const char *body = strstr(drawing, described);
	return body ? body + strlen(described) : drawing;
}

static void add_view(const char *drawing, struct text *out)
{
	const char *view = strstr(drawing, "viewBox=\"");
	if (view)
		text_addf(out, " %.*s\"", (int)(9 + strcspn(view + 9, "\"")), view);
}

void svg_inline(
	const char *drawing, size_t length, const char *id, const char *says, struct text *out)
{
	const char *end = drawing + length;
	text_add(out, "<svg role=\"img\" aria-label=\"");
	html_escape(out, says);
	text_add(out, "\"");
	add_view(drawing, out);
	text_add(out, ">");
	for (const char *at = body_of(drawing); at < end;) {
		size_t taken = replace_word(at, id, out);
		if (!taken)
			taken = replace_colour(at, out);
		if (!taken)
			text_add_bytes(out, at, 1);
		at += taken ? taken : 1;
	}
}

void svg_alone(
	const char *drawing, size_t length, const char *title, const char *says, struct text *out)
{
	const char *head = strstr(drawing, "<title>"), *body = body_of(drawing);
	if (!head || head > body)
		head = body;
	text_add_bytes(out, drawing, (size_t)(head - drawing));
	text_add(out, "<title>");
	html_escape(out, title);
	text_add(out, "</title>\n<desc>");
	html_escape(out, says);
	text_add(out, "</desc>\n");
	text_add_bytes(out, body, (size_t)(drawing + length - body));
}
