#include "script/hook.h"

#include "base/memory.h"
#include "base/option.h"
#include "base/text.h"
#include "script/find.h"

#include <lauxlib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_MOST = 60, COLUMNS_MOST = 100 };

static const char *const fields[] = {"columns", "row", "finish"};

enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

/* ---- what the file declares; all of it is protected ---- */

static int check_fields(lua_State *lua, const struct hook_script *script)
{
	lua_pushnil(lua);
	for (; lua_next(lua, 1); lua_pop(lua, 1)) {
		const char *key = lua_type(lua, -2) == LUA_TSTRING ? lua_tostring(lua, -2) : NULL;
		bool known = false;
		for (size_t i = 0; key && i < FIELDS; i++)
			known |= strcmp(key, fields[i]) == 0;
		if (known)
			continue;
		const char *nearest = key ? text_nearest(key, fields, FIELDS) : NULL;
		return luaL_error(lua,
			"%s: a hook has no field '%s'%s%s%s; it may have columns, row and finish",
			script->path, luaL_tolstring(lua, -2, NULL),
			nearest ? "; did you mean '" : "", nearest ? nearest : "",
			nearest ? "'?" : "");
	}
	return 0;
}

static bool is_name(const char *name)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789_");
	return length > 0 && length <= NAME_MOST && !name[length] &&
	       !(name[0] >= '0' && name[0] <= '9');
}

/* `name` and `help` lie in Lua. */
static void add_column(
	lua_State *lua, struct hook_script *script, const char *name, const char *help)
{
	if (!is_name(name))
		luaL_error(lua, "%s: '%s' cannot be a column; letters, digits and _ can",
			script->path, name);
	if (script->column_count == COLUMNS_MOST)
		luaL_error(lua, "%s: more than %d columns", script->path, COLUMNS_MOST);
	script->columns = memory_grow(script->columns, script->column_count,
		&script->column_capacity, sizeof(*script->columns));
	script->columns[script->column_count++] = (struct hook_column){strdup(name), strdup(help)};
}

/* An item of a list: a name, or `{ name = …, help = … }`. */
static void take_item(lua_State *lua, struct hook_script *script)
{
	if (lua_type(lua, -1) == LUA_TSTRING) {
		add_column(lua, script, lua_tostring(lua, -1), "");
		return;
	}
	if (!lua_istable(lua, -1))
		luaL_error(lua, "%s: a column is a %s value; write { name = \"…\", help = \"…\" }",
			script->path, luaL_typename(lua, -1));
	bool has_name = lua_getfield(lua, -1, "name") == LUA_TSTRING;
	int help = lua_getfield(lua, -2, "help");
	if (!has_name || (help != LUA_TSTRING && help != LUA_TNIL))
		luaL_error(lua, "%s: a column needs a name, and its help is text", script->path);
	add_column(
		lua, script, lua_tostring(lua, -2), help == LUA_TNIL ? "" : lua_tostring(lua, -1));
	lua_pop(lua, 2);
}

static int by_name(const void *a, const void *b)
{
	const struct hook_column *left = a, *right = b;
	return strcmp(left->name, right->name);
}

/* `{ name = help, … }` has no order of its own. */
static void take_map(lua_State *lua, struct hook_script *script)
{
	lua_pushnil(lua);
	for (; lua_next(lua, -2); lua_pop(lua, 1)) {
		if (lua_type(lua, -2) != LUA_TSTRING || lua_type(lua, -1) != LUA_TSTRING)
			luaL_error(lua, "%s: columns must be { name = \"help\", … } or a list",
				script->path);
		add_column(lua, script, lua_tostring(lua, -2), lua_tostring(lua, -1));
	}
	if (script->column_count)
		qsort(script->columns, script->column_count, sizeof(*script->columns), by_name);
}

static void take_columns(lua_State *lua, struct hook_script *script)
{
	int type = lua_getfield(lua, 1, "columns");
	if (type == LUA_TNIL)
		return;
	if (type != LUA_TTABLE)
		luaL_error(lua, "%s: columns is a %s value, not a table", script->path,
			lua_typename(lua, type));
	lua_Integer count = luaL_len(lua, -1);
	if (!count)
		take_map(lua, script);
	for (lua_Integer i = 1; i <= count; i++) {
		lua_geti(lua, -1, i);
		take_item(lua, script);
		lua_pop(lua, 1);
	}
	lua_pop(lua, 1);
}

static int take_function(lua_State *lua, const struct hook_script *script, const char *name)
{
	int type = lua_getfield(lua, 1, name);
	if (type == LUA_TNIL) {
		lua_pop(lua, 1);
		return LUA_NOREF;
	}
	if (type != LUA_TFUNCTION)
		luaL_error(lua, "%s: %s is a %s value, not a function", script->path, name,
			lua_typename(lua, type));
	return luaL_ref(lua, LUA_REGISTRYINDEX);
}

/* Argument 1 is the file's table, 2 the script. */
static int declare(lua_State *lua)
{
	struct hook_script *script = lua_touserdata(lua, 2);
	check_fields(lua, script);
	take_columns(lua, script);
	script->row = take_function(lua, script, "row");
	script->finish = take_function(lua, script, "finish");
	if (script->column_count && script->row == LUA_NOREF)
		return luaL_error(lua, "%s: it has columns, and no row to fill them", script->path);
	if (script->row == LUA_NOREF && script->finish == LUA_NOREF)
		return luaL_error(lua, "%s: it has neither row nor finish", script->path);
	return 0;
}

static int load(struct hook_script *script, struct err *err)
{
	struct state *state = &script->state;
	if (state_load(state, script->path, err))
		return -1;
	lua_pushcfunction(state->lua, declare);
	lua_insert(state->lua, -2);
	lua_pushlightuserdata(state->lua, script);
	return state_call(state, 2, 0, err);
}

int hook_open(struct hook_script *script, const char *path, struct err *err)
{
	struct text folder;
	*script = (struct hook_script){.path = path, .row = LUA_NOREF, .finish = LUA_NOREF};
	text_init(&folder);
	find_folder(path, &folder);
	int failed = state_open(&script->state, text_get(&folder), err);
	text_release(&folder);
	if (failed)
		return -1;
	state_watch(&script->state, STATE_PATIENCE_NS, NULL, NULL);
	failed = load(script, err);
	state_unwatch(&script->state);
	return failed;
}

void hook_release(struct hook_script *script)
{
	state_close(&script->state);
	for (size_t i = 0; i < script->column_count; i++) {
		free(script->columns[i].name);
		free(script->columns[i].help);
	}
	free(script->columns);
	script->columns = NULL;
	script->column_count = 0;
}

/* ---- calls ---- */

struct running {
	struct hook_script *script;
	const struct hook_call *call;
	int function;
	char number[512]; /* text of one; the longest double without exponent has 309 digits */
};

/* `file:line: ` of the function's beginning. */
static void push_place(lua_State *lua, const struct running *running)
{
	lua_Debug place;
	lua_rawgeti(lua, LUA_REGISTRYINDEX, running->function);
	lua_getinfo(lua, ">S", &place);
	lua_pushfstring(lua, "%s:%d: ", place.short_src, place.linedefined);
}

static size_t find_column(lua_State *lua, const struct running *running, const char *name)
{
	const struct hook_script *script = running->script;
	for (size_t i = 0; i < script->column_count; i++)
		if (strcmp(script->columns[i].name, name) == 0)
			return i;
	push_place(lua, running);
	lua_pushfstring(lua, "row returned '%s', which is not among its columns", name);
	lua_concat(lua, 2);
	return (size_t)lua_error(lua);
}

static const char *number_text(lua_State *lua, struct running *running)
{
	double number = lua_tonumber(lua, -1);
	if (lua_isinteger(lua, -1)) {
		snprintf(running->number, sizeof(running->number), LUA_INTEGER_FMT,
			lua_tointeger(lua, -1));
		return running->number;
	}
	if (!isfinite(number))
		return "";
	struct text text;
	text_init(&text);
	option_format_number(number, &text);
	snprintf(running->number, sizeof(running->number), "%s", text_get(&text));
	text_release(&text);
	return running->number;
}

static void take_value(lua_State *lua, struct running *running, size_t column)
{
	const struct hook_call *call = running->call;
	switch (lua_type(lua, -1)) {
	case LUA_TNUMBER:
		call->take(call->arg, column, DATUM_NUMBER, number_text(lua, running));
		break;
	case LUA_TSTRING:
		call->take(call->arg, column, DATUM_TEXT, lua_tostring(lua, -1));
		break;
	case LUA_TBOOLEAN:
		call->take(
			call->arg, column, DATUM_BOOL, lua_toboolean(lua, -1) ? "true" : "false");
		break;
	default:
		push_place(lua, running);
		lua_pushfstring(lua, "row returned a %s value for '%s'", luaL_typename(lua, -2),
			running->script->columns[column].name);
		lua_concat(lua, 2);
		lua_error(lua);
	}
}

static void take_row(lua_State *lua, struct running *running)
{
	if (lua_isnil(lua, -1))
		return;
	if (!lua_istable(lua, -1)) {
		push_place(lua, running);
		lua_pushfstring(
			lua, "row returned a %s value, not a table", luaL_typename(lua, -2));
		lua_concat(lua, 2);
		lua_error(lua);
	}
	lua_pushnil(lua);
	for (; lua_next(lua, -2); lua_pop(lua, 1)) {
		lua_pushvalue(lua, -2);
		size_t column = find_column(lua, running, luaL_tolstring(lua, -1, NULL));
		lua_pop(lua, 2);
		take_value(lua, running, column);
	}
}

/* Protected. */
static int run(lua_State *lua)
{
	struct running *running = lua_touserdata(lua, 1);
	bool row = running->function == running->script->row;
	lua_rawgeti(lua, LUA_REGISTRYINDEX, running->function);
	running->call->push(lua, running->call->arg);
	lua_call(lua, 1, row ? 1 : 0);
	if (row)
		take_row(lua, running);
	return 0;
}

static int call_function(
	struct hook_script *script, const struct hook_call *call, int function, struct err *err)
{
	struct running running = {.script = script, .call = call, .function = function};
	if (function == LUA_NOREF)
		return 0;
	state_watch(&script->state, call->patience_ns, call->stop, NULL);
	int failed = state_protect(&script->state, run, &running, 0, err);
	state_unwatch(&script->state);
	return failed;
}

int hook_row(struct hook_script *script, const struct hook_call *call, struct err *err)
{
	return call_function(script, call, script->row, err);
}

int hook_finish(struct hook_script *script, const struct hook_call *call, struct err *err)
{
	return call_function(script, call, script->finish, err);
}
