/*
 * The functions of w. What blocks gives up the gil while it does; under `async`, on a task's own
 * coroutine, the task is set aside instead and the loop goes on. Called from a coroutine of the
 * script's own, or from within a function that cannot be set aside, it blocks there too.
 */
#include "base/units.h"
#include "measure/clock.h"
#include "workloads/lua.h"

#include <errno.h>
#include <lauxlib.h>
#include <lualib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LOG_LINES_MOST = 10, LOG_LINE_BYTES = 400, LONGEST_S = 86400 };

static struct lua_task *running_task(lua_State *lua, const char *name)
{
	struct lua_task *task = lua_task_of(lua);
	if (!task || !task->worker)
		luaL_error(lua, "%s works only in setup, task and teardown", name);
	return task;
}

static int end_run(lua_State *lua)
{
	return luaL_error(lua, "the run is being ended");
}

/* ---- w.sleep ---- */

static uint64_t span_ns(lua_State *lua, int index)
{
	struct err err;
	int64_t ns = 0;
	bool overflow = false;
	if (lua_type(lua, index) == LUA_TSTRING) {
		if (units_parse_whole(&dimension_duration, lua_tostring(lua, index), &ns, &overflow,
			    &err) != 0)
			luaL_error(lua, "sleep: %s", err.text);
	} else {
		lua_Number seconds = luaL_checknumber(lua, index);
		if (!(seconds >= 0 && seconds <= LONGEST_S))
			luaL_error(lua, "sleep: %f is not between 0 and 24 hours", seconds);
		ns = llround(seconds * 1e9);
	}
	if (overflow || ns > LONGEST_S * INT64_C(1000000000))
		luaL_error(lua, "sleep: longer than 24 hours");
	return (uint64_t)ns;
}

static void block_until(const struct worker *worker, uint64_t deadline_ns)
{
	struct timespec deadline = {
		(time_t)(deadline_ns / 1000000000u), (long)(deadline_ns % 1000000000u)};
	/* An absolute deadline: a signal in between does not make the wait longer. */
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &deadline, NULL) == EINTR &&
		!is_stopping(worker))
		;
}

static int sleep_ended(lua_State *lua, int status, lua_KContext context)
{
	(void)status, (void)context;
	return is_stopping(lua_task_of(lua)->worker) ? end_run(lua) : 0;
}

static int w_sleep(lua_State *lua)
{
	struct lua_task *task = running_task(lua, "sleep");
	uint64_t ns = span_ns(lua, 1);
	if (lua_can_wait(task, lua)) {
		lua_wait_ns(task, ns);
		return lua_yieldk(lua, 0, 0, sleep_ended);
	}
	uint64_t deadline_ns = clock_monotonic_ns() + ns;
	lua_release(task);
	block_until(task->worker, deadline_ns);
	lua_take(task);
	return sleep_ended(lua, LUA_OK, 0);
}

/* ---- w.read, w.write ---- */

static int file_ended(lua_State *lua, int status, lua_KContext context)
{
	struct lua_file *file = &lua_task_of(lua)->file;
	(void)status, (void)context;
	if (file->failed)
		return luaL_error(lua, "cannot %s '%s': %s", file->text ? "write" : "read",
			file->path, strerror(file->failed));
	if (file->text)
		return 0;
	lua_pushlstring(lua, file->bytes ? file->bytes : "", file->length);
	free(file->bytes);
	file->bytes = NULL;
	return 1;
}

/* The texts stay where they are: they are arguments, which lie on the stack until it is done. */
static int do_file(lua_State *lua, struct lua_task *task)
{
	if (lua_can_wait(task, lua)) {
		lua_wait_file(task);
		return lua_yieldk(lua, 0, 0, file_ended);
	}
	lua_release(task);
	lua_file_do(&task->file);
	lua_take(task);
	return file_ended(lua, LUA_OK, 0);
}

static void prepare_file(lua_State *lua, struct lua_task *task)
{
	const struct state *state = state_of(lua);
	task->file.path = luaL_checkstring(lua, 1);
	task->file.scratch = task->job->scratch ? task->job->scratch : "";
	task->file.folder = state->folder;
	task->file.most_bytes = state->most_bytes;
	task->file.text = NULL;
}

static int w_read(lua_State *lua)
{
	struct lua_task *task = running_task(lua, "read");
	prepare_file(lua, task);
	return do_file(lua, task);
}

/* Out of the run's folder only with --allow-exec. */
static bool stays_inside(const char *path)
{
	if (path[0] == '/' || !*path)
		return false;
	for (const char *at = path; at; at = strchr(at, '/') ? strchr(at, '/') + 1 : NULL)
		if (strncmp(at, "..", 2) == 0 && (!at[2] || at[2] == '/'))
			return false;
	return true;
}

static int w_write(lua_State *lua)
{
	struct lua_task *task = running_task(lua, "write");
	prepare_file(lua, task);
	if (!stays_inside(task->file.path) && !state_allows_all())
		return luaL_error(lua,
			"cannot write '%s': it is not in the run's folder; that needs --allow-exec",
			task->file.path);
	task->file.text = luaL_checklstring(lua, 2, &task->file.length);
	return do_file(lua, task);
}

/* ---- w.rng ---- */

/* Draw by draw splitmix64 (Steele, Lea & Flood, OOPSLA 2014) from (seed, index). */
static uint64_t draw(struct lua_task *task)
{
	struct job stream = {.seed = job_random(task->job, task->index)};
	return job_random(&stream, task->draws++);
}

/* The high half of draw × range: even up to one part in 2^64 / range (Lemire, "Fast random integer
 * generation in an interval", 2019). */
static lua_Integer draw_between(struct lua_task *task, lua_Integer low, lua_Integer high)
{
	uint64_t range = (uint64_t)high - (uint64_t)low + 1, drawn = draw(task);
	if (range)
		drawn = (uint64_t)(((unsigned __int128)drawn * range) >> 64);
	return (lua_Integer)((uint64_t)low + drawn);
}

/* As math.random: [0, 1); 1 … n; m … n; of 0 all 64 bits. */
static int w_rng(lua_State *lua)
{
	struct lua_task *task = lua_task_of(lua);
	int count = lua_gettop(lua);
	if (count == 0) {
		lua_pushnumber(lua, (lua_Number)(draw(task) >> 11) * 0x1p-53);
		return 1;
	}
	lua_Integer low = count == 1 ? 1 : luaL_checkinteger(lua, 1);
	lua_Integer high = luaL_checkinteger(lua, count == 1 ? 1 : 2);
	if (count == 1 && high == 0)
		lua_pushinteger(lua, (lua_Integer)draw(task));
	else if (low > high)
		return luaL_error(lua, "rng: %I … %I is empty", low, high);
	else
		lua_pushinteger(lua, draw_between(task, low, high));
	return 1;
}

static int no_seed(lua_State *lua)
{
	(void)lua;
	return 0;
}

/* ---- w.log, w.now, w.checkpoint ---- */

/* One line in one piece; a worker has so many of them in a run. */
static int w_log(lua_State *lua)
{
	struct lua_task *task = running_task(lua, "log");
	struct lua_place *place = task->worker->state;
	char line[LOG_LINE_BYTES], index[32] = "";
	const char *text = luaL_tolstring(lua, 1, NULL);
	if (place->logged++ >= LOG_LINES_MOST)
		return 0;
	if (task->index != LUA_NO_TASK)
		snprintf(index, sizeof(index), ", task %llu", (unsigned long long)task->index);
	int length = snprintf(line, sizeof(line) - 1, "conrun: worker %u%s: %s%s",
		task->worker->index, index, text,
		place->logged == LOG_LINES_MOST ? " (its next lines are not shown)" : "");
	if (length > (int)sizeof(line) - 2)
		length = (int)sizeof(line) - 2;
	for (int i = 0; i < length; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			line[i] = ' ';
	line[length++] = '\n';
	lua_release(task);
	ssize_t written = write(STDERR_FILENO, line, (size_t)length);
	(void)written;
	lua_take(task);
	return 0;
}

static int w_now(lua_State *lua)
{
	lua_pushnumber(lua, (lua_Number)clock_monotonic_ns() / 1e9);
	return 1;
}

static int w_checkpoint(lua_State *lua)
{
	return lua_attend(running_task(lua, "checkpoint")) ? end_run(lua) : 0;
}

/* ---- metrics ---- */

/* Its place in the table is the upvalue. */
static int add_metric(lua_State *lua)
{
	lua_Number amount = luaL_optnumber(lua, 1, 1);
	if (!isfinite(amount))
		return luaL_error(lua, "a metric cannot count %f", amount);
	worker_metric(lua_task_of(lua)->worker, (unsigned)lua_tointeger(lua, lua_upvalueindex(1)),
		amount);
	return 0;
}

void lua_add_helpers(lua_State *lua, const struct metric *metrics)
{
	static const luaL_Reg helpers[] = {
		{"sleep", w_sleep},
		{"read", w_read},
		{"write", w_write},
		{"fetch", lua_w_fetch},
		{"echo", lua_w_echo},
		{"hash", lua_w_hash},
		{"rng", w_rng},
		{"log", w_log},
		{"now", w_now},
		{"checkpoint", w_checkpoint},
		{NULL, NULL},
	};
	luaL_setfuncs(lua, helpers, 0);
	for (int i = 0; metrics && metrics[i].name; i++) {
		lua_pushinteger(lua, i);
		lua_pushcclosure(lua, add_metric, 1);
		lua_setfield(lua, -2, metrics[i].name);
	}
}

void lua_open_random(lua_State *lua)
{
	static const luaL_Reg functions[] = {
		{"random", w_rng}, {"randomseed", no_seed}, {NULL, NULL}};
	lua_getglobal(lua, LUA_MATHLIBNAME);
	luaL_setfuncs(lua, functions, 0);
	lua_pop(lua, 1);
}
