/*
 * w.fetch: HTTP in scripts. Each task in flight has a fetch of its own, made when the first one is
 * asked for, and keeps its connection; what is fetched in setup keeps none, for the processes that
 * are forked afterwards would all have it.
 */
#include "base/memory.h"
#include "workloads/fetch.h"
#include "workloads/lua.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_BYTES = 16 * 1024 };
#define TIMEOUT_NS INT64_C(30000000000)

struct lua_fetch {
	struct fetch fetch; /* first: a fetch is its script's */
	struct lua_task *task;
	const struct err *failed; /* of the last one; NULL: it succeeded */
	char *bytes;              /* of the body so far; owned */
	size_t capacity, most_bytes;
	bool too_large;
};

/* ---- the body ---- */

static bool make_room(struct lua_fetch *mine, size_t wanted)
{
	size_t capacity = mine->capacity ? mine->capacity : FIRST_BYTES;
	mine->too_large = wanted > mine->most_bytes;
	if (mine->too_large)
		return false;
	while (capacity < wanted)
		capacity *= 2;
	if (capacity == mine->capacity)
		return true;
	char *bytes = realloc(mine->bytes, capacity);
	if (!bytes)
		return false;
	mine->bytes = bytes;
	mine->capacity = capacity;
	return true;
}

static bool keep(struct fetch *fetch, const char *bytes, size_t count)
{
	struct lua_fetch *mine = (struct lua_fetch *)fetch;
	if (!make_room(mine, (size_t)fetch->received_bytes + count))
		return false;
	memcpy(mine->bytes + fetch->received_bytes, bytes, count);
	return true;
}

static void drop_body(struct lua_fetch *mine)
{
	free(mine->bytes);
	mine->bytes = NULL;
	mine->capacity = 0;
}

/* ---- its life ---- */

/* What fails here is said by the first w.fetch. */
void lua_fetch_ready(const struct job *job)
{
	struct err ignored;
	if (lua_script_of(job)->fetches)
		fetch_load(&ignored);
}

static struct lua_fetch *make(struct lua_task *task, struct err *err)
{
	const struct fetch_plan plan = {
		.worker = task->worker, .timeout_ns = TIMEOUT_NS, .take = keep};
	if (fetch_load(err) != 0)
		return NULL;
	struct lua_fetch *mine = memory_alloc(sizeof(*mine));
	if (fetch_open(&mine->fetch, &plan, err) != 0) {
		free(mine);
		return NULL;
	}
	mine->task = task;
	return mine;
}

void lua_fetch_close(struct lua_task *task)
{
	if (!task->fetch)
		return;
	fetch_close(&task->fetch->fetch);
	drop_body(task->fetch);
	free(task->fetch);
	task->fetch = NULL;
}

/* ---- a call ---- */

/* The URL stays on the stack until it is done: it is an argument, or has become one. */
static const char *url_of(lua_State *lua)
{
	struct err err;
	lua_settop(lua, 1);
	if (lua_isnil(lua, 1)) {
		lua_pushfstring(
			lua, "http://127.0.0.1:%d/", (int)lua_server(lua, "fetch")->http_port);
		lua_replace(lua, 1);
	}
	const char *url = luaL_checkstring(lua, 1);
	if (fetch_check_url(url, &err) != 0)
		luaL_error(lua, "fetch: %s", err.text);
	return url;
}

static struct lua_fetch *prepare(lua_State *lua, struct lua_task *task)
{
	const char *url = url_of(lua);
	struct err err;
	if (!task->fetch && !(task->fetch = make(task, &err)))
		luaL_error(lua, "fetch: %s", err.text);
	struct lua_fetch *mine = task->fetch;
	drop_body(mine);
	mine->too_large = false;
	mine->most_bytes = state_of(lua)->most_bytes;
	if (fetch_aim(&mine->fetch, url, task->index != LUA_NO_TASK, &err) != 0)
		luaL_error(lua, "%s", err.text);
	return mine;
}

static int complain(lua_State *lua, const struct lua_fetch *mine)
{
	if (is_stopping(mine->task->worker))
		return luaL_error(lua, "the run is being ended");
	if (mine->too_large)
		return luaL_error(lua,
			"cannot fetch '%s': the body is larger than the %d MiB that a script may "
			"have",
			mine->fetch.url, (int)(mine->most_bytes >> 20));
	return luaL_error(lua, "%s", mine->failed->text);
}

/* Results: the body and the status. */
static int ended(lua_State *lua, int status, lua_KContext context)
{
	struct lua_fetch *mine = lua_task_of(lua)->fetch;
	(void)status, (void)context;
	if (mine->failed)
		return complain(lua, mine);
	lua_pushlstring(lua, mine->bytes ? mine->bytes : "", (size_t)mine->fetch.received_bytes);
	lua_pushinteger(lua, mine->fetch.status);
	drop_body(mine);
	return 2;
}

static void on_done(struct fetch *fetch, const struct err *failed)
{
	struct lua_fetch *mine = (struct lua_fetch *)fetch;
	mine->failed = failed;
	lua_go_on(mine->task);
}

static int set_aside(lua_State *lua, struct lua_task *task, struct fetch *fetch)
{
	struct lua_worker *worker = lua_worker_of(task->worker);
	struct err err;
	if (!worker->fetches)
		worker->fetches = fetch_loop_open(task->job->workers, &err);
	fetch->done = on_done;
	if (!worker->fetches ||
		fetch_loop_start(worker->fetches, lua_loop_of(task), fetch, &err) != 0)
		return luaL_error(lua, "%s", err.text);
	lua_wait(task);
	return lua_yieldk(lua, 0, 0, ended);
}

int lua_w_fetch(lua_State *lua)
{
	struct lua_task *task = lua_task_of(lua);
	struct lua_fetch *mine = prepare(lua, task);
	struct err err;
	if (lua_can_wait(task, lua))
		return set_aside(lua, task, &mine->fetch);
	lua_release(task);
	int failed = fetch_get(&mine->fetch, &err);
	lua_take(task);
	mine->failed = failed ? &err : NULL;
	return ended(lua, LUA_OK, 0);
}
