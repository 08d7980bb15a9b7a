/*
 * The libraries that scripts see. What is left out could touch the machine (io, most of os,
 * package.loadlib, binary code) or get past the watch: a message handler or a finaliser runs where
 * no hook does, so xpcall's handlers are not called for what the watch ends, and metatables have
 * no __gc.
 */
#include "script/sandbox.h"

#include "base/memory.h"
#include "base/text.h"
#include "script/find.h"
#include "script/state.h"

#include <errno.h>
#include <fcntl.h>
#include <lauxlib.h>
#include <lualib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool all_allowed;

void state_allow_all(void)
{
	all_allowed = true;
}

bool state_allows_all(void)
{
	return all_allowed;
}

/* ---- files ---- */

/* 0, or errno. */
static int read_file(const char *path, struct text *text)
{
	struct stat file;
	char piece[16384];
	ssize_t got = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return errno;
	int failed = fstat(fd, &file) ? errno : S_ISREG(file.st_mode) ? 0 : EISDIR;
	while (!failed && (got = read(fd, piece, sizeof(piece))) > 0) {
		text_add_bytes(text, piece, (size_t)got);
		failed = text->length > STATE_FILE_MOST_BYTES ? EFBIG : 0;
	}
	if (got < 0)
		failed = errno;
	close(fd);
	return failed;
}

/* Where the code begins: behind a byte order mark and a first line for a shell, whose end
 * stays, so that lines keep their numbers. */
static size_t code_begins(const char *text, size_t length)
{
	size_t at = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	if (at < length && text[at] == '#')
		while (at < length && text[at] != '\n')
			at++;
	return at;
}

bool sandbox_load_file(lua_State *lua, const char *path)
{
	struct state *state = state_of(lua);
	struct text text;
	bool loaded = false;
	const char *name = lua_pushfstring(lua, "@%s", path);
	text_init(&text);
	int failed = read_file(path, &text);
	if (failed) {
		lua_pushfstring(lua, "%s: %s", path, strerror(failed));
	} else {
		const char *bytes = text_get(&text);
		size_t begin = code_begins(bytes, text.length);
		state->content = text_hash(state->content, bytes, text.length + 1);
		loaded = luaL_loadbufferx(lua, bytes + begin, text.length - begin, name, "t") ==
			 LUA_OK;
	}
	text_release(&text);
	lua_remove(lua, -2);
	return loaded;
}

/* A searcher of package.searchers: Lua files on package.path, read as text. */
static int search(lua_State *lua)
{
	lua_getfield(lua, lua_upvalueindex(1), "searchpath");
	lua_pushvalue(lua, 1);
	lua_getfield(lua, lua_upvalueindex(1), "path");
	lua_call(lua, 2, 2);
	if (lua_isnil(lua, -2))
		return 1; /* where it was looked for */
	lua_pop(lua, 1);
	const char *path = lua_tostring(lua, -1);
	if (!sandbox_load_file(lua, path))
		return lua_error(lua);
	lua_insert(lua, -2);
	return 2;
}

/* ---- functions in place of the base library's ---- */

static int load_text(lua_State *lua)
{
	lua_settop(lua, 4);
	lua_pushliteral(lua, "t");
	lua_replace(lua, 3);
	/* Without an environment the code gets the globals; nil would be one. */
	int arguments = lua_isnil(lua, 4) ? 3 : 4;
	lua_settop(lua, arguments);
	lua_pushvalue(lua, lua_upvalueindex(1));
	lua_insert(lua, 1);
	lua_call(lua, arguments, LUA_MULTRET);
	return lua_gettop(lua);
}

static int set_metatable(lua_State *lua)
{
	lua_settop(lua, 2);
	lua_pushliteral(lua, "__gc");
	if (lua_istable(lua, 2) && lua_rawget(lua, 2) != LUA_TNIL)
		return luaL_error(lua, "a metatable with __gc is not allowed here");
	lua_settop(lua, 2);
	lua_pushvalue(lua, lua_upvalueindex(1));
	lua_insert(lua, 1);
	lua_call(lua, 2, 1);
	return 1;
}

/* A message handler around the script's own, which is the upvalue. */
static int handle(lua_State *lua)
{
	if (state_of(lua)->ending)
		return 1;
	lua_pushvalue(lua, lua_upvalueindex(1));
	lua_insert(lua, 1);
	lua_call(lua, lua_gettop(lua) - 1, LUA_MULTRET);
	return lua_gettop(lua);
}

static int protect(lua_State *lua)
{
	luaL_checkany(lua, 2);
	lua_pushvalue(lua, 2);
	lua_pushcclosure(lua, handle, 1);
	lua_replace(lua, 2);
	lua_pushvalue(lua, lua_upvalueindex(1));
	lua_insert(lua, 1);
	lua_call(lua, lua_gettop(lua) - 1, LUA_MULTRET);
	return lua_gettop(lua);
}

/* To stderr, a line in one piece: stdout is for what conrun was asked for. */
static int print(lua_State *lua)
{
	int count = lua_gettop(lua);
	luaL_Buffer line;
	luaL_buffinit(lua, &line);
	for (int i = 1; i <= count; i++) {
		luaL_addstring(&line, i > 1 ? "\t" : "");
		luaL_tolstring(lua, i, NULL);
		luaL_addvalue(&line);
	}
	luaL_addchar(&line, '\n');
	luaL_pushresult(&line);
	size_t length;
	const char *text = lua_tolstring(lua, -1, &length);
	ssize_t written = write(STDERR_FILENO, text, length);
	(void)written;
	return 0;
}

static int refuse_global(lua_State *lua)
{
	return luaL_error(lua, "'%s' is not declared; write 'local %s', or return it in the table",
		luaL_tolstring(lua, 2, NULL), luaL_tolstring(lua, 2, NULL));
}

/* ---- opening ---- */

static const luaL_Reg libraries[] = {
	{LUA_GNAME, luaopen_base},
	{LUA_LOADLIBNAME, luaopen_package},
	{LUA_COLIBNAME, luaopen_coroutine},
	{LUA_TABLIBNAME, luaopen_table},
	{LUA_STRLIBNAME, luaopen_string},
	{LUA_MATHLIBNAME, luaopen_math},
	{LUA_UTF8LIBNAME, luaopen_utf8},
	{NULL, NULL},
};

/* Each gets what it stands in for as its upvalue. */
static const luaL_Reg replaced[] = {
	{"load", load_text},
	{"setmetatable", set_metatable},
	{"xpcall", protect},
	{"print", print},
	{NULL, NULL},
};

static void set_nil(lua_State *lua, const char *const *names)
{
	for (; *names; names++) {
		lua_pushnil(lua);
		lua_setfield(lua, -2, *names);
	}
}

static void set_path(lua_State *lua)
{
	struct text templates;
	text_init(&templates);
	find_templates(state_of(lua)->folder, &templates);
	lua_pushstring(lua, text_get(&templates));
	text_release(&templates);
	lua_setfield(lua, -2, "path");
}

/* The package library is on top. All searchers but the first, package.preload's, go. */
static void set_searchers(lua_State *lua)
{
	lua_createtable(lua, 2, 0);
	lua_getfield(lua, -2, "searchers");
	lua_rawgeti(lua, -1, 1);
	lua_rawseti(lua, -3, 1);
	lua_pop(lua, 1);
	lua_pushvalue(lua, -2);
	lua_pushcclosure(lua, search, 1);
	lua_rawseti(lua, -2, 2);
	lua_setfield(lua, -2, "searchers");
}

/* Only the clock of os. */
static void open_os(lua_State *lua)
{
	static const char *const kept[] = {"time", "clock", "date", "difftime", NULL};
	lua_pushcfunction(lua, luaopen_os);
	lua_call(lua, 0, 1);
	lua_newtable(lua);
	for (const char *const *name = kept; *name; name++) {
		lua_getfield(lua, -2, *name);
		lua_setfield(lua, -2, *name);
	}
	lua_setglobal(lua, LUA_OSLIBNAME);
	lua_pop(lua, 1);
}

/* A new global would be shared by the workers of one state and not by those of others. */
static void close_globals(lua_State *lua)
{
	lua_newtable(lua);
	lua_pushcfunction(lua, refuse_global);
	lua_setfield(lua, -2, "__newindex");
	lua_pushboolean(lua, false);
	lua_setfield(lua, -2, "__metatable");
	lua_setmetatable(lua, -2);
}

static void open_safe(lua_State *lua)
{
	static const char *const gone[] = {"dofile", "loadfile", NULL};
	static const char *const gone_of_package[] = {"loadlib", "cpath", NULL};
	for (const luaL_Reg *library = libraries; library->name; library++) {
		luaL_requiref(lua, library->name, library->func, 1);
		lua_pop(lua, 1);
	}
	open_os(lua);
	lua_getglobal(lua, LUA_LOADLIBNAME);
	set_path(lua);
	set_searchers(lua);
	set_nil(lua, gone_of_package);
	lua_pushglobaltable(lua);
	set_nil(lua, gone);
	for (const luaL_Reg *function = replaced; function->name; function++) {
		lua_getfield(lua, -1, function->name);
		lua_pushcclosure(lua, function->func, 1);
		lua_setfield(lua, -2, function->name);
	}
	close_globals(lua);
	lua_pop(lua, 2);
}

void sandbox_open(lua_State *lua)
{
	if (!all_allowed) {
		open_safe(lua);
		return;
	}
	luaL_openlibs(lua);
	lua_getglobal(lua, LUA_LOADLIBNAME);
	set_path(lua);
	lua_pop(lua, 1);
}
