#include "report/hook_files.h"

#include "report/csv.h"
#include "report/csv_read.h"
#include "report/file.h"
#include "script/datum.h"
#include "script/find.h"

#include <lauxlib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define WRITER "csv writer"

enum { NAME_MOST = 100 };

struct output {
	struct output *next;
	struct file file;
	bool open;
	char *name;
	size_t width; /* columns of a CSV file */
	struct csv_row row;
};

void hook_files_init(struct hook_files *files, const char *folder, const char *scenario)
{
	struct text beside;
	text_init(&beside);
	find_folder(scenario, &beside);
	*files = (struct hook_files){.folder = folder, .beside = strdup(text_get(&beside))};
	text_release(&beside);
	arena_init(&files->arena);
}

static void output_close(struct output *output)
{
	output->open = false;
	free(output->name);
	csv_row_release(&output->row);
}

int hook_files_commit(struct hook_files *files, struct err *err)
{
	for (struct output *output = files->outputs; output; output = output->next) {
		int failed = file_commit(&output->file, err);
		output_close(output);
		if (failed)
			return -1;
	}
	return 0;
}

void hook_files_release(struct hook_files *files)
{
	for (struct output *next, *output = files->outputs; output; output = next) {
		next = output->next;
		if (output->open) {
			file_abandon(&output->file);
			output_close(output);
		}
		free(output);
	}
	arena_release(&files->arena);
	free(files->beside);
	*files = (struct hook_files){0};
}

/* ---- names; from here on all is called by scripts ---- */

static struct hook_files *files_of(lua_State *lua)
{
	return lua_touserdata(lua, lua_upvalueindex(1));
}

/* A plain name leads nowhere else, and nothing of the session's own is overwritten. */
static const char *check_name(lua_State *lua)
{
	static const char *const own[] = {"summary.csv", "runs.csv", "tasks.csv", "trace.json",
		"run.json", "report.html", "journal.jsonl", "summary.xlsx"};
	size_t bytes;
	const char *name = luaL_checklstring(lua, 1, &bytes);
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "0123456789_.-");
	if (!length || length != bytes || length > NAME_MOST || *name == '.' || *name == '-')
		luaL_error(lua,
			"cannot write '%s'; a file's name is letters, digits and _.- here, "
			"without a folder",
			name);
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strcmp(own[i], name) == 0)
			luaL_error(lua, "cannot write '%s'; conrun does", name);
	return name;
}

static int fail(lua_State *lua, const struct err *err)
{
	return luaL_error(lua, "%s", err->text);
}

static struct output *output_new(lua_State *lua, struct hook_files *files)
{
	const char *name = check_name(lua);
	struct err err;
	struct text path;
	for (struct output *other = files->outputs; other; other = other->next)
		if (strcmp(other->name, name) == 0)
			luaL_error(lua, "'%s' is being written already", name);
	text_init(&path);
	text_addf(&path, "%s/%s", files->folder, name);
	struct output *output = memory_alloc(sizeof(*output));
	int failed = file_create(&output->file, text_get(&path), &err);
	text_release(&path);
	if (failed) {
		free(output);
		fail(lua, &err);
	}
	output->open = true;
	output->name = strdup(name);
	csv_row_init(&output->row);
	output->next = files->outputs;
	return files->outputs = output;
}

static void output_add(lua_State *lua, struct output *output, const char *bytes, size_t count)
{
	struct err err;
	if (file_add(&output->file, bytes, count, &err))
		fail(lua, &err);
}

static int write_text(lua_State *lua)
{
	size_t length;
	const char *text = luaL_checklstring(lua, 2, &length);
	output_add(lua, output_new(lua, files_of(lua)), text, length);
	return 0;
}

/* ---- CSV ---- */

static void add_number(lua_State *lua, struct csv_row *row, int index)
{
	struct text text;
	text_init(&text);
	if (lua_isinteger(lua, index))
		text_addf(&text, LUA_INTEGER_FMT, lua_tointeger(lua, index));
	else if (isfinite(lua_tonumber(lua, index)))
		csv_ratio(&text, lua_tonumber(lua, index));
	csv_row_field(row, text_get(&text));
	text_release(&text);
}

/* The value on top, which is popped. Where a number is unknown the field is empty. */
static void add_value(lua_State *lua, struct csv_row *row)
{
	switch (lua_type(lua, -1)) {
	case LUA_TNUMBER:
		add_number(lua, row, -1);
		break;
	case LUA_TSTRING:
		csv_row_text(row, lua_tostring(lua, -1));
		break;
	case LUA_TBOOLEAN:
		csv_row_field(row, lua_toboolean(lua, -1) ? "true" : "false");
		break;
	case LUA_TNIL:
		csv_row_field(row, "");
		break;
	default:
		luaL_error(lua, "a field is a %s value", luaL_typename(lua, -1));
	}
	lua_pop(lua, 1);
}

/* Every key of the table at `index` must be a column's name or place; `names` is the header. */
static void check_keys(lua_State *lua, int index, int names, size_t width)
{
	lua_pushnil(lua);
	for (; lua_next(lua, index); lua_pop(lua, 1)) {
		bool known = lua_isinteger(lua, -2) && lua_tointeger(lua, -2) >= 1 &&
			     lua_tointeger(lua, -2) <= (lua_Integer)width;
		for (size_t i = 1; i <= width && !known; i++) {
			lua_geti(lua, names, (lua_Integer)i);
			known = lua_rawequal(lua, -1, -3);
			lua_pop(lua, 1);
		}
		if (!known)
			luaL_error(lua, "the file has no column %s", luaL_tolstring(lua, -2, NULL));
	}
}

/* Argument 1 is the writer, whose user value is the header; 2 the row: fields by their place or
 * by their column's name. */
static int add_row(lua_State *lua)
{
	struct output *output = *(struct output **)luaL_checkudata(lua, 1, WRITER);
	luaL_checktype(lua, 2, LUA_TTABLE);
	lua_settop(lua, 2);
	lua_getiuservalue(lua, 1, 1);
	check_keys(lua, 2, 3, output->width);
	csv_row_clear(&output->row);
	for (size_t i = 1; i <= output->width; i++) {
		if (lua_geti(lua, 2, (lua_Integer)i) == LUA_TNIL) {
			lua_pop(lua, 1);
			lua_geti(lua, 3, (lua_Integer)i);
			lua_gettable(lua, 2);
		}
		add_value(lua, &output->row);
	}
	csv_row_end(&output->row);
	output_add(lua, output, text_get(&output->row.line), output->row.line.length);
	return 0;
}

static void add_header(lua_State *lua, struct output *output)
{
	output->width = luaL_len(lua, 2) > 0 ? (size_t)luaL_len(lua, 2) : 0;
	luaL_argcheck(lua, output->width > 0, 2, "the columns' names");
	for (size_t i = 1; i <= output->width; i++) {
		if (lua_geti(lua, 2, (lua_Integer)i) != LUA_TSTRING)
			luaL_error(lua, "column %d of the header is a %s value, not a name", (int)i,
				luaL_typename(lua, -1));
		add_value(lua, &output->row);
	}
	csv_row_end(&output->row);
	output_add(lua, output, text_get(&output->row.line), output->row.line.length);
}

static void push_writer_type(lua_State *lua)
{
	static const luaL_Reg methods[] = {{"row", add_row}, {NULL, NULL}};
	if (!luaL_newmetatable(lua, WRITER))
		return;
	luaL_newlib(lua, methods);
	lua_setfield(lua, -2, "__index");
	lua_pushboolean(lua, 0);
	lua_setfield(lua, -2, "__metatable");
}

static int write_csv(lua_State *lua)
{
	luaL_checktype(lua, 2, LUA_TTABLE);
	struct output **writer = lua_newuserdatauv(lua, sizeof(*writer), 1);
	*writer = output_new(lua, files_of(lua));
	lua_pushvalue(lua, 2);
	lua_setiuservalue(lua, -2, 1);
	push_writer_type(lua);
	lua_setmetatable(lua, -2);
	add_header(lua, *writer);
	return 1;
}

/* A path that leads out of the folders that a hook may see. */
static bool leads_out(const char *path)
{
	for (const char *part = path; part; part = strchr(part, '/')) {
		part += *part == '/';
		if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || !part[2]))
			return true;
	}
	return *path == '/';
}

/* Numbers are those that CSV files of conrun's have; all else is text. */
static void push_value(lua_State *lua, const char *text)
{
	const char *digits = text + (*text == '-');
	size_t length = strspn(digits, "0123456789.");
	bool number = length > 0 && !digits[length] &&
		      !(digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9');
	if (!*text)
		lua_pushnil(lua);
	else
		datum_push(lua, number ? DATUM_NUMBER : DATUM_TEXT, text);
}

static void push_table(lua_State *lua, const struct csv_table *table)
{
	lua_createtable(lua, (int)table->row_count, 0);
	for (size_t row = 0; row < table->row_count; row++) {
		lua_createtable(lua, 0, (int)table->width);
		for (size_t i = 0; i < table->width; i++) {
			push_value(lua, table->fields[(row + 1) * table->width + i]);
			lua_setfield(lua, -2, table->fields[i]);
		}
		lua_seti(lua, -2, (lua_Integer)row + 1);
	}
	lua_createtable(lua, (int)table->width, 0);
	for (size_t i = 0; i < table->width; i++) {
		lua_pushstring(lua, table->fields[i]);
		lua_seti(lua, -2, (lua_Integer)i + 1);
	}
}

/* The rows by the names of their columns; and these, in order. */
static int read_csv(lua_State *lua)
{
	struct hook_files *files = files_of(lua);
	const char *name = luaL_checkstring(lua, 1);
	struct csv_table table;
	struct err err;
	if (leads_out(name))
		return luaL_error(lua,
			"cannot read '%s'; only files of the session or beside the scenario", name);
	const char *path = arena_format(&files->arena, "%s/%s", files->folder, name);
	if (!csv_exists(path))
		path = arena_format(
			&files->arena, "%s%s%s", files->beside, *files->beside ? "/" : "", name);
	if (csv_read(&table, path, &files->arena, &err))
		return fail(lua, &err);
	push_table(lua, &table);
	return 2;
}

void hook_files_push(lua_State *lua, struct hook_files *files)
{
	static const luaL_Reg functions[] = {
		{"csv", write_csv}, {"text", write_text}, {"read_csv", read_csv}, {NULL, NULL}};
	lua_pushlightuserdata(lua, files);
	luaL_setfuncs(lua, functions, 1);
}
