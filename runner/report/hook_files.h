/*
 * The files of one hook, in the folder of its session and nowhere else. What it writes appears
 * whole, once the hook has ended well; what it reads may also lie beside the scenario.
 */
#ifndef REPORT_HOOK_FILES_H
#define REPORT_HOOK_FILES_H

#include "base/err.h"
#include "base/memory.h"

#include <lua.h>

struct hook_files {
	const char *folder; /* of the session; borrowed */
	char *beside;       /* the scenario's folder; owned */
	struct output *outputs;
	struct arena arena; /* of what is read */
};

void hook_files_init(struct hook_files *files, const char *folder, const char *scenario);

/* The functions csv, text and read_csv, put into the table on top of the stack; protected.
 * `files` must outlive the state. */
void hook_files_push(lua_State *lua, struct hook_files *files);

/* Makes all files appear, up to the first that cannot. */
int hook_files_commit(struct hook_files *files, struct err *err);

/* Removes what did not appear. */
void hook_files_release(struct hook_files *files);

#endif
