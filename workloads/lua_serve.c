/*
 * A script's `serve`: its runs have a server of their own (server.h), which w.fetch and w.echo talk
 * to. It is there before the first worker and until the last is gone.
 */
#include "workloads/lua.h"

#include <lauxlib.h>
#include <stddef.h>

static const struct option options[] = {
	{
		.name = "size",
		.type = OPTION_SIZE,
		.offset = offsetof(struct server_plan, size_bytes),
		.fallback = "16KiB",
		.min = "0B",
		.max = "1TiB",
		.help = "of each HTTP body",
	},
	{
		.name = "delay",
		.type = OPTION_DURATION,
		.offset = offsetof(struct server_plan, delay_ns),
		.fallback = "0s",
		.min = "0s",
		.max = "24h",
		.help = "before each HTTP answer",
	},
	OPTION_END,
};

enum { OPTIONS = sizeof(options) / sizeof(options[0]) - 1 };

/* The option's value in the table on top. */
static union value read_option(
	lua_State *lua, const struct lua_reading *reading, const struct option *option)
{
	int type = lua_raw(lua, -1, option->name);
	union value value = option_default(option);
	struct err err;
	if (type != LUA_TNIL && type != LUA_TSTRING && type != LUA_TNUMBER)
		lua_complain(lua, reading, "serve", option->name,
			"serve: '%s' is a %s, not a text such as \"%s\"", option->name,
			lua_typename(lua, type), option->fallback);
	if (type != LUA_TNIL &&
		option_parse(option, lua_tostring(lua, -1), reading->arena, &value, &err) != 0)
		lua_complain(lua, reading, "serve", option->name, "serve: %s: %s", option->name,
			err.text);
	lua_pop(lua, 1);
	return value;
}

void lua_read_serve(lua_State *lua, const struct lua_reading *reading)
{
	struct lua_script *script = (struct lua_script *)reading->workload;
	const char *known[OPTIONS + 1] = {NULL};
	union value values[OPTIONS];
	size_t count;
	for (size_t i = 0; i < OPTIONS; i++)
		known[i] = options[i].name;
	const char **names = lua_names(lua, reading, "serve", &count);
	for (size_t i = 0; i < count; i++)
		lua_check_name(lua, reading, "serve", names[i], names[i], known, "key");
	for (size_t i = 0; i < OPTIONS; i++)
		values[i] = read_option(lua, reading, &options[i]);
	option_store(options, values, &script->plan);
	script->serves = true;
}

void lua_needs(const struct job *job, struct needs *needs)
{
	if (lua_script_of(job)->serves)
		server_needs(job, needs);
}

int lua_job_setup(struct job *job, struct err *err)
{
	const struct lua_script *script = lua_script_of(job);
	struct server_plan plan = script->plan;
	lua_fetch_ready(job);
	if (!script->serves)
		return 0;
	plan.seed = job->seed;
	plan.backlog = job->workers;
	return server_start(&lua_common_of(job)->server, &plan, err);
}

void lua_stop_server(struct job *job)
{
	server_stop(&lua_common_of(job)->server);
}

const struct server *lua_server(lua_State *lua, const char *name)
{
	const struct job *job = lua_task_of(lua)->job;
	if (!lua_script_of(job)->serves)
		luaL_error(lua, "%s needs a server; put serve = {} into the script's table", name);
	return &lua_common_of(job)->server;
}
