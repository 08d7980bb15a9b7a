/* Text from outside — errors, arguments — on its way to a file or a terminal. */
#ifndef REPORT_UTF8_H
#define REPORT_UTF8_H

#include "base/text.h"

#include <jansson.h>
#include <stddef.h>

/* Adds `from` with every byte that is not UTF-8 replaced by U+FFFD. */
void utf8_add(struct text *text, const char *from);

/* The same as a JSON string; a new reference. */
json_t *utf8_json(const char *from);

/* The same for one line of a terminal: control characters become spaces. */
void utf8_add_line(struct text *text, const char *from);

/* How many columns of a terminal the text takes: one a code point. No wide text is written. */
size_t utf8_width(const char *text);
size_t utf8_width_of(const char *text, size_t bytes);

/* The number of bytes of the first `width` code points. */
size_t utf8_bytes(const char *text, size_t width);

#endif
