/* The words of a Lua expression, after the manual's lexical conventions
 * (https://www.lua.org/manual/5.4/manual.html#3.1). */
#ifndef SCRIPT_SCAN_H
#define SCRIPT_SCAN_H

#include "base/text.h"

/* The length of what an expression begins with: as much of it as belongs together. */
enum scan_kind { SCAN_NUMBER, SCAN_NAME, SCAN_OTHER };
size_t scan_next(const char *text, enum scan_kind *kind);

/* Calls `each` for every name that is no keyword and no field or method (`b` in a.b and a:b), in
 * order. The names of table constructors and functions' parameters count, too. Copies the text to
 * `out`, where decimal integers from 2^63 to 2^64 - 1 become hexadecimal ones: Lua would make
 * inexact floats of them. */
void scan_expression(const char *text, void (*each)(void *arg, const char *name, size_t length),
	void *arg, struct text *out);

#endif
