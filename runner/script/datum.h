/* A figure or a word of a row of results, as text for CSV and as a value for Lua. */
#ifndef SCRIPT_DATUM_H
#define SCRIPT_DATUM_H

#include <lua.h>

enum datum_kind { DATUM_TEXT, DATUM_NUMBER, DATUM_BOOL };

/* Pushes a text as what it stands for. No text is nil where it is not of kind text. Integers from
 * 2^63 on wrap around, as Lua's do: a checksum stays exact. */
void datum_push(lua_State *lua, enum datum_kind kind, const char *text);

#endif
