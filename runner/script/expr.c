/* Integer expressions in Lua; see expr.h. Each one has a fresh state: nothing can leak. */
#include "script/expr.h"

#include "base/option.h"
#include "base/text.h"

#include <lauxlib.h>
#include <lua.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

enum {
	TEXT_MOST = 200,
	INSTRUCTIONS_MOST = 10000,
	MEMORY_MOST_BYTES = 256 * 1024,
};

int64_t expr_ncpu(void)
{
	/* The kernel refuses a mask smaller than its own, so the set grows until it fits. */
	for (int cpus = CPU_SETSIZE; cpus <= 1024 * 1024; cpus *= 2) {
		cpu_set_t *set = CPU_ALLOC((size_t)cpus);
		size_t bytes = CPU_ALLOC_SIZE((size_t)cpus);
		bool known = set && sched_getaffinity(0, bytes, set) == 0;
		int count = known ? CPU_COUNT_S(bytes, set) : 0;
		CPU_FREE(set);
		if (count > 0)
			return count;
	}
	return 1;
}

/* What names stand for; all that an expression can see. */
static const struct {
	const char *name;
	int64_t (*value)(void);
} names[] = {
	{"ncpu", expr_ncpu},
};

const char *expr_name(size_t index)
{
	return index < sizeof(names) / sizeof(names[0]) ? names[index].name : NULL;
}

/* Lua's allocator, over a counter of the bytes that are in use. For a new block, `old_size` is
 * a type tag and no size. */
static void *allocate(void *used_bytes, void *old, size_t old_size, size_t size)
{
	size_t *used = used_bytes;
	size_t freed = old ? old_size : 0;
	if (*used - freed + size > MEMORY_MOST_BYTES)
		return NULL;
	void *memory = NULL;
	if (!size)
		free(old);
	else if (!(memory = realloc(old, size)))
		return NULL;
	*used = *used - freed + size;
	return memory;
}

static void give_up(lua_State *lua, lua_Debug *debug)
{
	(void)debug;
	lua_pushliteral(lua, "it takes too long");
	lua_error(lua);
}

static int unknown_name(lua_State *lua)
{
	lua_pushfstring(lua, "'%s' is not known", lua_tostring(lua, 2));
	return lua_error(lua);
}

/* The chunk's only upvalue is its environment: named values, and an error for any other name.
 */
static void set_environment(lua_State *lua)
{
	lua_newtable(lua);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		lua_pushinteger(lua, names[i].value());
		lua_setfield(lua, -2, names[i].name);
	}
	lua_newtable(lua);
	lua_pushcfunction(lua, unknown_name);
	lua_setfield(lua, -2, "__index");
	lua_setmetatable(lua, -2);
	lua_setupvalue(lua, -2, 1);
}

/* Protected: whatever allocates or raises happens in here. Argument: the text; result: its
 * value. */
static int evaluate(lua_State *lua)
{
	struct text chunk;
	text_init(&chunk);
	text_addf(&chunk, "return (%s\n)", (const char *)lua_touserdata(lua, 1));
	int status = luaL_loadbufferx(lua, chunk.bytes, chunk.length, "=", "t");
	text_release(&chunk);
	if (status != LUA_OK)
		return lua_error(lua);
	set_environment(lua);
	lua_sethook(lua, give_up, LUA_MASKCOUNT, INSTRUCTIONS_MOST);
	lua_call(lua, 0, 1);
	return 1;
}

static int complain(lua_State *lua, const char *text, struct err *err)
{
	const char *message = lua_type(lua, -1) == LUA_TSTRING ? lua_tostring(lua, -1) : "it fails";
	/* ":1: ": the chunk has no name, and its line is of no use. */
	if (*message == ':')
		message += strspn(message, ":0123456789 ");
	return err_set(err, "'%.60s' is not an integer: %.160s; an expression may use %s", text,
		message, names[0].name);
}

static int take_result(lua_State *lua, const char *text, int64_t *value, struct err *err)
{
	int whole = 0;
	if (lua_type(lua, -1) != LUA_TNUMBER)
		return err_set(
			err, "'%.60s' is a %s, not an integer", text, luaL_typename(lua, -1));
	*value = lua_tointegerx(lua, -1, &whole);
	if (whole)
		return 0;
	return err_set(err, "'%.60s' is %g here, not a whole number; divide with //", text,
		lua_tonumber(lua, -1));
}

int expr_integer(const char *text, int64_t *value, struct err *err)
{
	if (strlen(text) > TEXT_MOST)
		return err_set(err,
			"'%.60s…' is too long for an expression; the most is %d characters", text,
			TEXT_MOST);
	size_t used_bytes = 0;
	lua_State *lua = lua_newstate(allocate, &used_bytes);
	if (!lua)
		return err_set(err, "'%.60s' cannot be evaluated: out of memory", text);
	lua_pushcfunction(lua, evaluate);
	lua_pushlightuserdata(lua, (void *)text);
	int status = lua_pcall(lua, 1, 1, 0);
	int result =
		status == LUA_OK ? take_result(lua, text, value, err) : complain(lua, text, err);
	lua_close(lua);
	return result;
}

void expr_install(void)
{
	option_parse_integer_hook = expr_integer;
}
