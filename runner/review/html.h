/* Text on its way into a page. */
#ifndef REVIEW_HTML_H
#define REVIEW_HTML_H

#include "base/text.h"

/* Adds text so that it means itself, between tags and in attributes: what HTML reads as markup is
 * escaped, what is no UTF-8 replaced, control characters but line ends are left out. */
void html_escape(struct text *out, const char *text);

/* `<tag>text</tag>` and a line end; attributes may follow the tag's name. */
void html_element(struct text *out, const char *tag, const char *text);

#endif
