/* What scripts can reach: the libraries of a state, and how files become Lua code. */
#ifndef SCRIPT_SANDBOX_H
#define SCRIPT_SANDBOX_H

#include <lua.h>
#include <stdbool.h>

/* Protected: opens the libraries. */
void sandbox_open(lua_State *lua);

/* Protected: pushes the function that the file holds; false: the reason why it cannot. What was
 * read goes into the state's `content`. */
bool sandbox_load_file(lua_State *lua, const char *path);

#endif
