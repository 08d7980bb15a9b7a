/*
 * Rows of the summary as Lua objects: r.elapsed_s and all other columns, nil where a figure is
 * unknown; pairs(r); r:latency(0.999) and r:wait(0.999), in seconds, of all tasks' times and
 * waits; r:times(), the elapsed seconds of each run. They can be read, not written, and are looked
 * up when they are asked for: a million rows take no memory.
 */
#ifndef REPORT_ROWS_H
#define REPORT_ROWS_H

#include "report/fields.h"

#include <lua.h>

struct rows {
	const struct fields *fields;
	const struct summary *summary;
	struct text scratch; /* for one value; the owner of the rows releases it */
};

/* Both may raise an error: to be called where that is caught. `rows` must outlive the state. */
void rows_push(lua_State *lua, struct rows *rows, uint32_t row);
void rows_push_all(lua_State *lua, struct rows *rows); /* what # and ipairs take for a list */

#endif
