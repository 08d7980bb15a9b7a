/*
 * A task: one protected call with four pushes, and the value of what comes back. Under `gil` the
 * thread that is asked for the lock gets a signal, whose handler sets a hook that gives way at
 * the next instruction, as lua.c does for Ctrl-C: a hook that is always there makes Lua take twice
 * as long.
 */
#include "workloads/lua.h"

#include <lauxlib.h>
#include <lualib.h>
#include <math.h>
#include <string.h>

enum { INSTRUCTIONS_BETWEEN_LOOKS = 1000 };

/* The task that this thread runs and has the gil for. Read by a signal handler of the same
 * thread. */
static _Thread_local struct lua_task *volatile giving_way;

/* ---- values ---- */

/* Nothing or an integer: what most tasks return. */
static inline bool plain_value(lua_State *lua, uint64_t *value)
{
	int whole = true;
	if (!lua_isnil(lua, -1))
		*value = (uint64_t)lua_tointegerx(lua, -1, &whole);
	return whole;
}

/* Not every NaN has the same bits on every path to it. */
static uint64_t float_bits(lua_Number number)
{
	uint64_t bits;
	if (isnan(number))
		return UINT64_C(0x7ff8000000000000);
	memcpy(&bits, &number, sizeof(bits));
	return bits;
}

static int not_a_value(lua_State *lua, struct err *err)
{
	return err_set(err, "task returned a %s; it may return a number, a boolean or nothing",
		luaL_typename(lua, -1));
}

int lua_value(lua_State *lua, uint64_t *value, struct err *err)
{
	*value = 0;
	if (plain_value(lua, value))
		return 0;
	if (lua_isnumber(lua, -1))
		*value = float_bits(lua_tonumber(lua, -1));
	else if (lua_isboolean(lua, -1))
		*value = (uint64_t)lua_toboolean(lua, -1);
	else
		return not_a_value(lua, err);
	return 0;
}

/* ---- the gil ---- */

void lua_release(struct lua_task *task)
{
	if (!task->shares)
		return;
	giving_way = NULL;
	blocking_begin(task->worker);
}

static void go_on(struct lua_task *task)
{
	struct state *state = state_of(task->lua);
	state->user = task;
	state->running = task->lua;
	giving_way = task;
}

void lua_take(struct lua_task *task)
{
	if (!task->shares)
		return;
	blocking_end(task->worker);
	go_on(task);
}

bool lua_attend(struct lua_task *task)
{
	if (!task->worker)
		return false;
	if (!task->shares)
		return is_stopping(task->worker);
	giving_way = NULL;
	bool stop = checkpoint(task->worker);
	go_on(task);
	return stop;
}

static void attend_in_hook(lua_State *lua)
{
	if (lua_attend(lua_task_of(lua)))
		luaL_error(lua, "the run is being ended");
}

static void give_way(lua_State *lua, lua_Debug *frame)
{
	(void)frame;
	lua_sethook(lua, NULL, 0, 0);
	lua_task_of(lua)->asked = false;
	attend_in_hook(lua);
}

static void look(lua_State *lua, lua_Debug *frame)
{
	(void)frame;
	attend_in_hook(lua);
}

/* In a signal handler. A hook that comes too late finds nothing to do. Once is enough: in a deep
 * recursion it takes longer than it takes to ask again. */
void lua_interrupt(void)
{
	struct lua_task *task = giving_way;
	if (!task || task->asked)
		return;
	task->asked = true;
	lua_sethook(task->lua, give_way, LUA_MASKCOUNT, 1);
}

/* coroutine.create or coroutine.wrap, which is the upvalue. The handler cannot know a script's own
 * coroutines; they have a hook from the start, which threads inherit from their maker. */
static int make_coroutine(lua_State *lua)
{
	lua_Hook hook = lua_gethook(lua);
	int mask = lua_gethookmask(lua), count = lua_gethookcount(lua);
	lua_pushvalue(lua, lua_upvalueindex(1));
	lua_insert(lua, 1);
	lua_sethook(lua, look, LUA_MASKCOUNT, INSTRUCTIONS_BETWEEN_LOOKS);
	lua_call(lua, lua_gettop(lua) - 1, 1);
	lua_sethook(lua, hook, mask, count);
	return 1;
}

void lua_open_sharing(lua_State *lua)
{
	static const char *const makers[] = {"create", "wrap", NULL};
	lua_getglobal(lua, LUA_COLIBNAME);
	for (const char *const *name = makers; *name; name++) {
		lua_getfield(lua, -1, *name);
		lua_pushcclosure(lua, make_coroutine, 1);
		lua_setfield(lua, -2, *name);
	}
	lua_pop(lua, 1);
}

/* ---- the task ---- */

/* Of what is neither an integer nor nothing. */
static uint64_t other_value(struct worker *worker, struct lua_worker *mine, int status)
{
	struct err err;
	uint64_t value = 0;
	if (status != LUA_OK)
		state_error(mine->state, mine->task.lua, status, &err);
	else if (lua_value(mine->task.lua, &value, &err) == 0)
		return value;
	else
		err_prefix(&err, "%s: ", worker->job->workload->source);
	return worker_fail(worker, "%s", err.text);
}

uint64_t lua_run_task(struct worker *worker, uint64_t index)
{
	struct lua_worker *mine = lua_worker_of(worker);
	struct lua_task *task = &mine->task;
	lua_State *lua = task->lua;
	task->index = index;
	task->draws = 0;
	lua_enter(mine, task);
	if (task->shares)
		giving_way = task;
	lua_pushvalue(lua, LUA_FUNCTION);
	if (mine->has_state)
		lua_pushvalue(lua, LUA_STATE);
	else
		lua_pushnil(lua);
	lua_pushinteger(lua, (lua_Integer)index);
	lua_pushvalue(lua, LUA_W);
	int status = lua_pcall(lua, 3, 1, LUA_HANDLER);
	uint64_t value = 0;
	if (status != LUA_OK || !plain_value(lua, &value))
		value = other_value(worker, mine, status);
	if (task->shares)
		giving_way = NULL;
	lua_settop(lua, LUA_BASE);
	return value;
}
