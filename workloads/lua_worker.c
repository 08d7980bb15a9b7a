/*
 * A worker's Lua: its state, the Lua thread that its tasks run on, `w`, and the script's setup and
 * teardown. The worker's thread keeps on its stack what every call needs, see lua.h, so that a
 * task makes nothing.
 */
#include "base/memory.h"
#include "script/find.h"
#include "workloads/fetch.h"
#include "workloads/lua.h"

#include <lauxlib.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Under `gil`: the state of all workers of a run. */
struct lua_gil_state {
	struct state state;
	struct lua_worker *first;
};

/* Workers of one state are set up before the release, when nobody has the gil yet. */
static pthread_mutex_t setups = PTHREAD_MUTEX_INITIALIZER;

/* More than a Lua thread takes: one state may have one for each task in flight. */
enum { THREAD_BYTES = 2048 };

/* The script's table in the registry. */
static const char script_key;

const char *const lua_w_names[] = {"index", "workers", "executor", "params", "tasks", "sleep",
	"read", "write", "fetch", "echo", "hash", "rng", "log", "now", "checkpoint", NULL};

size_t lua_shared_bytes(const struct job *job)
{
	(void)job;
	return sizeof(struct lua_common);
}

/* ---- the state ---- */

static int keep_script(lua_State *lua)
{
	lua_rawsetp(lua, LUA_REGISTRYINDEX, &script_key);
	return 0;
}

static int prepare(lua_State *lua)
{
	lua_open_random(lua);
	if (lua_touserdata(lua, 1))
		lua_open_sharing(lua);
	return 0;
}

static int load(struct lua_worker *mine, struct err *err)
{
	const struct workload *workload = mine->task.job->workload;
	struct state *state = mine->state;
	state->user = &mine->task;
	if (state_protect(state, prepare, mine->task.worker->gil, 0, err) != 0 ||
		state_load(state, workload->source, err) != 0)
		return -1;
	const char *slash = strrchr(workload->source, '/');
	const char *name = slash ? slash + 1 : workload->source;
	if (text_hash(state->content, name, strlen(name)) != workload->version)
		return err_set(err, "%s has changed since the scenario was read", workload->source);
	lua_pushcfunction(state->lua, keep_script);
	lua_insert(state->lua, -2);
	return state_call(state, 1, 0, err);
}

static int open_state(struct lua_worker *mine, struct state *state, struct err *err)
{
	struct text folder;
	text_init(&folder);
	find_folder(mine->task.job->workload->source, &folder);
	mine->state = state;
	int failed = state_open(state, text_get(&folder), err);
	state->most_bytes += mine->task.job->workers * (size_t)THREAD_BYTES;
	text_release(&folder);
	return failed ? -1 : load(mine, err);
}

static int find_state(struct lua_worker *mine, struct err *err)
{
	struct worker *worker = mine->task.worker;
	struct lua_gil_state **of_all = &lua_common_of(worker->job)->of_all;
	if (!worker->gil)
		return open_state(mine, &mine->own, err);
	bool first = !*of_all;
	if (first)
		*of_all = memory_alloc(sizeof(**of_all));
	mine->next = (*of_all)->first;
	(*of_all)->first = mine;
	mine->state = &(*of_all)->state;
	return first ? open_state(mine, mine->state, err) : 0;
}

/* ---- the thread ---- */

static void set_integer(lua_State *lua, const char *name, uint64_t value)
{
	lua_pushinteger(lua, (lua_Integer)value);
	lua_setfield(lua, -2, name);
}

static void push_w(lua_State *lua, const struct worker *worker)
{
	const struct job *job = worker->job;
	lua_newtable(lua);
	set_integer(lua, "index", worker->index);
	set_integer(lua, "workers", job->workers);
	if (job->tasks)
		set_integer(lua, "tasks", job->tasks);
	lua_pushstring(lua, job->executor);
	lua_setfield(lua, -2, "executor");
	lua_push_params(lua, job);
	lua_setfield(lua, -2, "params");
	lua_add_helpers(lua, job->workload->metrics);
}

/* Protected: argument: the worker. */
static int make_thread(lua_State *lua)
{
	struct lua_worker *mine = lua_touserdata(lua, 1);
	lua_State *thread = lua_newthread(lua);
	lua_rawsetp(lua, LUA_REGISTRYINDEX, mine);
	luaL_checkstack(thread, LUA_MINSTACK, NULL);
	lua_pushcfunction(thread, state_complain);
	lua_rawgetp(lua, LUA_REGISTRYINDEX, &script_key);
	lua_raw(lua, -1, "task");
	lua_xmove(lua, thread, 1);
	lua_pushnil(thread);
	push_w(lua, mine->task.worker);
	lua_xmove(lua, thread, 1);
	mine->task.lua = thread;
	return 0;
}

struct hook_call {
	struct lua_worker *mine;
	const char *name;
};

/* Protected: calls setup(w) or teardown(state, w), on the state's main thread. Result: setup's. */
static int call_hook(lua_State *lua)
{
	const struct hook_call *call = lua_touserdata(lua, 1);
	lua_State *thread = call->mine->task.lua;
	bool ending = strcmp(call->name, "teardown") == 0;
	lua_rawgetp(lua, LUA_REGISTRYINDEX, &script_key);
	if (lua_raw(lua, -1, call->name) == LUA_TNIL)
		return 1;
	if (ending) {
		lua_pushvalue(thread, LUA_STATE);
		lua_xmove(thread, lua, 1);
	}
	lua_pushvalue(thread, LUA_W);
	lua_xmove(thread, lua, 1);
	lua_call(lua, ending ? 2 : 1, 1);
	return 1;
}

/* Leaves a result on the main thread. */
static int call(struct lua_worker *mine, const char *name, struct err *err)
{
	struct hook_call arguments = {mine, name};
	mine->state->user = &mine->task;
	mine->task.index = LUA_NO_TASK;
	mine->task.draws = 0;
	return state_protect(mine->state, call_hook, &arguments, 1, err);
}

static int set_up(struct lua_worker *mine, struct err *err)
{
	if (find_state(mine, err) != 0 ||
		state_protect(mine->state, make_thread, mine, 0, err) != 0 ||
		call(mine, "setup", err) != 0)
		return -1;
	lua_xmove(mine->state->lua, mine->task.lua, 1);
	mine->has_state = !lua_isnil(mine->task.lua, -1);
	lua_replace(mine->task.lua, LUA_STATE);
	mine->task.shares = mine->task.worker->gil != NULL;
	return 0;
}

int lua_worker_setup(struct worker *worker, struct err *err)
{
	struct lua_worker *mine = memory_alloc(sizeof(*mine));
	struct lua_place *place = worker->state;
	mine->task = (struct lua_task){.job = worker->job, .worker = worker};
	place->here = mine;
	lua_fetch_ready(worker->job);
	if (worker->gil)
		pthread_mutex_lock(&setups);
	int failed = set_up(mine, err);
	if (worker->gil)
		pthread_mutex_unlock(&setups);
	if (failed && !worker->gil) {
		state_close(&mine->own);
		free(mine);
	}
	return failed;
}

/* ---- the end ---- */

/* It cannot fail any more: the tasks are done. */
static void complain(const struct lua_worker *mine, const struct err *err)
{
	struct text line;
	text_init(&line);
	text_addf(&line, "conrun: worker %u: teardown: %s\n", mine->task.worker->index, err->text);
	ssize_t written = write(STDERR_FILENO, text_get(&line), line.length);
	(void)written;
	text_release(&line);
}

static void tear_down(struct lua_worker *mine)
{
	struct err err;
	mine->task.shares = false;
	if (call(mine, "teardown", &err) != 0)
		complain(mine, &err);
	else
		lua_pop(mine->state->lua, 1);
	free(mine->task.file.bytes);
	free(mine->idle);
	lua_fetch_close(&mine->task);
	lua_echo_close(&mine->task);
	fetch_loop_close(mine->fetches);
}

void lua_worker_teardown(struct worker *worker)
{
	struct lua_worker *mine = lua_worker_of(worker);
	if (worker->gil)
		return; /* others may be running; lua_job_teardown does it */
	tear_down(mine);
	state_close(&mine->own);
	free(mine);
}

static void close_state_of_all(struct lua_gil_state *of_all)
{
	for (struct lua_worker *mine = of_all->first; mine; mine = mine->next)
		tear_down(mine);
	state_close(&of_all->state);
	while (of_all->first) {
		struct lua_worker *mine = of_all->first;
		of_all->first = mine->next;
		free(mine);
	}
	free(of_all);
}

void lua_job_teardown(struct job *job)
{
	struct lua_common *common = lua_common_of(job);
	if (common->of_all)
		close_state_of_all(common->of_all);
	lua_stop_server(job);
}
