/* The floor of Lua tasks: calls of an empty function that is handed what a script's task is handed.
 *   floor_lua thread|process  WORKERS  TASKS  monotonic|tsc */
#include "pool.h"

#include <lauxlib.h>
#include <lua.h>

enum { FUNCTION = 1, WORKER }; /* places on the stack */

static void *prepare(void)
{
	lua_State *lua = luaL_newstate();
	need(lua != NULL, "luaL_newstate");
	need(luaL_dostring(lua, "return function() end, {}") == LUA_OK, "luaL_dostring");
	return lua;
}

/* Without a value it is 1. */
static uint64_t run(void *context, uint64_t index)
{
	lua_State *lua = context;
	lua_pushvalue(lua, FUNCTION);
	lua_pushnil(lua);
	lua_pushinteger(lua, (lua_Integer)index);
	lua_pushvalue(lua, WORKER);
	need(lua_pcall(lua, 3, 1, 0) == LUA_OK, "lua_pcall");
	uint64_t value = lua_isnil(lua, -1) ? 1 : (uint64_t)lua_tointeger(lua, -1);
	lua_pop(lua, 1);
	return value;
}

int main(int argc, char **argv)
{
	return pool_main(argc, argv, (struct task){prepare, run});
}
