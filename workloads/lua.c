/*
 * `lua`: tasks in Lua. A script returns a table; this file reads what a scenario must know of it,
 * its parameters and metrics, and makes a workload of it, which then is checked, swept and listed
 * like any other.
 */
#include "workloads/lua.h"

#include "script/find.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

static const char *const keys[] = {
	"summary", "params", "metrics", "serve", "setup", "task", "teardown", NULL};
static const char *const functions[] = {"setup", "task", "teardown", NULL};

int lua_raw(lua_State *lua, int index, const char *name)
{
	index = lua_absindex(lua, index);
	lua_pushstring(lua, name);
	return lua_rawget(lua, index);
}

static void check_functions(lua_State *lua, const struct lua_reading *reading)
{
	for (const char *const *name = functions; *name; name++) {
		int type = lua_raw(lua, 2, *name);
		if (type != LUA_TFUNCTION && type != LUA_TNIL)
			lua_complain(lua, reading, NULL, *name, "'%s' is a %s, not a function",
				*name, lua_typename(lua, type));
		if (type == LUA_TNIL && *name == functions[1])
			lua_complain(lua, reading, NULL, "return", "the table has no 'task'");
	}
}

static void read_summary(lua_State *lua, const struct lua_reading *reading)
{
	int type = lua_raw(lua, 2, "summary");
	if (type == LUA_TNIL)
		return;
	if (type != LUA_TSTRING)
		lua_complain(lua, reading, NULL, "summary", "'summary' is a %s, not a text",
			lua_typename(lua, type));
	reading->workload->summary = arena_text(reading->arena, lua_tostring(lua, -1));
}

/* Protected. Arguments: the reading and the script's table. */
static int describe(lua_State *lua)
{
	static const struct {
		const char *name;
		void (*read)(lua_State *lua, const struct lua_reading *reading);
	} tables[] = {{"params", lua_read_params}, {"metrics", lua_read_metrics},
		{"serve", lua_read_serve}};
	const struct lua_reading *reading = lua_touserdata(lua, 1);
	size_t count;
	const char **names = lua_names(lua, reading, NULL, &count);
	for (size_t i = 0; i < count; i++)
		lua_check_name(lua, reading, NULL, names[i], names[i], keys, "key");
	check_functions(lua, reading);
	read_summary(lua, reading);
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		int type = lua_raw(lua, 2, tables[i].name);
		if (type == LUA_TTABLE)
			tables[i].read(lua, reading);
		else if (type != LUA_TNIL)
			lua_complain(lua, reading, NULL, tables[i].name,
				"'%s' is a %s, not a table", tables[i].name,
				lua_typename(lua, type));
	}
	return 0;
}

/* The script's text, for the lines of messages; "" where it cannot be read any more. */
static const char *read_text(const char *path, struct arena *arena)
{
	struct lua_file file = {
		.path = path, .scratch = "", .folder = "", .most_bytes = STATE_FILE_MOST_BYTES};
	lua_file_do(&file);
	const char *text = file.failed ? "" : arena_copy(arena, file.bytes, file.length);
	free(file.bytes);
	return text;
}

static int read_script(struct state *state, const struct lua_reading *reading, struct err *err)
{
	lua_State *lua = state->lua;
	static const struct job none;
	struct lua_task task = {.job = &none, .lua = lua, .index = LUA_NO_TASK};
	state->user = &task;
	state_watch(state, STATE_PATIENCE_NS, NULL, NULL);
	if (state_load(state, reading->path, err) != 0)
		return -1;
	const char *slash = strrchr(reading->path, '/');
	const char *name = slash ? slash + 1 : reading->path;
	reading->workload->version = text_hash(state->content, name, strlen(name));
	lua_pushcfunction(lua, describe);
	lua_insert(lua, -2);
	lua_pushlightuserdata(lua, (void *)reading);
	lua_insert(lua, -2);
	return state_call(state, 2, 0, err);
}

static int open_random(lua_State *lua)
{
	lua_open_random(lua);
	return 0;
}

static const struct workload *open_script(const char *path, struct arena *arena, struct err *err)
{
	struct lua_script *script = arena_alloc(arena, sizeof(*script));
	struct workload *workload = &script->workload;
	struct lua_reading reading = {arena, workload, arena_text(arena, path), ""};
	struct state state;
	struct text folder;
	*workload = workload_lua;
	workload->open = NULL;
	workload->params = NULL;
	workload->source = reading.path;
	reading.text = read_text(path, arena);
	script->fetches = strstr(reading.text, "fetch") != NULL;
	text_init(&folder);
	find_folder(path, &folder);
	int failed = state_open(&state, text_get(&folder), err) ||
		     state_protect(&state, open_random, NULL, 0, err) ||
		     read_script(&state, &reading, err);
	state_close(&state);
	text_release(&folder);
	return failed ? NULL : workload;
}

static const struct option params[] = {
	{
		.name = "script",
		.type = OPTION_TEXT,
		.example = "tasks/hello.lua",
		.help = "the file; it has parameters of its own, 'conrun list FILE' shows them",
	},
	OPTION_END,
};

const struct workload workload_lua = {
	.name = "lua",
	.group = GROUP_GIVEN,
	.summary = "a task written in Lua",
	.operation = "calls the script's function task(state, index, w)",
	.opens_libraries = true,
	.params = params,
	.params_bytes = sizeof(const char *),
	.worker_bytes = sizeof(struct lua_place),
	.shared_bytes = lua_shared_bytes,
	.needs = lua_needs,
	.setup = lua_job_setup,
	.worker_setup = lua_worker_setup,
	.task = lua_run_task,
	.worker_teardown = lua_worker_teardown,
	.teardown = lua_job_teardown,
	.interrupt = lua_interrupt,
	.async_bytes = LUA_ASYNC_BYTES,
	.async_start = lua_async_start,
	.open = open_script,
};
