/* Escaping. */
#include "review/html.h"

#include "report/utf8.h"

#include <string.h>

static const char *entity_of(char character)
{
	static const struct {
		char character;
		const char *entity;
	} entities[] = {
		{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
		if (entities[i].character == character)
			return entities[i].entity;
	return NULL;
}

void html_escape(struct text *out, const char *text)
{
	struct text clean;
	text_init(&clean);
	utf8_add(&clean, text);
	for (const char *at = text_get(&clean); *at; at++) {
		const char *entity = entity_of(*at);
		if (entity)
			text_add(out, entity);
		else if ((unsigned char)*at >= ' ' || *at == '\n' || *at == '\t')
			text_add_bytes(out, at, 1);
	}
	text_release(&clean);
}

void html_element(struct text *out, const char *tag, const char *text)
{
	text_addf(out, "<%s>", tag);
	html_escape(out, text);
	text_addf(out, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}
