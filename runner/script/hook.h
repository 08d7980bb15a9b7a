/*
 * A hook file: a Lua table with the columns that it adds, a function that is called with every
 * row and one that is called with all of them. Nothing here knows what a row is.
 */
#ifndef SCRIPT_HOOK_H
#define SCRIPT_HOOK_H

#include "script/datum.h"
#include "script/state.h"

#include <stdbool.h>
#include <stddef.h>

struct hook_column {
	char *name, *help; /* owned; help: "" if none */
};

struct hook_script {
	struct state state;
	const char *path; /* borrowed */
	struct hook_column *columns;
	size_t column_count, column_capacity;
	int row, finish; /* in the state's registry; LUA_NOREF: it has none */
};

/* Loads the file and takes what it declares; release it in every case. It may take as long as
 * STATE_PATIENCE_NS. */
int hook_open(struct hook_script *script, const char *path, struct err *err);
void hook_release(struct hook_script *script);

/* What a call may take, and what it gets. */
struct hook_call {
	void (*push)(lua_State *lua, void *arg); /* its only argument */
	/* Takes a value that `row` returned for a column; "" where it is unknown. */
	void (*take)(void *arg, size_t column, enum datum_kind kind, const char *text);
	void *arg;
	uint64_t patience_ns;
	bool (*stop)(void *arg); /* or NULL; see state_watch */
};

int hook_row(struct hook_script *script, const struct hook_call *call, struct err *err);
int hook_finish(struct hook_script *script, const struct hook_call *call, struct err *err);

#endif
