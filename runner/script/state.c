/* A Lua state and the ways into it; see state.h. */
#include "script/state.h"

#include "base/text.h"
#include "measure/clock.h"
#include "script/sandbox.h"

#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INSTRUCTIONS_BETWEEN_LOOKS = 5000, CALLERS_SHOWN = 3 };

/* ---- memory ---- */

/* The running function's place, for the message; only looks, for Lua is asking for memory. */
static void note_refusal(struct state *state)
{
	lua_Debug frame;
	state->refused[0] = '\0';
	for (int level = 0; state->running && lua_getstack(state->running, level, &frame);
		level++) {
		lua_getinfo(state->running, "Sl", &frame);
		if (frame.currentline <= 0)
			continue;
		snprintf(state->refused, sizeof(state->refused), "%s:%d: ", frame.short_src,
			frame.currentline);
		return;
	}
}

/* Lua's allocator. For a new block, `old_size` is a type tag and no size. */
static void *allocate(void *arg, void *old, size_t old_size, size_t size)
{
	struct state *state = arg;
	size_t freed = old ? old_size : 0;
	if (!size) {
		state->used_bytes -= freed;
		free(old);
		return NULL;
	}
	if (size > freed && state->used_bytes - freed + size > state->most_bytes) {
		note_refusal(state);
		return NULL;
	}
	void *memory = realloc(old, size);
	if (memory)
		state->used_bytes += size - freed;
	return memory;
}

/* ---- messages ---- */

/* The first level from `level` on that is Lua code, or -1; its place is in `frame`. */
static int lua_level(lua_State *lua, int level, lua_Debug *frame)
{
	for (; lua_getstack(lua, level, frame); level++) {
		lua_getinfo(lua, "Sl", frame);
		if (frame->currentline > 0)
			return level;
	}
	return -1;
}

/* Pushes the error at index 1 as text. */
static void push_reason(lua_State *lua)
{
	if (lua_isstring(lua, 1))
		lua_pushvalue(lua, 1);
	else if (luaL_getmetafield(lua, 1, "__tostring") == LUA_TNIL)
		lua_pushfstring(lua, "the error is a %s value", luaL_typename(lua, 1));
	else {
		lua_pushvalue(lua, 1);
		if (lua_pcall(lua, 1, 1, 0) != LUA_OK || !lua_isstring(lua, -1)) {
			lua_pop(lua, 1);
			lua_pushliteral(lua, "the error cannot be shown");
		}
	}
}

/* Adds "; called from FILE:LINE, FILE:LINE" for the Lua code below `level`. */
static void push_callers(lua_State *lua, int level)
{
	lua_Debug frame;
	lua_pushliteral(lua, "");
	for (int shown = 0; shown < CALLERS_SHOWN; shown++) {
		level = lua_level(lua, level + 1, &frame);
		if (level < 0)
			break;
		lua_pushfstring(lua, "%s%s:%d", shown ? ", " : "; called from ", frame.short_src,
			frame.currentline);
		lua_concat(lua, 2);
	}
}

static bool says_place(const char *text, const lua_Debug *frame)
{
	size_t length = strlen(frame->short_src);
	return strncmp(text, frame->short_src, length) == 0 && text[length] == ':';
}

int state_complain(lua_State *lua)
{
	lua_Debug frame;
	int level = lua_level(lua, 0, &frame);
	lua_settop(lua, 1);
	push_reason(lua);
	if (level < 0)
		return 1;
	if (!says_place(lua_tostring(lua, 2), &frame)) {
		lua_pushfstring(lua, "%s:%d: ", frame.short_src, frame.currentline);
		lua_insert(lua, 2);
		lua_concat(lua, 2);
	}
	push_callers(lua, level);
	lua_concat(lua, 2);
	return 1;
}

/* One line, whatever the script wrote. */
static int plain(struct err *err, const char *text)
{
	err_set(err, "%s", text);
	for (char *at = err->text; *at; at++)
		if ((unsigned char)*at < ' ' || *at == 0x7f)
			*at = ' ';
	return -1;
}

int state_error(struct state *state, lua_State *lua, int status, struct err *err)
{
	/* lua_tostring may need memory, and there may be none: only of what is a string. */
	if (status == LUA_ERRMEM)
		err_set(err, "%sthe script needs too much memory; it may have %zu MiB",
			state->refused, state->most_bytes >> 20);
	else if (lua_type(lua, -1) == LUA_TSTRING)
		plain(err, lua_tostring(lua, -1));
	else
		err_set(err, "the error is a %s value", luaL_typename(lua, -1));
	lua_pop(lua, 1);
	return -1;
}

/* ---- ways in ---- */

int state_call(struct state *state, int arguments, int results, struct err *err)
{
	lua_State *lua = state->lua;
	int handler = lua_gettop(lua) - arguments;
	/* The one push here that cannot fail: C functions without upvalues are no objects. */
	lua_pushcfunction(lua, state_complain);
	lua_insert(lua, handler);
	lua_State *before = state->running;
	state->running = lua;
	int status = lua_pcall(lua, arguments, results, handler);
	state->running = before;
	lua_remove(lua, handler);
	return status == LUA_OK ? 0 : state_error(state, lua, status, err);
}

int state_protect(
	struct state *state, lua_CFunction function, void *argument, int results, struct err *err)
{
	if (!lua_checkstack(state->lua, LUA_MINSTACK))
		return err_set(err, "the script needs too much memory");
	lua_pushcfunction(state->lua, function);
	lua_pushlightuserdata(state->lua, argument);
	return state_call(state, 1, results, err);
}

struct chunk {
	const char *text, *name;
	size_t length;
};

/* luaL_loadbufferx alone would not need to be protected, but its name is copied before it is. */
static int compile(lua_State *lua)
{
	const struct chunk *chunk = lua_touserdata(lua, 1);
	if (luaL_loadbufferx(lua, chunk->text, chunk->length, chunk->name, "t") != LUA_OK)
		return lua_error(lua);
	return 1;
}

int state_compile(struct state *state, const char *text, const char *name, struct err *err)
{
	struct chunk chunk = {text, name, strlen(text)};
	return state_protect(state, compile, &chunk, 1, err);
}

/* The last line of the function on top that has code: where a file returns. */
static int last_line(lua_State *lua)
{
	lua_Debug function;
	lua_Integer last = 0;
	lua_pushvalue(lua, -1);
	lua_getinfo(lua, ">L", &function);
	for (lua_pushnil(lua); lua_next(lua, -2); lua_pop(lua, 1))
		if (lua_tointeger(lua, -2) > last)
			last = lua_tointeger(lua, -2);
	lua_pop(lua, 1);
	return (int)last;
}

/* Protected: argument 1 is the path. */
static int load(lua_State *lua)
{
	const char *path = lua_touserdata(lua, 1);
	if (!sandbox_load_file(lua, path))
		return lua_error(lua);
	int line = last_line(lua), before = lua_gettop(lua) - 1;
	lua_call(lua, 0, LUA_MULTRET);
	int results = lua_gettop(lua) - before;
	if (results == 1 && lua_istable(lua, -1))
		return 1;
	if (results != 1)
		return luaL_error(lua, "%s:%d: returns %s, not one table", path, line,
			results ? "several values" : "nothing");
	return luaL_error(
		lua, "%s:%d: returns a %s value, not a table", path, line, luaL_typename(lua, -1));
}

int state_load(struct state *state, const char *path, struct err *err)
{
	return state_protect(state, load, (void *)path, 1, err);
}

/* ---- its life ---- */

static int open_libraries(lua_State *lua)
{
	sandbox_open(lua);
	return 0;
}

int state_open(struct state *state, const char *folder, struct err *err)
{
	*state = (struct state){.most_bytes = STATE_MEMORY_BYTES,
		.content = TEXT_HASH_START,
		.folder = strdup(folder)};
	state->lua = state->folder ? lua_newstate(allocate, state) : NULL;
	if (!state->lua)
		return err_set(err, "cannot make a Lua state: out of memory");
	*(struct state **)lua_getextraspace(state->lua) = state;
	return state_protect(state, open_libraries, NULL, 0, err);
}

void state_close(struct state *state)
{
	if (state->lua)
		lua_close(state->lua);
	free((char *)state->folder);
	*state = (struct state){0};
}

/* ---- the watch ---- */

static void look(lua_State *lua, lua_Debug *frame)
{
	struct state *state = state_of(lua);
	bool late = state->patience_ns && clock_monotonic_ns() >= state->deadline_ns;
	if (!state->ending && !late && !(state->stop && state->stop(state->stop_arg)))
		return;
	/* From here on every instruction fails, so that no pcall in a loop can go on. */
	state->ending = true;
	lua_sethook(lua, look, LUA_MASKCOUNT, 1);
	lua_getinfo(lua, "Sl", frame);
	lua_pushfstring(lua, "%s:%d: the script %s", frame->short_src, frame->currentline,
		late ? "takes too long" : "was interrupted");
	lua_error(lua);
}

void state_watch(struct state *state, uint64_t patience_ns, bool (*stop)(void *arg), void *arg)
{
	state->patience_ns = patience_ns;
	state->deadline_ns = clock_monotonic_ns() + patience_ns;
	state->stop = stop;
	state->stop_arg = arg;
	state->ending = false;
	lua_sethook(state->lua, look, LUA_MASKCOUNT, INSTRUCTIONS_BETWEEN_LOOKS);
}

void state_unwatch(struct state *state)
{
	lua_sethook(state->lua, NULL, 0, 0);
	state->ending = false;
	state->stop = NULL;
	state->patience_ns = 0;
}
