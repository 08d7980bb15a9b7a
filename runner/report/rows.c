#include "report/rows.h"

#include "stats/history.h"

#include <lauxlib.h>

#define ROW  "row"
#define ROWS "rows"

struct row_object {
	struct rows *rows;
	uint32_t row;
};

static const struct row_object *check_row(lua_State *lua)
{
	return luaL_checkudata(lua, 1, ROW);
}

static const struct summary_row *row_of(const struct row_object *object)
{
	return &object->rows->summary->rows[object->row];
}

static int push_quantile(lua_State *lua, const struct tally *tally)
{
	double fraction = luaL_checknumber(lua, 2);
	luaL_argcheck(lua, fraction >= 0 && fraction <= 1, 2, "a fraction from 0 to 1");
	if (tally && tally->total)
		lua_pushnumber(lua, (double)tally_quantile(tally, fraction) / 1e9);
	else
		lua_pushnil(lua);
	return 1;
}

static int latency(lua_State *lua)
{
	const struct history *history = row_of(check_row(lua))->history;
	return push_quantile(lua, history ? &history->task_ns : NULL);
}

static int wait(lua_State *lua)
{
	const struct history *history = row_of(check_row(lua))->history;
	return push_quantile(lua, history ? &history->wait_ns : NULL);
}

/* r:tasks_by_worker(): how many tasks each worker ended, over all runs; how even the work was. */
static int tasks_by_worker(lua_State *lua)
{
	const struct history *history = row_of(check_row(lua))->history;
	lua_newtable(lua);
	for (size_t i = 0; history && i < history->worker_count; i++) {
		lua_pushinteger(lua, (lua_Integer)history->worker_tasks[i]);
		lua_seti(lua, -2, (lua_Integer)i + 1);
	}
	return 1;
}

static int times(lua_State *lua)
{
	const struct history *history = row_of(check_row(lua))->history;
	lua_Integer count = 0;
	lua_newtable(lua);
	for (const struct record *record = history ? history->first : NULL; record;
		record = record->next) {
		if (!(record->known & 1u << VALUE_ELAPSED_NS))
			continue;
		lua_pushnumber(lua, (double)record->values[VALUE_ELAPSED_NS] / 1e9);
		lua_seti(lua, -2, ++count);
	}
	return 1;
}

static void push_field(lua_State *lua, const struct row_object *object, size_t field)
{
	struct rows *rows = object->rows;
	enum datum_kind kind = fields_get(rows->fields, field, row_of(object), &rows->scratch);
	datum_push(lua, kind, text_get(&rows->scratch));
}

/* Columns come first; upvalue 1 has the methods. */
static int row_index(lua_State *lua)
{
	const struct row_object *object = check_row(lua);
	const char *name = lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : "";
	int field = fields_find(object->rows->fields, name);
	if (field != FIELD_NONE) {
		push_field(lua, object, (size_t)field);
		return 1;
	}
	lua_pushvalue(lua, 2);
	lua_gettable(lua, lua_upvalueindex(1));
	return 1;
}

static int row_next(lua_State *lua)
{
	const struct row_object *object = check_row(lua);
	const struct fields *fields = object->rows->fields;
	int field = lua_isnil(lua, 2) ? FIELD_NONE : fields_find(fields, luaL_checkstring(lua, 2));
	for (size_t i = (size_t)(field + 1); i < fields->count; i++) {
		lua_pushstring(lua, fields->items[i].name);
		push_field(lua, object, i);
		if (!lua_isnil(lua, -1))
			return 2;
		lua_pop(lua, 2);
	}
	return 0;
}

static int row_pairs(lua_State *lua)
{
	check_row(lua);
	lua_pushcfunction(lua, row_next);
	lua_pushvalue(lua, 1);
	return 2;
}

static int read_only(lua_State *lua)
{
	return luaL_error(lua, "results are read-only; 'row' returns the fields that it adds");
}

static const luaL_Reg row_methods[] = {{"latency", latency}, {"wait", wait}, {"times", times},
	{"tasks_by_worker", tasks_by_worker}, {NULL, NULL}};

static void push_row_type(lua_State *lua)
{
	if (!luaL_newmetatable(lua, ROW))
		return;
	luaL_newlib(lua, row_methods);
	lua_pushcclosure(lua, row_index, 1);
	lua_setfield(lua, -2, "__index");
	lua_pushcfunction(lua, read_only);
	lua_setfield(lua, -2, "__newindex");
	lua_pushcfunction(lua, row_pairs);
	lua_setfield(lua, -2, "__pairs");
	lua_pushboolean(lua, 0);
	lua_setfield(lua, -2, "__metatable");
}

void rows_push(lua_State *lua, struct rows *rows, uint32_t row)
{
	struct row_object *object = lua_newuserdatauv(lua, sizeof(*object), 0);
	*object = (struct row_object){rows, row};
	push_row_type(lua);
	lua_setmetatable(lua, -2);
}

/* ---- all of them ---- */

static struct rows *check_rows(lua_State *lua)
{
	return *(struct rows **)luaL_checkudata(lua, 1, ROWS);
}

static int rows_index(lua_State *lua)
{
	struct rows *rows = check_rows(lua);
	lua_Integer row = lua_isinteger(lua, 2) ? lua_tointeger(lua, 2) : 0;
	if (row >= 1 && row <= (lua_Integer)rows->summary->count)
		rows_push(lua, rows, (uint32_t)(row - 1));
	else
		lua_pushnil(lua);
	return 1;
}

static int rows_length(lua_State *lua)
{
	lua_pushinteger(lua, check_rows(lua)->summary->count);
	return 1;
}

static int rows_next(lua_State *lua)
{
	lua_Integer row = luaL_optinteger(lua, 2, 0) + 1;
	if (row > (lua_Integer)check_rows(lua)->summary->count)
		return 0;
	lua_pushinteger(lua, row);
	rows_push(lua, check_rows(lua), (uint32_t)(row - 1));
	return 2;
}

static int rows_pairs(lua_State *lua)
{
	check_rows(lua);
	lua_pushcfunction(lua, rows_next);
	lua_pushvalue(lua, 1);
	return 2;
}

static const luaL_Reg rows_type[] = {{"__index", rows_index}, {"__len", rows_length},
	{"__pairs", rows_pairs}, {"__newindex", read_only}, {NULL, NULL}};

void rows_push_all(lua_State *lua, struct rows *rows)
{
	struct rows **object = lua_newuserdatauv(lua, sizeof(*object), 0);
	*object = rows;
	if (luaL_newmetatable(lua, ROWS)) {
		luaL_setfuncs(lua, rows_type, 0);
		lua_pushboolean(lua, 0);
		lua_setfield(lua, -2, "__metatable");
	}
	lua_setmetatable(lua, -2);
}
