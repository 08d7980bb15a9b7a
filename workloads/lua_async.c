/*
 * Tasks under `async`: each is a coroutine. A helper that would block arms a timer or hands its
 * file to the loop's threads, and yields; when it is done the coroutine goes on. A coroutine whose
 * task has ended takes the next one: there are never more of them than were in flight at once.
 */
#include "base/memory.h"
#include "measure/clock.h"
#include "workloads/lua.h"

#include <assert.h>
#include <lauxlib.h>
#include <stdlib.h>
#include <uv.h>

/* A task in flight; a call's state. */
struct flight {
	struct lua_task task; /* first: a task is its flight */
	struct async_call *call;
	uint64_t value;
	struct err *failed; /* where its error goes, while it runs; emptied if there is none */
	bool waits;
	bool made; /* the timer */
	uv_timer_t timer;
	uv_work_t work;
	uint64_t deadline_ns;
};

static_assert(sizeof(struct flight) <= LUA_ASYNC_BYTES, "a call's memory holds a flight");

bool lua_can_wait(const struct lua_task *task, lua_State *lua)
{
	return task->asynchronous && lua == task->lua && lua_isyieldable(lua);
}

/* ---- coroutines ---- */

/* Protected. Makes a coroutine and room for it in the list of idle ones, which outlives it. */
static int make_coroutine(lua_State *lua)
{
	struct lua_worker *mine = lua_touserdata(lua, 1);
	lua_State *coroutine = lua_newthread(lua);
	luaL_checkstack(coroutine, LUA_MINSTACK, NULL);
	lua_rawsetp(lua, LUA_REGISTRYINDEX, coroutine);
	mine->idle = memory_grow(
		mine->idle, mine->idle_count, &mine->idle_capacity, sizeof(lua_State *));
	mine->idle[mine->idle_count++] = coroutine;
	return 0;
}

static lua_State *take_coroutine(struct lua_worker *mine, struct err *err)
{
	if (!mine->idle_count && state_protect(mine->state, make_coroutine, mine, 0, err) != 0)
		return NULL;
	return mine->idle[--mine->idle_count];
}

static void put_coroutine(struct lua_worker *mine, lua_State *coroutine)
{
	lua_settop(coroutine, 0);
	mine->idle = memory_grow(
		mine->idle, mine->idle_count, &mine->idle_capacity, sizeof(lua_State *));
	mine->idle[mine->idle_count++] = coroutine;
}

/* One that cannot be used again. */
static void drop_coroutine(struct lua_worker *mine, lua_State *coroutine)
{
	lua_pushnil(mine->state->lua);
	lua_rawsetp(mine->state->lua, LUA_REGISTRYINDEX, coroutine);
}

/* ---- running ---- */

/* What the coroutine's call came to. */
static int ended(lua_State *lua, int status, lua_KContext context)
{
	struct flight *flight = (struct flight *)context;
	if (status != LUA_OK && status != LUA_YIELD)
		state_error(state_of(lua), lua, status, flight->failed);
	else if (lua_value(lua, &flight->value, flight->failed) != 0)
		err_prefix(flight->failed, "%s: ", flight->task.job->workload->source);
	return 0;
}

/* What a coroutine runs. Arguments: handler, task, state, index, w; the flight. */
static int run(lua_State *lua)
{
	struct flight *flight = lua_touserdata(lua, -1);
	lua_pop(lua, 1);
	lua_KContext context = (lua_KContext)flight;
	return ended(lua, lua_pcallk(lua, 3, 1, LUA_HANDLER, context, ended), context);
}

/* The last that happens to the flight: it may be on its next task when this returns. */
static void finish(struct flight *flight, const struct err *err)
{
	if (*err->text)
		worker_fail(flight->task.worker, "%s", err->text);
	async_done(flight->call, flight->value);
}

static void resume(struct flight *flight, int arguments)
{
	struct lua_worker *mine = lua_worker_of(flight->task.worker);
	lua_State *lua = flight->task.lua;
	struct err err = {""};
	int results;
	flight->failed = &err;
	flight->waits = false;
	lua_enter(mine, &flight->task);
	int status = lua_resume(lua, NULL, arguments, &results);
	if (status == LUA_YIELD && flight->waits)
		return;
	if (status == LUA_OK) {
		put_coroutine(mine, lua);
	} else {
		if (status == LUA_YIELD)
			err_set(&err,
				"%s: the task itself yields; only helpers of w may, or what "
				"runs in a coroutine of its own",
				flight->task.job->workload->source);
		else
			state_error(mine->state, lua, status, &err);
		drop_coroutine(mine, lua);
	}
	finish(flight, &err);
}

static void push_call(struct lua_worker *mine, struct flight *flight)
{
	lua_State *from = mine->task.lua, *lua = flight->task.lua;
	lua_pushcfunction(lua, run);
	for (int i = LUA_HANDLER; i <= LUA_STATE; i++)
		lua_pushvalue(from, i);
	lua_xmove(from, lua, LUA_STATE - LUA_HANDLER + 1);
	lua_pushinteger(lua, (lua_Integer)flight->task.index);
	lua_pushvalue(from, LUA_W);
	lua_xmove(from, lua, 1);
	lua_pushlightuserdata(lua, flight);
}

void lua_async_start(struct async_call *call)
{
	struct flight *flight = call->state;
	struct lua_worker *mine = lua_worker_of(call->worker);
	struct err err;
	flight->call = call;
	flight->value = 0;
	flight->task.job = call->worker->job;
	flight->task.worker = call->worker;
	flight->task.index = call->index;
	flight->task.draws = 0;
	flight->task.asynchronous = true;
	flight->task.lua = take_coroutine(mine, &err);
	if (!flight->task.lua) {
		finish(flight, &err);
		return;
	}
	push_call(mine, flight);
	resume(flight, LUA_W + 2);
}

/* ---- waiting ---- */

/* The loop counts whole milliseconds: it may be one early, and is then armed for one more. */
static void on_timer(uv_timer_t *timer)
{
	struct flight *flight = timer->data;
	if (clock_monotonic_ns() < flight->deadline_ns)
		uv_timer_start(timer, on_timer, 1, 0);
	else
		resume(flight, 0);
}

void lua_wait_ns(struct lua_task *task, uint64_t ns)
{
	struct flight *flight = (struct flight *)task;
	if (!flight->made) {
		uv_timer_init(flight->call->loop, &flight->timer);
		flight->timer.data = flight;
		flight->made = true;
	}
	flight->waits = true;
	flight->deadline_ns = clock_monotonic_ns() + ns;
	/* Its idea of now is as old as its last turn; a timer would end that much early. */
	uv_update_time(flight->call->loop);
	uv_timer_start(&flight->timer, on_timer, ns / 1000000, 0);
}

static void do_file(uv_work_t *work)
{
	struct flight *flight = work->data;
	lua_file_do(&flight->task.file);
}

static void on_file(uv_work_t *work, int status)
{
	(void)status; /* nobody cancels it */
	resume(work->data, 0);
}

void lua_wait_file(struct lua_task *task)
{
	struct flight *flight = (struct flight *)task;
	flight->waits = true;
	flight->work.data = flight;
	uv_queue_work(flight->call->loop, &flight->work, do_file, on_file);
}

struct uv_loop_s *lua_loop_of(const struct lua_task *task)
{
	return ((const struct flight *)task)->call->loop;
}

void lua_wait(struct lua_task *task)
{
	((struct flight *)task)->waits = true;
}

void lua_go_on(struct lua_task *task)
{
	resume((struct flight *)task, 0);
}
