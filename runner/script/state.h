/*
 * The host of Lua scripts: a state whose memory is bounded and which can do no harm. A script
 * sees the base, string, table, math, utf8 and coroutine libraries and the clock of os; it can
 * open no file, start no program and load no binary code, `require` finds only Lua files, and
 * new globals are errors. state_allow_all (--allow-exec) opens everything.
 *
 * Whatever calls into Lua goes through state_load, state_call or state_protect, whose errors
 * say file, line and reason, and where they came from.
 *
 * Nothing here locks: one thread at a time may use a state and the Lua threads made from it.
 */
#ifndef SCRIPT_STATE_H
#define SCRIPT_STATE_H

#include "base/err.h"

#include <lua.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	STATE_MEMORY_BYTES = 256 * 1024 * 1024,
	STATE_FILE_MOST_BYTES = 16 * 1024 * 1024,
};

/* What a script may take while nothing else watches over it, as when a scenario is checked. */
#define STATE_PATIENCE_NS UINT64_C(5000000000)

struct state {
	lua_State *lua;     /* the main Lua thread */
	lua_State *running; /* the one that is running, as far as is known: for messages */
	void *user;         /* whoever opened the state may keep something here; NULL at first */
	size_t used_bytes, most_bytes;
	uint64_t content;   /* a hash of every file that was loaded so far */
	const char *folder; /* of the script, where `require` looks first; owned */
	char refused[80];   /* `file:line` where memory was last refused */

	/* See state_watch. */
	uint64_t patience_ns, deadline_ns;
	bool (*stop)(void *arg);
	void *stop_arg;
	bool ending;
};

/* Scripts may do everything from now on: states that are opened later have all libraries. */
void state_allow_all(void);
bool state_allows_all(void);

/* A state with its libraries. `folder`: see above; "" is the current one. It must stay in place
 * until state_close. */
int state_open(struct state *state, const char *folder, struct err *err);
void state_close(struct state *state); /* takes one that was zeroed or could not be opened */

/* The state of a Lua thread; for C functions that scripts call. */
static inline struct state *state_of(lua_State *lua)
{
	return *(struct state **)lua_getextraspace(lua);
}

/* Loads and runs a file; leaves the one table that it must return on the stack of
 * `state->lua`. On -1 the stack is as it was. */
int state_load(struct state *state, const char *path, struct err *err);

/* Compiles a text and leaves it as a function on the stack; its first upvalue is its environment.
 * `name` is what messages call it. */
int state_compile(struct state *state, const char *text, const char *name, struct err *err);

/* lua_pcall on `state->lua` with these messages: takes the function and its arguments from the
 * stack, leaves the results. On -1 nothing is left. */
int state_call(struct state *state, int arguments, int results, struct err *err);

/* Runs `function` protected, with `argument` as light userdata: for C code that uses functions of
 * Lua that may fail. Leaves the results that it returns, `results` of them. */
int state_protect(
	struct state *state, lua_CFunction function, void *argument, int results, struct err *err);

/* lua_pcall's message handler of the two, to be pushed by those who call it themselves, and what
 * to do with its status and the error on top of `lua`, which is popped. */
int state_complain(lua_State *lua);
int state_error(struct state *state, lua_State *lua, int status, struct err *err);

/*
 * From now on what runs ends with an error after `patience_ns` (0: never) or when `stop` says so
 * (NULL: never), which it is asked every few thousand instructions. Lua code takes about twice as
 * long meanwhile. Restarted by every call of state_watch; ended by state_unwatch.
 */
void state_watch(struct state *state, uint64_t patience_ns, bool (*stop)(void *arg), void *arg);
void state_unwatch(struct state *state);

#endif
