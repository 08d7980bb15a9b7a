/*
 * w.echo: a text to the run's echo server and back. Each task in flight has a connection of its
 * own, made when it is first used, and keeps it. Where it has to block under `async`, in a
 * coroutine of the script's own, it uses a second one: what the loop watches it alone may use.
 */
#include "base/memory.h"
#include "workloads/echo.h"
#include "workloads/lua.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#define TIMEOUT_NS INT64_C(30000000000)

struct lua_echo {
	struct echo_message message; /* first: a message is its script's */
	struct lua_task *task;
	struct echo_target target;
	struct echo_flight flight; /* of the loop */
	struct echo blocking;

	const char *text; /* stays on the stack while it is under way */
	char *back;       /* owned */
	bool starting;    /* the loop has not been asked to the end */
	bool settled;     /* it came to its end meanwhile */
	bool failed;
	struct err err;
};

/* ---- the message ---- */

static const char *give(struct echo_message *message, uint64_t offset, size_t *count)
{
	(void)count; /* all of it is there */
	return ((struct lua_echo *)message)->text + offset;
}

static char *room(struct echo_message *message, uint64_t offset, size_t *count)
{
	(void)count;
	return ((struct lua_echo *)message)->back + offset;
}

/* What came back is for the script to look at. */
static size_t take(struct echo_message *message, uint64_t offset, size_t count)
{
	(void)message, (void)offset;
	return count;
}

/* ---- its life ---- */

static void then(struct echo_flight *flight, const struct err *failed)
{
	struct lua_echo *mine = flight->data;
	if (failed) {
		mine->failed = true;
		mine->err = *failed;
		echo_flight_close(flight);
	} else if (mine->starting) {
		mine->settled = true;
	} else {
		lua_go_on(mine->task);
	}
}

static struct lua_echo *make(struct lua_task *task)
{
	struct lua_echo *mine = memory_alloc(sizeof(*mine));
	mine->task = task;
	mine->message = (struct echo_message){.give = give, .room = room, .take = take};
	mine->flight.then = then;
	mine->flight.data = mine;
	return mine;
}

void lua_echo_close(struct lua_task *task)
{
	if (!task->echo)
		return;
	echo_close(&task->echo->blocking);
	free(task->echo->back);
	free(task->echo);
	task->echo = NULL;
}

/* ---- a call ---- */

static struct lua_echo *prepare(lua_State *lua, struct lua_task *task)
{
	const struct server *server = lua_server(lua, "echo");
	size_t length;
	const char *text = luaL_checklstring(lua, 1, &length);
	if (!task->echo)
		task->echo = make(task);
	struct lua_echo *mine = task->echo;
	echo_target_local(&mine->target, server->echo_port);
	free(mine->back);
	mine->back = memory_alloc(length);
	mine->text = text;
	mine->message.bytes = length;
	mine->failed = false;
	return mine;
}

static int ended(lua_State *lua, int status, lua_KContext context)
{
	struct lua_echo *mine = lua_task_of(lua)->echo;
	(void)status, (void)context;
	if (mine->failed)
		return luaL_error(lua, "echo: %s", mine->err.text);
	lua_pushlstring(lua, mine->back, (size_t)mine->message.bytes);
	free(mine->back);
	mine->back = NULL;
	return 1;
}

static int set_aside(lua_State *lua, struct lua_task *task)
{
	struct lua_echo *mine = task->echo;
	mine->starting = true;
	mine->settled = false;
	echo_flight_exchange(
		&mine->flight, lua_loop_of(task), &mine->target, &mine->message, TIMEOUT_NS);
	mine->starting = false;
	if (mine->settled)
		return ended(lua, LUA_OK, 0);
	lua_wait(task);
	return lua_yieldk(lua, 0, 0, ended);
}

int lua_w_echo(lua_State *lua)
{
	struct lua_task *task = lua_task_of(lua);
	struct lua_echo *mine = prepare(lua, task);
	if (mine->message.bytes == 0)
		return ended(lua, LUA_OK, 0);
	if (lua_can_wait(task, lua))
		return set_aside(lua, task);
	const struct echo_call call = {.echo = &mine->blocking,
		.target = &mine->target,
		.message = &mine->message,
		.timeout_ns = TIMEOUT_NS,
		.worker = task->worker};
	lua_release(task);
	mine->failed = echo_exchange(&call, &mine->err) != 0;
	lua_take(task);
	return ended(lua, LUA_OK, 0);
}
