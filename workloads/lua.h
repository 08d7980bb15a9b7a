/*
 * Lua scripts as workloads: what the files lua_….c share. A worker has one Lua thread that its
 * tasks run on, one after the other; under `async` each task has a coroutine of its own. All of a
 * worker's are of one state, and under `gil` all workers' are: there a thread runs Lua code
 * only while it holds the lock, except before the release, where a mutex is enough, and after the
 * last worker is gone.
 */
#ifndef WORKLOADS_LUA_H
#define WORKLOADS_LUA_H

#include "base/text.h"
#include "script/state.h"
#include "workloads/server.h"
#include "workloads/workload.h"

#include <lua.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* A file that is being read or written; by any thread. Texts are borrowed. */
struct lua_file {
	const char *path, *scratch, *folder;
	const char *text; /* to be written; NULL: read */
	size_t length;
	size_t most_bytes;
	char *bytes; /* what was read; owned */
	int failed;  /* errno */
};

/* Lua code that runs on a worker's behalf: its tasks, one at a time, and its set-up and
 * tear-down. It is the state's `user` while it runs. */
struct lua_task {
	const struct job *job;
	struct worker *worker; /* NULL while a scenario is checked */
	lua_State *lua;
	uint64_t index;              /* of the task, or LUA_NO_TASK */
	uint64_t draws;              /* of random numbers so far */
	bool shares;                 /* it has the gil and must give it up where it can */
	bool asynchronous;           /* it is the first member of a flight, see lua_async.c */
	volatile sig_atomic_t asked; /* a hook is set that gives way */
	struct lua_file file;
	struct lua_fetch *fetch; /* NULL before the first w.fetch; owned */
	struct lua_echo *echo;   /* NULL before the first w.echo; owned */
};

#define LUA_NO_TASK UINT64_MAX

/* A script as a workload. */
struct lua_script {
	struct workload workload; /* first: a script's workload is its script */
	bool serves;              /* its runs have a server, as `plan` says */
	struct server_plan plan;
	bool fetches; /* its text has the word in it: libcurl is opened before the clock runs */
};

/* job->shared. */
struct lua_common {
	struct server server;
	struct lua_gil_state *of_all; /* under `gil`; in the host's memory */
};

/* Where the parts of a call lie on a worker's Lua thread. */
enum { LUA_HANDLER = 1, LUA_FUNCTION, LUA_STATE, LUA_W, LUA_BASE = LUA_W };

struct lua_worker {
	struct lua_task task;
	struct state *state; /* `own`, or that of all workers */
	struct state own;
	bool has_state;          /* setup returned something */
	struct lua_worker *next; /* of those that share a state */
	lua_State **idle;        /* coroutines that no task is on */
	size_t idle_count, idle_capacity;
	struct fetch_loop *fetches; /* those of all its tasks in flight; owned */
};

/* worker->state, in memory that outlives the worker's process. */
struct lua_place {
	struct lua_worker *here; /* in the memory of the process that set it up */
	uint64_t logged;         /* lines of w.log */
};

static inline struct lua_worker *lua_worker_of(const struct worker *worker)
{
	return ((struct lua_place *)worker->state)->here;
}

static inline struct lua_common *lua_common_of(const struct job *job)
{
	return job->shared;
}

static inline const struct lua_script *lua_script_of(const struct job *job)
{
	return (const struct lua_script *)job->workload;
}

static inline struct lua_task *lua_task_of(lua_State *lua)
{
	return state_of(lua)->user;
}

/* ---- lua.c ---- */

extern const struct workload workload_lua;

/* A field of the table at `index`, without metamethods; returns its type. */
int lua_raw(lua_State *lua, int index, const char *name);

/* ---- lua_params.c: protected ---- */

/* A script while it is described. */
struct lua_reading {
	struct arena *arena;
	struct workload *workload;
	const char *path, *text;
};

/* Raises an error that names the line on which `name` is set within `section` (may be NULL). */
int lua_complain(lua_State *lua, const struct lua_reading *reading, const char *section,
	const char *name, const char *format, ...) __attribute__((format(printf, 5, 6)));

/* The keys of the table on top, sorted; all must be names. */
const char **lua_names(
	lua_State *lua, const struct lua_reading *reading, const char *section, size_t *count);

/* Reports `name` if it is none of `known`, NULL-terminated, where `set` is set. */
void lua_check_name(lua_State *lua, const struct lua_reading *reading, const char *section,
	const char *set, const char *name, const char *const *known, const char *what);

/* The tables `params` and `metrics`, on top of the stack, as tables of options and metrics. */
void lua_read_params(lua_State *lua, const struct lua_reading *reading);
void lua_read_metrics(lua_State *lua, const struct lua_reading *reading);

/* Pushes w.params. */
void lua_push_params(lua_State *lua, const struct job *job);

/* ---- lua_serve.c ---- */

/* The table `serve`, on top of the stack. Protected. */
void lua_read_serve(lua_State *lua, const struct lua_reading *reading);

/* What the server takes, and a connection to it for every worker. */
void lua_needs(const struct job *job, struct needs *needs);

/* The server that the script asks for, if it does. */
int lua_job_setup(struct job *job, struct err *err);
void lua_stop_server(struct job *job);

/* The run's server, for helper `name`; an error where the script has no `serve`. Protected. */
const struct server *lua_server(lua_State *lua, const char *name);

/* ---- lua_worker.c ---- */

extern const char *const lua_w_names[]; /* NULL-terminated: what w has without metrics */
int lua_worker_setup(struct worker *worker, struct err *err);
void lua_worker_teardown(struct worker *worker);
size_t lua_shared_bytes(const struct job *job);
void lua_job_teardown(struct job *job);

/* ---- lua_task.c ---- */

uint64_t lua_run_task(struct worker *worker, uint64_t index);
void lua_interrupt(void);

/* The task goes on or begins: what its helpers find is its own. */
static inline void lua_enter(struct lua_worker *mine, struct lua_task *task)
{
	mine->state->user = task;
	mine->state->running = task->lua;
}

/* The value that a script returned, at the top of the stack; -1: it is none. Nothing is 0, a
 * boolean 0 or 1; a number is the 64-bit integer that it equals, if there is one, and else its
 * IEEE 754 bits, all NaN being one. Text that Lua takes for a number is that number. */
int lua_value(lua_State *lua, uint64_t *value, struct err *err);

/* Around what blocks: others that share the state run meanwhile. No Lua function in between. */
void lua_release(struct lua_task *task);
void lua_take(struct lua_task *task);

/* checkpoint(): true: the run is being ended. */
bool lua_attend(struct lua_task *task);

/* Protected: the coroutines of a state that is shared give way too. */
void lua_open_sharing(lua_State *lua);

/* ---- lua_helpers.c: protected ---- */

/* Puts functions into the table on top; `w` gets those that all tasks have and its metrics. */
void lua_add_helpers(lua_State *lua, const struct metric *metrics);

/* math.random is w.rng: what a script computes must not depend on who runs it. */
void lua_open_random(lua_State *lua);

/* ---- lua_fetch.c ---- */

int lua_w_fetch(lua_State *lua);
void lua_fetch_ready(const struct job *job); /* for a script that fetches */
void lua_fetch_close(struct lua_task *task);

/* ---- lua_echo.c ---- */

int lua_w_echo(lua_State *lua);
void lua_echo_close(struct lua_task *task);

/* ---- lua_hash.c ---- */

int lua_w_hash(lua_State *lua);

/* ---- lua_files.c ---- */

void lua_file_do(struct lua_file *file); /* reads or writes */

/* ---- lua_async.c ---- */

enum { LUA_ASYNC_BYTES = 512 }; /* of a flight, and more; checked where it is defined */
void lua_async_start(struct async_call *call);

/* Can this Lua thread be set aside until something has happened? */
bool lua_can_wait(const struct lua_task *task, lua_State *lua);

/* The task goes on after so long, or when its file is done; yield after it. */
void lua_wait_ns(struct lua_task *task, uint64_t ns);
void lua_wait_file(struct lua_task *task);

/* The task goes on when lua_go_on is called for what it has begun on its loop; yield after it. */
struct uv_loop_s *lua_loop_of(const struct lua_task *task);
void lua_wait(struct lua_task *task);
void lua_go_on(struct lua_task *task);

#endif
