#include "script/datum.h"

#include <stdlib.h>
#include <string.h>

void datum_push(lua_State *lua, enum datum_kind kind, const char *text)
{
	size_t length = strlen(text);
	if (kind == DATUM_TEXT)
		lua_pushlstring(lua, text, length);
	else if (!length)
		lua_pushnil(lua);
	else if (kind == DATUM_BOOL)
		lua_pushboolean(lua, strcmp(text, "true") == 0);
	else if (strspn(text, "0123456789") == length)
		lua_pushinteger(lua, (lua_Integer)strtoull(text, NULL, 10));
	else if (!lua_stringtonumber(lua, text))
		lua_pushnil(lua);
}
